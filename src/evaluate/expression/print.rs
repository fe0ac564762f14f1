//! A tree back to text, with no more brackets than needed.

use std::fmt::{self, Display, Formatter};

use super::{Expr, Kind, NOT, Operator, SIGN};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Number { digits, unit } if unit.is_none() => write!(f, "{digits}"),
            Kind::Number { digits, unit } => {
                let unit = unit.spelled();
                let gap = if unit == "%" { "" } else { " " };
                write!(f, "{digits}{gap}{unit}")
            }
            Kind::Truth(truth) => write!(f, "{truth}"),
            Kind::Name(name) => write!(f, "{name}"),
            Kind::Negate(operand) => write!(f, "-{}", Within(operand, SIGN)),
            Kind::Not(operand) => write!(f, "not {}", Within(operand, NOT)),
            Kind::Binary(operator, sides) => {
                let [left, right] = &**sides;
                let (over, under) = operator.sides();
                write!(f, "{} {} {}", Within(left, over), operator.sign(), Within(right, under))
            }
            Kind::Call(function, arguments) => {
                write!(f, "{}(", function.name())?;
                for (at, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if at == 0 { "" } else { ", " })?;
                }
                write!(f, ")")
            }
            Kind::Sum { index, parts } => {
                let [from, to, body] = &**parts;
                write!(f, "sum({index}, {from}, {to}, {body})")
            }
        }
    }
}

impl Operator {
    /// How tightly its left and right operand must bind to stand without brackets.
    #[must_use]
    pub const fn sides(self) -> (u8, u8) {
        let level = self.level();
        match self {
            Self::Power => (level + 1, SIGN),
            _ if self.compares() => (level + 1, level + 1),
            _ => (level, level + 1),
        }
    }
}

impl Expr {
    /// How tightly it holds together.
    #[must_use]
    pub const fn level(&self) -> u8 {
        match &self.kind {
            Kind::Binary(operator, _) => operator.level(),
            Kind::Negate(_) => SIGN,
            Kind::Not(_) => NOT,
            _ => u8::MAX,
        }
    }
}

/// An operand, in brackets if it binds less tightly than needed.
struct Within<'a>(&'a Expr, u8);

impl Display for Within<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(expr, level) = self;
        if expr.level() < *level { write!(f, "({expr})") } else { write!(f, "{expr}") }
    }
}
