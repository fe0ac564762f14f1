//! TOML and YAML text to typed values, with every mistake at its place.
//!
//! A parser of either format stops at the first mistake. Here the mistaken entry is noted, taken out,
//! and the rest is read again, until it fits: one run names them all. The only room that knows the YAML
//! and TOML crates. It knows nothing of what the values mean.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::de::DeserializeOwned;
pub use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::{FileId, Span};

/// Front matter longer than this is refused before it is parsed.
const MAX_YAML_BYTES: usize = 64 * 1024;
/// Brackets nested deeper than this are refused before they are parsed.
const MAX_YAML_DEPTH: usize = 64;

/// The codes under which mistakes of one kind of file are reported.
#[derive(Clone, Copy, Debug)]
pub struct Codes {
    /// A key that does not exist.
    pub unknown_key: Code,
    /// Anything else: syntax, a value of the wrong kind.
    pub invalid: Code,
}

/// Reads a TOML file into `T`. The value is `None` only when the text is not TOML at all.
pub fn toml<T: DeserializeOwned>(file: FileId, text: &str, codes: Codes) -> (Option<T>, Vec<Diagnostic>) {
    let (mut table, syntax) = DeTable::parse_recoverable(text);
    let mut diagnostics: Vec<_> = syntax.iter().map(|error| toml_problem(file, text, error, codes)).collect();
    if !diagnostics.is_empty() {
        return (None, diagnostics);
    }
    loop {
        match T::deserialize(toml::de::Deserializer::from(table.clone())) {
            Ok(value) => return (Some(value), diagnostics),
            Err(error) => {
                diagnostics.push(toml_problem(file, text, &error, codes));
                let removed = error.span().is_some_and(|span| remove_at(&mut table, &span));
                if !removed {
                    return (None, diagnostics);
                }
            }
        }
    }
}

/// Takes the innermost entry whose key or value holds `span` out of the table.
fn remove_at(table: &mut Spanned<DeTable<'_>>, span: &Range<usize>) -> bool {
    remove_from(table.get_mut(), span)
}

fn remove_from(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    let inner = table.iter_mut().any(|(_, value)| match value.get_mut() {
        DeValue::Table(inner) => remove_from(inner, span),
        _ => false,
    });
    if inner {
        return true;
    }
    let holds = |outer: Range<usize>| outer.start <= span.start && span.end <= outer.end;
    let entry = table.iter().find(|(key, value)| holds(key.span()) || holds(value.span()));
    let key = entry.map(|(key, _)| key.clone());
    key.is_some_and(|key| table.remove(&key).is_some())
}

fn toml_problem(file: FileId, text: &str, error: &toml::de::Error, codes: Codes) -> Diagnostic {
    let range = error.span().unwrap_or(0..0);
    let span = Span::new(file, range.start.min(text.len()), range.end.min(text.len()));
    problem(span, error.message(), codes)
}

/// A message of serde or of a parser as a diagnostic: unknown keys get a suggestion.
fn problem(span: Span, message: &str, codes: Codes) -> Diagnostic {
    let message = message.trim();
    let Some(rest) = message.split_once("unknown field `").map(|(_, rest)| rest) else {
        return invalid(span, message, codes);
    };
    let mut names = rest.split('`').step_by(2);
    let typed = names.next().unwrap_or_default();
    let known: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    let diagnostic = Diagnostic::new(codes.unknown_key, span, format!("unknown key `{typed}`"));
    match nearest(typed, known.iter().copied()) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")).fix(span, name),
        None if known.is_empty() => diagnostic,
        None => diagnostic.help(format!("known keys here: {}", known.join(", "))),
    }
}

fn invalid(span: Span, message: &str, codes: Codes) -> Diagnostic {
    let diagnostic = Diagnostic::new(codes.invalid, span, message.replace('\n', ", "));
    if message.contains("mapping values are not allowed") {
        return diagnostic.help("a value with `: ` in it needs quotes: `title: \"DeFi: 入门\"`");
    }
    if message.contains("found character that cannot start any token") {
        return diagnostic
            .help("put the value in quotes; YAML does not allow a tab, `@` or `` ` `` at its start");
    }
    diagnostic
}

