//! What names mean and whether units fit: expressions to [`Code`].

use std::collections::{BTreeMap, BTreeSet};

use super::code::{Code, Slot};
use super::expression::{Expr, Function, Kind, Operator, Problem};
use super::unit::{Dimension, Units};
use crate::diagnostic::{self, nearest};

/// What kind of value an expression has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A number of something.
    Number(Dimension),
    /// The number 0 as written, which is 0 of anything.
    Zero,
    /// True or false.
    Truth,
    /// Not known because of a mistake elsewhere; fits everything, so that one mistake is said once.
    Unknown,
}

impl Type {
    /// A number without a unit.
    pub const PLAIN: fn() -> Self = || Self::Number(Dimension::default());

    /// What it measures; nothing for truths.
    #[must_use]
    pub fn dimension(&self) -> Dimension {
        match self {
            Self::Number(dimension) => dimension.clone(),
            _ => Dimension::default(),
        }
    }
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub struct Meaning {
    /// Where its value is.
    pub slot: Slot,
    /// What kind of value.
    pub kind: Type,
    /// Whether `at` may ask for its earlier values: it belongs to a series that is over.
    pub has_history: bool,
}

/// The names that an expression may use.
pub struct Scope<'a> {
    /// The book's units, for messages.
    pub units: &'a Units,
    /// What is known by name.
    pub names: BTreeMap<String, Meaning>,
    /// How many slots are taken.
    pub slots: usize,
}

impl<'a> Scope<'a> {
    /// No names yet.
    #[must_use]
    pub const fn new(units: &'a Units) -> Self {
        Self { units, names: BTreeMap::new(), slots: 0 }
    }

    /// A new slot.
    pub fn slot(&mut self) -> Slot {
        let slot =
            Slot::try_from(self.slots).expect("a file of bounded length names fewer than 65,536 things");
        self.slots += 1;
        slot
    }

    /// Gives a name a value of this kind and a slot of its own.
    pub fn add(&mut self, name: &str, kind: Type) -> Slot {
        let slot = self.slot();
        self.names.insert(name.to_owned(), Meaning { slot, kind, has_history: false });
        slot
    }

    /// Checks an expression: its code and the kind of its value.
    ///
    /// # Errors
    /// The first name or unit that does not fit, at its bytes.
    pub fn check(&mut self, expr: &Expr) -> Result<(Code, Type), Problem> {
        match &expr.kind {
            Kind::Number { digits, unit } => {
                let amount: f64 = digits.parse().unwrap_or(f64::NAN);
                let is_zero = amount == 0.0 && unit.is_none();
                let kind = if is_zero { Type::Zero } else { Type::Number(unit.dimension.clone()) };
                Ok((Code::Number(unit.scale.to_base(amount)), kind))
            }
            Kind::Truth(truth) => Ok((Code::Number(f64::from(u8::from(*truth))), Type::Truth)),
            Kind::Name(name) => self.name(name, expr),
            Kind::Negate(operand) => {
                let (code, kind) = self.number(operand)?;
                Ok((Code::Negate(Box::new(code)), kind))
            }
            Kind::Not(operand) => {
                let code = self.condition(operand)?;
                Ok((Code::Not(Box::new(code)), Type::Truth))
            }
            Kind::Binary(operator, sides) => self.binary(*operator, sides, expr),
            Kind::Call(function, arguments) => self.call(*function, arguments, expr),
            Kind::Sum { index, parts } => self.sum(index, parts, expr),
        }
    }

    /// Checks an expression that is true or false.
    ///
    /// # Errors
    /// As [`Scope::check`], and where it is a number.
    pub fn condition(&mut self, expr: &Expr) -> Result<Code, Problem> {
        match self.check(expr)? {
            (code, Type::Truth | Type::Unknown) => Ok(code),
            (_, kind) => {
                let message = format!("`{expr}` is {}, not a condition", self.describe(&kind));
                Err(mismatch(expr, message).help("compare it with something"))
            }
        }
    }

    /// Checks an expression that is a number without a unit.
    ///
    /// # Errors
    /// As [`Scope::check`], and where it has a unit.
    pub fn plain(&mut self, expr: &Expr, role: &str) -> Result<Code, Problem> {
        let (code, kind) = self.number(expr)?;
        if kind.dimension().is_plain() {
            return Ok(code);
        }
        let message = format!("{role} is a plain number, but `{expr}` is {}", self.describe(&kind));
        Err(mismatch(expr, message).help("divide by one of its unit, as in `x / 1 USD`"))
    }

