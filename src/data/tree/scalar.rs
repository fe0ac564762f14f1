//! Where the content of a scalar stands.
//!
//! The parser's own places are not those of the content: they take in quotes, a remark behind them, the line breaks
//! behind a block. It knows only text and bytes, nothing of the tree.

use std::ops::Range;

use saphyr_parser::ScalarStyle;

/// What stands between the words of a scalar, however its lines are broken.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The bytes of the content of a scalar with the text `value`, of which the parser says that it stands at `range`.
pub fn content(source: &str, value: &str, style: ScalarStyle, range: Range<usize>) -> Range<usize> {
    match style {
        ScalarStyle::Plain if value.is_empty() => nothing(source, range.start),
        ScalarStyle::Plain => range,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let start = range.start + 1;
            let mark = source.as_bytes().get(range.start).copied().unwrap_or_default();
            closing(source, start, mark).map_or(range, |end| start..end)
        }
        ScalarStyle::Literal | ScalarStyle::Folded if value.trim_matches(SPACE).is_empty() => {
            no_lines(source, range.start)
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            range.start..range.start + source[range].trim_end_matches(SPACE).len()
        }
    }
}

/// The quote `mark` that closes a text whose content begins at `start`.
pub fn closing(source: &str, start: usize, mark: u8) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = start;
    loop {
        let byte = *bytes.get(at)?;
        let is_pair = match mark {
            b'"' => byte == b'\\',
            _ => byte == mark && bytes.get(at + 1) == Some(&mark),
        };
        if byte == mark && !is_pair {
            return Some(at);
        }
        at += if is_pair { 2 } else { 1 };
    }
}

/// Where the bytes `part` of the text `value` stand in `written`, its content in the file. The two may differ in
/// the space between words, as lines that are folded or indented do; when they differ in more, there is no place.
pub fn place(value: &str, written: &str, part: Range<usize>) -> Option<Range<usize>> {
    let start = value.floor_char_boundary(part.start);
    let end = value.ceil_char_boundary(part.end).max(start);
    if value == written {
        return Some(start..end);
    }
    let mut found = (None, None);
    let (mut read, mut seen) = (0, 0);
    loop {
        let (space, gap) = (space(&value[read..]), space(&written[seen..]));
        // What begins in a space goes with the word behind it, what ends in one with the word before it.
        if start <= read + space {
            found.0.get_or_insert(seen + gap.saturating_sub(read + space - start));
        }
        if end <= read + space {
            found.1.get_or_insert(seen + gap.min(end - read));
        }
        (read, seen) = (read + space, seen + gap);
        let word = word(&value[read..]);
        if word == 0 {
            let (start, end) = (found.0?, found.1?);
            return (seen == written.len()).then(|| start..end.max(start));
        }
        let is_joined = gap == 0 && read > space;
        if is_joined || !written[seen..].starts_with(&value[read..read + word]) {
            return None;
        }
        if start < read + word {
            found.0.get_or_insert(seen + start - read);
        }
        if end < read + word {
            found.1.get_or_insert(seen + end - read);
        }
        (read, seen) = (read + word, seen + word);
    }
}

/// How many bytes of space a text begins with.
fn space(text: &str) -> usize {
    text.len() - text.trim_start_matches(SPACE).len()
}

/// How many bytes other than space a text begins with.
fn word(text: &str) -> usize {
    text.find(SPACE).unwrap_or(text.len())
}

/// The place of a value that is not written: behind its colon, or behind what comes before it.
fn nothing(source: &str, at: usize) -> Range<usize> {
    let place = match source.as_bytes().get(at) {
        Some(b':') => at + 1,
        _ => source[..at].trim_end_matches(SPACE).len(),
    };
    place..place
}

/// The place of a block without lines: behind its mark. The parser has it at the mark when the file ends there,
/// else at whatever comes next.
fn no_lines(source: &str, at: usize) -> Range<usize> {
    let place = if source[at..].starts_with(['|', '>']) {
        let header = source[at..].lines().next().unwrap_or_default();
        at + header.trim_end_matches(SPACE).len()
    } else {
        source[..at].trim_end_matches(SPACE).len()
    };
    place..place
}
