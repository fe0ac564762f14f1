//! Whether an example's claims hold: what is pinned, and what must be so over all inputs.

use super::check::{Scope, Type};
use super::code::{Code, Machine};
use super::desk::Desk;
use super::example::{Calc, Written};
use super::expression::{Claim, Expr, Kind, Operator, Problem, Test};
use super::finite;
use super::model::Model;
use super::sample;
use super::unit::Unit;
use crate::diagnostic::Code as Fault;
use crate::source::Span;

/// A claim and what became of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The claim as written.
    pub text: String,
    /// Where.
    pub at: Span,
    /// Whether it holds.
    pub holds: bool,
    /// By how much, in words.
    pub finding: String,
}

/// A claim ready to be tried.
enum Trial {
    /// Two values at most so far apart.
    Near { left: Code, right: Code, within: Code, shown: Shown },
    /// One value on the right side of another.
    Compare { operator: Operator, sides: [Code; 2], within: Code, shown: Shown },
    /// A condition.
    Holds(Code),
}

/// How the values of a claim are put into words.
#[derive(Clone)]
struct Shown {
    scale: f64,
    unit: String,
}

impl Shown {
    fn say(&self, value: f64) -> String {
        let digits = plain(value / self.scale);
        match self.unit.as_str() {
            "" => digits,
            "%" => format!("{digits}%"),
            unit => format!("{digits} {unit}"),
        }
    }
}

/// A number to ten digits, in the simplest form.
#[must_use]
pub fn plain(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { format!("{value}") };
    }
    let rounded: f64 = format!("{value:.9e}").parse().unwrap_or(value);
    if (1e-5..1e15).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

/// Whether a claim holds, and the values that show it. They are put into words only when somebody reads them.
struct Verdict<'t> {
    holds: bool,
    seen: Seen<'t>,
}

/// The values of a claim, in base units.
enum Seen<'t> {
    Near { left: f64, right: f64, off: f64, within: f64, shown: &'t Shown },
    Compare { operator: Operator, left: f64, right: f64, shown: &'t Shown },
    Condition,
}

impl Verdict<'_> {
    /// By how much it holds or does not, in words.
    fn finding(&self) -> String {
        match self.seen {
            Seen::Near { left, right, off, within, shown } => {
                let [left, right, off, within] = [left, right, off, within].map(|value| shown.say(value));
                if left == right {
                    format!("computed {left}")
                } else {
                    format!("computed {left}, pinned {right}: {off} apart, {within} allowed")
                }
            }
            Seen::Compare { operator, left, right, shown } => {
                let not = if self.holds { "" } else { " does not hold" };
                format!("{} {} {}{not}", shown.say(left), operator.sign(), shown.say(right))
            }
            Seen::Condition => if self.holds { "true" } else { "this does not hold" }.to_owned(),
        }
    }
}

/// Judges the claims that are pinned: each at the usual inputs, or at those it names.
pub fn expectations(model: &Model, claims: &[Written<Claim>], desk: &mut Desk<'_>) -> Vec<Judged> {
    let mut judged = Vec::new();
    for claim in claims {
        let mut scope = model.scope(desk);
        let Some(trial) = trial(claim, &mut scope, desk) else { continue };
        let Some(inputs) = inputs_at(model, claim, &mut scope, desk) else { continue };
        let mut machine = Machine::new(scope.slots);
        model.run_on(&mut machine, &inputs);
        let verdict = verdict(&trial, &mut machine);
        let finding = verdict.finding();
        judged.push(record(claim, verdict.holds, finding.clone(), desk));
        if !verdict.holds {
            let whole = claim.value.span.clone();
            desk.note(
                claim,
                Problem::new(Fault::ValueOff, whole, finding)
                    .help("a step, an input or the pinned value is wrong: find out which from the source; do not copy one to the other"),
            );
        }
    }
    judged
}

