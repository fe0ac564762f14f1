//! Expressions as MathML, set as a textbook sets them.
//!
//! What a name or a number shows comes from outside ([`Leaves`]): symbols in the formula, values in the formula with
//! numbers put in. Every part that is written is exactly one element, so that it can stand wherever one is asked
//! for. Only MathML Core is used, which browsers draw without scripts. Nothing here knows an example.

mod leaf;
#[cfg(test)]
mod tests;

use super::super::html;
use crate::evaluate::expression::{Expr, Function, Kind, Operator};
use crate::evaluate::unit::Unit;
pub use leaf::{number, symbol, symbol_of};

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
pub fn formula(expr: &Expr, leaves: &mut dyn Leaves, words: &Words) -> String {
    let mut writer = Writer { leaves, words, counters: Vec::new() };
    inside(&writer.part(expr, Place::default())).to_owned()
}

/// How tightly an operand of each kind must hold together; [`Expr::level`] counts the same way.
const SUM: u8 = Operator::Add.level();
const PRODUCT: u8 = Operator::Multiply.level();
const NOT: u8 = Operator::And.sides().1;
const SIGN: u8 = Operator::Power.sides().1;
const POWER: u8 = Operator::Power.level();
const BASE: u8 = Operator::Power.sides().0;

const MINUS: &str = "<mo>−</mo>";
const DOT: &str = "<mo>⋅</mo>";
/// A product without a sign: a times sign that is spoken and not seen, and a thin space.
const JUXTAPOSED: &str = "<mo rspace=\"0.1667em\">\u{2062}</mo>";
/// Between a function and its arguments: spoken and not seen.
const APPLIED: &str = "<mo>\u{2061}</mo>";
const SOLIDUS: &str = "<mo lspace=\"0\" rspace=\"0\">/</mo>";

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
                let not = word(&format!("{}\u{A0}", self.words.not));
                row(&[&not, &self.operand(operand, NOT, place.alone())])
            }
            Kind::Binary(operator, sides) => self.binary(expr, *operator, sides, place),
            Kind::Call(function, arguments) => self.call(*function, arguments, place),
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
            Kind::Number { digits, unit } if !is_bare(digits, unit) => brackets(&self.part(expr, place)),
            _ => self.operand(expr, BASE, place.behind()),
        }
    }

    fn binary(&mut self, expr: &Expr, operator: Operator, sides: &[Expr; 2], place: Place) -> String {
        let [left, right] = sides;
        match operator {
            Operator::Power => self.power(left, right, place),
            Operator::Divide if place.takes_fraction() => {
                let over = self.part(left, place.in_fraction());
                let under = self.part(right, place.in_fraction());
                format!("<mfrac>{over}{under}</mfrac>")
            }
            Operator::Divide => self.solidus(left, right, place),
            _ if operator.compares() => {
                let (over, under) = operator.sides();
                let left = self.operand(left, over, place.alone());
                let right = self.operand(right, under, place.alone());
                row(&[&left, sign(operator), &right])
            }
            _ => self.chain(expr, operator.level(), place),
        }
    }

    /// a + b − c, a ⋅ b ⋅ c, or conditions joined by one word.
    fn chain(&mut self, expr: &Expr, level: u8, place: Place) -> String {
        let (first, links) = links(expr, level);
        // A quotient on one line is bracketed before a factor: a/b ⋅ c is read in two ways.
        let least = if level == PRODUCT { SIGN } else { level };
        let behind = if level < SUM { place.alone() } else { place.behind() };
        let mut before = self.followed(first, least, place);
        let mut is_number = is_plain_number(first);
        let mut written = before.clone();
        for (at, &(operator, right)) in links.iter().enumerate() {
            let is_last = at + 1 == links.len();
            let next = if is_last {
                self.operand(right, level + 1, behind)
            } else {
                self.followed(right, level + 1, behind)
            };
            match operator {
                Operator::And => written += &word(&format!("\u{A0}{}\u{A0}", self.words.and)),
                Operator::Or => written += &word(&format!("\u{A0}{}\u{A0}", self.words.or)),
                Operator::Multiply => written += times(is_number, &before, &next),
                _ => written += sign(operator),
            }
            written += &next;
            is_number = is_plain_number(right);
            before = next;
        }
        row(&[&written])
    }

    fn solidus(&mut self, left: &Expr, right: &Expr, place: Place) -> String {
        let is_quotient = matches!(left.kind, Kind::Binary(Operator::Divide, _));
        let left = self.followed(left, if is_quotient { SIGN } else { PRODUCT }, place);
        let right = match level(right, place) {
            POWER => self.part(right, place.behind()),
            _ => self.tight(right, place),
        };
        row(&[&left, SOLIDUS, &right])
    }

    fn power(&mut self, base: &Expr, exponent: &Expr, place: Place) -> String {
        let base = self.tight(base, place);
        raised(&base, &self.part(exponent, place.small()))
    }

    fn call(&mut self, function: Function, arguments: &[Expr], place: Place) -> String {
        let place = place.alone();
        match (function, arguments) {
            (Function::If, _) => self.cases(arguments, place),
            (Function::Sqrt, [x]) => format!("<msqrt>{}</msqrt>", inside(&self.part(x, place))),
            (Function::Exp, [x]) => raised(EULER, &self.part(x, place.small())),
            (Function::Pow, [base, exponent]) => self.power(base, exponent, place),
            (Function::Abs, [x]) => fenced("|", &self.part(x, place), "|"),
            (Function::Floor, [x, rest @ ..]) => {
                let floor = fenced("⌊", &self.part(x, place), "⌋");
                self.to_multiple(floor, rest, place)
            }
            (Function::Ceil, [x, rest @ ..]) => {
                let ceiling = fenced("⌈", &self.part(x, place), "⌉");
                self.to_multiple(ceiling, rest, place)
            }
            (Function::Round, [x, rest @ ..]) => {
                let name = self.to_multiple("<mi>round</mi>".to_owned(), rest, place);
                applied(&name, &[self.part(x, place)])
            }
            (Function::Choose, [n, k]) => {
                let [n, k] = [n, k].map(|part| self.part(part, place.in_fraction()));
                fenced("(", &format!("<mfrac linethickness=\"0\">{n}{k}</mfrac>"), ")")
            }
            (Function::At, [Expr { kind: Kind::Name(state), .. }, round]) => {
                let state = self.leaves.state(state);
                format!("<msub>{state}{}</msub>", self.part(round, place.small()))
            }
            _ => {
                let arguments: Vec<_> = arguments.iter().map(|argument| self.part(argument, place)).collect();
                applied(&upright(function), &arguments)
            }
        }
    }

    /// What rounds, with the step of which it gives multiples as subscript, if there is one.
    fn to_multiple(&mut self, rounding: String, step: &[Expr], place: Place) -> String {
        match step.first() {
            Some(step) => format!("<msub>{rounding}{}</msub>", self.part(step, place.small())),
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
        let from = row(&[&symbol_of(index), sign(Operator::Equal), &first]);
        row(&[&format!("<munderover><mo>∑</mo>{from}{last}</munderover>"), &body])
    }

    /// A brace with a line for each case; an `if` in the last case goes on in the same brace.
    fn cases(&mut self, mut arguments: &[Expr], place: Place) -> String {
        let if_ = word(&format!("{}\u{A0}", self.words.if_));
        let mut lines = String::new();
        while let [condition, then, otherwise] = arguments {
            let condition = format!("{if_}{}", inside(&self.part(condition, place)));
            lines += &case(&self.part(then, place), &condition);
            arguments = match &otherwise.kind {
                Kind::Call(Function::If, arguments) => arguments,
                _ => {
                    lines += &case(&self.part(otherwise, place), &word(&self.words.otherwise));
                    break;
                }
            };
        }
        row(&["<mo>{</mo>", &format!("<mtable class=\"cases\" columnalign=\"left\">{lines}</mtable>")])
    }
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

/// Whether a number is written in digits alone.
fn is_bare(digits: &str, unit: &Unit) -> bool {
    unit.is_none() && !digits.contains(['e', 'E'])
}

fn is_plain_number(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::Number { digits, unit } if is_bare(digits, unit))
}

