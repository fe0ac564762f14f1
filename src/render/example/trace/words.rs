//! Claims in the reader's words: labels for names, numbers as the language writes them.

use std::collections::BTreeMap;

use crate::evaluate::expression::{Claim, Expr, Kind, Operator, Test};
use crate::evaluate::format::{self, Style};
use crate::evaluate::unit::Unit;
use crate::render::example::{Figure, format_of};

/// Says claims in one language.
pub struct Words<'a> {
    /// The figure, which says how its language writes.
    pub figure: Figure<'a>,
    /// What names are called, and whether they are true or false.
    pub names: BTreeMap<&'a str, (&'a str, bool)>,
}

impl Words<'_> {
    /// A claim: `Ana's side + Bo's side = Capacity`.
    pub fn claim(&self, claim: &Claim) -> String {
        let both = |left: &Expr, sign: &str, right: &Expr, within: &Option<Expr>| {
            let slack = within.as_ref().map_or_else(String::new, |slack| format!(" ± {}", self.expr(slack)));
            format!("{} {sign} {}{slack}", self.expr(left), self.expr(right))
        };
        match &claim.test {
            Test::Near { left, right, within } => both(left, "=", right, within),
            Test::Compare { operator, sides, within } => both(&sides[0], sign(*operator), &sides[1], within),
            Test::Holds(condition) => self.expr(condition),
        }
    }

    fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            Kind::Number { digits, unit } => self.number(digits, unit),
            Kind::Truth(truth) => self.truth(*truth).to_owned(),
            Kind::Name(name) => self.name(name, true),
            Kind::Negate(operand) => format!("−{}", self.within(operand, expr.level())),
            Kind::Not(operand) => match &operand.kind {
                Kind::Name(name) => self.name(name, false),
                _ => format!("{} {}", self.figure.strings.math_not, self.within(operand, expr.level())),
            },
            Kind::Binary(operator, sides) => {
                let (over, under) = operator.sides();
                let [left, right] = [self.within(&sides[0], over), self.within(&sides[1], under)];
                let sign = match operator {
                    Operator::And => &self.figure.strings.math_and,
                    Operator::Or => &self.figure.strings.math_or,
                    _ => sign(*operator),
                };
                format!("{left} {sign} {right}")
            }
            Kind::Call(function, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|argument| self.expr(argument)).collect();
                format!("{}({})", function.name(), arguments.join(", "))
            }
            Kind::Sum { .. } => expr.to_string(),
        }
    }

    /// An operand, in brackets if it binds less tightly than needed.
    fn within(&self, expr: &Expr, level: u8) -> String {
        let words = self.expr(expr);
        if expr.level() < level { format!("({words})") } else { words }
    }

    /// A name; of a truth whether it is so: `Frozen: no`.
    fn name(&self, name: &str, is_so: bool) -> String {
        match self.names.get(name) {
            Some((label, true)) => {
                self.figure.strings.trace_is.replace("{label}", label).replace("{value}", self.truth(is_so))
            }
            Some((label, false)) => (*label).to_owned(),
            None => name.to_owned(),
        }
    }

    fn truth(&self, truth: bool) -> &str {
        if truth { &self.figure.numerals.yes } else { &self.figure.numerals.no }
    }

    fn number(&self, digits: &str, unit: &Unit) -> String {
        let value = unit.scale.to_base(digits.parse().unwrap_or(f64::NAN));
        format::format(
            value,
            &format_of(unit, Style::Auto, self.figure.units, self.figure.lang),
            self.figure.numerals,
        )
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::NotEqual => "≠",
        Operator::LessEqual => "≤",
        Operator::GreaterEqual => "≥",
        Operator::Subtract => "−",
        Operator::Multiply => "×",
        Operator::Divide => "÷",
        other => other.sign(),
    }
}