/// Judges conditions at one state of a machine: for protocols. `when` says at which point, in a message.
pub fn conditions(
    claims: &[Written<Claim>],
    scope: &mut Scope<'_>,
    machine: &mut Machine,
    when: &str,
    desk: &mut Desk<'_>,
) -> Vec<Judged> {
    let mut judged = Vec::new();
    for claim in claims {
        let Some(trial) = trial(claim, scope, desk) else { continue };
        machine.slots.resize(scope.slots, 0.0);
        let verdict = verdict(&trial, machine);
        let finding = verdict.finding();
        judged.push(record(claim, verdict.holds, finding.clone(), desk));
        if !verdict.holds {
            let whole = claim.value.span.clone();
            let code =
                if matches!(trial, Trial::Near { .. }) { Fault::ValueOff } else { Fault::InvariantBroken };
            desk.note(claim, Problem::new(code, whole, format!("{when}: {finding}")));
        }
    }
    judged
}

/// The invariants, all of which held at so many points.
pub fn held(calc: &Calc, points: u64, desk: &Desk<'_>) -> Vec<Judged> {
    calc.always.iter().map(|claim| record(claim, true, at_all(points), desk)).collect()
}

fn at_all(points: u64) -> String {
    format!("at all {points} points")
}

/// Tries the invariants over the whole domain, and that all values are finite there. Each invariant is judged
/// with the number of points it was tried at, which is given too.
pub fn invariants(calc: &Calc, model: &Model, desk: &mut Desk<'_>) -> (Vec<Judged>, u64) {
    let claims = &calc.always;
    let mut scope = model.scope(desk);
    let mut trials = Vec::new();
    for claim in claims {
        if let Some(setting) = claim.value.at.first() {
            let problem =
                Problem::new(Fault::ExampleInvalid, setting.span.clone(), "what always holds needs no `at`");
            desk.note(claim, problem);
        }
        trials.extend(trial(claim, &mut scope, desk).map(|trial| (claim, trial, None)));
    }
    let mut machine = Machine::new(scope.slots);
    let mut admitted = 0;
    let mut spread = 0;
    let domains: Vec<_> = model.inputs.iter().map(|knob| knob.domain).collect();
    let points = sample::ends(&domains).into_iter().map(|point| (point, false));
    let between = (1..=MAX_DRAWS).map(|n| (sample::spread(&domains, n), true));
    for (point, is_between) in points.chain(between) {
        if spread == sample::SPREAD || (domains.is_empty() && is_between) {
            break;
        }
        model.run_on(&mut machine, &point);
        if !model.is_given(&mut machine) {
            continue;
        }
        admitted += 1;
        spread += usize::from(is_between);
        if !is_finite(model, &mut machine) {
            desk.diagnostics.extend(finite::problem(calc, model, &point, desk));
            break;
        }
        for (_, trial, broken) in trials.iter_mut().filter(|(_, _, broken)| broken.is_none()) {
            let verdict = verdict(trial, &mut machine);
            *broken = (!verdict.holds).then(|| (point.clone(), verdict.finding()));
        }
    }
    too_few(calc, spread, desk);
    let conclude = |(claim, _, broken)| conclude(model, claim, broken, admitted, desk);
    (trials.into_iter().map(conclude).collect(), admitted)
}

/// How many points are drawn at most to find enough that the model speaks of.
const MAX_DRAWS: usize = 50 * sample::SPREAD;

fn too_few(calc: &Calc, spread: usize, desk: &mut Desk<'_>) {
    let was_broken_off = desk.diagnostics.iter().any(|problem| problem.code == Fault::ValueNotFinite);
    let Some(given) = calc.given.first().filter(|_| spread < sample::SPREAD && !was_broken_off) else {
        return;
    };
    let message = format!(
        "`given` leaves {spread} of {MAX_DRAWS} points between the inputs' limits; {} are needed",
        sample::SPREAD
    );
    let problem = Problem::new(Fault::ExampleInvalid, given.value.span.clone(), message);
    desk.note(given, problem.help("narrow the inputs to where the conditions can hold"));
}

fn is_finite(model: &Model, machine: &mut Machine) -> bool {
    model.values.values().all(|value| machine.slots[usize::from(value.slot)].is_finite())
}

