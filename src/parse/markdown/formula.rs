//! Whether what stands between two dollar signs is a formula or money.
//!
//! The parser takes `$5，另一个为$` for a formula. Judged here are the content and the character behind; where
//! the dollar signs are found, and what becomes of a pair that is no formula, is not known here.

use super::super::cjk::{is_cjk, is_shared_mark};

/// Says whether `content`, found between two dollar signs, is a formula, when `behind` follows the second
/// of them.
///
/// It is none if it begins or ends with space, if a digit follows (Pandoc's rule), or if Chinese stands in
/// it outside the groups that hold words, such as `\text{…}`.
#[must_use]
pub fn is_formula(content: &str, before: Option<char>, behind: Option<char>) -> bool {
    let at_edges = [content.chars().next(), content.chars().next_back()];
    !at_edges.into_iter().flatten().any(char::is_whitespace)
        && !before.is_some_and(|c| c.is_ascii_alphanumeric())
        && !behind.is_some_and(|c| c.is_ascii_digit())
        && (content.is_ascii() || !has_chinese_outside_words(content))
}

/// The commands whose group holds words.
const WORDS: &[&str] = &[
    "text",
    "textbf",
    "textit",
    "textmd",
    "textnormal",
    "textrm",
    "textsf",
    "textsc",
    "texttt",
    "textup",
    "mbox",
    "hbox",
    "fbox",
    "mathrm",
    "mathbf",
    "mathit",
    "mathsf",
    "mathtt",
    "mathnormal",
    "operatorname",
    "operatorname*",
    "tag",
    "tag*",
];

fn has_chinese_outside_words(content: &str) -> bool {
    let mut rest = content;
    while let Some(at) = rest.find(|c| c == '\\' || is_cjk(c) || is_shared_mark(c)) {
        let Some(command) = rest[at..].strip_prefix('\\') else {
            return true;
        };
        rest = behind_command(command);
    }
    false
}

/// What follows a command, given the text behind its backslash; for a command with words, what follows its
/// group.
fn behind_command(text: &str) -> &str {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let length = letters + usize::from(letters > 0 && text[letters..].starts_with('*'));
    if WORDS.contains(&&text[..length]) {
        return behind_group(text[length..].trim_start());
    }
    // An escaped mark begins no command: `\\text` is a new line and the letters "text".
    let escaped = usize::from(text.starts_with(|c: char| c.is_ascii_punctuation()));
    &text[letters + escaped..]
}

fn behind_group(text: &str) -> &str {
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && !is_escaped {
            // Without a group there is nothing to skip.
            return if byte == b'}' { &text[at + 1..] } else { text };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::is_formula;

    #[test]
    fn chinese_makes_money_unless_it_stands_among_words() {
        for formula in [
            "x^2",
            r"\text{净现值}",
            r"\text{净{现}值} + \mathrm {现}",
            r"\operatorname*{最大}_{x}",
            r"\{x\}",
            "é",
        ] {
            assert!(is_formula(formula, Some('值'), Some('是')), "{formula}");
        }
        for money in ["5，另一个为", r"\frac{净}{现}", r"\text 净", r"\text{净", r"\净", "5\u{3000}", "5—"]
        {
            assert!(!is_formula(money, None, None), "{money}");
        }
    }

    #[test]
    fn a_digit_behind_or_a_letter_or_digit_before_makes_money() {
        assert!(!is_formula("5/", None, Some('6')));
        assert!(!is_formula("10. A 5", Some('S'), Some(' ')));
        assert!(!is_formula(" and 10", Some('5'), Some(' ')));
    }
}
