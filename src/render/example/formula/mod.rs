//! Expressions as MathML, set as a textbook sets them.
//!
//! What a name or a number shows comes from outside ([`Leaves`]): symbols in the formula, values in the formula with
//! numbers put in. Every part that is written is exactly one element, so that it can stand wherever one is asked
//! for. Only MathML Core is used, which browsers draw without scripts. Nothing here knows an example.

mod leaf;
mod mathml;
#[cfg(test)]
mod tests;

use crate::evaluate::expression::{Expr, Function, Kind, Operator};
use crate::evaluate::unit::Unit;
pub use leaf::{number, symbol, symbol_of};
use mathml::{
    EULER, MINUS, SOLIDUS, applied, binomial, brackets, case, cases, fenced, fraction, indexed, inside,
    raised, root, row, sign, summed, times, upright, word,
};

/// What a formula shows for names and numbers: MathML of exactly one element each.
pub trait Leaves {
    /// A name: its symbol, or its value. `brackets`: it stands behind an operator, where a value that begins with a
    /// minus sign needs them.
    fn name(&mut self, name: &str, brackets: bool) -> String;

    /// A name under a power or behind a solidus, where a value needs brackets also for a unit, a percent sign or
    /// a power of ten, as in (5%)². By default as behind an operator.
    fn tight(&mut self, name: &str) -> String {
        self.name(name, true)
    }

    /// A state of a series that gets a round as its subscript: always its symbol, as a value of another round
    /// would be wrong.
    fn state(&mut self, name: &str) -> String;

    /// A number as its author wrote it, with the label of its unit.
    fn number(&mut self, digits: &str, unit: &Unit) -> String;
}

/// The words in formulas, in one language.
#[derive(Clone, Debug)]
pub struct Words {
    /// Before the condition of a case: "if".
    pub if_: String,
    /// For the last case: "otherwise".
    pub otherwise: String,
    /// Between conditions that must both hold.
    pub and: String,
    /// Between conditions of which one is enough.
    pub or: String,
    /// Before a condition that must not hold.
    pub not: String,
    /// For what always holds.
    pub true_: String,
    /// For what never holds.
    pub false_: String,
}

/// An expression as the inside of `<math>`.
#[must_use]
pub fn formula(expr: &Expr, leaves: &mut dyn Leaves, words: &Words) -> String {
    let mut writer = Writer { leaves, words, counters: Vec::new() };
    inside(&writer.part(expr, Place::default())).to_owned()
}

/// How tightly an operand of each kind must hold together; [`Expr::level`] counts the same way.
const PRODUCT: u8 = Operator::Multiply.level();
const NOT: u8 = Operator::And.sides().1;
const SIGN: u8 = Operator::Power.sides().1;
const POWER: u8 = Operator::Power.level();
const BASE: u8 = Operator::Power.sides().0;

/// Where a part stands, as far as that changes how it is written.
#[derive(Clone, Copy, Default)]
struct Place {
    /// How many fractions it is in.
    fractions: u8,
    /// Whether it is an exponent, an index or a limit, where a quotient stays on one line.
    is_small: bool,
    /// Whether an operator stands before it, so that it cannot begin with a minus sign.
    is_behind: bool,
}

impl Place {
    /// Fractions in fractions in fractions cannot be read.
    const MAX_FRACTIONS: u8 = 2;

    const fn takes_fraction(self) -> bool {
        !self.is_small && self.fractions < Self::MAX_FRACTIONS
    }

    const fn alone(self) -> Self {
        Self { is_behind: false, ..self }
    }

    const fn behind(self) -> Self {
        Self { is_behind: true, ..self }
    }

    const fn small(self) -> Self {
        Self { is_small: true, is_behind: false, ..self }
    }

    const fn in_fraction(self) -> Self {
        Self { fractions: self.fractions.saturating_add(1), is_behind: false, ..self }
    }
}

struct Writer<'a> {
    leaves: &'a mut dyn Leaves,
    words: &'a Words,
    /// The names that count the sums around: they have no value to put in.
    counters: Vec<String>,
}