/// The sign of a product: none where a letter follows a number or a letter, as only there nothing else can be meant.
fn times(is_number: bool, left: &str, right: &str) -> &'static str {
    let right = right.strip_prefix("<msqrt>").unwrap_or(right);
    if (is_number || is_letter(left)) && is_letter(right) { JUXTAPOSED } else { DOT }
}

/// Whether MathML begins with a symbol of one letter.
fn is_letter(written: &str) -> bool {
    let scripts = ["<msup>", "<msubsup>", "<msub>"];
    let bare = scripts.iter().fold(written, |written, tag| written.strip_prefix(tag).unwrap_or(written));
    let text = bare.strip_prefix("<mi").and_then(|rest| rest.split_once('>')).map_or("", |(_, text)| text);
    text.chars().nth(1) == Some('<')
}

const fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "<mo>=</mo>",
        Operator::NotEqual => "<mo>≠</mo>",
        Operator::Less => "<mo>&lt;</mo>",
        Operator::LessEqual => "<mo>≤</mo>",
        Operator::Greater => "<mo>&gt;</mo>",
        Operator::GreaterEqual => "<mo>≥</mo>",
        Operator::Add => "<mo>+</mo>",
        Operator::Subtract => MINUS,
        _ => DOT,
    }
}

/// The number e: upright, so that it is not taken for a symbol of the example.
const EULER: &str = "<mi mathvariant=\"normal\">e</mi>";

/// The name of a function, without a slant as it has several letters.
fn upright(function: Function) -> String {
    match function {
        Function::Log10 => "<msub><mi>log</mi><mn>10</mn></msub>".to_owned(),
        _ => format!("<mi>{}</mi>", function.name()),
    }
}

fn applied(function: &str, arguments: &[String]) -> String {
    row(&[function, APPLIED, &brackets(&row(&[&arguments.join("<mo>,</mo>")]))])
}

/// A power. A base with an index keeps it below the exponent.
fn raised(base: &str, exponent: &str) -> String {
    match base.strip_prefix("<msub>").and_then(|base| base.strip_suffix("</msub>")) {
        Some(base) => format!("<msubsup>{base}{exponent}</msubsup>"),
        None => format!("<msup>{base}{exponent}</msup>"),
    }
}

fn case(value: &str, condition: &str) -> String {
    format!("<mtr><mtd>{}</mtd><mtd>{condition}</mtd></mtr>", inside(value))
}

fn word(word: &str) -> String {
    format!("<mtext>{}</mtext>", html::text(word))
}

fn row(parts: &[&str]) -> String {
    format!("<mrow>{}</mrow>", parts.concat())
}

fn brackets(part: &str) -> String {
    fenced("(", part, ")")
}

fn fenced(open: &str, part: &str, close: &str) -> String {
    // A sign that comes first in its row is set as one that belongs to what follows.
    let content = Some(inside(part)).filter(|content| !content.starts_with(MINUS)).unwrap_or(part);
    format!("<mrow><mo>{open}</mo>{content}<mo>{close}</mo></mrow>")
}

/// What is in an element, if it is a row: for places that make a row of what they hold.
fn inside(part: &str) -> &str {
    part.strip_prefix("<mrow>").and_then(|part| part.strip_suffix("</mrow>")).unwrap_or(part)
}
