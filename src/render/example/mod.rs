//! Worked examples on a page: figures where a fence names one, numbers in sentences where they are referred to.
//!
//! Gives HTML and gathers what the page's script needs. What an example computes is `evaluate`'s;
//! nothing here knows how a page is put together.

mod calc;
mod chart;
mod formula;
mod leaves;
mod live;
mod plot;
mod prose;
mod quiz;
mod trace;

use std::collections::BTreeMap;
use std::ops::Range;

use tera::{Context, Value as Seen};

use super::body::{Place, Shared};
use crate::data::fields::Fields;
use crate::data::tree;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::check::Scope;
use crate::evaluate::claims;
use crate::evaluate::desk::diagnostic;
use crate::evaluate::example::{Body, Example};
use crate::evaluate::expression::{self, Problem, Setting};
use crate::evaluate::format::{self, Format, Numerals, Style};
use crate::evaluate::gather;
use crate::evaluate::read::CODES;
use crate::evaluate::reference::unknown_example;
use crate::evaluate::unit::{Unit, Units};
use crate::evaluate::worked::{Result, Worked};
use crate::lang::Lang;
use crate::render::strings::Strings;
use crate::source::{FileId, Span};
use calc::{Maker, Part};
use live::Live;
pub use prose::Tied;

/// A fence that names an example: its id and the settings in it, with their places in the file.
#[derive(Clone, Debug)]
pub struct Fence<'a> {
    /// The id.
    pub id: &'a str,
    /// Where it stands.
    pub at: Span,
    /// The YAML in the fence.
    pub text: &'a str,
    /// The byte of the file at which it begins.
    pub offset: usize,
}

/// An example as it stands on this page.
struct Instance<'a> {
    id: &'a str,
    /// The inputs' values, in base units.
    inputs: Vec<f64>,
    /// The parts that are shown.
    parts: Vec<Part>,
}

/// One figure: what it shows, and how it is written.
#[derive(Clone, Copy)]
pub struct Figure<'a> {
    /// The language of the page's text.
    pub lang: Lang,
    /// The theme's words in it.
    pub strings: &'a Strings,
    /// How it writes numbers.
    pub numerals: &'a Numerals,
    /// The book's units.
    pub units: &'a Units,
    /// Its key on its page.
    pub key: &'a str,
    /// The example as written.
    pub example: &'a Example,
}

/// The examples of one page.
pub struct Figures<'a> {
    shared: Shared<'a>,
    place: &'a Place<'a>,
    file: FileId,
    instances: Vec<Instance<'a>>,
    /// How many of them have been put on the page.
    placed: usize,
    live: Live,
    /// How many numbers of the text are tied, and the places of those that are not.
    pub tally: Tally,
    /// What was found wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// The numbers of a page's prose.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many come from an example or are held to one.
    pub tied: usize,
    /// Where the others are.
    pub untied: Vec<Span>,
}

