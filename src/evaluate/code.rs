//! Checked expressions as the machine computes them: doubles in base units, names as numbered slots.
//!
//! The browser runs the same code, shipped as JSON ([`Code::compiled`]); `scripts/evaluate.js` is this file's
//! twin, and a test compares their results bit by bit. Work is bounded: past [`MAX_WORK`] steps everything is
//! NaN, which is reported as a value that cannot be computed.

use serde_json::{Value, json};

use super::expression::{Function, Operator};
use super::math;

/// The place of a value in [`Machine::slots`].
pub type Slot = u16;

/// An example is computed in at most this many steps.
pub const MAX_WORK: u32 = 200_000;
/// A series runs for at most this many rounds.
pub const MAX_ROUNDS: f64 = 10_000.0;

/// An expression to compute. A truth is 1 or 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Code {
    /// A constant in base units.
    Number(f64),
    /// What a slot holds.
    Slot(Slot),
    /// `-x`.
    Negate(Box<Code>),
    /// `not x`.
    Not(Box<Code>),
    /// Two operands; `and` and `or` leave out the second where the first decides.
    Binary(Operator, Box<[Code; 2]>),
    /// A function; `if` computes only the branch it takes.
    Call(Function, Vec<Code>),
    /// Sets the slot to each whole step from the first value to the second and adds up the third.
    Sum(Slot, Box<[Code; 3]>),
    /// What a series held after a round.
    At(Slot, Box<Code>),
}

/// Something that happens in order.
#[derive(Clone, Debug)]
pub enum Statement {
    /// Computes a value.
    Let(Slot, Code),
    /// Runs a recurrence.
    Series(Series),
}

/// A recurrence: all states start together, and each round computes all of them from the last.
#[derive(Clone, Debug)]
pub struct Series {
    /// How many rounds.
    pub rounds: Code,
    /// The slot that counts them, from 1.
    pub index: Slot,
    /// What goes on from round to round.
    pub states: Vec<State>,
}

/// One quantity of a series.
#[derive(Clone, Debug)]
pub struct State {
    /// Where its value is during a round, and at last.
    pub slot: Slot,
    /// Where it begins.
    pub start: Code,
    /// What it is after a round.
    pub next: Code,
}

/// The values of one computation.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// Inputs, steps and counters, in base units.
    pub slots: Vec<f64>,
    /// For the slots of series: their values from the start on.
    pub histories: Vec<Vec<f64>>,
    work: u32,
}

impl Machine {
    /// A machine with this many slots, all 0.
    #[must_use]
    pub fn new(slots: usize) -> Self {
        Self { slots: vec![0.0; slots], histories: vec![Vec::new(); slots], work: 0 }
    }

    /// Computes all statements anew.
    pub fn run(&mut self, statements: &[Statement]) {
        self.work = 0;
        for statement in statements {
            match statement {
                Statement::Let(slot, code) => self.slots[usize::from(*slot)] = self.evaluate(code),
                Statement::Series(series) => self.series(series),
            }
        }
    }

    /// Whether the last run was too long.
    #[must_use]
    pub const fn is_exhausted(&self) -> bool {
        self.work > MAX_WORK
    }

    /// Computes one expression from what the slots hold.
    // Most operands are numbers and slots, which need no call.
    #[inline(always)]
    pub fn evaluate(&mut self, code: &Code) -> f64 {
        self.work = self.work.saturating_add(1);
        if self.work > MAX_WORK {
            return f64::NAN;
        }
        match code {
            Code::Number(value) => *value,
            Code::Slot(slot) => self.slots[usize::from(*slot)],
            operation => self.compute(operation),
        }
    }

    fn compute(&mut self, operation: &Code) -> f64 {
        match operation {
            Code::Number(_) | Code::Slot(_) => self.evaluate(operation),
            Code::Negate(operand) => -self.evaluate(operand),
            Code::Not(operand) => truth(self.evaluate(operand) == 0.0),
            Code::Binary(operator, sides) => self.binary(*operator, sides),
            Code::Call(function, arguments) => self.call(*function, arguments),
            Code::Sum(slot, parts) => self.sum(*slot, parts),
            Code::At(slot, round) => {
                let round = self.evaluate(round);
                let history = &self.histories[usize::from(*slot)];
                let is_index = round >= 0.0 && round.fract() == 0.0;
                history.get(round as usize).filter(|_| is_index).copied().unwrap_or(f64::NAN)
            }
        }
    }

    fn binary(&mut self, operator: Operator, sides: &[Code; 2]) -> f64 {
        let left = self.evaluate(&sides[0]);
        match operator {
            Operator::And if left == 0.0 => return 0.0,
            Operator::Or if left != 0.0 => return 1.0,
            _ => {}
        }
        let right = self.evaluate(&sides[1]);
        match operator {
            Operator::And | Operator::Or => truth(right != 0.0),
            Operator::Equal => truth(left == right),
            Operator::NotEqual => truth(left != right),
            Operator::Less => truth(left < right),
            Operator::LessEqual => truth(left <= right),
            Operator::Greater => truth(left > right),
            Operator::GreaterEqual => truth(left >= right),
            Operator::Add => left + right,
            Operator::Subtract => left - right,
            Operator::Multiply => left * right,
            Operator::Divide => left / right,
            Operator::Power => math::pow(left, right),
        }
    }

