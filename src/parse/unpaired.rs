//! Marks that need a partner elsewhere in the page, and have none: footnotes, links by reference, formulas.
//!
//! Without its partner such a mark is no markup, and stays in the text with its brackets; a footnote's text
//! without a mark goes nowhere. Looks at one page's events and at the text they came from.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown::Spanned;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// How many formulas of a page are reported: where the first is wrong the others may only follow from it.
const MAX_FORMULAS: usize = 5;

/// Reports what has no partner. `span` makes a place in the file of a range of `body`.
pub fn problems(body: &str, events: &[Spanned<'_>], span: impl Fn(&Range<usize>) -> Span) -> Vec<Diagnostic> {
    let marks = Marks::collect(body, events);
    let mut diagnostics = footnotes(&marks, &span);
    diagnostics.extend(marks.dollars.chunks(2).take(MAX_FORMULAS).map(|pair| {
        let range = pair[0].start..pair[pair.len() - 1].end;
        Diagnostic::new(
            Code::MathInvalid,
            span(&range),
            "this is no formula, and stays on the page with its `$$`",
        )
        .help("every `$$` needs a second one, and every `{` between them its `}`")
    }));
    diagnostics.extend(first_of_each(&marks.links).map(|(range, label)| {
        Diagnostic::new(Code::LinkUndefined, span(range), format!("nothing says where `[{label}]` leads"))
            .help(format!("add a line `[{label}]: page.md`, or write `\\[` for the bracket itself"))
    }));
    diagnostics
}

/// The bytes of a mark, and its label.
type Marked<'a> = (Range<usize>, &'a str);

/// The marks of a page.
#[derive(Default)]
struct Marks<'a> {
    /// The footnotes that the text refers to.
    references: BTreeSet<&'a str>,
    /// The footnotes' texts: the bytes of `[^label]:`, and the label.
    definitions: Vec<Marked<'a>>,
    /// Marks of footnotes that stayed in the text.
    loose: Vec<Marked<'a>>,
    /// Links by reference that stayed in the text, with the labels they refer to.
    links: Vec<Marked<'a>>,
    /// The `$$` that stayed in the text.
    dollars: Vec<Range<usize>>,
}

impl<'a> Marks<'a> {
    fn collect(body: &'a str, events: &'a [Spanned<'_>]) -> Self {
        let mut marks = Self::default();
        let mut in_code = false;
        for (event, range) in events {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::FootnoteReference(label) => drop(marks.references.insert(label)),
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    let text = body.get(range.clone()).unwrap_or_default();
                    let length = text.find("]:").map_or(0, |at| at + 2);
                    marks.definitions.push((range.start..range.start + length, label));
                }
                Event::Text(_) if !in_code => marks.look_at(body, range),
                _ => {}
            }
        }
        marks
    }

    /// Looks for brackets in the source of a text.
    fn look_at(&mut self, body: &'a str, range: &Range<usize>) {
        let text = body.get(range.clone()).unwrap_or_default();
        let dollars = memchr::memmem::find_iter(text.as_bytes(), "$$").filter(|&at| !is_escaped(text, at));
        self.dollars.extend(dollars.map(|at| range.start + at..range.start + at + 2));
        for at in memchr::memchr_iter(b'[', text.as_bytes()) {
            let length = 1 + memchr::memchr2(b'[', b']', &text.as_bytes()[at + 1..]).unwrap_or(text.len());
            let Some(inner) = text.get(at + 1..at + length) else { return };
            if text.as_bytes()[at + length] == b'[' || inner.contains('\n') || is_escaped(text, at) {
                continue;
            }
            let here = range.start + at;
            if let Some(label) = inner.strip_prefix('^').filter(|label| is_label(label)) {
                self.loose.push((here..here + length + 1, label));
            } else if let Some(label) = second_bracket(&text[at + length + 1..]) {
                let end = here + length + 1 + label.len() + 2;
                self.links.push((here..end, if label.is_empty() { inner } else { label }));
            }
        }
    }
}

/// The text of the bracket with which `rest` begins.
fn second_bracket(rest: &str) -> Option<&str> {
    let label = rest.strip_prefix('[')?.split_once(']')?.0;
    (label.is_empty() || (is_label(label) && !label.starts_with('^'))).then_some(label)
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && !text.contains(['[', ' ', '\n'])
}

fn is_escaped(text: &str, at: usize) -> bool {
    text[..at].bytes().rev().take_while(|&b| b == b'\\').count() % 2 == 1
}

fn footnotes(marks: &Marks<'_>, span: &impl Fn(&Range<usize>) -> Span) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let mut unused = Vec::new();
    for (range, label) in &marks.definitions {
        if let Some(earlier) = first.insert(label, range) {
            diagnostics.push(
                problem(span(range), format!("the footnote `{label}` has two texts"))
                    .related(span(earlier), "the first one is here")
                    .help("give one of them another label"),
            );
        } else if !marks.references.contains(label) {
            unused.push((range, label));
        }
    }
    // One mark and one text without partners are most likely meant for each other.
    if let ([(loose, label)], [(text, other)]) = (marks.loose.as_slice(), unused.as_slice()) {
        diagnostics.push(
            problem(span(loose), format!("the footnote `{label}` has no text"))
                .related(span(text), "no mark leads to this text")
                .help(format!("did you mean `[^{other}]`?"))
                .fix(span(loose), format!("[^{other}]")),
        );
        return diagnostics;
    }
    diagnostics.extend(first_of_each(&marks.loose).map(|(range, label)| {
        problem(span(range), format!("the footnote `{label}` has no text"))
            .help(format!("add a line `[^{label}]: …`, or write `\\[` for the bracket itself"))
    }));
    diagnostics.extend(unused.iter().map(|(range, label)| {
        problem(span(range), format!("no mark leads to the footnote `{label}`"))
            .help(format!("write `[^{label}]` where it belongs; it is left out until then"))
    }));
    diagnostics
}

/// The first mark with each label: a partner for it would be one for all.
fn first_of_each<'m, 'a>(marks: &'m [Marked<'a>]) -> impl Iterator<Item = &'m Marked<'a>> {
    let mut seen = BTreeSet::new();
    marks.iter().filter(move |(_, label)| seen.insert(*label))
}

fn problem(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::FootnoteUnpaired, span, message)
}