impl Writer<'_> {
    fn part(&mut self, expr: &Expr, place: Place) -> String {
        match &expr.kind {
            Kind::Number { digits, unit } => self.leaves.number(digits, unit),
            Kind::Truth(true) => word(&self.words.true_),
            Kind::Truth(false) => word(&self.words.false_),
            Kind::Name(name) if self.counters.contains(name) => symbol_of(name),
            Kind::Name(name) => self.leaves.name(name, place.is_behind),
            Kind::Negate(_) if place.is_behind => brackets(&self.part(expr, place.alone())),
            Kind::Negate(operand) => row(&[MINUS, &self.operand(operand, SIGN, place.behind())]),
            Kind::Not(operand) => {
                let operand = self.operand(operand, NOT, place.alone());
                row(&[&spaced("", &self.words.not), &operand])
            }
            Kind::Binary(operator, sides) => self.binary(expr, *operator, sides, place),
            Kind::Call(function, arguments) => self.call(*function, arguments, place.alone()),
            Kind::Sum { index, parts } => self.sum(index, parts, place),
        }
    }

    /// A part in brackets if it holds together less tightly than needed.
    fn operand(&mut self, expr: &Expr, least: u8, place: Place) -> String {
        if level(expr, place) < least {
            brackets(&self.part(expr, place.alone()))
        } else {
            self.part(expr, place)
        }
    }

    /// An operand that another operator follows.
    fn followed(&mut self, expr: &Expr, least: u8, place: Place) -> String {
        if ends_open(expr) {
            brackets(&self.part(expr, place.alone()))
        } else {
            self.operand(expr, least, place)
        }
    }

    /// An operand that must stand on its own: under a power, behind a solidus.
    fn tight(&mut self, expr: &Expr, place: Place) -> String {
        match &expr.kind {
            Kind::Name(name) if !self.counters.contains(name) => self.leaves.tight(name),
            Kind::Number { .. } if !is_bare(expr) => brackets(&self.part(expr, place)),
            _ => self.operand(expr, BASE, place),
        }
    }

    fn binary(&mut self, expr: &Expr, operator: Operator, sides: &[Expr; 2], place: Place) -> String {
        let [left, right] = sides;
        match operator {
            Operator::Power => self.power(left, right, place),
            Operator::Divide if place.takes_fraction() => {
                let place = place.in_fraction();
                fraction(&self.part(left, place), &self.part(right, place))
            }
            Operator::Divide => self.solidus(left, right, place),
            _ if operator.compares() => {
                let (over, under) = operator.sides();
                let left = self.operand(left, over, place.alone());
                row(&[&left, sign(operator), &self.operand(right, under, place.alone())])
            }
            _ => self.chain(expr, operator.level(), place),
        }
    }

    /// a + b − c, a ⋅ b ⋅ c, or conditions joined by one word.
    fn chain(&mut self, expr: &Expr, level: u8, place: Place) -> String {
        let (first, links) = links(expr, level);
        // A quotient on the line is bracketed before a factor: a/b ⋅ c is read in two ways.
        let least = if level == PRODUCT { SIGN } else { level };
        let mut before = self.followed(first, least, place);
        let mut is_number = is_bare(first);
        let mut written = before.clone();
        for (at, &(operator, right)) in links.iter().enumerate() {
            let is_last = at + 1 == links.len();
            let next = if is_last {
                self.operand(right, level + 1, place.behind())
            } else {
                self.followed(right, level + 1, place.behind())
            };
            written += &match operator {
                Operator::And => spaced("\u{A0}", &self.words.and),
                Operator::Or => spaced("\u{A0}", &self.words.or),
                Operator::Multiply => times(is_number, &before, &next).to_owned(),
                _ => sign(operator).to_owned(),
            };
            written += &next;
            is_number = is_bare(right);
            before = next;
        }
        row(&[&written])
    }

    fn solidus(&mut self, left: &Expr, right: &Expr, place: Place) -> String {
        let is_quotient = matches!(left.kind, Kind::Binary(Operator::Divide, _));
        let left = self.followed(left, if is_quotient { SIGN } else { PRODUCT }, place);
        let right = match level(right, place) {
            POWER => self.part(right, place),
            _ => self.tight(right, place),
        };
        row(&[&left, SOLIDUS, &right])
    }

    fn power(&mut self, base: &Expr, exponent: &Expr, place: Place) -> String {
        let base = self.tight(base, place);
        raised(&base, &self.part(exponent, place.small()))
    }

    fn call(&mut self, function: Function, arguments: &[Expr], place: Place) -> String {
        match (function, arguments) {
            (Function::If, _) => self.cases(arguments, place),
            (Function::Sqrt, [x]) => root(&self.part(x, place)),
            (Function::Exp, [x]) => raised(EULER, &self.part(x, place.small())),
            (Function::Pow, [base, exponent]) => self.power(base, exponent, place),
            (Function::Abs, [x]) => fenced("|", &self.part(x, place), "|"),
            (Function::Floor, [x, step @ ..]) => {
                let floor = fenced("⌊", &self.part(x, place), "⌋");
                self.with_step(floor, step, place)
            }
            (Function::Ceil, [x, step @ ..]) => {
                let ceiling = fenced("⌈", &self.part(x, place), "⌉");
                self.with_step(ceiling, step, place)
            }
            (Function::Round, [x, step @ ..]) => {
                let name = self.with_step(upright(function), step, place);
                applied(&name, &[self.part(x, place)])
            }
            (Function::Choose, [n, k]) => {
                let place = place.in_fraction();
                binomial(&self.part(n, place), &self.part(k, place))
            }
            (Function::At, [Expr { kind: Kind::Name(state), .. }, round]) => {
                let state = self.leaves.state(state);
                indexed(&state, &self.part(round, place.small()))
            }
            _ => {
                let arguments: Vec<_> = arguments.iter().map(|argument| self.part(argument, place)).collect();
                applied(&upright(function), &arguments)
            }
        }
    }

    /// What rounds, with the step of which it gives multiples as its index, if there is one.
    fn with_step(&mut self, rounding: String, step: &[Expr], place: Place) -> String {
        match step.first() {
            Some(step) => indexed(&rounding, &self.part(step, place.small())),
            None => rounding,
        }
    }

    fn sum(&mut self, index: &str, parts: &[Expr; 3], place: Place) -> String {
        let [first, last, body] = parts;
        let first = self.part(first, place.small());
        let last = self.part(last, place.small());
        self.counters.push(index.to_owned());
        let body = self.operand(body, PRODUCT, place.behind());
        self.counters.pop();
        summed(&row(&[&symbol_of(index), sign(Operator::Equal), &first]), &last, &body)
    }

    /// A line for each case; an `if` in the last case goes on behind the same brace.
    fn cases(&mut self, mut arguments: &[Expr], place: Place) -> String {
        let mut lines = String::new();
        while let [condition, then, otherwise] = arguments {
            let condition = row(&[&spaced("", &self.words.if_), &self.part(condition, place)]);
            lines += &case(&self.part(then, place), &condition);
            arguments = match &otherwise.kind {
                Kind::Call(Function::If, arguments) => arguments,
                _ => {
                    lines += &case(&self.part(otherwise, place), &word(&self.words.otherwise));
                    break;
                }
            };
        }
        cases(&lines)
    }
}

