//! A worked example as written: what its file says, expressions read but not yet understood.
//!
//! Reading collects every mistake of the file and goes on. Whether names exist, units fit and claims hold is for
//! `calc`, `trace` and `quiz`.

use super::expression::{Claim, Expr};
use super::show::Show;
use crate::data::tree::Node;
use crate::lang::PerLang;
use crate::source::{FileId, Span};

/// One file of `content/examples/`.
#[derive(Clone, Debug)]
pub struct Example {
    /// The name of its file without the ending.
    pub id: String,
    /// The file.
    pub file: FileId,
    /// Its title.
    pub title: Words,
    /// What it is about; may be empty.
    pub about: Words,
    /// Where its figures come from, each per language.
    pub sources: Vec<Words>,
    /// What it does.
    pub body: Body,
}

/// The kinds of example.
#[derive(Clone, Debug)]
pub enum Body {
    /// A calculation.
    Calc(Calc),
    /// A protocol acted out.
    Trace(Trace),
    /// A question.
    Quiz(Quiz),
}

/// A text in every language.
pub type Words = PerLang<String>;

/// An expression or claim with the place of its text in the file.
#[derive(Clone, Debug)]
pub struct Written<T> {
    /// What was read.
    pub value: T,
    /// The YAML value it stands in: places inside it are found through this.
    pub node: Node,
    /// Its text.
    pub text: String,
}

/// What a value is called.
#[derive(Clone, Debug)]
pub struct Name {
    /// In expressions.
    pub name: String,
    /// Where it is given.
    pub at: Span,
    /// For readers; the name itself where there is none.
    pub label: Words,
    /// In formulas: `C_16`. None is made from the name.
    pub symbol: Option<String>,
    /// How its value is shown.
    pub show: Show,
}

/// A calculation.
#[derive(Clone, Debug, Default)]
pub struct Calc {
    /// What a reader can change.
    pub inputs: Vec<Input>,
    /// What is fixed.
    pub constants: Vec<Constant>,
    /// Conditions between inputs, outside of which the model says nothing.
    pub given: Vec<Written<Expr>>,
    /// What is computed, in the order of reading.
    pub steps: Vec<Step>,
    /// What is pinned.
    pub expect: Vec<Written<Claim>>,
    /// What must hold for all inputs.
    pub always: Vec<Written<Claim>>,
    /// What comes out for several values of one input.
    pub table: Option<Table>,
    /// The plots.
    pub plots: Vec<Plot>,
}

/// An adjustable value.
#[derive(Clone, Debug)]
pub struct Input {
    /// What it is called.
    pub name: Name,
    /// Its value until a reader changes it.
    pub value: Written<Expr>,
    /// Its least value.
    pub min: Written<Expr>,
    /// Its greatest value.
    pub max: Written<Expr>,
    /// Values between are multiples of this from the least on, where it is given.
    pub step: Option<Written<Expr>>,
    /// Whether its slider is logarithmic.
    pub is_log: bool,
}

/// A fixed value.
#[derive(Clone, Debug)]
pub struct Constant {
    /// What it is called.
    pub name: Name,
    /// Its value.
    pub value: Written<Expr>,
}

/// Something computed.
#[derive(Clone, Debug)]
pub enum Step {
    /// One value.
    Let {
        /// What it is called.
        name: Name,
        /// How it is computed.
        be: Written<Expr>,
    },
    /// A recurrence.
    Series(Recurrence),
}

/// Values that go from round to round.
#[derive(Clone, Debug)]
pub struct Recurrence {
    /// Its name, the first part of its states' names.
    pub name: Name,
    /// The name that counts its rounds.
    pub over: String,
    /// How many rounds.
    pub rounds: Written<Expr>,
    /// Its states; each name is the last part: `saved` of `plan.saved`.
    pub states: Vec<StateRule>,
}

/// One state of a recurrence.
#[derive(Clone, Debug)]
pub struct StateRule {
    /// What it is called.
    pub name: Name,
    /// Where it begins.
    pub start: Written<Expr>,
    /// What it is after a round.
    pub next: Written<Expr>,
}

/// A table of what comes out for several values of an input.
#[derive(Clone, Debug)]
pub struct Table {
    /// The input.
    pub over: Reference,
    /// Its values.
    pub at: Vec<Written<Expr>>,
    /// What is shown.
    pub show: Vec<Reference>,
}

