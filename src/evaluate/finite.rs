//! Where a value stops being a number: the innermost part of a formula that is to blame.

use super::check::Scope;
use super::claims::point_in_words;
use super::code::{MAX_ROUNDS, MAX_WORK, Machine};
use super::desk::{Desk, diagnostic};
use super::example::{Calc, Name, Step, Written};
use super::expression::{Expr, Kind, Operator, Problem};
use super::model::Model;
use crate::diagnostic::{Code as Fault, Diagnostic};

/// Says which value of a calculation is not finite at a point of its inputs, and why. None if all are.
pub fn problem(calc: &Calc, model: &Model, point: &[f64], desk: &Desk<'_>) -> Option<Diagnostic> {
    let mut scope = model.scope(desk);
    let mut machine = model.run(point);
    let inputs = point_in_words(model, point);
    if machine.is_exhausted() {
        let message = format!("the example takes more than {MAX_WORK} steps to compute, for {inputs}");
        let help = "sum fewer terms, run fewer rounds, or narrow the inputs";
        return Some(Diagnostic::new(Fault::ValueNotFinite, first_name(calc)?.at, message).help(help));
    }
    let constants = calc.constants.iter().map(|constant| (&constant.name, &constant.value));
    let lets = calc.steps.iter().filter_map(|step| match step {
        Step::Let { name, be } => Some((name, be)),
        Step::Series(_) => None,
    });
    let mut blamed = Vec::new();
    for (name, be) in constants.chain(lets) {
        if !is_finite(model, &machine, &name.name) {
            blamed.extend(blame(&be.value, &mut scope, &mut machine).map(|(expr, why)| (be, expr, why)));
        }
    }
    match blamed.into_iter().next() {
        Some((be, expr, why)) => Some(said(be, expr, &format!("{why}, for {inputs}"), desk)),
        None => series(calc, model, &machine, &inputs),
    }
}

fn said(be: &Written<Expr>, expr: &Expr, message: &str, desk: &Desk<'_>) -> Diagnostic {
    let problem = Problem::new(Fault::ValueNotFinite, expr.span.clone(), message)
        .help("narrow the inputs with `min`, `max` or `given`, or say with `if` what holds there");
    diagnostic(&be.node, desk.text, problem)
}

fn series(calc: &Calc, model: &Model, machine: &Machine, inputs: &str) -> Option<Diagnostic> {
    let series = calc.steps.iter().find_map(|step| match step {
        Step::Series(series) => {
            let state = |name: &str| format!("{}.{name}", series.name.name);
            let is_bad = series.states.iter().any(|rule| !is_finite(model, machine, &state(&rule.name.name)));
            is_bad.then_some(series)
        }
        Step::Let { .. } => None,
    })?;
    let message = format!(
        "the series `{}` does not end in finite numbers within {MAX_ROUNDS} rounds, for {inputs}",
        series.name.name
    );
    Some(Diagnostic::new(Fault::ValueNotFinite, series.name.at, message).help("look at `rounds` and `next`"))
}

fn is_finite(model: &Model, machine: &Machine, name: &str) -> bool {
    model.values.get(name).is_none_or(|value| machine.slots[usize::from(value.slot)].is_finite())
}

fn first_name(calc: &Calc) -> Option<&Name> {
    let step = calc.steps.first().map(|step| match step {
        Step::Let { name, .. } => name,
        Step::Series(series) => &series.name,
    });
    step.or_else(|| calc.inputs.first().map(|input| &input.name))
}

/// The innermost part whose value is not finite although those of its own parts are, and what is wrong there.
fn blame<'e>(expr: &'e Expr, scope: &mut Scope<'_>, machine: &mut Machine) -> Option<(&'e Expr, String)> {
    let value = value_of(expr, scope, machine)?;
    if value.is_finite() {
        return None;
    }
    for part in parts(expr) {
        if let Some(found) = blame(part, scope, machine) {
            return Some(found);
        }
    }
    let why = match &expr.kind {
        // What it stands for is blamed where it is computed.
        Kind::Name(_) => return None,
        Kind::Binary(Operator::Divide, sides) if value_of(&sides[1], scope, machine) == Some(0.0) => {
            format!("`{}` is 0: this divides by zero", sides[1])
        }
        _ => format!("`{expr}` is no finite number"),
    };
    Some((expr, why))
}

/// What an expression is at the machine's state; none inside a sum, whose counter has no value outside.
fn value_of(expr: &Expr, scope: &mut Scope<'_>, machine: &mut Machine) -> Option<f64> {
    let (code, _) = scope.check(expr).ok()?;
    machine.slots.resize(scope.slots.max(machine.slots.len()), 0.0);
    Some(machine.evaluate(&code))
}

fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Number { .. } | Kind::Truth(_) | Kind::Name(_) => Vec::new(),
        Kind::Negate(operand) | Kind::Not(operand) => vec![operand],
        Kind::Binary(_, sides) => sides.iter().collect(),
        // The branch of an `if` that is not taken may be anything.
        Kind::Call(super::expression::Function::If, _) => Vec::new(),
        Kind::Call(_, arguments) => arguments.iter().collect(),
        Kind::Sum { parts, .. } => parts.iter().collect(),
    }
}
