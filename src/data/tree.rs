//! YAML as a tree in which every value knows its place.
//!
//! For files that are read value by value, where a mistake in meaning must be shown at its very bytes, inside a
//! formula too. A book needs little of YAML: maps, lists and scalars, one document. The rest is refused here.
//! It knows nothing of what the keys and values mean.

mod scalar;
mod syntax;

use std::collections::BTreeMap;
use std::mem;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::words::Words;
use super::{Codes, said};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
pub(super) use scalar::closing;
use syntax::Stop;

/// A file longer than this is refused before it is parsed.
const MAX_BYTES: usize = 256 * 1024;
/// Values nested deeper than this are refused as soon as that is seen.
const MAX_DEPTH: usize = 32;

/// A YAML value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its bytes. Of a scalar only the content: no quotes, no mark of a block, no space around it. Nothing that
    /// is written stands right behind its key or dash.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `~`, `null` or nothing at all.
    Null,
    /// Any other scalar, a number too, as text: escapes, quotes and folded lines are resolved.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file. No two entries have the same key.
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes of the key, without quotes.
    pub at: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The text, if it is a scalar that is not null.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Where the bytes `inside` of the text stand in the file, whose whole text is `source`. Exact when the text
    /// stands there as it is, or line by line; else, because of escapes, the whole value.
    #[must_use]
    pub fn place(&self, source: &str, inside: Range<usize>) -> Span {
        let start = self.span.start as usize;
        let exact = || scalar::place(self.text()?, source.get(start..self.span.end as usize)?, inside);
        exact().map_or(self.span, |part| Span::new(self.span.file, start + part.start, start + part.end))
    }
}

/// Reads one YAML document: the whole `text` of `file`. Nothing at all reads as [`Value::Null`]. The tree is there
/// unless the text is no YAML or uses what a book does not need; the first such mistake ends the reading.
#[must_use]
pub fn tree(file: FileId, text: &str, codes: Codes) -> (Option<Node>, Vec<Diagnostic>) {
    if text.len() > MAX_BYTES {
        let message = format!("a file of {} bytes is longer than {MAX_BYTES}", text.len());
        let diagnostic = Diagnostic::new(codes.invalid, Span::whole(file), message);
        return (None, vec![diagnostic.help("split it into several files")]);
    }
    let mut reader = Reader::new(file, text, codes);
    if let Err(refusal) = reader.read() {
        // What was said of the same line follows from this.
        let line = refusal.span.map_or(0, |span| syntax::line_start(text, span.start as usize));
        reader.diagnostics.retain(|earlier| earlier.span.is_some_and(|span| (span.start as usize) < line));
        reader.diagnostics.push(*refusal);
        return (None, reader.diagnostics);
    }
    let nothing = Node { span: Span::whole(file), value: Value::Null };
    (Some(reader.root.unwrap_or(nothing)), reader.diagnostics)
}

/// What ends the reading; boxed because it is large and rare.
type Refusal = Box<Diagnostic>;

/// The tree as far as it has been read.
struct Reader<'a> {
    file: FileId,
    text: &'a str,
    codes: Codes,
    /// The first byte of every character, and the end: the parser counts characters.
    bytes: Vec<usize>,
    root: Option<Node>,
    /// The lists and maps that have begun, the innermost last.
    open: Vec<Open>,
    /// The bytes of the scalar that was read last, with its quotes.
    last: Range<usize>,
    /// Where the value that was read last ends: a block has no end of its own.
    end: usize,
    diagnostics: Vec<Diagnostic>,
}

/// A list or a map that has begun.
struct Open {
    start: usize,
    is_bracketed: bool,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Key },
}

/// The key whose value is still to come.
enum Key {
    Awaited,
    Read(String, Span),
    /// It is none; what follows it is dropped.
    Refused,
}

impl<'a> Reader<'a> {
    fn new(file: FileId, text: &'a str, codes: Codes) -> Self {
        let bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (open, diagnostics) = (Vec::new(), Vec::new());
        Self { file, text, codes, bytes, root: None, open, last: 0..0, end: 0, diagnostics }
    }

