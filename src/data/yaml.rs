//! YAML text to typed values: front matter.
//!
//! The YAML crate names neither duplicate keys nor, always, the right place. So the text is also seen as
//! lines here: entries of a mapping in block style, each a key at the start of a line with all that follows it.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::DeserializeOwned;

use super::{Codes, MAX_MISTAKES, said, words};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// Front matter longer than this is refused before it is parsed.
const MAX_BYTES: usize = 64 * 1024;
/// Brackets nested deeper than this are refused before they are parsed.
const MAX_DEPTH: usize = 64;

/// Reads YAML in block style, a mapping at the top, into `T`: the bytes `range` of the file's `text`.
/// The value is `None` only when nothing of it can be read. Empty text reads as an empty mapping.
pub fn yaml<T: DeserializeOwned>(
    file: FileId,
    text: &str,
    range: Range<usize>,
    codes: Codes,
) -> (Option<T>, Vec<Diagnostic>) {
    let yaml = &text[range.clone()];
    if let Some(message) = refusal(yaml) {
        return (
            None,
            vec![
                Diagnostic::new(codes.invalid, Span::new(file, range.start, range.start), message)
                    .help("front matter is for a few lines about the page; the rest belongs in its text"),
            ],
        );
    }
    match read(yaml) {
        Ok(value) => (Some(value), Vec::new()),
        Err(_) => yaml_slowly(file, yaml, range.start, codes),
    }
}

/// The bytes of the value of top-level `key` in `yaml`, or of `part` within it, for a mistake in meaning.
#[must_use]
pub fn locate(yaml: &str, key: &str, part: &str) -> Range<usize> {
    let Some(entry) = entries(yaml).into_iter().find(|entry| entry.key == key) else { return 0..0 };
    let value = value_start(yaml, &entry);
    let text = &yaml[value..entry.block.end];
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '_'));
    let is_whole = |at: &usize| {
        !goes_on(text[..*at].chars().next_back()) && !goes_on(text[at + part.len()..].chars().next())
    };
    let mut places = text.match_indices(part).map(|(at, _)| at).filter(|_| !part.is_empty());
    match places.clone().find(is_whole).or_else(|| places.next()) {
        Some(at) => value + at..value + at + part.len(),
        None => value..line_end(yaml, value),
    }
}

/// The value of a top-level key as it is written on its line, without quotes; for what a mistake left unread.
#[must_use]
pub fn raw(yaml: &str, key: &str) -> Option<String> {
    let entry = entries(yaml).into_iter().find(|entry| entry.key == key)?;
    let value = value_start(yaml, &entry);
    let text = yaml[value..line_end(yaml, value)].trim().trim_matches(['"', '\'']);
    (!text.is_empty()).then(|| text.to_owned())
}

/// One top-level entry of a YAML mapping.
struct Entry<'a> {
    key: &'a str,
    /// The bytes of the key.
    at: Range<usize>,
    /// The bytes of the whole entry, to the next key.
    block: Range<usize>,
}

fn read<T: DeserializeOwned>(yaml: &str) -> Result<T, serde_yaml::Error> {
    let blank = yaml.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    serde_yaml::from_str(if blank { "{}" } else { yaml })
}

/// Why a text is refused before the YAML parser sees it: its cost could be out of proportion.
fn refusal(yaml: &str) -> Option<String> {
    if yaml.len() > MAX_BYTES {
        return Some(format!("front matter of {} bytes is longer than {MAX_BYTES}", yaml.len()));
    }
    let mut depth = 0usize;
    for byte in yaml.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(format!("brackets are nested more than {MAX_DEPTH} deep"));
        }
    }
    None
}

/// Reads a text in which there is a mistake: notes it, blanks the entry, tries again.
fn yaml_slowly<T: DeserializeOwned>(
    file: FileId,
    yaml: &str,
    offset: usize,
    codes: Codes,
) -> (Option<T>, Vec<Diagnostic>) {
    let entries = entries(yaml);
    let mut left = yaml.to_owned();
    let mut diagnostics = duplicates(file, &entries, offset, &mut left, codes);
    diagnostics.extend(open_quotes(file, &entries, offset, &mut left, codes));
    for _ in 0..MAX_MISTAKES {
        let error = match read(&left) {
            Ok(value) => return (Some(value), diagnostics),
            Err(error) => error,
        };
        let complaint = error.to_string();
        let at = context(yaml, &complaint).or_else(|| error.location().map(|location| location.index()));
        let at = yaml.floor_char_boundary(at.unwrap_or(0));
        let complaint = without_place(&complaint);
        let entry = entries
            .iter()
            .rfind(|entry| entry.block.start <= at && !left[entry.block.clone()].trim().is_empty());
        let Some(entry) = entry else {
            diagnostics.push(no_mapping(file, yaml, at, offset, codes));
            break;
        };
        let written = written(yaml, entry, at);
        let span = |range: &Range<usize>| Span::new(file, offset + range.start, offset + range.end);
        diagnostics.push(match words::of_key(complaint) {
            Some(words) => said(span(&entry.at), words, codes.unknown_key),
            None => {
                let text = &yaml[written.clone()];
                let words = words::of_value(complaint, text);
                let words = words.unwrap_or_else(|| {
                    let line = yaml[..written.start].rfind('\n').map_or(0, |end| end + 1);
                    words::of_yaml(complaint, text, &yaml[line..written.start])
                });
                said(span(&written), words, codes.invalid)
            }
        });
        blank(&mut left, &mistaken(yaml, entry, &written));
    }
    (None, diagnostics)
}

