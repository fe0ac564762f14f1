//! A question, worked: its texts taken apart, its answers compiled, and both tried with every draw of the inputs.
//!
//! Knows the calculation that it is about, and nothing of pages. The browser draws inputs as is done here, so that
//! no reader meets a question with two right answers or none.

pub mod text;
mod trial;

use super::calc;
use super::check::{Scope, Type};
use super::claims::{self, Judged};
use super::code::{Code, Machine};
use super::desk::{Desk, diagnostic};
use super::example::{self, Misconception, Quiz, Reference, Saying, Words, Written};
use super::expression::{Expr, Problem, Setting};
use super::format::Style;
use super::model::Model;
use super::reference::unknown_example;
use super::show::Show;
use super::unit::Unit;
use super::worked::Examples;
use crate::data::tree::{Node, Value};
use crate::diagnostic::{Code as Fault, nearest};
use crate::lang::PerLang;
use crate::source::Span;
use text::{Text, fits, presentation_of};
use trial::{Candidate, Trials};

/// A worked question.
#[derive(Clone, Debug)]
pub struct Worked {
    /// The id of the calculation whose names it uses.
    pub over: Option<String>,
    /// The values of that calculation's inputs until others are drawn, in base units.
    pub inputs: Vec<f64>,
    /// What is drawn: the position of an input and the values it can take.
    pub vary: Vec<(usize, Vec<f64>)>,
    /// How many slots a machine needs for all codes.
    pub slots: usize,
    /// What is asked.
    pub ask: PerLang<Text>,
    /// What can be answered.
    pub answer: Answer,
    /// What is said with the answer; may be empty.
    pub because: PerLang<Text>,
    /// The computed answers, tried with every draw.
    pub tried: Vec<Judged>,
}

/// The kinds of answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A number.
    Number {
        /// The right one.
        right: Code,
        /// Wrong ways to a number, each with what went wrong.
        misconceptions: Vec<(Code, PerLang<Text>)>,
        /// How far off is right, as a part of the answer.
        within: f64,
        /// How all of them are shown, and the unit to answer in.
        shown: (Unit, Style),
    },
    /// One of several.
    Choice {
        /// In the order of writing.
        choices: Vec<Choice>,
        /// How computed ones are shown.
        shown: (Unit, Style),
    },
    /// Things to put in order; this is the right one.
    Order(Vec<PerLang<Text>>),
}

/// One of several answers.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it says.
    pub says: Says,
    /// Whether it is right.
    pub is_right: bool,
    /// Why; may be empty.
    pub because: PerLang<Text>,
}

/// What a choice says.
#[derive(Clone, Debug)]
pub enum Says {
    /// Words.
    Words(PerLang<Text>),
    /// A computed value.
    Value(Code),
}

impl Worked {
    /// The machine at the inputs until others are drawn. `model` is that of the calculation.
    #[must_use]
    pub fn machine(&self, model: Option<&Model>) -> Machine {
        let mut machine = Machine::new(self.slots);
        if let Some(model) = model.filter(|_| self.over.is_some()) {
            model.run_on(&mut machine, &self.inputs);
        }
        machine
    }

    /// Whether there is more than one draw.
    #[must_use]
    pub fn is_varied(&self) -> bool {
        self.vary.iter().any(|(_, values)| values.iter().any(|value| *value != values[0]))
    }
}

/// Works a question; what is wrong with it goes to the desk.
pub fn work(quiz: &Quiz, examples: &Examples, desk: &mut Desk<'_>) -> Worked {
    let model = quiz.over.as_ref().and_then(|over| model_of(over, examples, desk)).map(|calc| &calc.model);
    let scope = model.map_or_else(|| Scope::new(desk.units), |model| model.scope(desk));
    let before = desk.diagnostics.len();
    let mut worker = Worker { quiz, model, scope, candidates: Vec::new() };
    let vary = worker.vary(desk);
    let mut inputs = model.map(Model::usual).unwrap_or_default();
    for (at, values) in &vary {
        inputs[*at] = values[0];
    }
    let ask = worker.words(&quiz.ask, desk);
    let answer = worker.answer(desk);
    let because = worker.words(&quiz.because, desk);
    let slots = worker.scope.slots;
    let mut tried = Vec::new();
    if model.is_none() && quiz.over.is_some() {
        // Of names nothing can be said without the example that has them.
        desk.diagnostics.truncate(before);
    } else if desk.diagnostics.len() == before && model.is_none_or(is_sound) {
        // What is not understood would only fail again with every draw.
        let trials = Trials { quiz, model, vary: &vary, inputs: &inputs, slots };
        tried = trials.judge(&worker.candidates, desk);
    }
    let over = quiz.over.as_ref().filter(|_| model.is_some()).map(|over| over.name.clone());
    Worked { over, inputs, vary, slots, ask, answer, because, tried }
}