impl<'a> Figures<'a> {
    /// The examples that these fences put on the page.
    pub fn new(shared: Shared<'a>, place: &'a Place<'a>, file: FileId, fences: &[Fence<'a>]) -> Self {
        let mut figures = Self {
            shared,
            place,
            file,
            instances: Vec::new(),
            placed: 0,
            live: Live::default(),
            tally: Tally::default(),
            diagnostics: Vec::new(),
        };
        figures.instances = fences.iter().map(|fence| figures.instance(fence)).collect();
        figures
    }

    /// The figure of the next fence; empty if there is no such example.
    pub fn figure(&mut self) -> String {
        let at = self.placed;
        self.placed += 1;
        let shared = self.shared;
        let Some(worked) = self.instances.get(at).and_then(|instance| shared.examples.get(instance.id))
        else {
            return String::new();
        };
        let key = self.key(at);
        let figure = Figure {
            lang: self.place.text,
            strings: self.place.strings,
            numerals: &shared.numerals[self.place.text],
            units: shared.units,
            key: &key,
            example: &worked.example,
        };
        let (template, view) = match (&worked.example.body, &worked.result) {
            (Body::Calc(calc), Result::Calc(result)) => {
                let instance = &self.instances[at];
                let maker = Maker {
                    shared,
                    place: self.place,
                    key: &key,
                    example: &worked.example,
                    calc,
                    worked: result,
                    inputs: &instance.inputs,
                    live: &mut self.live,
                };
                ("example-calc.html", Seen::from_serializable(&maker.view(&instance.parts)))
            }
            (Body::Trace(trace), Result::Trace(result)) => {
                self.live.is_needed = true;
                let maker = trace::Maker { figure, trace, worked: result };
                ("example-trace.html", Seen::from_serializable(&maker.view(&self.instances[at].parts)))
            }
            (_, Result::Quiz(result)) => {
                let over = result.over.as_ref().and_then(|id| shared.examples.get(id));
                let maker = quiz::Maker {
                    figure,
                    worked: result,
                    model: over.and_then(|over| over.calc()).map(|calc| &calc.model),
                };
                ("example-quiz.html", Seen::from_serializable(&maker.view(&mut self.live)))
            }
            _ => return String::new(),
        };
        self.rendered(template, view)
    }

    /// The data of the page's script and whether the page needs it.
    #[must_use]
    pub fn finish(&self) -> (String, bool) {
        let strings = self.place.strings;
        let words: BTreeMap<&str, &str> =
            [("reset", strings.example_reset.as_str()), ("invalid", strings.example_invalid.as_str())].into();
        (self.live.html(&self.shared.numerals[self.place.text], &words), self.live.is_needed)
    }

    fn rendered(&mut self, template: &str, view: Seen) -> String {
        let mut context = Context::new();
        context.insert_value("example", view);
        context.insert_value("t", self.shared.words[self.place.text].clone());
        match self.shared.theme.templates.render(template, &context) {
            Ok(html) => String::from_utf8_lossy(&html).into_owned(),
            Err(problem) => {
                self.diagnostics.push(*problem);
                String::new()
            }
        }
    }

    /// The key of a figure on its page: the example's id, with a number from the second time on.
    fn key(&self, at: usize) -> String {
        let id = self.instances[at].id;
        let earlier = self.instances[..at].iter().filter(|instance| instance.id == id).count();
        if earlier == 0 { id.to_owned() } else { format!("{id}-{}", earlier + 1) }
    }

    /// The inputs of an example on this page: those of its first figure.
    fn inputs(&self, worked: &Worked) -> Vec<f64> {
        let here = self.instances.iter().find(|instance| instance.id == worked.example.id);
        here.map_or_else(
            || worked.calc().map(|calc| calc.model.usual()).unwrap_or_default(),
            |instance| instance.inputs.clone(),
        )
    }

    fn is_here(&self, id: &str) -> bool {
        self.instances.iter().any(|instance| instance.id == id)
    }

    fn instance(&mut self, fence: &Fence<'a>) -> Instance<'a> {
        let all = || Part::ALL.into_iter().map(|(_, part)| part).collect();
        let mut instance = Instance { id: fence.id, inputs: Vec::new(), parts: all() };
        let Some(worked) = self.shared.examples.get(fence.id) else {
            let unread = self.shared.sources.find(&gather::file_of(fence.id)).is_some();
            if !unread {
                let problem = unknown_example(fence.id, 0..fence.id.len(), self.shared.examples);
                self.note(fence.at, problem);
            }
            return instance;
        };
        if let Some(calc) = worked.calc() {
            instance.inputs = calc.model.usual();
        }
        if !fence.text.trim().is_empty() {
            self.settings(fence, worked, &mut instance);
        }
        instance
    }

    /// Reads the YAML of a fence: `set` and `show`.
    fn settings(&mut self, fence: &Fence<'a>, worked: &Worked, instance: &mut Instance<'a>) {
        let (node, problems) = tree::tree(self.file, fence.text, CODES);
        let mut found = problems;
        let fields = node
            .as_ref()
            .and_then(|node| Fields::open(node, "the settings of an example", CODES, &mut found));
        if let Some(mut fields) = fields {
            for entry in fields.entries("set", &mut found) {
                let tree::Value::Text(value) = &entry.value.value else { continue };
                match self.setting(&entry.key, value, worked) {
                    Ok((at, value)) => instance.inputs[at] = value,
                    Err(problem) if problem.at.is_empty() => {
                        found.push(diagnostic(
                            &tree::Node { span: entry.at, value: tree::Value::Null },
                            "",
                            problem,
                        ));
                    }
                    Err(problem) => found.push(diagnostic(&entry.value, fence.text, problem)),
                }
            }
            let parts = fields.items("show", &mut found);
            let part = |node: &tree::Node| {
                let tree::Value::Text(name) = &node.value else { return None };
                let part = Part::ALL.into_iter().find(|(known, _)| known == name);
                if part.is_none() {
                    let names: Vec<_> = Part::ALL.iter().map(|(name, _)| *name).collect();
                    let message = format!("an example has no part `{name}`");
                    found.push(
                        Diagnostic::new(Code::ExampleInvalid, node.span, message)
                            .help(format!("its parts are {}", names.join(", "))),
                    );
                }
                part.map(|(_, part)| part)
            };
            let wanted: Vec<_> = parts.iter().filter_map(part).collect();
            if !parts.is_empty() {
                instance.parts = wanted;
            }
            fields.finish(&mut found);
        }
        self.diagnostics.extend(found.into_iter().map(|problem| shifted(problem, fence.offset)));
    }

    /// The position and value of an input that a page sets.
    fn setting(
        &self,
        name: &str,
        value: &str,
        worked: &Worked,
    ) -> std::result::Result<(usize, f64), Problem> {
        let none = || Problem::new(Code::NameUnknown, 0..0, format!("`{name}` is no input of this example"));
        let calc = worked.calc().ok_or_else(none)?;
        let value = expression::expression(value, self.shared.units)?;
        let setting = Setting { name: name.to_owned(), span: 0..0, value };
        claims::setting_value(&calc.model, &setting, &mut Scope::new(self.shared.units))
    }

    /// Notes a mistake inside the text at `place`.
    fn note(&mut self, place: Span, problem: Problem) {
        let start = place.start as usize;
        let span = Span::new(place.file, start + problem.at.start, start + problem.at.end);
        let node = tree::Node { span, value: tree::Value::Null };
        self.diagnostics.push(diagnostic(&node, "", problem));
    }
}

/// A diagnostic about a text that begins at `offset` of its file.
fn shifted(mut problem: Diagnostic, offset: usize) -> Diagnostic {
    let moved = |span: Span| Span::new(span.file, span.start as usize + offset, span.end as usize + offset);
    problem.span = problem.span.map(moved);
    if let Some(fix) = &mut problem.fix {
        fix.span = moved(fix.span);
    }
    problem
}

/// How a value with this unit and style is written in a language.
#[must_use]
pub fn format_of(unit: &Unit, style: Style, units: &Units, lang: Lang) -> Format {
    let label = units.label(unit, lang);
    Format { style, unit: format::Unit { scale: unit.scale.value(), one: label.one, many: label.many } }
}

/// The bytes of `part` within `whole`, of which it is a piece.
fn within(whole: &str, part: &str) -> Option<Range<usize>> {
    let start = whole.find(part)?;
    Some(start..start + part.len())
}
