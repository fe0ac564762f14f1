//! Bare web addresses in running text.
//!
//! The rule is that of GitHub's autolinks for `http://` and `https://`, with one addition: an address ends
//! where Chinese begins. This module sees one piece of text; whether a link is allowed there is for its
//! caller to know.

use std::ops::Range;

use memchr::memmem;

use super::cjk::is_cjk;

/// Finds the bare addresses in `text`, from left to right, as ranges of its bytes.
#[must_use]
pub fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for colon in memmem::find_iter(text.as_bytes(), "://") {
        let floor = found.last().map_or(0, |last| last.end);
        if colon >= floor
            && let Some(address) = address_at(text, colon).filter(|address| address.start >= floor)
        {
            found.push(address);
        }
    }
    found
}

fn address_at(text: &str, colon: usize) -> Option<Range<usize>> {
    let start = ["https", "http"].into_iter().find_map(|scheme| {
        let start = colon.checked_sub(scheme.len())?;
        text.get(start..colon)?.eq_ignore_ascii_case(scheme).then_some(start)
    })?;
    let is_word = |c: char| c.is_alphanumeric() && !is_cjk(c);
    if text[..start].chars().next_back().is_some_and(is_word) {
        return None;
    }
    let host = colon + "://".len();
    let length = text[host..].find(ends_address).unwrap_or(text.len() - host);
    let address = trim_end(&text[host..host + length]);
    // A host begins with a letter or a digit.
    address.starts_with(is_word).then_some(start..host + address.len())
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '<' || is_cjk(c) || !(c.is_ascii() || c.is_alphanumeric())
}

/// Leaves outside what more likely belongs to the sentence: punctuation at the end, and brackets opened
/// before the address.
fn trim_end(address: &str) -> &str {
    let count = |bracket: u8| address.bytes().filter(|&b| b == bracket).count();
    let mut surplus_round = count(b')').saturating_sub(count(b'('));
    let mut surplus_square = count(b']').saturating_sub(count(b'['));
    let kept = address.bytes().rev().take_while(|byte| {
        let surplus = match byte {
            b')' => &mut surplus_round,
            b']' => &mut surplus_square,
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'"' | b'*' | b'_' | b'~' => {
                return true;
            }
            _ => return false,
        };
        let is_surplus = *surplus > 0;
        *surplus = surplus.saturating_sub(1);
        is_surplus
    });
    &address[..address.len() - kept.count()]
}

#[cfg(test)]
mod tests {
    use super::addresses;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = addresses(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "in {text}");
    }

    #[test]
    fn chinese_ends_an_address() {
        check("见https://a.org/b，然后继续。", &["https://a.org/b"]);
        check("（https://a.org/b）后", &["https://a.org/b"]);
        check("“https://a.org”", &["https://a.org"]);
        check("http://a.org/b中文 https://c.org。", &["http://a.org/b", "https://c.org"]);
    }

    #[test]
    fn punctuation_and_unbalanced_brackets_stay_outside() {
        check("(see https://a.org/x_(y)).", &["https://a.org/x_(y)"]);
        check("https://a.org/?q=1&r=2!? [https://b.org]", &["https://a.org/?q=1&r=2", "https://b.org"]);
        check("\"HTTP://localhost:80/\", https://a.org/é<b", &["HTTP://localhost:80/", "https://a.org/é"]);
    }

    #[test]
    fn what_is_no_address() {
        check("http:// https://, xhttp://a ftp://a 中://a ://", &[]);
    }
}
