//! A calculation, worked: its values, what became of its claims, and what its table and plots show.

use super::check::{Scope, Type};
use super::claims::{self, Judged};
use super::code::Machine;
use super::desk::{Desk, Recall};
use super::example::{self, Axis, Calc, InputAxis, Reference, Words, Written};
use super::expression::Expr;
use super::finite;
use super::model::{self, Model};
use crate::diagnostic::{Code as Fault, Diagnostic, nearest};
use crate::digest::Digest;

/// A worked calculation.
#[derive(Clone, Debug)]
pub struct Worked {
    /// What it computes and how.
    pub model: Model,
    /// Its values where no input is moved.
    pub usual: Machine,
    /// What is pinned.
    pub expect: Vec<Judged>,
    /// What always holds.
    pub always: Vec<Judged>,
    /// What comes out for several values of one input.
    pub table: Option<Table>,
    /// The plots.
    pub plots: Vec<Plot>,
}

/// A table, its names resolved.
#[derive(Clone, Debug)]
pub struct Table {
    /// Which input is set.
    pub over: usize,
    /// To what, in base units.
    pub at: Vec<f64>,
    /// The names of what is shown.
    pub show: Vec<String>,
}

/// A plot, its names resolved.
#[derive(Clone, Debug)]
pub struct Plot {
    /// What runs along it.
    pub x: PlotAxis,
    /// The names of what it draws; for a series those of its states, in full.
    pub y: Vec<String>,
    /// The title; empty for one made of labels.
    pub title: Words,
    /// Whether the upright axis is logarithmic.
    pub is_log: bool,
}

/// What runs along a plot.
#[derive(Clone, Debug, PartialEq)]
pub enum PlotAxis {
    /// An input, between two values in base units.
    Input {
        /// Its position.
        input: usize,
        /// The left end.
        from: f64,
        /// The right end.
        to: f64,
        /// Whether it is drawn by ratio.
        is_log: bool,
    },
    /// The rounds of the series of this name.
    Rounds(String),
}

/// Works a calculation; what is wrong with it goes to the desk.
pub fn work(calc: &Calc, desk: &mut Desk<'_>) -> Worked {
    let (model, expect) = pinned(calc, desk);
    let mut usual = model.run_usual();
    // What cannot be computed would only be reported again by every claim.
    let is_sound = desk.diagnostics.iter().all(|problem| problem.code == Fault::ValueOff);
    let always = if is_sound { invariants(calc, &model, desk) } else { Vec::new() };
    outside(calc, &model, &mut usual, desk);
    let table = calc.table.as_ref().and_then(|wanted| table(wanted, &model, desk));
    let plots = calc.plots.iter().filter_map(|wanted| plot(wanted, &model, desk)).collect();
    Worked { model, usual, expect, always, table, plots }
}

/// The invariants judged as they were in an earlier build, if all of them held; else anew.
fn invariants(calc: &Calc, model: &Model, desk: &mut Desk<'_>) -> Vec<Judged> {
    let Recall { store, key } = desk.recall;
    let key = Digest::of_value(&("invariants", key));
    let points = store.get(key).and_then(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?)));
    if let Some(points) = points {
        return claims::held(calc, points, desk);
    }
    let problems = desk.diagnostics.len();
    let (judged, points) = claims::invariants(calc, model, desk);
    if desk.diagnostics.len() == problems {
        store.put(key, &points.to_le_bytes());
    }
    judged
}

/// Understands a calculation and judges what is pinned, which takes a few runs where `always` takes a thousand.
pub fn pinned(calc: &Calc, desk: &mut Desk<'_>) -> (Model, Vec<Judged>) {
    let model = model::model(calc, desk);
    if desk.diagnostics.is_empty() {
        desk.diagnostics.extend(finite::problem(calc, &model, &model.usual(), desk));
    }
    let is_sound = desk.diagnostics.is_empty();
    let expect = if is_sound { claims::expectations(&model, &calc.expect, desk) } else { Vec::new() };
    (model, expect)
}

/// The usual inputs must be ones that the model speaks of.
fn outside(calc: &Calc, model: &Model, usual: &mut Machine, desk: &mut Desk<'_>) {
    for (given, condition) in calc.given.iter().zip(&model.given) {
        if usual.evaluate(condition) == 0.0 {
            desk.fault(given, "the inputs' own values do not meet this condition");
        }
    }
}

