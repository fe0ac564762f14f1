//! A calculation understood: names resolved, units checked, steps in an order in which they can be computed.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Scope, Type, names};
use super::code::{self, Code, Machine, Series, Slot, State, Statement};
use super::desk::Desk;
use super::example::{Calc, Constant, Input, Name, Recurrence, Step, Written};
use super::expression::{Expr, Function, Kind};
use super::format::Style;
use super::sample::Domain;
use super::show::Show;
use super::unit::Unit;
use crate::diagnostic::{self, Code as Fault};
use crate::lang::PerLang;

/// A calculation that can be run.
#[derive(Clone, Debug)]
pub struct Model {
    /// The inputs, in order; each has the slot of its position.
    pub inputs: Vec<Knob>,
    /// What every name stands for, states of series as `plan.saved`.
    pub values: BTreeMap<String, Quantity>,
    /// What is computed, in order.
    pub statements: Vec<Statement>,
    /// How many slots a machine needs.
    pub slots: usize,
    /// Conditions outside of which the model says nothing.
    pub given: Vec<Code>,
}

/// An input that can be set.
#[derive(Clone, Debug)]
pub struct Knob {
    /// Its name.
    pub name: String,
    /// What values it can have.
    pub domain: Domain,
}

/// A named value: where it is and how it is shown.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// Where the machine holds it.
    pub slot: Slot,
    /// What kind of value.
    pub kind: Type,
    /// What it is called.
    pub label: PerLang<String>,
    /// In formulas; none is made from the name.
    pub symbol: Option<String>,
    /// The unit it is shown in.
    pub unit: Unit,
    /// The style it is shown in.
    pub style: Style,
}

impl Model {
    /// Computes everything with the inputs at these values.
    #[must_use]
    pub fn run(&self, inputs: &[f64]) -> Machine {
        let mut machine = Machine::new(self.slots);
        self.run_on(&mut machine, inputs);
        machine
    }

    /// Computes everything on a machine that may have been used before.
    pub fn run_on(&self, machine: &mut Machine, inputs: &[f64]) {
        machine.slots[..inputs.len()].copy_from_slice(inputs);
        machine.run(&self.statements);
    }

    /// Computes with the inputs as they are until someone moves them.
    #[must_use]
    pub fn run_usual(&self) -> Machine {
        self.run(&self.usual())
    }

    /// The inputs' values until someone moves them.
    #[must_use]
    pub fn usual(&self) -> Vec<f64> {
        self.inputs.iter().map(|knob| knob.domain.value).collect()
    }

    /// Whether the model speaks of the machine's inputs.
    pub fn is_given(&self, machine: &mut Machine) -> bool {
        self.given.iter().all(|condition| machine.evaluate(condition) != 0.0)
    }

    /// A scope in which its names can be used, for claims and questions.
    #[must_use]
    pub fn scope<'a>(&self, desk: &Desk<'a>) -> Scope<'a> {
        let mut scope = Scope::new(desk.units);
        scope.slots = self.slots;
        for (name, value) in &self.values {
            let has_history = name.contains('.');
            let meaning = super::check::Meaning { slot: value.slot, kind: value.kind.clone(), has_history };
            scope.names.insert(name.clone(), meaning);
        }
        scope
    }
}

/// Understands a calculation. What is wrong with it goes to the desk; the model then holds what could be
/// understood.
pub fn model(calc: &Calc, desk: &mut Desk<'_>) -> Model {
    let mut builder =
        Builder { scope: Scope::new(desk.units), values: BTreeMap::new(), statements: Vec::new() };
    let taken = names_of(calc);
    check_names(&taken, desk);
    let inputs = calc.inputs.iter().map(|input| builder.input(input, desk)).collect();
    let hidden = std::mem::take(&mut builder.scope.names);
    for constant in &calc.constants {
        builder.constant(constant, desk);
    }
    builder.scope.names.extend(hidden);
    let order = order(&calc.steps, desk);
    // What needs itself is reported once; those who use it have nothing wrong.
    for name in order.circles {
        builder.scope.add(&name, Type::Unknown);
    }
    for at in order.steps {
        match &calc.steps[at] {
            Step::Let { name, be } => builder.step(name, be, desk),
            Step::Series(series) => builder.series(series, desk),
        }
    }
    let given = calc.given.iter().filter_map(|given| desk.condition(given, &mut builder.scope)).collect();
    Model {
        inputs,
        values: builder.values,
        statements: builder.statements,
        slots: builder.scope.slots,
        given,
    }
}

