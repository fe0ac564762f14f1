//! Brackets: which are open at a place, and what is wrong in them.

use std::ops::Range;

use super::{Mistake, Stop, line, quoting, said};
use crate::data::tree::scalar;
use crate::data::words;

/// The innermost bracket that is still open at `at`.
pub fn open(text: &str, at: usize) -> Option<usize> {
    let mut start = 0;
    // The column beyond which lines belong to a block of text.
    let mut block = None;
    while start < at {
        let parts = line::parts(text, start);
        let content = line::content(text, start);
        let is_text = content.is_empty() || block.is_some_and(|column| content.start - start > column);
        let mut end = line::end(text, start);
        if !is_text {
            let first = text[parts.value..].chars().next().filter(|_| parts.value < at);
            block = matches!(first, Some('|' | '>')).then_some(parts.column);
            if matches!(first, Some('[' | '{')) {
                end = match closed(text, parts.value, at) {
                    Ok(end) => end,
                    Err(open) => return Some(open),
                };
            }
        }
        start = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
    }
    None
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
    let remark = line::value_from(text, open, false).end;
    if remark < opened.end {
        let words = said(
            "a `#` behind a space begins a remark, so the bracket before it is not closed",
            "close it before the remark, or put text with ` #` in quotes",
        );
        return (remark + 1..opened.end, words);
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
        '[' | '{' => (closed(text, at, line::end(text, at)).ok()?, "text with a bracket in it needs quotes here"),
        _ => return None,
    };
    let range = last.start..line::value_from(text, end, true).end;
    Some(quoting(text, range, said(message, "put the text in quotes")))
}

/// Something between two commas that is no value.
fn at_comma(stop: &Stop<'_>, open: usize) -> Mistake {
    let (text, at) = (stop.text, stop.at);
    if text[at..].starts_with([',', ']', '}']) && stop.complaint.contains("node content") {
        return (at..at + 1, said("a value is missing before this", "write one, or remove the comma"));
    }
    let range = line::value_from(text, at, true);
    let words = words::of_yaml(stop.complaint, &text[open..line::end(text, open)], "");
    (range, words)
}

/// The end of what is in the brackets that begin at `start`, or the innermost one that is not closed before `end`.
fn closed(text: &str, start: usize, end: usize) -> Result<usize, usize> {
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
            mark @ (b'"' | b'\'') if is_start => at = scalar::closing(text, at + 1, mark).unwrap_or(end),
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
    match open.last() {
        Some(open) => Err(*open),
        None => Ok(at + 1),
    }
}