fn table(wanted: &example::Table, model: &Model, desk: &mut Desk<'_>) -> Option<Table> {
    let over = input(&wanted.over, model, desk)?;
    let at = wanted.at.iter().filter_map(|value| value_of(value, &wanted.over.name, model, desk)).collect();
    let show = wanted.show.iter().filter_map(|name| known(name, &name.name, model, desk)).collect();
    Some(Table { over, at, show })
}

fn plot(wanted: &example::Plot, model: &Model, desk: &mut Desk<'_>) -> Option<Plot> {
    let x = axis(&wanted.x, model, desk)?;
    let prefix = match &x {
        PlotAxis::Rounds(series) => format!("{series}."),
        PlotAxis::Input { .. } => String::new(),
    };
    let y: Vec<_> = wanted
        .y
        .iter()
        .filter_map(|name| known(name, &format!("{prefix}{}", name.name), model, desk))
        .collect();
    let kinds: Vec<_> = y.iter().map(|name| &model.values[name].kind).collect();
    let odd = kinds.iter().position(|kind| **kind != *kinds[0] || **kind == Type::Truth);
    if let Some(at) = odd.filter(|_| !kinds.contains(&&Type::Unknown)) {
        let message = format!(
            "`{}` is {} and cannot share an axis with `{}`",
            y[at],
            Scope::new(desk.units).describe(kinds[at]),
            y[0]
        );
        desk.diagnostics.push(
            Diagnostic::new(Fault::UnitMismatch, wanted.y[at].at, message)
                .help("draw it in a plot of its own"),
        );
        return None;
    }
    (!y.is_empty()).then(|| Plot { x, y, title: wanted.title.clone(), is_log: wanted.is_log })
}

fn axis(wanted: &Axis, model: &Model, desk: &mut Desk<'_>) -> Option<PlotAxis> {
    match wanted {
        Axis::Series(series) => {
            let prefix = format!("{}.", series.name);
            let is_known = model.values.keys().any(|name| name.starts_with(&prefix));
            if !is_known {
                let message = format!("there is no series `{}`", series.name);
                desk.diagnostics.push(Diagnostic::new(Fault::NameUnknown, series.at, message));
            }
            is_known.then(|| PlotAxis::Rounds(series.name.clone()))
        }
        Axis::Input(axis) => {
            let InputAxis { input: name, from, to, is_log } = &**axis;
            let at = input(name, model, desk)?;
            let domain = model.inputs[at].domain;
            let mut end = |limit: &Option<Written<Expr>>, usual: f64| {
                limit.as_ref().and_then(|limit| value_of(limit, &name.name, model, desk)).unwrap_or(usual)
            };
            let (from, to) = (end(from, domain.min), end(to, domain.max));
            let is_log = is_log.unwrap_or(domain.is_log) && from > 0.0;
            Some(PlotAxis::Input { input: at, from, to, is_log })
        }
    }
}

fn input(name: &Reference, model: &Model, desk: &mut Desk<'_>) -> Option<usize> {
    let found = model.inputs.iter().position(|knob| knob.name == name.name);
    if found.is_none() {
        let names = model.inputs.iter().map(|knob| knob.name.as_str());
        desk.diagnostics.push(unknown(name, "input", names));
    }
    found
}

/// The full name, if it stands for a value.
fn known(name: &Reference, full: &str, model: &Model, desk: &mut Desk<'_>) -> Option<String> {
    if model.values.contains_key(full) {
        return Some(full.to_owned());
    }
    desk.diagnostics.push(unknown(name, "value", model.values.keys().map(String::as_str)));
    None
}

fn unknown<'n>(name: &Reference, what: &str, names: impl Iterator<Item = &'n str>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Fault::NameUnknown, name.at, format!("there is no {what} `{}`", name.name));
    match nearest(&name.name, names) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(name.at, near),
        None => diagnostic,
    }
}

/// A constant that an input can be set to.
fn value_of(value: &Written<Expr>, of: &str, model: &Model, desk: &mut Desk<'_>) -> Option<f64> {
    let (number, kind) = desk.constant(value);
    let expected = model.values.get(of).map_or(Type::Unknown, |value| value.kind.clone());
    let alike = Scope::new(desk.units).alike(
        (&value.value, &kind),
        (&value.value, &expected),
        "an input and its value",
        &value.value,
    );
    desk.take(value, alike)?;
    number.is_finite().then_some(number)
}