    /// The kind of two values that must be alike.
    ///
    /// # Errors
    /// When they are not: `doing` says what was tried (`added`).
    pub fn alike(
        &self,
        left: (&Expr, &Type),
        right: (&Expr, &Type),
        doing: &str,
        whole: &Expr,
    ) -> Result<Type, Problem> {
        match (left.1, right.1) {
            (Type::Unknown, other) | (other, Type::Unknown) => Ok(other.clone()),
            (Type::Zero, Type::Number(_)) => Ok(right.1.clone()),
            (Type::Number(_), Type::Zero) => Ok(left.1.clone()),
            (one, other) if one == other => Ok(one.clone()),
            (one, other) => {
                let [one, other] = [one, other].map(|kind| self.describe(kind));
                let message =
                    format!("`{}` is {one} and `{}` is {other}: they cannot be {doing}", left.0, right.0);
                Err(mismatch(whole, message)
                    .help("units must fit; convert one of them with a rate that says its units"))
            }
        }
    }

    /// The kind of value in words.
    #[must_use]
    pub fn describe(&self, kind: &Type) -> String {
        match kind {
            Type::Number(dimension) => self.units.describe(dimension),
            Type::Zero => "0".to_owned(),
            Type::Truth => "true or false".to_owned(),
            Type::Unknown => "unknown".to_owned(),
        }
    }

    fn name(&self, name: &str, expr: &Expr) -> Result<(Code, Type), Problem> {
        match self.names.get(name) {
            Some(meaning) => Ok((Code::Slot(meaning.slot), meaning.kind.clone())),
            None => Err(self.unknown(name, expr)),
        }
    }

    fn unknown(&self, name: &str, expr: &Expr) -> Problem {
        let problem = Problem::new(
            diagnostic::Code::NameUnknown,
            expr.span.clone(),
            format!("nothing is called `{name}`"),
        );
        let member = format!("{name}.");
        if self.units.knows(name) {
            return problem
                .help(format!("a unit stands behind a number: write `1 {name}`"))
                .fix(format!("1 {name}"));
        }
        if let Some(state) = self.names.keys().find(|known| known.starts_with(&member)) {
            return problem.help(format!("a series has states; write `{state}`")).fix(state.clone());
        }
        match nearest(name, self.names.keys().map(String::as_str)) {
            Some(known) => problem.help(format!("did you mean `{known}`?")).fix(known),
            None => {
                let known: Vec<_> = self.names.keys().take(12).map(|name| format!("`{name}`")).collect();
                problem.help(format!("known here: {}", known.join(", ")))
            }
        }
    }

