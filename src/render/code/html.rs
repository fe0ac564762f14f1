//! Classed code as HTML: escaping, and one line's spans.
//!
//! Knows text and classes, nothing of grammars or languages.

use super::class::Class;

/// Appends text as HTML, the same in an element and in a quoted attribute.
pub(super) fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match special.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &special[1..];
    }
    out.push_str(rest);
}

/// Writes one line from left to right, with as few spans as its classes allow.
///
/// White space takes the class of whatever costs nothing: a span reaches over it to a neighbour of
/// the same class, and otherwise it stays bare.
pub(super) struct LineWriter<'a> {
    line: &'a str,
    out: &'a mut String,
    /// The class of the span that is open.
    open: Class,
    /// How much of the line is written; up to the next word there is only white space.
    written: usize,
}

impl<'a> LineWriter<'a> {
    /// Starts on a line; call [`LineWriter::finish`] to end it.
    pub(super) fn new(line: &'a str, out: &'a mut String) -> Self {
        LineWriter { line, out, open: Class::Bare, written: 0 }
    }

    /// Adds the next stretch of the line. Places outside the line or in the midst of a character
    /// count as the nearest one before.
    pub(super) fn add(&mut self, start: usize, end: usize, class: Class) {
        let start = self.line.floor_char_boundary(start.max(self.written));
        let end = self.line.floor_char_boundary(end);
        let Some(text) = self.line.get(start..end) else {
            return;
        };
        let word = text.trim_start();
        let class = reconsider(class, word);
        let start = end - word.len();
        let end = start + word.trim_end().len();
        if start == end {
            return;
        }
        self.switch(class, start);
        escape(&self.line[self.written..end], self.out);
        self.written = end;
    }

    /// Closes the last span and writes what is left of the line.
    pub(super) fn finish(mut self) {
        let end = self.line.len();
        self.switch(Class::Bare, end);
        escape(&self.line[self.written..], self.out);
    }

    /// Makes `class` the open one, with the white space before `start` between the spans.
    fn switch(&mut self, class: Class, start: usize) {
        if class == self.open {
            return;
        }
        if self.open != Class::Bare {
            self.out.push_str("</span>");
        }
        self.out.push_str(&self.line[self.written..start]);
        self.written = start;
        if let Some(name) = class.name() {
            self.out.push_str("<span class=\"");
            self.out.push_str(name);
            self.out.push_str("\">");
        }
        self.open = class;
    }
}

/// Mends what scopes cannot tell: operators spelled as words (`and`, `NOT`, `instanceof`) read as
/// keywords, and Solidity has one scope for its types and its truth values.
fn reconsider(class: Class, word: &str) -> Class {
    match class {
        Class::Operator if word.starts_with(char::is_alphabetic) => Class::Keyword,
        Class::Type if matches!(word.trim_end(), "true" | "false") => Class::Number,
        _ => class,
    }
}
