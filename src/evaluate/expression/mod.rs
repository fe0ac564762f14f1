//! The expression language of worked examples: text to a tree whose every node knows its place.
//!
//! Numbers with units, `+ - * / ^`, comparisons, `and or not`, `if(c, a, b)`, functions, and
//! `sum(k, a, b, expr)`. What names mean and whether units fit is `check`'s business; nothing here knows an
//! example. Text is bounded ([`MAX_TOKENS`], [`MAX_DEPTH`]), so that no tree is deeper than a stack bears.

mod lex;
mod parse;
mod print;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::unit::Unit;
use crate::diagnostic::Code;
pub use parse::{claim, expression, settings};

/// An expression has at most this many words and signs.
pub const MAX_TOKENS: usize = 500;
/// Brackets and signs are nested at most this deep.
pub const MAX_DEPTH: usize = 64;

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the text that was read.
    pub span: Range<usize>,
}

/// The forms of expressions.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A number with its unit, as the author wrote it.
    Number {
        /// The digits, to show them again.
        digits: String,
        /// The unit, perhaps none.
        unit: Unit,
    },
    /// `true` or `false`.
    Truth(bool),
    /// An input, a step, a state of a series (`plan.saved`).
    Name(String),
    /// `-x`.
    Negate(Box<Expr>),
    /// `not x`.
    Not(Box<Expr>),
    /// Two operands.
    Binary(Operator, Box<[Expr; 2]>),
    /// A function of the language, `if` among them.
    Call(Function, Vec<Expr>),
    /// `sum(k, from, to, body)`: both ends included.
    Sum {
        /// The name that counts.
        index: String,
        /// First and last value of it, and what is added up.
        parts: Box<[Expr; 3]>,
    },
}

/// The operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its sign")]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Or,
        Self::And,
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Power,
    ];

    /// How it is written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    /// How strongly it binds: the larger, the tighter.
    #[must_use]
    pub const fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide => 6,
            Self::Power => 8,
            _ => 4,
        }
    }

    /// Whether it compares two numbers.
    #[must_use]
    pub const fn compares(self) -> bool {
        self.level() == 4
    }
}

/// What binds weaker than a comparison and tighter than `and`: `not`.
pub(super) const NOT: u8 = 3;
/// The level of a sign before its operand.
pub(super) const SIGN: u8 = 7;

macro_rules! functions {
    ($($variant:ident $name:literal $least:literal..=$most:literal $form:literal)*) => {
        /// The functions of the language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Function {
            $(#[doc = concat!("`", $form, "`")] $variant,)*
        }

        impl Function {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// How many arguments it takes: least and most.
            #[must_use]
            pub const fn arguments(self) -> (usize, usize) {
                match self { $(Self::$variant => ($least, $most)),* }
            }

            /// A call of it, for help.
            #[must_use]
            pub const fn form(self) -> &'static str {
                match self { $(Self::$variant => $form),* }
            }
        }
    };
}

functions! {
    If "if" 3..=3 "if(condition, then, else)"
    Sqrt "sqrt" 1..=1 "sqrt(x)"
    Exp "exp" 1..=1 "exp(x)"
    Ln "ln" 1..=1 "ln(x)"
    Log10 "log10" 1..=1 "log10(x)"
    Pow "pow" 2..=2 "pow(x, y)"
    Min "min" 2..=9 "min(a, b, …)"
    Max "max" 2..=9 "max(a, b, …)"
    Abs "abs" 1..=1 "abs(x)"
    Floor "floor" 1..=2 "floor(x) or floor(x, 1 wei)"
    Ceil "ceil" 1..=2 "ceil(x) or ceil(x, 1 wei)"
    Round "round" 1..=2 "round(x) or round(x, 1 wei)"
    Clamp "clamp" 3..=3 "clamp(x, low, high)"
    Choose "choose" 2..=2 "choose(n, k)"
    At "at" 2..=2 "at(series.state, round)"
}

/// A sentence that an example claims of its values.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What is claimed.
    pub test: Test,
    /// `at k = 4`: the inputs it is claimed for, others at their defaults.
    pub at: Vec<Setting>,
    /// The bytes of the whole claim.
    pub span: Range<usize>,
}

/// The forms of claims.
#[derive(Clone, Debug)]
pub enum Test {
    /// `a ~ b within c`: pinned. Without `within`: equal at the digits that `b` shows.
    Near {
        /// What is pinned.
        left: Expr,
        /// To what.
        right: Expr,
        /// How far off it may be.
        within: Option<Expr>,
    },
    /// `a <= b`, with some slack.
    Compare {
        /// Which comparison.
        operator: Operator,
        /// Both sides.
        sides: Box<[Expr; 2]>,
        /// The slack.
        within: Option<Expr>,
    },
    /// Any other condition.
    Holds(Expr),
}

/// An input that is set to something else.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Which input.
    pub name: String,
    /// Where its name stands.
    pub span: Range<usize>,
    /// Its value.
    pub value: Expr,
}

/// A mistake in an expression: its place is bytes of the expression's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which kind.
    pub code: Code,
    /// Where.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What to write there instead.
    pub fix: Option<String>,
}

impl Problem {
    /// A mistake at these bytes.
    pub fn new(code: Code, at: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, at, message: message.into(), help: None, fix: None }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Says what to write instead of the marked text.
    #[must_use]
    pub fn fix(self, text: impl Into<String>) -> Self {
        Self { fix: Some(text.into()), ..self }
    }
}
