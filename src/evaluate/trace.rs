//! A protocol, acted out: the state before and after every step, and whether what must hold does.
//!
//! The common steps are played first, then each branch from where they end. A step changes all of its states at
//! once, from the values before it; the time that passes before a step adds to the built-in `elapsed`.

use super::check::{Scope, Type};
use super::claims::{self, Judged};
use super::code::{Code, Machine, Slot};
use super::desk::Desk;
use super::example::{Act, Constant, Trace, Written};
use super::expression::{Claim, Expr, Kind, Problem};
use super::model::{Quantity, check_names, shown, unit_of};
use crate::diagnostic::{Code as Fault, Diagnostic};

/// The name of the time since the start.
const CLOCK: &str = "elapsed";

/// A worked protocol.
#[derive(Clone, Debug)]
pub struct Worked {
    /// The fixed amounts with their values, in order.
    pub values: Vec<(Quantity, f64)>,
    /// What changes, in order.
    pub states: Vec<Quantity>,
    /// The steps that come first in every case.
    pub common: Run,
    /// What follows in each branch.
    pub branches: Vec<Run>,
    /// What holds at all times.
    pub always: Vec<Judged>,
}

/// Steps played one after the other.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// How things stand before the first step and after every step. Shorter when a value could not be computed.
    pub snapshots: Vec<Snapshot>,
    /// What holds at the end.
    pub expect: Vec<Judged>,
}

/// How things stand at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The time since the start, in seconds.
    pub elapsed: f64,
    /// The value of each state, in base units.
    pub values: Vec<f64>,
}

/// Works a protocol; what is wrong with it goes to the desk.
pub fn work(trace: &Trace, desk: &mut Desk<'_>) -> Worked {
    let names: Vec<_> = trace.values.iter().chain(&trace.state).map(|constant| &constant.name).collect();
    check_names(&names, desk);
    let mut stage = Stage::new(trace, desk);
    let common = stage.scenes(&trace.steps, trace, desk);
    let branches = trace.branches.iter().map(|branch| stage.scenes(&branch.steps, trace, desk));
    let branches: Vec<_> = branches.collect();
    refuse_settings(trace, desk);
    let mut worked = Worked {
        values: stage.values.iter().cloned().zip(stage.fixed.iter().copied()).collect(),
        states: stage.states.clone(),
        common: Run::default(),
        branches: vec![Run::default(); branches.len()],
        always: Vec::new(),
    };
    // What cannot be understood would only be reported again by every step and claim.
    if desk.diagnostics.is_empty() {
        let mut watch = Watch { claims: trace.always.iter().map(|claim| (claim, None)).collect(), times: 0 };
        watch.look("at the start", None, &mut stage, desk);
        worked.common = stage.run(&common, "", &trace.expect, &mut watch, desk);
        let end = stage.now.clone();
        let is_over = worked.common.snapshots.len() > common.len();
        let played = trace.branches.iter().zip(&branches).zip(&mut worked.branches);
        for ((branch, scenes), run) in played.filter(|_| is_over) {
            stage.now.clone_from(&end);
            *run = stage.run(scenes, &format!(" of `{}`", branch.id), &branch.expect, &mut watch, desk);
        }
        worked.always = watch.judged();
    }
    worked
}

/// Claims of a protocol are made at a moment, not for other inputs.
fn refuse_settings(trace: &Trace, desk: &mut Desk<'_>) {
    let expected = trace.branches.iter().flat_map(|branch| &branch.expect);
    for claim in trace.always.iter().chain(&trace.expect).chain(expected) {
        if let Some(setting) = claim.value.at.first() {
            let message = "a protocol has no inputs that a claim could set";
            desk.note(claim, Problem::new(Fault::ExampleInvalid, setting.span.clone(), message));
        }
    }
}

/// Names, kinds and the state as it is now.
struct Stage<'a> {
    scope: Scope<'a>,
    values: Vec<Quantity>,
    /// What the fixed amounts are.
    fixed: Vec<f64>,
    states: Vec<Quantity>,
    now: Snapshot,
    /// The kind of times, and the slot of the time since the start.
    time: Type,
    clock: Slot,
}