struct Builder<'a> {
    scope: Scope<'a>,
    values: BTreeMap<String, Quantity>,
    statements: Vec<Statement>,
}

impl Builder<'_> {
    fn input(&mut self, input: &Input, desk: &mut Desk<'_>) -> Knob {
        let (value, kind) = desk.constant(&input.value);
        let mut bound = |written: &Written<Expr>| {
            let (bound, bound_kind) = desk.constant(written);
            let both = ((&input.value.value, &kind), (&written.value, &bound_kind));
            let alike =
                Scope::new(desk.units).alike(both.0, both.1, "an input's value and limit", &written.value);
            desk.take(written, alike);
            bound
        };
        let (min, max) = (bound(&input.min), bound(&input.max));
        let step = input.step.as_ref().map(&mut bound);
        let domain = Domain { value, min, max, step: step.filter(|step| *step > 0.0), is_log: input.is_log };
        limits(input, &domain, desk);
        let slot = self.scope.add(&input.name.name, kind.clone());
        self.keep(&input.name.name, &input.name, slot, kind, unit_of(&input.value.value), desk);
        Knob { name: input.name.name.clone(), domain }
    }

    fn constant(&mut self, constant: &Constant, desk: &mut Desk<'_>) {
        let (code, kind) = desk.check(&constant.value, &mut self.scope);
        self.finish(&constant.name, code, kind, unit_of(&constant.value.value), desk);
    }

    fn step(&mut self, name: &Name, be: &Written<Expr>, desk: &mut Desk<'_>) {
        let (code, kind) = desk.check(be, &mut self.scope);
        self.finish(name, code, kind, None, desk);
    }

    fn finish(&mut self, name: &Name, code: Code, kind: Type, unit: Option<Unit>, desk: &mut Desk<'_>) {
        let slot = self.scope.add(&name.name, kind.clone());
        self.statements.push(Statement::Let(slot, code));
        self.keep(&name.name, name, slot, kind, unit, desk);
    }

    fn series(&mut self, series: &Recurrence, desk: &mut Desk<'_>) {
        let rounds = desk.plain(&series.rounds, &mut self.scope, "a number of rounds");
        let starts: Vec<_> =
            series.states.iter().map(|state| desk.check(&state.start, &mut self.scope)).collect();
        let index = self.scope.add(&series.over, Type::PLAIN());
        let slots: Vec<Slot> = series
            .states
            .iter()
            .zip(&starts)
            .map(|(state, (_, kind))| self.scope.add(&state.name.name, begun(kind)))
            .collect();
        let mut states = Vec::new();
        for ((state, (start, kind)), slot) in series.states.iter().zip(starts).zip(&slots) {
            let (next, next_kind) = desk.check(&state.next, &mut self.scope);
            let kind = begun(&kind);
            let both = ((&state.start.value, &kind), (&state.next.value, &next_kind));
            let alike = self.scope.alike(
                both.0,
                both.1,
                "the start and the next value of a state",
                &state.next.value,
            );
            desk.take(&state.next, alike);
            states.push((State { slot: *slot, start, next }, kind));
        }
        // Inside, a state goes by its own name; outside, behind that of the series.
        self.scope.names.remove(&series.over);
        for state in &series.states {
            self.scope.names.remove(&state.name.name);
        }
        for (state, (compiled, kind)) in series.states.iter().zip(&states) {
            let name = format!("{}.{}", series.name.name, state.name.name);
            let meaning =
                super::check::Meaning { slot: compiled.slot, kind: kind.clone(), has_history: true };
            self.scope.names.insert(name.clone(), meaning);
            self.keep(&name, &state.name, compiled.slot, kind.clone(), unit_of(&state.start.value), desk);
        }
        let states = states.into_iter().map(|(state, _)| state).collect();
        self.statements.push(Statement::Series(Series { rounds, index, states }));
    }

    /// Notes how a named value is shown.
    fn keep(
        &mut self,
        key: &str,
        name: &Name,
        slot: Slot,
        kind: Type,
        unit: Option<Unit>,
        desk: &mut Desk<'_>,
    ) {
        let (unit, style) = shown(&name.show, &kind, unit, desk.units);
        if unit.dimension != kind.dimension() && kind != Type::Unknown {
            let [is, asked] =
                [&kind.dimension(), &unit.dimension].map(|dimension| desk.units.describe(dimension));
            let message = format!("`{key}` is {is} and cannot be shown as {asked}");
            let mismatch = diagnostic::Diagnostic::new(Fault::UnitMismatch, name.at, message);
            desk.diagnostics.push(mismatch.help("choose a unit of the same kind in `show`"));
        }
        let quantity =
            Quantity { slot, kind, label: name.label.clone(), symbol: name.symbol.clone(), unit, style };
        self.values.insert(key.to_owned(), quantity);
    }
}