/// The calculation that a question is about.
fn model_of<'a>(over: &Reference, examples: &'a Examples, desk: &mut Desk<'_>) -> Option<&'a calc::Worked> {
    let id = over.name.as_str();
    let found = examples.get(id);
    let calc = found.and_then(|worked| worked.calc());
    if calc.is_none() {
        let whole = 0..id.len();
        let problem = if found.is_some() {
            Problem::new(Fault::ExampleUnknown, whole, format!("the example `{id}` is no calculation"))
                .help("a question is asked over a calculation, whose values it uses")
        } else {
            unknown_example(id, whole, examples)
        };
        note_at(over.at, problem, desk);
    }
    calc
}

/// Whether a calculation can be computed; what is wrong with it has been reported.
fn is_sound(model: &Model) -> bool {
    let machine = model.run_usual();
    model.values.values().all(|value| machine.slots[usize::from(value.slot)].is_finite())
}

/// Notes a mistake about a whole name.
fn note_at(at: Span, problem: Problem, desk: &mut Desk<'_>) {
    desk.diagnostics.push(diagnostic(&Node { span: at, value: Value::Null }, "", problem));
}

struct Worker<'a, 'u> {
    quiz: &'a Quiz,
    model: Option<&'a Model>,
    scope: Scope<'u>,
    /// The computed answers, for trial.
    candidates: Vec<Candidate<'a>>,
}