    fn number(&mut self, expr: &Expr) -> Result<(Code, Type), Problem> {
        match self.check(expr)? {
            (_, Type::Truth) => {
                let message = format!("`{expr}` is true or false, not a number");
                Err(mismatch(expr, message).help("choose a number with `if(condition, then, else)`"))
            }
            checked => Ok(checked),
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        sides: &[Expr; 2],
        whole: &Expr,
    ) -> Result<(Code, Type), Problem> {
        let [left, right] = sides;
        let pair = |left, right| Code::Binary(operator, Box::new([left, right]));
        if matches!(operator, Operator::And | Operator::Or) {
            return Ok((pair(self.condition(left)?, self.condition(right)?), Type::Truth));
        }
        if operator == Operator::Power {
            return self.power(left, right, whole);
        }
        let (left_code, left_kind) = self.number(left)?;
        let (right_code, right_kind) = self.number(right)?;
        let both = ((left, &left_kind), (right, &right_kind));
        let kind = match operator {
            Operator::Add => self.alike(both.0, both.1, "added", whole)?,
            Operator::Subtract => self.alike(both.0, both.1, "subtracted", whole)?,
            Operator::Multiply | Operator::Divide => product(operator, &left_kind, &right_kind),
            _ => {
                self.alike(both.0, both.1, "compared", whole)?;
                Type::Truth
            }
        };
        Ok((pair(left_code, right_code), kind))
    }

    fn power(&mut self, base: &Expr, exponent: &Expr, whole: &Expr) -> Result<(Code, Type), Problem> {
        let (base_code, kind) = self.number(base)?;
        let exponent_code = self.plain(exponent, "an exponent")?;
        let kind = if kind.dimension().is_plain() {
            if kind == Type::Unknown { kind } else { Type::PLAIN() }
        } else {
            let power = constant(exponent).and_then(|value| kind.dimension().power(value));
            Type::Number(power.ok_or_else(|| {
                let message = format!(
                    "`{base}` is {}; its exponent must be a small fixed number",
                    self.describe(&kind)
                );
                mismatch(whole, message)
                    .help("divide the unit away first, or write the exponent out: `^2`, `^(1/2)`")
            })?)
        };
        Ok((Code::Binary(Operator::Power, Box::new([base_code, exponent_code])), kind))
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &[Expr],
        whole: &Expr,
    ) -> Result<(Code, Type), Problem> {
        match (function, arguments) {
            (Function::At, [series, round]) => return self.at(series, round),
            (Function::Pow, [base, exponent]) => return self.power(base, exponent, whole),
            (Function::If, [condition, rest @ ..]) => {
                let condition = self.condition(condition)?;
                let (mut codes, kind) = self.all_alike(rest, "the two results of one `if`", whole)?;
                codes.insert(0, condition);
                return Ok((Code::Call(function, codes), kind));
            }
            _ => {}
        }
        let (codes, kind) = match function {
            Function::Sqrt => {
                let (code, kind) = self.number(&arguments[0])?;
                let root = kind.dimension().power(0.5).unwrap_or_default();
                (vec![code], if kind == Type::Unknown { kind } else { Type::Number(root) })
            }
            Function::Abs => {
                let (code, kind) = self.number(&arguments[0])?;
                (vec![code], kind)
            }
            Function::Min | Function::Max | Function::Clamp => {
                self.all_alike(arguments, "compared", whole)?
            }
            Function::Floor | Function::Ceil | Function::Round if arguments.len() == 2 => {
                self.all_alike(arguments, "rounded to one another", whole)?
            }
            _ => {
                let role = format!("what `{}` takes", function.name());
                let codes: Result<_, _> =
                    arguments.iter().map(|argument| self.plain(argument, &role)).collect();
                (codes?, Type::PLAIN())
            }
        };
        Ok((Code::Call(function, codes), kind))
    }

    /// Arguments of one kind.
    fn all_alike(
        &mut self,
        arguments: &[Expr],
        doing: &str,
        whole: &Expr,
    ) -> Result<(Vec<Code>, Type), Problem> {
        let mut codes = Vec::new();
        let mut kind = Type::Unknown;
        for argument in arguments {
            let (code, next) = self.check(argument)?;
            kind = self.alike((&arguments[0], &kind), (argument, &next), doing, whole)?;
            codes.push(code);
        }
        Ok((codes, kind))
    }

    fn at(&mut self, series: &Expr, round: &Expr) -> Result<(Code, Type), Problem> {
        let round = self.plain(round, "a round")?;
        let meaning = match &series.kind {
            Kind::Name(name) => self.names.get(name).filter(|meaning| meaning.has_history),
            _ => None,
        };
        let Some(meaning) = meaning else {
            let message = format!("`{series}` is no state of a series");
            return Err(Problem::new(diagnostic::Code::NameUnknown, series.span.clone(), message)
                .help("write `at(plan.saved, 12)` for a step `series: plan` with a state `saved`"));
        };
        Ok((Code::At(meaning.slot, Box::new(round)), meaning.kind.clone()))
    }

    fn sum(&mut self, index: &str, parts: &[Expr; 3], whole: &Expr) -> Result<(Code, Type), Problem> {
        let [first, last, body] = parts;
        let first = self.plain(first, "the first value of a sum")?;
        let last = self.plain(last, "the last value of a sum")?;
        if self.names.contains_key(index) || self.units.knows(index) {
            let message = format!("`{index}` has a meaning already and cannot count a sum");
            return Err(Problem::new(diagnostic::Code::ExpressionInvalid, whole.span.clone(), message)
                .help("choose another name"));
        }
        let slot = self.add(index, Type::PLAIN());
        let body = self.number(body);
        self.names.remove(index);
        let (body, kind) = body?;
        Ok((Code::Sum(slot, Box::new([first, last, body])), kind))
    }
}

/// The kind of a product or quotient.
fn product(operator: Operator, left: &Type, right: &Type) -> Type {
    match (left, right) {
        (Type::Unknown, _) | (_, Type::Unknown) => Type::Unknown,
        _ if operator == Operator::Divide => Type::Number(left.dimension().per(&right.dimension())),
        _ => Type::Number(left.dimension().times(&right.dimension())),
    }
}

/// The value of an expression of plain numbers.
fn constant(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        Kind::Number { digits, unit } if unit.dimension.is_plain() => {
            Some(unit.scale.to_base(digits.parse().ok()?))
        }
        Kind::Negate(operand) => Some(-constant(operand)?),
        Kind::Binary(Operator::Divide, sides) => Some(constant(&sides[0])? / constant(&sides[1])?),
        _ => None,
    }
}

fn mismatch(expr: &Expr, message: String) -> Problem {
    Problem::new(diagnostic::Code::UnitMismatch, expr.span.clone(), message)
}

/// The names an expression uses, counters of sums left out.
pub fn names(expr: &Expr, found: &mut BTreeSet<String>) {
    match &expr.kind {
        Kind::Number { .. } | Kind::Truth(_) => {}
        Kind::Name(name) => drop(found.insert(name.clone())),
        Kind::Negate(operand) | Kind::Not(operand) => names(operand, found),
        Kind::Binary(_, sides) => sides.iter().for_each(|side| names(side, found)),
        Kind::Call(_, arguments) => arguments.iter().for_each(|argument| names(argument, found)),
        Kind::Sum { index, parts } => {
            let mut inside = BTreeSet::new();
            parts.iter().for_each(|part| names(part, &mut inside));
            inside.remove(index);
            found.extend(inside);
        }
    }
}