/// A state that starts at a bare 0 is a plain number.
fn begun(kind: &Type) -> Type {
    if *kind == Type::Zero { Type::PLAIN() } else { kind.clone() }
}

/// The unit and style of a value: as asked for, else as its author wrote it, else the usual.
pub fn shown(show: &Show, kind: &Type, written: Option<Unit>, units: &super::unit::Units) -> (Unit, Style) {
    if *kind == Type::Truth {
        return (Unit::none(), Style::YesNo);
    }
    let dimension = kind.dimension();
    let style = show.style.unwrap_or(Style::Auto);
    // These bring their own sign.
    let is_part = matches!(style, Style::Percent(_) | Style::Bps(_)) && dimension.is_plain();
    let fitting = written.filter(|unit| unit.dimension == dimension && !is_part);
    let unit = show.unit.clone().or(fitting).unwrap_or_else(|| units.usual(&dimension));
    (unit, style)
}

/// The unit in which a value is written, where it is one number.
pub(super) fn unit_of(expr: &Expr) -> Option<Unit> {
    match &expr.kind {
        Kind::Number { unit, .. } if !unit.is_none() => Some(unit.clone()),
        Kind::Negate(operand) => unit_of(operand),
        _ => None,
    }
}

/// Whether an input's limits make sense.
fn limits(input: &Input, domain: &Domain, desk: &mut Desk<'_>) {
    let Domain { value, min, max, is_log, .. } = *domain;
    if ![value, min, max].iter().all(|number| number.is_finite()) {
        return;
    }
    if min >= max {
        desk.fault(&input.max, "the greatest value is not above the least");
    } else if value < min || value > max {
        desk.fault(&input.value, "the value is not between `min` and `max`");
    } else if is_log && min <= 0.0 {
        desk.fault(&input.min, "a logarithmic scale needs a least value above 0");
    } else if domain.snapped(value) != value {
        desk.fault(&input.value, "the value is no multiple of `step` above `min`");
    }
}

/// Every name that a calculation gives, with its place.
fn names_of(calc: &Calc) -> Vec<&Name> {
    let inputs = calc.inputs.iter().map(|input| &input.name);
    let constants = calc.constants.iter().map(|constant| &constant.name);
    let steps = calc.steps.iter().map(|step| match step {
        Step::Let { name, .. } => name,
        Step::Series(series) => &series.name,
    });
    let states = calc.steps.iter().flat_map(|step| match step {
        Step::Let { .. } => &[][..],
        Step::Series(series) => &series.states,
    });
    inputs.chain(constants).chain(steps).chain(states.map(|state| &state.name)).collect()
}

