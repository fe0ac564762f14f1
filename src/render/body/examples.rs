//! Where a text speaks of worked examples: fences that name one, values in sentences.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::Writer;
use crate::parse::{Document, example_of_fence, reference};
use crate::render::example;
use crate::render::html::text;
use crate::source::Span;

/// The fences of a text that put examples on the page.
pub(super) fn fences<'t>(
    events: &[(Event<'t>, Range<usize>)],
    document: &Document,
    body: &'t str,
) -> Vec<example::Fence<'t>> {
    let mut fences = Vec::new();
    for (at, (event, range)) in events.iter().enumerate() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else { continue };
        let Some(id) = example_of_fence(info) else { continue };
        let written = body[range.clone()].lines().next().unwrap_or_default().trim_end();
        // An id may be written with escapes; then it is none that names an example.
        let id = if written.ends_with(id) { &written[written.len() - id.len()..] } else { "" };
        let id_at = document.body.start + range.start + written.len() - id.len();
        let inside = events[at + 1..].iter().take_while(|(event, _)| matches!(event, Event::Text(_)));
        let (start, end) =
            inside.fold((None, 0), |(start, _), (_, text)| (start.or(Some(text.start)), text.end));
        let start = start.unwrap_or(range.end);
        let at = Span::new(document.file, id_at, id_at + id.len());
        let text = body.get(start..end).unwrap_or_default();
        fences.push(example::Fence { id, at, text, offset: document.body.start + start });
    }
    fences
}

impl<'a> Writer<'a> {
    /// A value in a sentence: a code span that begins with `= `.
    pub(super) fn value(&mut self, code: &str, range: &Range<usize>) {
        let (reference, at) = self.referred(code, range);
        match self.figures.value(reference, at) {
            Some((html, shown)) => {
                self.shown.push((code.to_owned(), shown));
                self.html(html);
            }
            None => self.html(format!("<code>{}</code>", text(code))),
        }
    }

    /// The same as plain text, for the description of an image.
    pub(super) fn shown_value(&mut self, code: &str, range: &Range<usize>) -> String {
        let (reference, at) = self.referred(code, range);
        self.figures.value(reference, at).map_or_else(|| code.to_owned(), |(_, shown)| shown)
    }

    /// What a code span refers to, and where that stands.
    fn referred<'c>(&self, code: &'c str, range: &Range<usize>) -> (&'c str, Span) {
        let span = self.span(range);
        let written = &self.shared.sources.text(span.file)[span.start as usize..span.end as usize];
        let reference = reference(code);
        let at = written.find(reference).map_or(span, |at| {
            let start = span.start as usize + at;
            Span::new(span.file, start, start + reference.len())
        });
        (reference, at)
    }

    /// What a link with the destination `=…` is tied to, as it stands in the file.
    pub(super) fn reference(&self, destination: &str, range: &Range<usize>) -> &'a str {
        let reference = reference(destination);
        let body = &self.shared.sources.text(self.document.file)[self.document.body.clone()];
        let link = body.get(range.clone()).unwrap_or_default();
        // A destination may be written with escapes; then it is none that names a value.
        link.rfind(reference).map_or("", |at| &link[at..at + reference.len()])
    }
}
