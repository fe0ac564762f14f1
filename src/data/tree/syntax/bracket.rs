//! Brackets and quotes: which are open at a place, and what is wrong in brackets.

use std::ops::Range;

use super::{Mistake, Stop, line, quoting, said};
use crate::data::tree::scalar;
use crate::data::words;

/// What of brackets and quotes comes before a place.
#[derive(Default)]
pub struct Before {
    /// The innermost bracket that is still open.
    pub bracket: Option<usize>,
    /// The quote with which the last text in quotes begins.
    pub quote: Option<usize>,
}

/// What of brackets and quotes comes before `at`.
pub fn before(text: &str, at: usize) -> Before {
    let mut before = Before::default();
    let mut start = 0;
    // The column beyond which lines belong to a block of text.
    let mut block = None;
    while start < at && before.bracket.is_none() {
        let parts = line::parts(text, start);
        let content = line::content(text, start);
        let is_text = content.is_empty() || block.is_some_and(|column| content.start - start > column);
        let mut end = line::end(text, start);
        if !is_text && parts.value < at {
            let first = text[parts.value..].chars().next();
            block = matches!(first, Some('|' | '>')).then_some(parts.column);
            if matches!(first, Some('[' | '{' | '"' | '\'')) {
                end = scan(text, parts.value, at, &mut before).max(end);
            }
        }
        start = text[end..].find(line::BREAK).map_or(text.len(), |length| end + length + 1);
    }
    before
}

/// A value in brackets on the line in which `at` is, with `at` behind its closing bracket.
pub fn text_behind(text: &str, at: usize) -> Option<Range<usize>> {
    let value = line::value(text, at);
    let is_bracketed = text[value.clone()].starts_with(['[', '{']);
    (is_bracketed && value.start < at && at < value.end).then_some(value)
}

/// What is wrong where the parser stopped in the bracket at `open`.
pub fn mistake(stop: &Stop<'_>, open: usize) -> Mistake {
    let (text, at) = (stop.text, stop.at);
    if let Some(found) = in_text(stop, open) {
        return found;
    }
    let opened = open..line::end(text, open);
    if at < opened.end {
        return at_comma(stop, open);
    }
    let comment = line::value_from(text, open, false).end;
    if comment < opened.end {
        let words = said(
            "a `#` behind a space begins a comment, so the bracket before it is not closed",
            "close it before the comment, or put text with ` #` in quotes",
        );
        return (comment + 1..opened.end, words);
    }
    let line = line::content(text, at);
    if stop.complaint.contains("invalid indentation") && line::parts(text, line.start).value == line.start {
        let message = "a line inside brackets must be indented";
        return (line, said(message, "indent it deeper than the key before the bracket"));
    }
    let words = words::of_yaml(stop.complaint, &text[opened.clone()], "");
    (opened, words)
}

/// Text without quotes that holds what has a meaning in brackets: a colon, a bracket.
fn in_text(stop: &Stop<'_>, open: usize) -> Option<Mistake> {
    let (text, at) = (stop.text, stop.at);
    let last = stop.last.clone();
    let is_behind_last = open < last.start && last.end <= at && text[last.end..at].trim().is_empty();
    if !is_behind_last || text[last.start..at].contains('\n') || text[last.clone()].starts_with(['"', '\'']) {
        return None;
    }
    let (end, message) = match text[at..].chars().next()? {
        ':' => (at, "a colon and a space make a key of the text before them"),
        '[' | '{' => {
            let mut inside = Before::default();
            let end = scan(text, at, line::end(text, at), &mut inside);
            (end, "text with a bracket in it needs quotes here")
        }
        _ => return None,
    };
    let range = last.start..line::value_from(text, end, true).end;
    if text[at..].starts_with(':') && text[last].contains(' ') {
        return Some((range, said(message, "put the text in quotes, or a comma before the key")));
    }
    Some(quoting(text, range, said(message, "put the text in quotes")))
}

/// Something between two commas that is no value.
fn at_comma(stop: &Stop<'_>, open: usize) -> Mistake {
    let (text, at) = (stop.text, stop.at);
    if text[at..].starts_with([',', ']', '}']) && stop.complaint.contains("node content") {
        return (at..at + 1, said("a value is missing before this", "write one, or remove the comma"));
    }
    let opened = open..line::end(text, open);
    let words = words::of_yaml(stop.complaint, &text[opened.clone()], "");
    let range = line::value_from(text, at, true);
    (if range.is_empty() { opened } else { range }, words)
}

/// Notes the brackets and quotes of the value that begins with one at `start`, up to `end`. Gives the end of the value.
fn scan(text: &str, start: usize, end: usize, before: &mut Before) -> usize {
    let bytes = text.as_bytes();
    let mut open = Vec::new();
    let mut at = start;
    // Quotes are quotes only where a value may begin.
    let mut is_start = true;
    while at < end {
        match bytes[at] {
            b'[' | b'{' => open.push(at),
            b']' | b'}' => {
                open.pop();
            }
            mark @ (b'"' | b'\'') if is_start => {
                before.quote = Some(at);
                at = scalar::closing(text, at + 1, mark).unwrap_or(end);
            }
            b'#' if bytes[at - 1].is_ascii_whitespace() => at = line::end(text, at),
            _ => {}
        }
        if open.is_empty() {
            break;
        }
        let byte = bytes.get(at).copied().unwrap_or_default();
        is_start = matches!(byte, b'[' | b'{' | b',' | b':') || is_start && byte.is_ascii_whitespace();
        at += 1;
    }
    before.bracket = open.last().copied();
    if at < end { at + 1 } else { end }
}