/// Says which names are given twice or mean something else.
pub fn check_names(names: &[&Name], desk: &mut Desk<'_>) {
    let mut seen = BTreeSet::new();
    for name in names {
        let text = name.name.as_str();
        let is_function = text == "sum" || Function::ALL.iter().any(|function| function.name() == text);
        let message = if desk.units.knows(text) {
            format!("`{text}` is a unit and cannot be the name of a value")
        } else if is_function
            || matches!(text, "and" | "or" | "not" | "true" | "false" | "within" | "elapsed")
        {
            format!("`{text}` belongs to the language and cannot be the name of a value")
        } else if !is_name(text) {
            format!("`{text}` cannot be a name: letters, digits and `_` only, a letter first")
        } else if !seen.insert(text) {
            format!("`{text}` is the name of two values")
        } else {
            continue;
        };
        desk.diagnostics.push(
            diagnostic::Diagnostic::new(Fault::ExampleInvalid, name.at, message).help("choose another name"),
        );
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// An order of steps.
struct Order {
    /// The steps' positions.
    steps: Vec<usize>,
    /// The names that need themselves.
    circles: Vec<String>,
}

/// The steps in an order in which each comes behind what it needs, otherwise as written. A circle is reported,
/// and its steps come last.
fn order(steps: &[Step], desk: &mut Desk<'_>) -> Order {
    let mut gives = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Let { name, .. } => drop(gives.insert(name.name.clone(), at)),
            Step::Series(series) => series.states.iter().for_each(|state| {
                gives.insert(format!("{}.{}", series.name.name, state.name.name), at);
            }),
        }
    }
    let needs = steps.iter().map(|step| {
        let found = needed(step);
        found.iter().filter_map(|name| gives.get(name).copied()).collect()
    });
    let mut walk = Walk {
        needs: needs.collect(),
        state: vec![Visit::New; steps.len()],
        order: Vec::new(),
        path: Vec::new(),
    };
    let mut circles = Vec::new();
    for at in 0..steps.len() {
        if let Some(circle) = walk.visit(at) {
            report_circle(&circle, steps, desk);
            circles.extend(gives.iter().filter(|(_, at)| circle.contains(at)).map(|(name, _)| name.clone()));
        }
    }
    Order { steps: walk.order, circles }
}

/// The names that a step uses.
fn needed(step: &Step) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match step {
        Step::Let { be, .. } => names(&be.value, &mut found),
        Step::Series(series) => {
            for state in &series.states {
                names(&state.next.value, &mut found);
            }
            // Inside, these are its own.
            found.remove(&series.over);
            series.states.iter().for_each(|state| {
                found.remove(&state.name.name);
            });
            names(&series.rounds.value, &mut found);
            series.states.iter().for_each(|state| names(&state.start.value, &mut found));
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    Open,
    Done,
}

/// Depth first through the steps.
struct Walk {
    needs: Vec<Vec<usize>>,
    state: Vec<Visit>,
    order: Vec<usize>,
    path: Vec<usize>,
}

impl Walk {
    /// Puts a step behind what it needs; gives the first circle found on the way.
    fn visit(&mut self, at: usize) -> Option<Vec<usize>> {
        match self.state[at] {
            Visit::Done => return None,
            Visit::Open => {
                let start = self.path.iter().position(|&step| step == at).unwrap_or(0);
                return Some(self.path[start..].to_vec());
            }
            Visit::New => {}
        }
        self.state[at] = Visit::Open;
        self.path.push(at);
        let needs = std::mem::take(&mut self.needs[at]);
        let circles: Vec<_> = needs.into_iter().filter_map(|need| self.visit(need)).collect();
        self.path.pop();
        self.state[at] = Visit::Done;
        self.order.push(at);
        circles.into_iter().next()
    }
}

fn report_circle(circle: &[usize], steps: &[Step], desk: &mut Desk<'_>) {
    let name = |at: &usize| match &steps[*at] {
        Step::Let { name, .. } => name,
        Step::Series(series) => &series.name,
    };
    let Some(first) = circle.first() else { return };
    let path: Vec<_> = circle.iter().chain([first]).map(|at| format!("`{}`", name(at).name)).collect();
    let message = format!("a step needs itself: {}", path.join(" needs "));
    desk.diagnostics.push(
        diagnostic::Diagnostic::new(Fault::ExampleCycle, name(first).at, message)
            .help("what goes on from round to round is a `series`"),
    );
}

/// The whole program as JSON, for the browser.
#[must_use]
pub fn compiled(model: &Model) -> serde_json::Value {
    model.statements.iter().map(code::Statement::compiled).collect()
}
