//! Expressions that no one would write.

use std::collections::BTreeMap;

use super::reader::{plain, well_formed};
use super::{Symbols, UNITS, Values, shown, words};
use crate::evaluate::expression::{Expr, Function, Kind, Operator, expression};
use crate::evaluate::unit::Unit;
use crate::render::example::formula::formula;

/// Choices that look random and are the same in every run, after Knuth's MMIX.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn expr(&mut self, depth: usize) -> Expr {
        let kind = if depth == 0 { self.leaf() } else { self.branch(depth - 1) };
        Expr { kind, span: 0..0 }
    }

    fn leaf(&mut self) -> Kind {
        let number = |digits: &str, unit: &str| Kind::Number {
            digits: digits.to_owned(),
            unit: UNITS.read(unit).unwrap_or_else(Unit::none),
        };
        match self.below(8) {
            0 => number("2", ""),
            1 => number("1e-9", ""),
            2 => number("5", "%"),
            3 => number("2000", "USD/ETH"),
            4 => Kind::Name("batch_size".to_owned()),
            5 => Kind::Name("p0".to_owned()),
            _ => Kind::Name("x".to_owned()),
        }
    }

    fn branch(&mut self, depth: usize) -> Kind {
        let mut next = || Box::new(self.expr(depth));
        let (left, right) = (next(), next());
        match self.below(8) {
            0 => self.leaf(),
            1 => Kind::Negate(left),
            2 => Kind::Not(left),
            3 => {
                let parts = Box::new([*left, *right, self.expr(depth)]);
                Kind::Sum { index: "k".to_owned(), parts }
            }
            4 | 5 => {
                let function = Function::ALL[self.below(Function::ALL.len())];
                let (least, most) = function.arguments();
                let count = least + self.below(most.min(3).saturating_sub(least) + 1);
                Kind::Call(function, (0..count).map(|_| self.expr(depth)).collect())
            }
            _ => Kind::Binary(Operator::ALL[self.below(Operator::ALL.len())], Box::new([*left, *right])),
        }
    }
}

#[test]
fn no_expression_is_written_wrong() {
    let mut random = Random(7);
    for round in 0..1_500 {
        let expr = random.expr(1 + round % 6);
        shown(&expr, &mut Symbols);
        shown(&expr, &mut Values);
    }
}

#[test]
fn no_two_expressions_look_alike() {
    let mut random = Random(11);
    let mut seen = BTreeMap::new();
    for round in 0..6_000 {
        let expr = random.expr(1 + round % 3);
        // A power is written in two ways, and shown in one.
        let text = expr.to_string();
        if text.contains("pow(") || text.contains("exp(") {
            continue;
        }
        let look = plain(&shown(&expr, &mut Symbols));
        let before = seen.entry(look.clone()).or_insert_with(|| text.clone());
        assert_eq!(*before, text, "{look}");
    }
}

#[test]
fn formulas_as_deep_as_can_be_read_are_written() {
    let forms = [
        ("(", ")"),
        ("-", ""),
        ("sqrt(", ")"),
        ("2^", ""),
        ("2^(", "*a/b)"),
        ("2 / (1 + ", ")"),
        ("min(1, ", ")"),
        ("if(a, b, ", ")"),
        ("if(a, ", ", b)"),
        ("sum(k, 1, ", ", 2)"),
        ("", "*a/b"),
        ("", "/b"),
        ("", "^b"),
        ("", " and a == b or c"),
    ];
    for (start, end) in forms {
        let mut texts = (1..=50)
            .rev()
            .map(|fives| 5 * fives)
            .map(|times| format!("{}x{}", start.repeat(times), end.repeat(times)));
        let deepest = texts.find_map(|text| expression(&text, &UNITS).ok()).expect("one that can be read");
        let written = formula(&deepest, &mut Symbols, &words());
        well_formed(&written).unwrap_or_else(|problem| panic!("{deepest}: {problem}"));
    }
}