/// A complaint without the place at its end.
fn without_place(complaint: &str) -> &str {
    let is_place = |place: &str| place.bytes().all(|b| b.is_ascii_digit() || b" column".contains(&b));
    match complaint.rsplit_once(" at line ") {
        Some((words, place)) if is_place(place) => words,
        _ => complaint,
    }
}

/// Where the thing begins that the parser could not finish, when it says so: a list without its bracket, a
/// line without a colon. It gave up further on.
fn context(yaml: &str, complaint: &str) -> Option<usize> {
    let (_, thing) = complaint.split_once(", while ")?;
    let (_, place) = thing.rsplit_once(" at line ").filter(|_| !thing.contains("block"))?;
    let (line, column) = place.split_once(" column ")?;
    let (line, column) = (line.parse::<usize>().ok()?, column.parse::<usize>().ok()?);
    let start: usize = yaml.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let inside = yaml.get(start..)?.char_indices().nth(column.checked_sub(1)?)?.0;
    Some(start + inside)
}

/// What to say where no entry has begun yet.
fn no_mapping(file: FileId, yaml: &str, at: usize, offset: usize, codes: Codes) -> Diagnostic {
    let line = yaml[..at].rfind('\n').map_or(0, |end| end + 1);
    let start = line + yaml[line..].len() - yaml[line..].trim_start().len();
    let end = line_end(yaml, start);
    let text = &yaml[start..end];
    let place = Span::new(file, offset + start, offset + end);
    if text.contains('：') {
        return said(place, words::of_yaml("", text, ""), codes.invalid);
    }
    Diagnostic::new(codes.invalid, place, "this is no line of the form `key: value`")
        .help("begin with `title: …`")
}

/// The part of a line that holds the value in which there is a mistake at `at`: behind the key, behind the
/// mark of a list, in a list in brackets the one item.
fn written(yaml: &str, entry: &Entry<'_>, at: usize) -> Range<usize> {
    let line = yaml[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = line_end(yaml, at);
    let start = if line <= entry.at.start {
        value_start(yaml, entry).min(end)
    } else {
        let text = yaml[line..end].trim_start();
        end - text.strip_prefix("- ").unwrap_or(text).trim_start().len()
    };
    let in_brackets = at > start && yaml[start..end].starts_with(['[', '{']);
    match yaml[at..end].find([',', ']', '}']) {
        Some(length) if in_brackets => at..at + length,
        _ => start..end,
    }
}

/// What to take out of the text because of a mistake: the entry, or only a line that does not belong to it.
fn mistaken(yaml: &str, entry: &Entry<'_>, written: &Range<usize>) -> Range<usize> {
    let line = yaml[..written.start].rfind('\n').map_or(0, |end| end + 1);
    let belongs = line <= entry.at.start || yaml[line..].starts_with([' ', '\t', '-']);
    if belongs { entry.block.clone() } else { line..written.end }
}

/// Quoted values that do not end where their line does. The parser would go on to the next quote, and
/// complain of what is there.
fn open_quotes(
    file: FileId,
    entries: &[Entry<'_>],
    offset: usize,
    left: &mut String,
    codes: Codes,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for entry in entries {
        let block = left[entry.block.clone()].trim_end();
        let value = block.get(entry.key.len() + 1..).unwrap_or_default().trim_start();
        let start = entry.block.start + block.len() - value.len();
        if let Some(words) = words::of_quotes(value).filter(|_| !value.contains('\n')) {
            let span = Span::new(file, offset + start, offset + start + value.len());
            diagnostics.push(said(span, words, codes.invalid));
            blank(left, &entry.block);
        }
    }
    diagnostics
}

fn value_start(yaml: &str, entry: &Entry<'_>) -> usize {
    let rest = &yaml[entry.at.end..entry.block.end];
    let skipped = rest.len() - rest.trim_start_matches([':', ' ', '\t']).len();
    entry.at.end + skipped
}

fn duplicates(
    file: FileId,
    entries: &[Entry<'_>],
    offset: usize,
    left: &mut String,
    codes: Codes,
) -> Vec<Diagnostic> {
    let span = |entry: &Entry<'_>| Span::new(file, offset + entry.at.start, offset + entry.at.end);
    let mut diagnostics = Vec::new();
    let mut seen: BTreeMap<&str, &Entry<'_>> = BTreeMap::new();
    for entry in entries {
        let first = *seen.entry(entry.key).or_insert(entry);
        if first.at == entry.at {
            continue;
        }
        diagnostics.push(
            Diagnostic::new(codes.duplicate_key, span(entry), format!("`{}` is given twice", entry.key))
                .related(span(first), "first given here")
                .help("remove one of them"),
        );
        blank(left, &entry.block);
    }
    diagnostics
}

/// Overwrites a part of the text with spaces, so that all that follows keeps its place.
fn blank(text: &mut String, block: &Range<usize>) {
    let spaces: String = text[block.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(block.clone(), &spaces);
}

fn entries(yaml: &str) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut start = 0;
    for line in yaml.split_inclusive('\n') {
        if let Some(key) = key(line) {
            entries.push(Entry { key, at: start..start + key.len(), block: start..yaml.len() });
            if let [.., before, _] = entries.as_mut_slice() {
                before.block.end = start;
            }
        }
        start += line.len();
    }
    entries
}

/// The key with which a line of a mapping at the top level begins.
fn key(line: &str) -> Option<&str> {
    let length = line.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    let (key, rest) = line.split_at(length);
    (!key.is_empty() && rest.starts_with(':')).then_some(key)
}

fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    at + text[at..end].trim_end().len()
}