    fn read(&mut self) -> Result<(), Refusal> {
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| self.stopped(&error))?;
            self.event(event, self.byte(span.start.index())..self.byte(span.end.index()))?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), Refusal> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => Err(self.refusal(
                range,
                "a file holds one document, and here a second one begins",
                "remove it",
            )),
            Event::Alias(_) => Err(self.refused(range.start)),
            Event::Scalar(text, style, anchor, tag) => {
                self.check_bare(anchor, tag.is_some(), range.start)?;
                self.scalar(&text, style, range);
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_bare(anchor, tag.is_some(), range.start)?;
                self.begin(range, Content::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.check_bare(anchor, tag.is_some(), range.start)?;
                self.begin(range, Content::Map { entries: Vec::new(), key: Key::Awaited })
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.finish(range.start);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Refuses a value with an anchor or a tag.
    fn check_bare(&self, anchor: usize, has_tag: bool, at: usize) -> Result<(), Refusal> {
        if anchor > 0 || has_tag { Err(self.refused(at)) } else { Ok(()) }
    }

    fn begin(&mut self, range: Range<usize>, content: Content) -> Result<(), Refusal> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.too_deep(range.start));
        }
        let is_bracketed = !range.is_empty() && self.text[range.start..].starts_with(['[', '{']);
        let is_value_of_key = matches!(&self.open.last(), Some(Open { content: Content::Map { .. }, .. }));
        let start = match content {
            Content::List(_) if is_value_of_key && range.is_empty() => self.dash(range.start),
            _ => range.start,
        };
        self.open.push(Open { start, is_bracketed, content });
        Ok(())
    }

    /// The dash with which the line begins: the parser has a list that stands right below its key begin behind it.
    fn dash(&self, at: usize) -> usize {
        let line = syntax::line_start(self.text, at);
        let dash = line + self.text[line..at].len() - self.text[line..at].trim_start().len();
        if self.text[dash..].starts_with('-') { dash } else { at }
    }

    /// Ends the innermost list or map, whose bracket, if it has one, is at `at`.
    fn finish(&mut self, at: usize) {
        let Some(open) = self.open.pop() else { return };
        let is_closed = open.is_bracketed && self.text[at..].starts_with([']', '}']);
        self.end = if is_closed { at + 1 } else { self.end.max(open.start) };
        let value = match open.content {
            Content::List(items) => Value::List(items),
            Content::Map { entries, .. } => Value::Map(self.distinct(entries)),
        };
        self.put(Node { span: self.span(open.start..self.end), value });
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, range: Range<usize>) {
        let content = scalar::content(self.text, text, style, range);
        let quote = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        self.end = self.text.ceil_char_boundary(content.end + quote);
        self.last = content.start.saturating_sub(quote)..self.end;
        let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        if style == ScalarStyle::DoubleQuoted && text.contains(is_control) {
            let mistake = syntax::control(&self.text[..content.end], content.start);
            self.diagnostics
                .extend(mistake.map(|(range, words)| said(self.span(range), words, self.codes.invalid)));
        }
        let is_null = style == ScalarStyle::Plain && matches!(text, "" | "~" | "null");
        let value = if is_null { Value::Null } else { Value::Text(text.to_owned()) };
        self.put(Node { span: self.span(content), value });
    }

    /// Puts a value where it belongs: it may be a key.
    fn put(&mut self, node: Node) {
        let (entries, key) = match self.open.last_mut().map(|open| &mut open.content) {
            None => return self.root = Some(node),
            Some(Content::List(items)) => return items.push(node),
            Some(Content::Map { entries, key }) => (entries, key),
        };
        let problem = match mem::replace(key, Key::Awaited) {
            Key::Refused => None,
            Key::Awaited => match key_of(self.text, node) {
                Ok((name, at)) => {
                    *key = Key::Read(name, at);
                    None
                }
                Err(problem) => {
                    *key = Key::Refused;
                    Some(problem)
                }
            },
            Key::Read(name, at) => {
                let between = &self.text[at.end as usize..node.span.start.max(at.end) as usize];
                if node.value == Value::Null && !between.contains(':') {
                    Some((at, syntax::no_colon(self.text, at.start as usize..at.end as usize)))
                } else {
                    entries.push(Entry { key: name, at, value: node });
                    None
                }
            }
        };
        self.diagnostics.extend(problem.map(|(span, words)| said(span, words, self.codes.invalid)));
    }

    /// The entries without those whose key was there before.
    fn distinct(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut distinct = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(first) = seen.get(&entry.key) else {
                seen.insert(entry.key.clone(), entry.at);
                distinct.push(entry);
                continue;
            };
            let message = format!("`{}` is given twice", entry.key);
            let diagnostic = Diagnostic::new(self.codes.duplicate_key, entry.at, message);
            self.diagnostics.push(diagnostic.related(*first, "first given here").help("remove one of them"));
        }
        distinct
    }

    fn stopped(&self, error: &ScanError) -> Refusal {
        let at = self.byte(error.marker().index());
        if error.info() == "recursion limit exceeded" {
            return self.too_deep(at);
        }
        let stop = Stop { text: self.text, complaint: error.info(), at, last: self.last.clone() };
        let (range, words) = syntax::mistake(&stop);
        Box::new(said(self.span(range), words, self.codes.invalid))
    }

    fn refused(&self, at: usize) -> Refusal {
        let (range, words) = syntax::refused(self.text, at);
        Box::new(said(self.span(range), words, self.codes.invalid))
    }

    fn too_deep(&self, at: usize) -> Refusal {
        let message = format!("values are nested more than {MAX_DEPTH} deep");
        self.refusal(at..at, &message, "text that begins with a bracket goes in quotes")
    }

    fn refusal(&self, range: Range<usize>, message: &str, help: &str) -> Refusal {
        Box::new(Diagnostic::new(self.codes.invalid, self.span(range), message).help(help))
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.text.len())
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}

/// A value as a key, or what to say of it.
fn key_of(text: &str, node: Node) -> Result<(String, Span), (Span, Words)> {
    let start = node.span.start;
    match node.value {
        Value::Text(key) => Ok((key, node.span)),
        Value::Null if node.span.start < node.span.end => {
            Ok((text[node.span.start as usize..node.span.end as usize].to_owned(), node.span))
        }
        Value::Null => {
            let colon = u32::from(text[..start as usize].ends_with(':'));
            Err((Span { start: start - colon, ..node.span }, syntax::no_key()))
        }
        Value::List(_) | Value::Map(_) => Err((Span { end: start, ..node.span }, syntax::bracketed_key())),
    }
}

#[cfg(test)]
mod tests;