/// One top-level entry of a YAML mapping.
struct Entry<'a> {
    key: &'a str,
    /// The bytes of the key.
    at: Range<usize>,
    /// The bytes of the whole entry, to the next key.
    block: Range<usize>,
}

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
            vec![Diagnostic::new(codes.invalid, Span::new(file, range.start, range.start), message)],
        );
    }
    match read(yaml) {
        Ok(value) => (Some(value), Vec::new()),
        Err(_) => yaml_slowly(file, yaml, range.start, codes),
    }
}

fn read<T: DeserializeOwned>(yaml: &str) -> Result<T, serde_yaml::Error> {
    let blank = yaml.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    serde_yaml::from_str(if blank { "{}" } else { yaml })
}

/// Why a text is refused before the YAML parser sees it: its cost could be out of proportion.
fn refusal(yaml: &str) -> Option<String> {
    if yaml.len() > MAX_YAML_BYTES {
        return Some(format!("front matter of {} bytes is longer than {MAX_YAML_BYTES}", yaml.len()));
    }
    let mut depth = 0usize;
    for byte in yaml.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_YAML_DEPTH {
            return Some(format!("brackets are nested more than {MAX_YAML_DEPTH} deep"));
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
    for _ in 0..=entries.len() {
        let error = match read(&left) {
            Ok(value) => return (Some(value), diagnostics),
            Err(error) => error,
        };
        let at = error.location().map_or(0, |location| floor_boundary(yaml, location.index()));
        let entry = entries
            .iter()
            .rfind(|entry| entry.block.start <= at && !left[entry.block.clone()].trim().is_empty());
        let message = without_place(&error.to_string());
        let Some(entry) = entry else {
            let place = Span::new(file, offset + at, offset + line_end(yaml, at));
            diagnostics.push(problem(place, &message, codes));
            return (None, diagnostics);
        };
        diagnostics.push(problem(place(file, yaml, entry, offset, at, &message), &message, codes));
        blank(&mut left, &entry.block);
    }
    (None, diagnostics)
}

/// What to underline: the key when it is unknown, else from the error to the end of its line.
fn place(file: FileId, yaml: &str, entry: &Entry<'_>, offset: usize, at: usize, message: &str) -> Span {
    let in_entry = entry.block.contains(&at);
    if message.contains("unknown field") || !in_entry {
        return Span::new(file, offset + entry.at.start, offset + entry.at.end);
    }
    let from = if at == entry.at.start { value_start(yaml, entry) } else { at };
    Span::new(file, offset + from, offset + line_end(yaml, from))
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
    for (index, entry) in entries.iter().enumerate() {
        let Some(first) = entries[..index].iter().find(|earlier| earlier.key == entry.key) else { continue };
        let code = if codes.invalid == Code::FrontMatterInvalid {
            Code::FrontMatterDuplicateKey
        } else {
            codes.invalid
        };
        diagnostics.push(
            Diagnostic::new(code, span(entry), format!("`{}` is given twice", entry.key))
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

/// The bytes of the value of top-level `key` in `yaml`, or of `part` within it, for a mistake in meaning.
#[must_use]
pub fn locate(yaml: &str, key: &str, part: &str) -> Range<usize> {
    let Some(entry) = entries(yaml).into_iter().find(|entry| entry.key == key) else { return 0..0 };
    let value = value_start(yaml, &entry);
    match yaml[value..entry.block.end].find(part).filter(|_| !part.is_empty()) {
        Some(at) => value + at..value + at + part.len(),
        None => value..line_end(yaml, value),
    }
}

fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    at + text[at..end].trim_end().len()
}

fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The parser's own words for the place, which ours replace.
fn without_place(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message[..end].to_owned()
}

/// The full names of all keys of a TOML text that have a value: `output.html.theme`. Empty when it is not TOML.
#[must_use]
pub fn toml_keys(text: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    if let Ok(table) = text.parse::<toml::Table>() {
        collect_keys(&table, "", &mut keys);
    }
    keys
}

fn collect_keys(table: &toml::Table, prefix: &str, keys: &mut BTreeSet<String>) {
    for (key, value) in table {
        let name = format!("{prefix}{key}");
        match value {
            toml::Value::Table(inner) => collect_keys(inner, &format!("{name}."), keys),
            _ => drop(keys.insert(name)),
        }
    }
}