    fn call(&mut self, function: Function, arguments: &[Code]) -> f64 {
        let first = self.evaluate(&arguments[0]);
        if function == Function::If {
            return self.evaluate(&arguments[if first == 0.0 { 2 } else { 1 }]);
        }
        let mut values = [0.0; 9];
        for (value, argument) in values.iter_mut().zip(arguments).skip(1) {
            *value = self.evaluate(argument);
        }
        let rest = &values[1..arguments.len()];
        match (function, rest) {
            (Function::Sqrt, _) => math::sqrt(first),
            (Function::Exp, _) => math::exp(first),
            (Function::Ln, _) => math::ln(first),
            (Function::Log10, _) => math::log10(first),
            (Function::Abs, _) => first.abs(),
            (Function::Pow, [exponent]) => math::pow(first, *exponent),
            (Function::Min, _) => {
                rest.iter().fold(first, |least, &next| if next < least { next } else { least })
            }
            (Function::Max, _) => {
                rest.iter().fold(first, |most, &next| if next > most { next } else { most })
            }
            (Function::Floor, []) => math::floor(first),
            (Function::Ceil, []) => math::ceil(first),
            (Function::Round, []) => math::round(first),
            (Function::Floor, [step]) => math::floor(first / step) * step,
            (Function::Ceil, [step]) => math::ceil(first / step) * step,
            (Function::Round, [step]) => math::round(first / step) * step,
            (Function::Clamp, [low, _]) if first < *low => *low,
            (Function::Clamp, [_, high]) if first > *high => *high,
            (Function::Clamp, _) => first,
            (Function::Choose, [k]) => self.choose(first, *k),
            _ => f64::NAN,
        }
    }

    /// How many sets of k there are among n things, by the product of (n−k+j)/j.
    fn choose(&mut self, n: f64, k: f64) -> f64 {
        let is_count = |value: f64| value >= 0.0 && value.fract() == 0.0;
        if !is_count(n) || !is_count(k) || k > f64::from(MAX_WORK) {
            return f64::NAN;
        }
        self.work = self.work.saturating_add(k as u32);
        let mut product = 1.0;
        let mut j = 1.0;
        while j <= k {
            product = product * (n - k + j) / j;
            j += 1.0;
        }
        product
    }

    fn sum(&mut self, slot: Slot, parts: &[Code; 3]) -> f64 {
        let first = self.evaluate(&parts[0]);
        let last = self.evaluate(&parts[1]);
        if !(first.is_finite() && last.is_finite()) {
            return f64::NAN;
        }
        let mut total = 0.0;
        let mut step = 0.0;
        while first + step <= last && !self.is_exhausted() {
            self.slots[usize::from(slot)] = first + step;
            total += self.evaluate(&parts[2]);
            step += 1.0;
        }
        if self.is_exhausted() { f64::NAN } else { total }
    }

    fn series(&mut self, series: &Series) {
        let rounds = self.evaluate(&series.rounds);
        let mut values: Vec<f64> = series.states.iter().map(|state| self.evaluate(&state.start)).collect();
        for state in &series.states {
            self.histories[usize::from(state.slot)].clear();
        }
        self.keep(series, &values);
        let is_bounded = (0.0..=MAX_ROUNDS).contains(&rounds);
        let mut round = 1.0;
        while round <= rounds && is_bounded && !self.is_exhausted() {
            self.slots[usize::from(series.index)] = round;
            values.clear();
            values.extend(series.states.iter().map(|state| self.evaluate(&state.next)));
            self.keep(series, &values);
            round += 1.0;
        }
        if !is_bounded || self.is_exhausted() {
            series.states.iter().for_each(|state| self.slots[usize::from(state.slot)] = f64::NAN);
        }
    }

    fn keep(&mut self, series: &Series, values: &[f64]) {
        for (state, value) in series.states.iter().zip(values) {
            self.slots[usize::from(state.slot)] = *value;
            self.histories[usize::from(state.slot)].push(*value);
        }
    }
}

const fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

impl Code {
    /// The code as JSON, for the browser: a number; the number of a slot, as a string; or a list of an
    /// operation and its operands.
    #[must_use]
    pub fn compiled(&self) -> Value {
        let list = |name: &str, operands: &[Self]| {
            let operands = operands.iter().map(Self::compiled);
            Value::Array(std::iter::once(json!(name)).chain(operands).collect())
        };
        match self {
            Self::Number(value) => number(*value),
            Self::Slot(slot) => json!(slot.to_string()),
            Self::Negate(operand) => json!(["neg", operand.compiled()]),
            Self::Not(operand) => json!(["not", operand.compiled()]),
            Self::Binary(operator, sides) => list(operator.sign(), &**sides),
            Self::Call(function, arguments) => list(function.name(), arguments),
            Self::Sum(slot, parts) => {
                let [first, last, body] = &**parts;
                json!(["sum", slot, first.compiled(), last.compiled(), body.compiled()])
            }
            Self::At(slot, round) => json!(["at", slot, round.compiled()]),
        }
    }
}

impl Statement {
    /// The statement as JSON: `[slot, code]`, or `[rounds, index, [[slot, start, next], …]]`.
    #[must_use]
    pub fn compiled(&self) -> Value {
        match self {
            Self::Let(slot, code) => json!([slot, code.compiled()]),
            Self::Series(series) => {
                let state =
                    |state: &State| json!([state.slot, state.start.compiled(), state.next.compiled()]);
                let states: Vec<_> = series.states.iter().map(state).collect();
                json!([series.rounds.compiled(), series.index, states])
            }
        }
    }
}

/// A double as JSON, whole numbers without a fraction: the browser reads both as the same double.
#[must_use]
pub fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}