/// A name that is referred to.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub at: Span,
}

/// A plot.
#[derive(Clone, Debug)]
pub struct Plot {
    /// What runs along the axis: an input, or a series.
    pub x: Axis,
    /// What is drawn: values of one unit.
    pub y: Vec<Reference>,
    /// The title; empty for one made of labels.
    pub title: Words,
    /// Whether the upright axis is logarithmic.
    pub is_log: bool,
}

/// What runs along a plot.
#[derive(Clone, Debug)]
pub enum Axis {
    /// An input, from and to a limit where they are not its own.
    Input(Box<InputAxis>),
    /// The rounds of a series.
    Series(Reference),
}

/// An input along a plot.
#[derive(Clone, Debug)]
pub struct InputAxis {
    /// The input.
    pub input: Reference,
    /// The left end.
    pub from: Option<Written<Expr>>,
    /// The right end.
    pub to: Option<Written<Expr>>,
    /// Whether the axis is logarithmic; none is as the input's slider.
    pub is_log: Option<bool>,
}

/// A protocol acted out.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Who takes part, from left to right.
    pub actors: Vec<Actor>,
    /// Fixed amounts.
    pub values: Vec<Constant>,
    /// What changes.
    pub state: Vec<Constant>,
    /// What happens first in every case.
    pub steps: Vec<Act>,
    /// How it may go on.
    pub branches: Vec<Branch>,
    /// What must hold after every step.
    pub always: Vec<Written<Claim>>,
    /// What holds at the end of `steps`.
    pub expect: Vec<Written<Claim>>,
}

/// Someone who takes part.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The key.
    pub id: String,
    /// The name.
    pub name: Words,
}

/// One step of a protocol.
#[derive(Clone, Debug)]
pub struct Act {
    /// Who acts: a position among the actors.
    pub from: usize,
    /// To whom; none acts alone.
    pub to: Option<usize>,
    /// What, in a few words.
    pub say: Words,
    /// Why, at more length; may be empty.
    pub why: Words,
    /// The time that passes before.
    pub after: Option<Written<Expr>>,
    /// What changes: a state's position and its new value, computed from the values before.
    pub set: Vec<(usize, Written<Expr>)>,
    /// The whole entry.
    pub at: Span,
}

/// One way in which a protocol goes on.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The key.
    pub id: String,
    /// The title.
    pub title: Words,
    /// What happens.
    pub steps: Vec<Act>,
    /// What holds at the end.
    pub expect: Vec<Written<Claim>>,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Quiz {
    /// What is asked; `{name}` are values.
    pub ask: Words,
    /// Where the question's text stands.
    pub at: Span,
    /// The calculation whose names may be used.
    pub over: Option<Reference>,
    /// Inputs that are drawn anew, with the values to draw from.
    pub vary: Vec<(Reference, Vec<Written<Expr>>)>,
    /// What kind of answer.
    pub answer: Answer,
    /// What is said with the answer; may be empty.
    pub because: Words,
}

/// The kinds of answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// One of several.
    Choice {
        /// In the order of writing.
        choices: Vec<Choice>,
        /// How computed choices are shown.
        show: Show,
    },
    /// A number.
    Number {
        /// The right one.
        right: Written<Expr>,
        /// How it is shown, and the unit to answer in.
        show: Show,
        /// How far off is right, as a part of the answer.
        within: f64,
        /// Wrong ways to a number.
        misconceptions: Vec<Misconception>,
    },
    /// Things to put in order; this is the right one.
    Order(Vec<Words>),
}

/// One of several answers.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it says.
    pub say: Saying,
    /// Whether it is right.
    pub is_right: bool,
    /// Why; may be empty.
    pub because: Words,
    /// The whole entry.
    pub at: Span,
}

/// What a choice says.
#[derive(Clone, Debug)]
pub enum Saying {
    /// Words.
    Words(Words),
    /// A computed value.
    Value(Written<Expr>),
}

/// A wrong way to an answer.
#[derive(Clone, Debug)]
pub struct Misconception {
    /// Where it leads.
    pub is: Written<Expr>,
    /// What went wrong.
    pub because: Words,
}
