//! Where the content of a scalar stands.
//!
//! The parser's own places are not those of the content: they take in quotes, a comment behind them, the line breaks
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
    let (read, seen) = (words(value), words(written));
    let is_same = |(a, b): (&Range<usize>, &Range<usize>)| value[a.clone()] == written[b.clone()];
    if read.len() != seen.len() || !read.iter().zip(&seen).all(is_same) {
        return None;
    }
    let start = place_of_start(start, &read, &seen);
    Some(start..place_of_end(end, &read, &seen).max(start))
}

/// Where a part stands that begins at `start` of the words `read`; the words `seen` are the same ones in the file.
/// When it begins in the space between two, as much of that is taken as before the word behind it.
fn place_of_start(start: usize, read: &[Range<usize>], seen: &[Range<usize>]) -> usize {
    let behind = read.iter().position(|word| start < word.end);
    let Some(index) = behind else { return seen.last().map_or(0, |word| word.end) };
    if start >= read[index].start {
        return seen[index].start + start - read[index].start;
    }
    let (read_before, seen_before) = index.checked_sub(1).map_or((0, 0), |i| (read[i].end, seen[i].end));
    let in_space = seen[index].start.saturating_sub(read[index].start - start);
    if start == read_before { seen_before } else { in_space.max(seen_before) }
}

/// Where a part stands that ends at `end`, likewise: of a space, as much is taken as behind the word before it.
fn place_of_end(end: usize, read: &[Range<usize>], seen: &[Range<usize>]) -> usize {
    let before = read.iter().rposition(|word| word.start < end);
    let Some(index) = before else { return 0 };
    if end <= read[index].end {
        return seen[index].start + end - read[index].start;
    }
    let in_space = seen[index].end + end - read[index].end;
    match (read.get(index + 1), seen.get(index + 1)) {
        (Some(read_next), Some(seen_next)) if end == read_next.start => seen_next.start,
        (_, Some(seen_next)) => in_space.min(seen_next.start),
        _ => seen[index].end,
    }
}

/// The bytes of the words of a text: of all between its spaces.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split(SPACE) {
        if !word.is_empty() {
            words.push(at..at + word.len());
        }
        at += word.len() + 1;
    }
    words
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