fn conclude(
    model: &Model,
    claim: &Written<Claim>,
    broken: Option<(Vec<f64>, String)>,
    admitted: u64,
    desk: &mut Desk<'_>,
) -> Judged {
    let Some((point, finding)) = broken else {
        return record(claim, true, at_all(admitted), desk);
    };
    let inputs = point_in_words(model, &point);
    let finding = format!("{finding}, for {inputs}");
    let whole = claim.value.span.clone();
    desk.note(
        claim,
        Problem::new(Fault::InvariantBroken, whole, finding.clone())
            .help("mend a step, or narrow the inputs with `min`, `max` or `given` to where the model holds"),
    );
    record(claim, false, finding, desk)
}

/// The inputs of a point: `p0 = 100 USD/ETH, n = 3`.
#[must_use]
pub fn point_in_words(model: &Model, point: &[f64]) -> String {
    let input = |(knob, value): (&super::model::Knob, &f64)| {
        let unit = model.values.get(&knob.name).map_or_else(Unit::none, |value| value.unit.clone());
        format!("{} = {}", knob.name, shown(&unit).say(*value))
    };
    let words: Vec<_> = model.inputs.iter().zip(point).map(input).collect();
    if words.is_empty() { "no inputs".to_owned() } else { words.join(", ") }
}

fn record(claim: &Written<Claim>, holds: bool, finding: String, desk: &Desk<'_>) -> Judged {
    let at = claim.node.place(desk.text, claim.value.span.clone());
    Judged { text: claim.text.clone(), at, holds, finding }
}

fn shown(unit: &Unit) -> Shown {
    Shown { scale: unit.scale.value(), unit: unit.spelled() }
}

/// Checks a claim and makes it ready to be tried.
fn trial(claim: &Written<Claim>, scope: &mut Scope<'_>, desk: &mut Desk<'_>) -> Option<Trial> {
    let made = make_trial(&claim.value.test, scope);
    desk.take(claim, made)
}

fn make_trial(test: &Test, scope: &mut Scope<'_>) -> Result<Trial, Problem> {
    match test {
        Test::Near { left, right, within } => {
            let ([left_code, right_code], kind) = pair(left, right, scope)?;
            let shown = shown(&unit_for(right, &kind, scope));
            let within = match within {
                Some(within) => slack(within, right, &kind, scope)?,
                None => Code::Number(last_digit(right).unwrap_or(f64::NAN)),
            };
            Ok(Trial::Near { left: left_code, right: right_code, within, shown })
        }
        Test::Compare { operator, sides, within } => {
            let [left, right] = &**sides;
            let (sides, kind) = pair(left, right, scope)?;
            let shown = shown(&unit_for(right, &kind, scope));
            let within = match within {
                Some(within) => slack(within, right, &kind, scope)?,
                None => Code::Number(0.0),
            };
            Ok(Trial::Compare { operator: *operator, sides, within, shown })
        }
        Test::Holds(condition) => scope.condition(condition).map(Trial::Holds),
    }
}

fn pair(left: &Expr, right: &Expr, scope: &mut Scope<'_>) -> Result<([Code; 2], Type), Problem> {
    let (left_code, left_kind) = scope.check(left)?;
    let (right_code, right_kind) = scope.check(right)?;
    let kind = scope.alike((left, &left_kind), (right, &right_kind), "compared", right)?;
    Ok(([left_code, right_code], kind))
}

fn slack(within: &Expr, right: &Expr, kind: &Type, scope: &mut Scope<'_>) -> Result<Code, Problem> {
    let (code, slack) = scope.check(within)?;
    scope.alike((within, &slack), (right, kind), "compared", within)?;
    Ok(code)
}

/// The unit in which a claim speaks.
fn unit_for(right: &Expr, kind: &Type, scope: &Scope<'_>) -> Unit {
    literal(right).map_or_else(|| scope.units.usual(&kind.dimension()), |(_, unit)| unit.clone())
}

