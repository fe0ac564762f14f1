//! The figure of a protocol: a diagram, its steps in words, and how things stand after each of them.
//!
//! The list of steps is the text of the figure, and the diagram its picture: so the picture is hidden from screen
//! readers. Everything is there without a script; `scripts/trace.js` marks the step that a reader is at.

mod diagram;
mod words;
mod wrap;

use serde::Serialize;

use super::calc::Part;
use super::{Figure, format_of};
use crate::evaluate::check::Type;
use crate::evaluate::claims::Judged;
use crate::evaluate::example::{Act, Trace, Written};
use crate::evaluate::expression::Claim;
use crate::evaluate::format::{self, Format, Style};
use crate::evaluate::model::Quantity;
use crate::evaluate::trace::{Run, Snapshot, Worked};
use diagram::{Diagram, Scene};
use words::Words;

/// What the template `example-trace.html` sees as `example`.
#[derive(Debug, Serialize)]
pub struct TraceView<'a> {
    /// The figure's id in the page is `example-` and this.
    pub key: &'a str,
    /// The title.
    pub title: &'a str,
    /// What it is about; may be empty.
    pub about: &'a str,
    /// The fixed amounts.
    pub values: Vec<Named<'a>>,
    /// Whether there are steps to go through.
    pub is_stepped: bool,
    /// The steps that come first in every case, then each branch.
    pub runs: Vec<RunView<'a>>,
    /// What holds at all times.
    pub always: Vec<CheckView<'a>>,
    /// Where its figures come from.
    pub sources: Vec<&'a str>,
}

/// A named value.
#[derive(Debug, Serialize)]
pub struct Named<'a> {
    /// What it is called.
    pub label: &'a str,
    /// The value in words.
    pub text: String,
}

/// Steps that follow one another.
#[derive(Debug, Serialize)]
pub struct RunView<'a> {
    /// The branch's key; empty for the common steps.
    pub id: &'a str,
    /// The branch's title; empty for the common steps.
    pub title: &'a str,
    /// The diagram, as SVG; empty where steps are not wanted.
    pub diagram: String,
    /// The steps.
    pub steps: Vec<StepView<'a>>,
    /// How things stand before and after every step.
    pub table: Option<TableView<'a>>,
    /// What holds at the end.
    pub expect: Vec<CheckView<'a>>,
}

/// One step.
#[derive(Debug, Serialize)]
pub struct StepView<'a> {
    /// Its number; those of a branch go on from the common steps.
    pub number: usize,
    /// What is said of the time that passes before; empty for none.
    pub wait: String,
    /// Who acts.
    pub from: &'a str,
    /// On whom; empty for nobody.
    pub to: &'a str,
    /// What, in a few words.
    pub say: &'a str,
    /// Why; may be empty.
    pub why: &'a str,
    /// What it changes, for whoever looks at this step alone: the states with their new values.
    pub changes: Vec<Named<'a>>,
}

/// How things stand, from step to step.
#[derive(Debug, Serialize)]
pub struct TableView<'a> {
    /// The columns behind that of the numbers.
    pub head: Vec<Head<'a>>,
    /// The moments.
    pub rows: Vec<RowView>,
}

/// A column.
#[derive(Debug, Serialize)]
pub struct Head<'a> {
    /// What it is called.
    pub label: &'a str,
    /// The unit of its values; may be empty.
    pub unit: String,
}

/// How things stand at a moment.
#[derive(Debug, Serialize)]
pub struct RowView {
    /// The number of the step before it; 0 at the start.
    pub number: usize,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// One value.
#[derive(Debug, Serialize)]
pub struct Cell {
    /// The value in words.
    pub text: String,
    /// How the step changed it: `up`, `down`, `other`, or nothing.
    pub change: &'static str,
}

/// A claim that was checked.
#[derive(Debug, Serialize)]
pub struct CheckView<'a> {
    /// The claim in words.
    pub claim: String,
    /// The claim as its author wrote it.
    pub written: &'a str,
    /// Whether it holds.
    pub holds: bool,
}

/// What making a figure needs.
pub struct Maker<'a> {
    /// The figure.
    pub figure: Figure<'a>,
    /// The protocol as written.
    pub trace: &'a Trace,
    /// The protocol as worked.
    pub worked: &'a Worked,
}