/// A step, understood.
struct Scene<'t> {
    act: &'t Act,
    after: Option<(&'t Written<Expr>, Code)>,
    set: Vec<(usize, &'t Written<Expr>, Code)>,
}

impl<'a> Stage<'a> {
    fn new(trace: &Trace, desk: &mut Desk<'a>) -> Self {
        let mut scope = Scope::new(desk.units);
        let time = desk.units.read("s").map_or(Type::Unknown, |second| Type::Number(second.dimension));
        let clock = scope.add(CLOCK, time.clone());
        let hidden = std::mem::take(&mut scope.names);
        let (values, fixed, states) = (Vec::new(), Vec::new(), Vec::new());
        let mut stage = Self { scope, values, fixed, states, now: Snapshot::default(), time, clock };
        for constant in &trace.values {
            let (value, kind) = stage.check(constant, desk);
            let quantity = stage.name(constant, kind, desk);
            stage.values.push(quantity);
            stage.fixed.push(value);
        }
        // A state starts from fixed amounts, not from another state: so they get their names together.
        let starts: Vec<_> = trace.state.iter().map(|constant| stage.check(constant, desk)).collect();
        for (constant, (value, kind)) in trace.state.iter().zip(starts) {
            let quantity = stage.name(constant, kind, desk);
            stage.states.push(quantity);
            stage.now.values.push(value);
        }
        stage.scope.names.extend(hidden);
        stage
    }

    /// A value that is computed once, from the fixed amounts above it.
    fn check(&mut self, constant: &Constant, desk: &mut Desk<'_>) -> (f64, Type) {
        let (code, kind) = desk.check(&constant.value, &mut self.scope);
        let value = self.machine().evaluate(&code);
        // What comes of another such number is not to blame.
        let is_first = self.fixed.iter().all(|value| value.is_finite());
        if !value.is_finite() && kind != Type::Unknown && is_first {
            desk.note(&constant.value, not_finite(&constant.value, "this is no finite number"));
        }
        // A bare 0 is a plain number here: nothing else says what it counts.
        let kind = if kind == Type::Zero { Type::PLAIN() } else { kind };
        (value, kind)
    }

    fn name(&mut self, constant: &Constant, kind: Type, desk: &mut Desk<'_>) -> Quantity {
        let name = &constant.name;
        let (unit, style) = shown(&name.show, &kind, unit_of(&constant.value.value), desk.units);
        if unit.dimension != kind.dimension() && kind != Type::Unknown {
            let [is, asked] =
                [&kind.dimension(), &unit.dimension].map(|dimension| desk.units.describe(dimension));
            let message = format!("`{}` is {is} and cannot be shown as {asked}", name.name);
            let mismatch = Diagnostic::new(Fault::UnitMismatch, name.at, message);
            desk.diagnostics.push(mismatch.help("choose a unit of the same kind in `show`"));
        }
        let slot = self.scope.add(&name.name, kind.clone());
        Quantity { slot, kind, label: name.label.clone(), symbol: name.symbol.clone(), unit, style }
    }

    /// A machine that holds how things stand now.
    fn machine(&self) -> Machine {
        let mut machine = Machine::new(self.scope.slots);
        let values = self.values.iter().zip(&self.fixed);
        for (quantity, value) in values.chain(self.states.iter().zip(&self.now.values)) {
            machine.slots[usize::from(quantity.slot)] = *value;
        }
        machine.slots[usize::from(self.clock)] = self.now.elapsed;
        machine
    }

    fn scenes<'t>(&mut self, acts: &'t [Act], trace: &Trace, desk: &mut Desk<'_>) -> Vec<Scene<'t>> {
        acts.iter().map(|act| self.scene(act, trace, desk)).collect()
    }

    fn scene<'t>(&mut self, act: &'t Act, trace: &Trace, desk: &mut Desk<'_>) -> Scene<'t> {
        let after = act.after.as_ref().map(|after| (after, self.duration(after, desk)));
        let change = |(at, value): &'t (usize, Written<Expr>)| {
            (*at, value, self.change(&trace.state[*at], value, desk))
        };
        Scene { act, after, set: act.set.iter().map(change).collect() }
    }

    fn duration(&mut self, after: &Written<Expr>, desk: &mut Desk<'_>) -> Code {
        let (code, kind) = desk.check(after, &mut self.scope);
        if !matches!(kind, Type::Unknown | Type::Zero) && kind != self.time {
            let message =
                format!("`after` is a time, but `{}` is {}", after.text, self.scope.describe(&kind));
            let problem = Problem::new(Fault::UnitMismatch, after.value.span.clone(), message);
            desk.note(after, problem.help("write it like `7 day` or `102 * 10 min`"));
        }
        code
    }

    fn change(&mut self, state: &Constant, value: &Written<Expr>, desk: &mut Desk<'_>) -> Code {
        let (code, kind) = desk.check(value, &mut self.scope);
        let of = self.scope.names.get(&state.name.name).map_or(Type::Unknown, |meaning| meaning.kind.clone());
        let name = Expr { kind: Kind::Name(state.name.name.clone()), span: 0..0 };
        let both = ((&name, &of), (&value.value, &kind));
        let alike = self.scope.alike(both.0, both.1, "a state and its new value", &value.value);
        desk.take(value, alike);
        code
    }

    /// Plays steps from where things stand now. `of` names the branch in messages.
    fn run(
        &mut self,
        scenes: &[Scene<'_>],
        of: &str,
        expect: &[Written<Claim>],
        watch: &mut Watch<'_>,
        desk: &mut Desk<'_>,
    ) -> Run {
        let mut run = Run { snapshots: vec![self.now.clone()], expect: Vec::new() };
        for (at, scene) in scenes.iter().enumerate() {
            let Some(next) = self.play(scene, desk) else { return run };
            self.now = next;
            run.snapshots.push(self.now.clone());
            let say = scene.act.say.values().next().map_or("", String::as_str);
            watch.look(&format!("after step {}{of}, “{say}”", at + 1), Some(scene.act), self, desk);
        }
        let end = if of.is_empty() { "at the end of `steps`".to_owned() } else { format!("at the end{of}") };
        for claim in expect {
            let said = desk.diagnostics.len();
            run.expect.extend(self.judge(claim, &end, desk));
            for problem in &mut desk.diagnostics[said..] {
                // What is pinned is off, whichever way it is compared.
                if problem.code == Fault::InvariantBroken {
                    problem.code = Fault::ValueOff;
                }
            }
        }
        run
    }

    /// How things stand after a step; none when a value cannot be computed.
    fn play(&self, scene: &Scene<'_>, desk: &mut Desk<'_>) -> Option<Snapshot> {
        let mut machine = self.machine();
        let mut next = self.now.clone();
        if let Some((written, code)) = &scene.after {
            let passed = finite(written, machine.evaluate(code), desk)?;
            if passed < 0.0 {
                desk.fault(written, "no time can pass backwards");
                return None;
            }
            next.elapsed += passed;
            machine.slots[usize::from(self.clock)] = next.elapsed;
        }
        for (at, written, code) in &scene.set {
            next.values[*at] = finite(written, machine.evaluate(code), desk)?;
        }
        Some(next)
    }

    /// Judges one claim as things stand now; none when it cannot be understood.
    fn judge(&mut self, claim: &Written<Claim>, when: &str, desk: &mut Desk<'_>) -> Option<Judged> {
        let mut machine = self.machine();
        // A claim is understood anew every time it is judged: what it needs to count is given back.
        let taken = self.scope.slots;
        let claim = std::slice::from_ref(claim);
        let judged = claims::conditions(claim, &mut self.scope, &mut machine, when, desk).pop();
        self.scope.slots = taken;
        judged
    }
}

/// What must hold at all times. Each claim is watched until it is broken, so that it is reported once.
struct Watch<'t> {
    claims: Vec<(&'t Written<Claim>, Option<Judged>)>,
    /// How often they were looked at.
    times: usize,
}

impl Watch<'_> {
    fn look(&mut self, when: &str, act: Option<&Act>, stage: &mut Stage<'_>, desk: &mut Desk<'_>) {
        self.times += 1;
        for (claim, verdict) in &mut self.claims {
            if verdict.as_ref().is_some_and(|judged| !judged.holds) {
                continue;
            }
            let said = desk.diagnostics.len();
            *verdict = stage.judge(claim, when, desk);
            if let (Some(act), Some(problem)) = (act, desk.diagnostics.get_mut(said)) {
                problem.related.push((act.at, "this step breaks it".to_owned()));
                problem.help = Some("mend what the step sets, or say in the claim when it holds".to_owned());
            }
        }
        // One that cannot be understood has been reported.
        self.claims.retain(|(_, verdict)| verdict.is_some());
    }

    fn judged(self) -> Vec<Judged> {
        let times = self.times;
        let conclude = |judged: Judged| {
            let finding = if judged.holds { format!("at all {times} moments") } else { judged.finding };
            Judged { finding, ..judged }
        };
        self.claims.into_iter().filter_map(|(_, verdict)| verdict).map(conclude).collect()
    }
}

fn finite(written: &Written<Expr>, value: f64, desk: &mut Desk<'_>) -> Option<f64> {
    if !value.is_finite() {
        let message = format!("`{}` is no finite number after the steps before", written.text);
        desk.note(written, not_finite(written, &message));
    }
    value.is_finite().then_some(value)
}

fn not_finite(written: &Written<Expr>, message: &str) -> Problem {
    Problem::new(Fault::ValueNotFinite, written.value.span.clone(), message)
}

#[cfg(test)]
mod tests;
