//! TOML and YAML text to typed values, with every mistake at its place.
//!
//! A parser of either format stops at the first mistake. Here the mistaken entry is noted, taken out,
//! and the rest is read again, until it fits: one run names them all. The only room that knows the YAML
//! and TOML crates. It knows nothing of what the values mean.

pub mod fields;
pub mod tree;
mod words;
mod yaml;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::de::DeserializeOwned;
pub use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use words::Words;
pub use yaml::{locate, raw, yaml};

/// How many mistakes of one file are looked for: each costs another reading of it.
const MAX_MISTAKES: usize = 100;

/// The codes under which mistakes of one kind of file are reported.
#[derive(Clone, Copy, Debug)]
pub struct Codes {
    /// A key that does not exist.
    pub unknown_key: Code,
    /// A key that is given twice.
    pub duplicate_key: Code,
    /// Anything else: syntax, a value of the wrong kind.
    pub invalid: Code,
}

/// Reads a TOML file into `T`. Where the text is not TOML, what can be read of it counts. The value is `None`
/// only when nothing fits.
pub fn toml<T: DeserializeOwned>(file: FileId, text: &str, codes: Codes) -> (Option<T>, Vec<Diagnostic>) {
    let (mut table, syntax) = DeTable::parse_recoverable(text);
    let mut diagnostics = syntax_problems(file, text, &syntax, codes);
    // What is lost to a mistake in the syntax would only be reported again, as a value that does not fit.
    let is_readable = diagnostics.is_empty();
    for _ in 0..MAX_MISTAKES {
        match T::deserialize(toml::de::Deserializer::from(table.clone())) {
            Ok(value) => return (Some(value), diagnostics),
            Err(error) => {
                diagnostics.extend(is_readable.then(|| toml_problem(file, text, &error, codes)));
                let removed = error.span().is_some_and(|span| remove_at(&mut table, &span));
                if !removed {
                    break;
                }
            }
        }
    }
    (None, diagnostics)
}

/// The bytes of the value at `path` in a TOML text, for a mistake in meaning.
#[must_use]
pub fn toml_place(text: &str, path: &[&str]) -> Option<Range<usize>> {
    let (table, _) = DeTable::parse_recoverable(text);
    let (last, above) = path.split_last()?;
    let mut table = table.get_ref();
    for key in above {
        table = match table.get(*key)?.get_ref() {
            DeValue::Table(inner) => inner,
            _ => return None,
        };
    }
    Some(table.get(*last)?.span())
}

/// Whether a text is TOML.
#[must_use]
pub fn is_toml(text: &str) -> bool {
    DeTable::parse(text).is_ok()
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

/// What the parser says of a text that is not TOML: of one line only its first complaint.
fn syntax_problems(file: FileId, text: &str, errors: &[toml::de::Error], codes: Codes) -> Vec<Diagnostic> {
    let line = |error: &toml::de::Error| {
        let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or(text);
        memchr::memchr_iter(b'\n', before.as_bytes()).count()
    };
    let mut lines = BTreeSet::new();
    errors
        .iter()
        .filter(|error| lines.insert(line(error)))
        .map(|error| {
            let range = toml_range(text, error);
            let is_twice = error.message().contains("duplicate key");
            let code = if is_twice { codes.duplicate_key } else { codes.invalid };
            said(Span::new(file, range.start, range.end), words::of_toml(error.message()), code)
        })
        .collect()
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
    let range = toml_range(text, error);
    let span = Span::new(file, range.start, range.end);
    if let Some(words) = words::of_key(error.message()) {
        return said(span, words, codes.unknown_key);
    }
    let words = words::of_value(error.message(), &text[range]);
    said(span, words.unwrap_or_else(|| words::of_toml(error.message())), codes.invalid)
}

/// The bytes that a complaint is about.
fn toml_range(text: &str, error: &toml::de::Error) -> Range<usize> {
    let range = error.span().unwrap_or(0..0);
    let start = text.floor_char_boundary(range.start);
    start..text.floor_char_boundary(range.end).max(start)
}

/// The words as a diagnostic.
fn said(span: Span, words: Words, code: Code) -> Diagnostic {
    let diagnostic = Diagnostic::new(code, span, words.message);
    let diagnostic = match words.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    };
    match words.instead {
        Some(instead) => diagnostic.fix(span, instead),
        None => diagnostic,
    }
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