/// The common steps, or those of a branch.
struct Passage<'a> {
    id: &'a str,
    title: &'a str,
    acts: &'a [Act],
    /// How many steps come before.
    before: usize,
    run: &'a Run,
    expect: &'a [Written<Claim>],
}

impl<'a> Maker<'a> {
    /// Makes the view of the parts that are wanted. The diagram belongs to the steps, what holds to the checks.
    #[must_use]
    pub fn view(&self, parts: &[Part]) -> TraceView<'a> {
        let wants = |part| parts.contains(&part);
        let sources = if wants(Part::Sources) { self.figure.example.sources.as_slice() } else { &[] };
        let always = if wants(Part::Check) { self.trace.always.as_slice() } else { &[] };
        let runs: Vec<_> = self.passages().iter().map(|passage| self.run(passage, parts)).collect();
        TraceView {
            key: self.figure.key,
            title: &self.figure.example.title[self.figure.lang],
            about: &self.figure.example.about[self.figure.lang],
            values: if wants(Part::Inputs) { self.values() } else { Vec::new() },
            is_stepped: runs.iter().any(|run| !run.steps.is_empty()),
            runs,
            always: self.checks(always, &self.worked.always),
            sources: sources.iter().map(|words| words[self.figure.lang].as_str()).collect(),
        }
    }

    fn passages(&self) -> Vec<Passage<'a>> {
        let (trace, worked) = (self.trace, self.worked);
        let branches = trace.branches.iter().zip(&worked.branches).map(|(branch, run)| Passage {
            id: &branch.id,
            title: &branch.title[self.figure.lang],
            acts: &branch.steps,
            before: trace.steps.len(),
            run,
            expect: &branch.expect,
        });
        let common = Passage {
            id: "",
            title: "",
            acts: &trace.steps,
            before: 0,
            run: &worked.common,
            expect: &trace.expect,
        };
        std::iter::once(common).chain(branches).collect()
    }

    fn run(&self, passage: &Passage<'a>, parts: &[Part]) -> RunView<'a> {
        let wants = |part| parts.contains(&part);
        let acts = if wants(Part::Steps) { passage.acts } else { &[] };
        let steps: Vec<_> = acts.iter().enumerate().map(|(at, act)| self.step(act, at, passage)).collect();
        let expect = if wants(Part::Check) { passage.expect } else { &[] };
        let has_table = wants(Part::Table) && !self.trace.state.is_empty();
        RunView {
            id: passage.id,
            title: passage.title,
            diagram: if steps.is_empty() { String::new() } else { self.diagram(acts, &steps) },
            steps,
            table: has_table.then(|| self.table(passage)),
            expect: self.checks(expect, &passage.run.expect),
        }
    }

    fn values(&self) -> Vec<Named<'a>> {
        self.worked.values.iter().map(|(quantity, value)| self.named(quantity, *value)).collect()
    }

    fn named(&self, quantity: &'a Quantity, value: f64) -> Named<'a> {
        let text = format::format(value, &self.format(quantity), self.figure.numerals);
        Named { label: &quantity.label[self.figure.lang], text }
    }

    /// The states that a step changes, with their new values.
    fn changes(&self, run: &Run, at: usize) -> Vec<Named<'a>> {
        let Some([before, after]) = run.snapshots.get(at..at + 2) else { return Vec::new() };
        let states = self.worked.states.iter().zip(before.values.iter().zip(&after.values));
        let changed = states.filter(|(_, (before, after))| before != after);
        changed.map(|(state, (_, after))| self.named(state, *after)).collect()
    }

    fn step(&self, act: &'a Act, at: usize, passage: &Passage<'_>) -> StepView<'a> {
        let actor = |at: usize| self.trace.actors[at].name[self.figure.lang].as_str();
        StepView {
            number: passage.before + at + 1,
            wait: self.wait(passage.run, at),
            from: actor(act.from),
            to: act.to.map_or("", actor),
            say: &act.say[self.figure.lang],
            why: &act.why[self.figure.lang],
            changes: self.changes(passage.run, at),
        }
    }

    /// What is said of the time that passes before a step.
    fn wait(&self, run: &Run, at: usize) -> String {
        let passed = match run.snapshots.get(at..at + 2) {
            Some([before, after]) => after.elapsed - before.elapsed,
            _ => 0.0,
        };
        if passed == 0.0 {
            return String::new();
        }
        self.figure.strings.trace_later.replace("{time}", &self.time(passed))
    }

    fn time(&self, seconds: f64) -> String {
        format::format(seconds, &Format { style: Style::Duration, ..Format::default() }, self.figure.numerals)
    }

    fn diagram(&self, acts: &[Act], steps: &[StepView<'_>]) -> String {
        let scenes = acts.iter().zip(steps).map(|(act, step)| Scene {
            number: step.number,
            from: act.from,
            to: act.to,
            say: step.say,
            wait: &step.wait,
        });
        let actors = self.trace.actors.iter().map(|actor| actor.name[self.figure.lang].as_str()).collect();
        diagram::svg(&Diagram { actors, scenes: scenes.collect() })
    }

    /// How things stand, with the time in the last column where any passes.
    fn table(&self, passage: &Passage<'_>) -> TableView<'a> {
        let runs = std::iter::once(&self.worked.common).chain(&self.worked.branches);
        let is_timed = runs.flat_map(|run| &run.snapshots).any(|snapshot| snapshot.elapsed > 0.0);
        let mut head: Vec<_> = self.worked.states.iter().map(|state| self.head(state)).collect();
        if is_timed {
            head.push(Head { label: &self.figure.strings.trace_elapsed, unit: String::new() });
        }
        let snapshots = &passage.run.snapshots;
        let rows = snapshots.iter().enumerate().map(|(at, now)| {
            let before = if at == 0 { now } else { &snapshots[at - 1] };
            RowView { number: passage.before + at, cells: self.cells(before, now, is_timed) }
        });
        TableView { head, rows: rows.collect() }
    }

    /// The name of a column, with the unit of all its values.
    fn head(&self, state: &'a Quantity) -> Head<'a> {
        let format = self.format(state);
        let is_counted = !matches!(format.style, Style::Date | Style::Duration | Style::YesNo);
        let unit = if is_counted && format.unit.many != "%" { format.unit.many } else { String::new() };
        Head { label: &state.label[self.figure.lang], unit }
    }

    fn cells(&self, before: &Snapshot, now: &Snapshot, is_timed: bool) -> Vec<Cell> {
        let values = self.worked.states.iter().zip(now.values.iter().zip(&before.values));
        let mut cells: Vec<_> = values
            .map(|(state, (now, before))| {
                let mut format = self.format(state);
                // The head of the column says the unit.
                if format.unit.many != "%" {
                    format.unit = format::Unit { scale: format.unit.scale, ..format::Unit::default() };
                }
                let change = match now.total_cmp(before) {
                    std::cmp::Ordering::Equal => "",
                    _ if state.kind == Type::Truth => "other",
                    std::cmp::Ordering::Less => "down",
                    std::cmp::Ordering::Greater => "up",
                };
                Cell { text: format::format(*now, &format, self.figure.numerals), change }
            })
            .collect();
        if is_timed {
            let change = if now.elapsed > before.elapsed { "up" } else { "" };
            cells.push(Cell { text: self.time(now.elapsed), change });
        }
        cells
    }

    fn format(&self, quantity: &Quantity) -> Format {
        format_of(&quantity.unit, quantity.style, self.figure.units, self.figure.lang)
    }

    /// The claims that were judged. One that could not be understood was reported.
    fn checks(&self, claims: &'a [Written<Claim>], judged: &[Judged]) -> Vec<CheckView<'a>> {
        let words = self.words();
        let check = |claim: &'a Written<Claim>| {
            let judged = judged.iter().find(|judged| judged.text == claim.text)?;
            Some(CheckView { claim: words.claim(&claim.value), written: &claim.text, holds: judged.holds })
        };
        claims.iter().filter_map(check).collect()
    }

    fn words(&self) -> Words<'a> {
        let quantities = self.worked.values.iter().map(|(quantity, _)| quantity).chain(&self.worked.states);
        let names =
            self.trace.values.iter().chain(&self.trace.state).map(|constant| constant.name.name.as_str());
        let label = |quantity: &'a Quantity| {
            (quantity.label[self.figure.lang].as_str(), quantity.kind == Type::Truth)
        };
        let clock = ("elapsed", (self.figure.strings.trace_elapsed.as_str(), false));
        let names = names.zip(quantities.map(label)).chain([clock]).collect();
        Words { figure: self.figure, names }
    }
}

#[cfg(test)]
mod tests;
