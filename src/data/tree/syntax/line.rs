//! The parts of a line: indentation, dashes, key, value, comment.
//!
//! Told by looks alone, one line at a time, because it is asked about text that is no YAML.

use std::ops::Range;

use crate::data::tree::scalar;

/// What ends a line; both together are one end and, harmlessly, an empty line.
pub const BREAK: [char; 2] = ['\n', '\r'];

/// Where the line begins in which `at` is.
pub fn start(text: &str, at: usize) -> usize {
    text[..at].rfind(BREAK).map_or(0, |end| end + 1)
}

/// Where the line ends in which `at` is, without the space at its end.
pub fn end(text: &str, at: usize) -> usize {
    let line = text[at..].split(BREAK).next().unwrap_or_default();
    at + line.trim_end().len()
}

/// The line in which `at` is, without the space around it.
pub fn content(text: &str, at: usize) -> Range<usize> {
    let (start, end) = (start(text, at), end(text, at));
    let line = &text[start..end];
    end - line.trim_start().len()..end
}

/// The nearest line above the one that begins at `at`, or ends there with the file, that is not empty or a comment.
/// When something stands before `at` on its line, that line.
pub fn above(text: &str, at: usize) -> Range<usize> {
    let mut at = at;
    loop {
        let start = start(text, at);
        let line = text[start..at].trim();
        if start == 0 || !(line.is_empty() || line.starts_with('#') || line == "-") {
            return content(text, start);
        }
        at = start - 1;
    }
}

/// The line without a key that ends above `at`; where it is the end of a text of several lines, the first of them.
pub fn without_key_above(text: &str, at: usize) -> Range<usize> {
    let column = |line: &Range<usize>| line.start - start(text, line.start);
    let limit = column(&content(text, at));
    let mut line = above(text, at);
    while column(&line) > limit {
        let next = above(text, start(text, line.start));
        if next.start >= line.start || parts(text, start(text, next.start)).value > next.start {
            break;
        }
        line = next;
    }
    line
}

/// The value in the line in which `at` is: behind dashes and a key, before a comment. The key too when `at` is in it.
pub fn value(text: &str, at: usize) -> Range<usize> {
    let value = parts(text, start(text, at)).value;
    let start = if at < value { content(text, at).start } else { value };
    value_from(text, start, false)
}

/// A value that begins at `start`, to the end of its line or to a comment; in brackets to what ends it there.
pub fn value_from(text: &str, start: usize, is_in_brackets: bool) -> Range<usize> {
    let line = &text[start..end(text, start)];
    let comment = line.find(" #").into_iter().chain(line.find("\t#")).min();
    let line = &line[..comment.unwrap_or(line.len())];
    let closed = line.find([',', ']', '}']).filter(|_| is_in_brackets);
    start..start + line[..closed.unwrap_or(line.len())].trim_end().len()
}

/// The colon of a line like `key:value`, without the space that would make it a key.
pub fn unspaced_colon(line: &str) -> Option<usize> {
    let colon = line.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?;
    let behind = line[colon..].strip_prefix(':')?;
    let is_key = colon > 0 && !behind.is_empty() && !behind.starts_with([' ', '\t', '/', ':']);
    is_key.then_some(colon)
}

/// Where the parts of a line begin.
pub struct Parts {
    /// The column of its key, or of its last dash, or of its text: what belongs to it is indented deeper.
    pub column: usize,
    /// The byte at which its value begins.
    pub value: usize,
}

/// The parts of the line that begins at `start`.
pub fn parts(text: &str, start: usize) -> Parts {
    let line = &text[start..end(text, start).max(start)];
    let mut rest = line.trim_start();
    let mut column = line.len() - rest.len();
    while let Some(item) = rest.strip_prefix("- ") {
        column = line.len() - rest.len();
        rest = item.trim_start();
    }
    if let Some(behind) = behind_key(rest) {
        column = line.len() - rest.len();
        rest = behind.trim_start();
    }
    Parts { column, value: start + line.len() - rest.len() }
}

/// What stands behind the key with which a text begins, and behind its colon.
fn behind_key(text: &str) -> Option<&str> {
    let colon = match text.chars().next()? {
        '[' | '{' => return None,
        mark @ ('"' | '\'') => scalar::closing(text, 1, u8::try_from(mark).ok()?)? + 1,
        _ => text.find(": ").or_else(|| text.strip_suffix(':').map(str::len))?,
    };
    let behind = text[colon..].strip_prefix(':')?;
    (behind.is_empty() || behind.starts_with([' ', '\t'])).then_some(behind)
}
