//! Text in lines of an estimated width, since nothing at build knows the reader's fonts.

use crate::lang::is_han;

/// The width of a text in parts of its font's size.
pub fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(c: char) -> f64 {
    let is_wide =
        is_han(c) || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF60}' | '—' | '…' | '“' | '”');
    match c {
        _ if is_wide => 1.0,
        'M' | 'W' | 'm' | 'w' | '@' | '→' => 0.85,
        'I' | 'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' => 0.3,
        'A'..='Z' => 0.68,
        _ => 0.55,
    }
}

/// Breaks a text into as few lines as fit a width, of about equal length: at spaces, and between Han characters
/// where Chinese allows it. A word wider than a line is broken.
pub fn wrap(text: &str, most: f64) -> Vec<String> {
    let pieces = pieces(text, most);
    let lines = fill(&pieces, most);
    // The narrowest measure that needs no more lines; a few halvings come near enough.
    let (mut narrow, mut wide) = (most / lines.len().max(1) as f64 * 0.9, most);
    let mut best = lines;
    for _ in 0..6 {
        let middle = f64::midpoint(narrow, wide);
        let tried = fill(&pieces, middle);
        let fits = tried.len() <= best.len() && tried.iter().all(|line| width(line) <= middle);
        if fits {
            (best, wide) = (tried, middle);
        } else {
            narrow = middle;
        }
    }
    best
}

fn fill(pieces: &[String], most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if width(line) + width(piece.trim_end()) <= most => line.push_str(piece),
            _ => lines.push(piece.clone()),
        }
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

/// The parts of a text that stay on one line, each with the space behind it.
fn pieces(text: &str, most: f64) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let (mut before, mut taken) = (' ', 0.0);
    for c in text.trim().chars() {
        let c = if c == '\n' || c == '\t' { ' ' } else { c };
        // What closes stays with what it closes, even beyond the edge, and so does a space.
        let has_room = taken + advance(c) <= most || c == ' ' || is_closing(c);
        match pieces.last_mut() {
            Some(piece) if has_room && !is_break(before, c) => {
                piece.push(c);
                taken += advance(c);
            }
            _ => {
                pieces.push(c.to_string());
                taken = advance(c);
            }
        }
        before = c;
    }
    pieces
}

/// Signs that begin no line of Chinese.
const CLOSING: &str = "，。；：、！？）》〉」』】”’…—·%,.;:!?)";
/// Signs that end none.
const OPENING: &str = "（《〈「『【“‘";

fn is_break(before: char, after: char) -> bool {
    if before == ' ' || after == ' ' {
        return after != ' ';
    }
    let is_free = is_han(before) || is_han(after) || is_han_sign(before);
    is_free && !is_closing(after) && !OPENING.contains(before)
}

fn is_closing(c: char) -> bool {
    CLOSING.contains(c)
}

/// Whether a line may end behind a sign although no space follows it.
fn is_han_sign(c: char) -> bool {
    is_closing(c) && advance(c) == 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, most: f64, expected: &[&str]) {
        assert_eq!(wrap(text, most), expected, "{text}");
    }

    #[test]
    fn lines_are_few_and_alike() {
        check("", 9.0, &[]);
        check("pays 50,000 sat", 20.0, &["pays 50,000 sat"]);
        check(
            "publishes the old commitment transaction",
            14.0,
            &["publishes the old", "commitment transaction"],
        );
        check("a  b", 9.0, &["a  b"]);
        check("Federation, 11 of 15", 5.4, &["Federation,", "11 of 15"]);
        check("incomprehensibilities", 6.0, &["incomprehe", "nsibilities"]);
    }

    #[test]
    fn chinese_breaks_between_characters_but_for_its_signs() {
        check("公布旧的承诺交易，想拿走更多", 8.0, &["公布旧的承诺交", "易，想拿走更多"]);
        check("把钱锁进合约（合约）。", 6.0, &["把钱锁进合约", "（合约）。"]);
        check("支付50,000聪给阿博", 6.0, &["支付50,000", "聪给阿博"]);
    }
}