impl<'a> Worker<'a, '_> {
    /// What is drawn. Only what is understood, and never an empty list.
    fn vary(&mut self, desk: &mut Desk<'_>) -> Vec<(usize, Vec<f64>)> {
        let mut vary = Vec::new();
        for (name, written) in &self.quiz.vary {
            let Some(at) = self.input(name, desk) else { continue };
            if written.is_empty() {
                let message = format!("`{}` has no values to draw", name.name);
                let problem = Problem::new(Fault::ExampleInvalid, 0..0, message);
                note_at(name.at, problem.help("list them: `[1000, 2000]`"), desk);
            }
            let values: Vec<_> =
                written.iter().filter_map(|value| self.value(name, at, value, desk)).collect();
            vary.extend((!values.is_empty()).then_some((at, values)));
        }
        vary
    }

    fn input(&self, name: &Reference, desk: &mut Desk<'_>) -> Option<usize> {
        let inputs = self.model.map_or(&[][..], |model| &model.inputs);
        let found = inputs.iter().position(|knob| knob.name == name.name);
        if found.is_none() {
            let problem =
                Problem::new(Fault::NameUnknown, 0..0, format!("there is no input `{}`", name.name));
            let problem = match nearest(&name.name, inputs.iter().map(|knob| knob.name.as_str())) {
                Some(near) => problem.help(format!("did you mean `{near}`?")).fix(near),
                None if inputs.is_empty() => problem.help("name a calculation with `over`"),
                None => problem.help("only inputs of the calculation can be drawn"),
            };
            note_at(name.at, problem, desk);
        }
        found
    }

    /// A value that an input can be given.
    fn value(
        &mut self,
        name: &Reference,
        at: usize,
        written: &Written<Expr>,
        desk: &mut Desk<'_>,
    ) -> Option<f64> {
        let model = self.model?;
        let setting = Setting { name: name.name.clone(), span: 0..0, value: written.value.clone() };
        let set = claims::setting_value(model, &setting, &mut self.scope);
        let (_, value) = desk.take(written, set)?;
        let domain = model.inputs[at].domain;
        if !(domain.min..=domain.max).contains(&value) {
            desk.fault(written, "this is not between the input's `min` and `max`");
        } else if domain.snapped(value) != value {
            desk.fault(written, "this is no multiple of the input's `step` above its `min`");
        }
        Some(value)
    }

    fn words(&self, words: &Words, desk: &mut Desk<'_>) -> PerLang<Text> {
        text::Reader { model: self.model, units: desk.units }.words(words, self.quiz.at, desk)
    }

    fn answer(&mut self, desk: &mut Desk<'_>) -> Answer {
        let quiz = self.quiz;
        match &quiz.answer {
            example::Answer::Number { right, show, within, misconceptions } => {
                let misconceptions = misconceptions.as_slice();
                let wrong = misconceptions.iter().map(|Misconception { is, .. }| is);
                let (mut codes, shown) = self.values(std::iter::once(right).chain(wrong), show, desk);
                typable(right, &shown, desk);
                if let Some(first) = self.candidates.first_mut() {
                    first.within = Some(*within);
                }
                let right = codes.remove(0);
                let because = misconceptions.iter().map(|wrong| self.words(&wrong.because, desk));
                let misconceptions = codes.into_iter().zip(because.collect::<Vec<_>>()).collect();
                Answer::Number { right, misconceptions, within: *within, shown }
            }
            example::Answer::Choice { choices, show } => {
                let computed = choices.iter().filter_map(|choice| match &choice.say {
                    Saying::Value(value) => Some(value),
                    Saying::Words(_) => None,
                });
                let (codes, shown) = self.values(computed, show, desk);
                let mut codes = codes.into_iter();
                let choices = choices.iter().map(|choice| self.choice(choice, &mut codes, desk)).collect();
                Answer::Choice { choices, shown }
            }
            example::Answer::Order(items) => {
                Answer::Order(items.iter().map(|item| self.words(item, desk)).collect())
            }
        }
    }

    fn choice(
        &self,
        choice: &example::Choice,
        codes: &mut impl Iterator<Item = Code>,
        desk: &mut Desk<'_>,
    ) -> Choice {
        let says = match &choice.say {
            Saying::Words(words) => Says::Words(self.words(words, desk)),
            Saying::Value(_) => Says::Value(codes.next().unwrap_or(Code::Number(f64::NAN))),
        };
        Choice { says, is_right: choice.is_right, because: self.words(&choice.because, desk) }
    }

    /// Compiles values of one kind and says how they are shown: all as the first.
    fn values(
        &mut self,
        written: impl Iterator<Item = &'a Written<Expr>>,
        show: &Show,
        desk: &mut Desk<'_>,
    ) -> (Vec<Code>, (Unit, Style)) {
        let mut codes = Vec::new();
        let mut shown = (Unit::none(), Style::Auto);
        let mut first: Option<(&Written<Expr>, Type)> = None;
        for written in written {
            let (code, kind) = desk.check(written, &mut self.scope);
            match &first {
                None => {
                    shown = presentation_of(show, &written.value, &kind, self.model, desk.units);
                    let whole = written.value.span.clone();
                    desk.take(written, fits(&shown.0, &kind, whole, desk.units));
                    first = Some((written, kind));
                }
                Some((right, of)) => {
                    let pair = ((&right.value, of), (&written.value, &kind));
                    let alike = self.scope.alike(pair.0, pair.1, "answers to one question", &written.value);
                    desk.take(written, alike);
                }
            }
            codes.push(code.clone());
            self.candidates.push(Candidate { code, written, within: None, shown: shown.clone() });
        }
        (codes, shown)
    }
}

/// A reader types a number with a unit, which dates and durations are not.
fn typable(right: &Written<Expr>, shown: &(Unit, Style), desk: &mut Desk<'_>) {
    if matches!(shown.1, Style::Date | Style::Duration | Style::YesNo) {
        let whole = right.value.span.clone();
        let problem =
            Problem::new(Fault::FormatInvalid, whole, "a reader cannot type an answer of this format");
        desk.note(right, problem.help("choose a unit in `show`, such as `unit(h) | fixed(1)`"));
    }
}

#[cfg(test)]
mod tests;
