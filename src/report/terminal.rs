//! A diagnostic as a person reads it: message, place, the text underlined, what to do.
//!
//! The only room that knows the printing crate.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, Sources, Span};

/// How the text is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// With colours.
    Coloured,
    /// Without.
    Plain,
}

/// The width in columns beyond which a long line of source is cut around the place.
const WIDTH: usize = 120;

/// Writes one diagnostic, without an end of line.
#[must_use]
pub fn render(sources: &Sources, diagnostic: &Diagnostic, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let mut main = Group::with_title(title);
    if let Some(span) = diagnostic.span {
        main = place(main, sources, span, &diagnostic.label, AnnotationKind::Primary);
    }
    for (span, label) in &diagnostic.related {
        main = place(main, sources, *span, label, AnnotationKind::Context);
    }
    let report = match (&diagnostic.help, &diagnostic.fix) {
        (Some(help), Some(fix)) if fits(sources, fix.span) => {
            vec![main, patch(sources, help, fix.span, &fix.text)]
        }
        (Some(help), _) => vec![main.element(Level::HELP.message(help.as_str()))],
        (None, _) => vec![main],
    };
    let renderer = match style {
        Style::Coloured => Renderer::styled(),
        Style::Plain => Renderer::plain(),
    };
    renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH).render(&report)
}

fn place<'a>(
    group: Group<'a>,
    sources: &'a Sources,
    span: Span,
    label: &'a str,
    kind: AnnotationKind,
) -> Group<'a> {
    let (path, text) = (sources.path(span.file), sources.text(span.file));
    let range = clamp(text, span);
    if range.end == 0 {
        let group = group.element(Origin::path(path));
        return if label.is_empty() { group } else { group.element(Level::NOTE.message(label)) };
    }
    let lines = lines_of(text, &range);
    let annotation = kind.span(range.start - lines.start..range.end - lines.start);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    let first = line_number(sources, span.file, lines.start);
    group.element(Snippet::source(&text[lines]).line_start(first).path(path).annotation(annotation))
}

/// Whether the line can be shown as it is and as it would be: the printing crate does not cut those. Chinese
/// paragraphs are often one line.
fn fits(sources: &Sources, span: Span) -> bool {
    let text = sources.text(span.file);
    lines_of(text, &clamp(text, span)).len() <= 2 * WIDTH
}

fn patch<'a>(sources: &'a Sources, help: &'a str, span: Span, replacement: &'a str) -> Group<'a> {
    let (path, text) = (sources.path(span.file), sources.text(span.file));
    let range = clamp(text, span);
    let lines = lines_of(text, &range);
    let change = Patch::new(range.start - lines.start..range.end - lines.start, replacement);
    let first = line_number(sources, span.file, lines.start);
    let snippet = Snippet::source(&text[lines]).line_start(first).path(path).patch(change);
    Level::HELP.secondary_title(help).element(snippet)
}

/// The whole lines that hold a range: the printing crate takes apart all that it is given.
fn lines_of(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |length| range.end + length + 1);
    start..end
}

fn line_number(sources: &Sources, file: FileId, at: usize) -> usize {
    sources.position(file, u32::try_from(at).unwrap_or(u32::MAX)).0
}

/// A span as a range of whole characters of the text.
fn clamp(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start as usize);
    start..text.floor_char_boundary(span.end as usize).max(start)
}