/// A word with a space behind it, and what comes before.
fn spaced(before: &str, text: &str) -> String {
    word(&format!("{before}{text}\u{A0}"))
}

/// How tightly a part holds together as it is written.
fn level(expr: &Expr, place: Place) -> u8 {
    match &expr.kind {
        Kind::Binary(Operator::Divide, _) if place.takes_fraction() => POWER,
        Kind::Sum { .. } => SIGN,
        Kind::Call(Function::If, _) => 0,
        Kind::Call(Function::Floor | Function::Ceil, arguments) if arguments.len() == 1 => u8::MAX,
        Kind::Call(Function::Abs | Function::Choose | Function::At, _) => u8::MAX,
        Kind::Call(..) => POWER,
        _ => expr.level(),
    }
}

/// Whether a part ends in a sum, which would take in the factors behind it.
fn ends_open(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Sum { .. } => true,
        Kind::Negate(operand) => ends_open(operand),
        Kind::Binary(Operator::Add | Operator::Subtract | Operator::Multiply, sides) => ends_open(&sides[1]),
        _ => false,
    }
}

/// The operands of operators of one level that are read from left to right: the first, and the others with the
/// operator before each. Quotients are no links, as a fraction stands for itself.
fn links(expr: &Expr, level: u8) -> (&Expr, Vec<(Operator, &Expr)>) {
    let mut links = Vec::new();
    let mut first = expr;
    while let Kind::Binary(operator, sides) = &first.kind
        && operator.level() == level
        && *operator != Operator::Divide
    {
        links.push((*operator, &sides[1]));
        first = &sides[0];
    }
    links.reverse();
    (first, links)
}

/// Whether a part is a number in digits alone.
fn is_bare(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::Number { digits, unit } if unit.is_none() && !digits.contains(['e', 'E']))
}