/// The digits and unit of a number as written, with or without a sign.
fn literal(expr: &Expr) -> Option<(&str, &Unit)> {
    match &expr.kind {
        Kind::Number { digits, unit } => Some((digits, unit)),
        Kind::Negate(operand) => literal(operand),
        _ => None,
    }
}

/// Half a unit in the last digit of a number as written, in base units: what rounding may have hidden.
fn last_digit(expr: &Expr) -> Option<f64> {
    let (digits, unit) = literal(expr)?;
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let exponent = exponent.parse::<i32>().ok()? - i32::try_from(decimals).ok()?;
    let last: f64 = format!("5e{}", exponent - 1).parse().ok()?;
    Some(unit.scale.to_base(last))
}

/// Without `within`, a claim about something other than a number as written holds to this part of it.
const RELATIVE: f64 = 1e-9;
/// What the arithmetic itself may blur a tolerance by, as a part of the value.
const BLUR: f64 = 1e-12;

fn verdict<'t>(trial: &'t Trial, machine: &mut Machine) -> Verdict<'t> {
    match trial {
        Trial::Near { left, right, within, shown } => {
            let [left, right] = [left, right].map(|side| machine.evaluate(side));
            let asked = machine.evaluate(within);
            let within = if asked.is_nan() { right.abs() * RELATIVE } else { asked.abs() };
            let off = (left - right).abs();
            let holds = off <= within + right.abs() * BLUR;
            Verdict { holds, seen: Seen::Near { left, right, off, within, shown } }
        }
        Trial::Compare { operator, sides, within, shown } => {
            let operator = *operator;
            let [left, right] = [&sides[0], &sides[1]].map(|side| machine.evaluate(side));
            let slack = machine.evaluate(within).abs();
            let holds = compare(operator, left, right, slack);
            Verdict { holds, seen: Seen::Compare { operator, left, right, shown } }
        }
        Trial::Holds(condition) => {
            Verdict { holds: machine.evaluate(condition) != 0.0, seen: Seen::Condition }
        }
    }
}

fn compare(operator: Operator, left: f64, right: f64, slack: f64) -> bool {
    match operator {
        Operator::Equal => (left - right).abs() <= slack,
        Operator::NotEqual => (left - right).abs() > slack,
        Operator::Less => left < right + slack,
        Operator::LessEqual => left <= right + slack,
        Operator::Greater => left > right - slack,
        Operator::GreaterEqual => left >= right - slack,
        _ => false,
    }
}

/// The inputs that a claim speaks of.
fn inputs_at(
    model: &Model,
    claim: &Written<Claim>,
    scope: &mut Scope<'_>,
    desk: &mut Desk<'_>,
) -> Option<Vec<f64>> {
    let mut inputs = model.usual();
    for setting in &claim.value.at {
        let set = setting_value(model, setting, scope);
        let (at, value) = desk.take(claim, set)?;
        inputs[at] = value;
    }
    Some(inputs)
}

/// The position of the input that a setting names, and its value in base units.
///
/// # Errors
/// When there is no such input, or the value is of another kind.
pub fn setting_value(
    model: &Model,
    setting: &super::expression::Setting,
    scope: &mut Scope<'_>,
) -> Result<(usize, f64), Problem> {
    let Some(at) = model.inputs.iter().position(|knob| knob.name == setting.name) else {
        let message = format!("there is no input `{}`", setting.name);
        let problem = Problem::new(Fault::NameUnknown, setting.span.clone(), message);
        let names = model.inputs.iter().map(|knob| knob.name.as_str());
        return Err(match crate::diagnostic::nearest(&setting.name, names) {
            Some(near) => problem.help(format!("did you mean `{near}`?")).fix(near),
            None => problem.help("only inputs can be set"),
        });
    };
    let known = std::mem::take(&mut scope.names);
    let checked = scope.check(&setting.value);
    scope.names = known;
    let (code, kind) = checked?;
    let of = model.values.get(&setting.name).map_or(Type::Unknown, |value| value.kind.clone());
    scope.alike((&setting.value, &kind), (&setting.value, &of), "an input and its value", &setting.value)?;
    Ok((at, Machine::new(scope.slots).evaluate(&code)))
}
