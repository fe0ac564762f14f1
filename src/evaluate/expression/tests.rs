//! Text against text: what is read, what is refused and where.

use super::{claim, expression};
use crate::evaluate::check::Scope;
use crate::evaluate::check::Type;
use crate::evaluate::code::Machine;
use crate::evaluate::unit::Units;

fn units() -> Units {
    Units::new(&["en", "zh-Hans"], &[]).0
}

/// The expression as it is printed, or the marked text and what is said of it.
fn read(text: &str) -> String {
    match expression(text, &units()) {
        Ok(expr) => expr.to_string(),
        Err(problem) => format!("[{}] {}", &text[problem.at.clone()], problem.message),
    }
}

/// The value in base units and what it measures, with `n` = 3, `price` = 2000 USD/ETH and `cost` = 10 USD.
fn value(text: &str) -> String {
    let units = units();
    let expr = match expression(text, &units) {
        Ok(expr) => expr,
        Err(problem) => return format!("[{}] {}", &text[problem.at.clone()], problem.message),
    };
    let mut scope = Scope::new(&units);
    let dimension = |unit: &str| Type::Number(units.read(unit).expect("a unit").dimension);
    scope.add("n", Type::PLAIN());
    scope.add("price", dimension("USD/ETH"));
    scope.add("cost", dimension("USD"));
    match scope.check(&expr) {
        Err(problem) => format!("[{}] {}", &text[problem.at.clone()], problem.message),
        Ok((code, kind)) => {
            let mut machine = Machine::new(scope.slots);
            machine.slots[..3].copy_from_slice(&[3.0, 2000.0 / 1e18, 10.0]);
            format!("{} {}", machine.evaluate(&code), scope.describe(&kind))
        }
    }
}

#[test]
fn operators_bind_as_in_mathematics() {
    assert_eq!(read("1+2*3^2^-1"), "1 + 2 * 3 ^ 2 ^ -1");
    assert_eq!(read("(1+2)*3"), "(1 + 2) * 3");
    assert_eq!(read("1-(2-3)-4"), "1 - (2 - 3) - 4");
    assert_eq!(read("-2^2"), "-2 ^ 2");
    assert_eq!(read("(-2)^2"), "(-2) ^ 2");
    assert_eq!(read("not a < 1 and b or c"), "not a < 1 and b or c");
    assert_eq!(read("not (a and b)"), "not (a and b)");
    assert_eq!(value("-2^2"), "-4 a plain number");
    assert_eq!(value("2^3^2"), "512 a plain number");
    assert_eq!(value("7 - 4 - 2"), "1 a plain number");
    assert_eq!(value("if(not n > 3 and true, 1, 2)"), "1 a plain number");
}

#[test]
fn a_unit_belongs_to_its_number() {
    assert_eq!(read("100 USD/ETH * n"), "100 USD/ETH * n");
    assert_eq!(read("cost / 2 USD/n"), "cost / 2 USD / n");
    assert_eq!(read("5%+30bps"), "5% + 30 bps");
    assert_eq!(value("12 gwei/gas * 21000 gas"), "252000000000000 ETH");
    assert_eq!(value("5%"), "0.05 a plain number");
    assert_eq!(value("1 day / 1 h"), "24 a plain number");
    assert_eq!(value("2 USD/tx * 3 tx^2"), "6 tx·USD");
    assert_eq!(value("sqrt(2 * 8 USD * 1 tx/s / 1 USD/tx/s)"), "4 tx");
    assert_eq!(read("3 pounds"), "[pounds] there is no unit `pounds`");
    assert_eq!(read("3 n"), "[n] there is no unit `n`");
}

#[test]
fn units_must_fit() {
    assert_eq!(
        value("cost + price"),
        "[cost + price] `cost` is USD and `price` is USD/ETH: they cannot be added"
    );
    assert_eq!(
        value("1 + 1 USD + n"),
        "[1 + 1 USD] `1` is a plain number and `1 USD` is USD: they cannot be added"
    );
    assert_eq!(
        value("if(n > 1, cost, 2 ETH)"),
        "[if(n > 1, cost, 2 ETH)] `cost` is USD and `2 ETH` is ETH: they cannot be the two results of one `if`"
    );
    assert_eq!(value("exp(cost)"), "[cost] what `exp` takes is a plain number, but `cost` is USD");
    assert_eq!(value("2^cost"), "[cost] an exponent is a plain number, but `cost` is USD");
    assert_eq!(value("cost^n"), "[cost^n] `cost` is USD; its exponent must be a small fixed number");
    assert_eq!(value("cost and true"), "[cost] `cost` is USD, not a condition");
    assert_eq!(value("1 + (n > 2)"), "[(n > 2)] `n > 2` is true or false, not a number");
    assert_eq!(value("floor(cost)"), "[cost] what `floor` takes is a plain number, but `cost` is USD");
    assert_eq!(value("floor(cost, 3 USD)"), "9 USD");
    assert_eq!(value("max(0, -cost)"), "0 USD");
    assert_eq!(value("cost * price / price"), "10 USD");
}

#[test]
fn functions_and_sums_compute() {
    assert_eq!(value("sum(k, 1, 4, k^2) + n"), "33 a plain number");
    assert_eq!(value("sum(k, 1, 0, k)"), "0 a plain number");
    assert_eq!(value("sum(k, 1, 3, cost)"), "30 USD");
    assert_eq!(value("choose(15, 11)"), "1365 a plain number");
    assert_eq!(value("clamp(n, 4, 5)"), "4 a plain number");
    assert_eq!(value("round(-2.5) + ceil(1.2) + abs(-1)"), "0 a plain number");
    assert_eq!(value("ln(exp(2)) + log10(1000) + sqrt(16)"), "9 a plain number");
    assert_eq!(value("sum(k, 1, 1e9, k)"), "NaN a plain number");
    assert_eq!(
        value("sum(n, 1, 2, n)"),
        "[sum(n, 1, 2, n)] `n` has a meaning already and cannot count a sum"
    );
}

#[test]
fn mistakes_are_shown_where_they_are() {
    assert_eq!(value("n + prize"), "[prize] nothing is called `prize`");
    assert_eq!(value("USD * n"), "[USD] nothing is called `USD`");
    assert_eq!(read("log(2)"), "[log] there is no function `log`");
    assert_eq!(read("min(1)"), "[min(1)] `min` takes 2 to 9 arguments, here are 1");
    assert_eq!(read("1 +"), "[] a number, a name or a bracket is missing; here is the end");
    assert_eq!(read("(1 + 2"), "[] a `)` is missing behind this bracket's contents; here is the end");
    assert_eq!(read("1 + 2)"), "[)] this bracket was never opened; here is `)`");
    assert_eq!(read("2 (3)"), "[(] this cannot stand here; here is `(`");
    assert_eq!(read("n n"), "[n] an operator is missing before this; here is `n`");
    assert_eq!(read("1 < n < 3"), "[<] comparisons are not chained; here is `<`");
    assert_eq!(read("1,000 + 2"), "[1,000] a number is written without commas");
    assert_eq!(read("max(1, 000)"), "max(1, 000)");
    assert_eq!(read("数 + 1"), "[数] `数` means nothing here");
    assert_eq!(read("2 × 3"), "[×] `×` means nothing here");
    assert_eq!(read("a = 2"), "[=] nothing is assigned here; here is `=`");
    assert_eq!(read(&"(".repeat(70)), "[(] brackets and signs are nested more than 64 deep");
    assert!(read(&"1+".repeat(400)).ends_with("an expression has at most 500 words and signs"));
}

#[test]
fn claims_have_tolerances_and_settings() {
    let units = units();
    assert!(claim("il ~ -2.02% within 0.01% at k = 4, p = 2 USD", &units).is_ok());
    let refused = |text| claim(text, &units).err().map(|problem| problem.message);
    assert_eq!(
        refused("a ~ 1 at 3 = 2").as_deref(),
        Some("the name of an input belongs behind `at`; here is `3`")
    );
    assert_eq!(
        refused("a ~ 1 within"),
        Some("a number, a name or a bracket is missing; here is the end".into())
    );
}

#[path = "../../../tests/it/random.rs"]
mod random;

use random::Random;

impl Random {
    fn pick<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        self.choose::<&str>(choices)
    }

    /// A random expression that can be read.
    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self
                .pick(&["n", "cost", "2", "0.5", "3 USD", "7%", "1e3", "2000 USD/ETH", "true"])
                .to_owned();
        }
        let mut part = || self.expression(depth - 1);
        let (a, b, c) = (part(), part(), part());
        match self.below(9) {
            0 => format!("({a})"),
            1 => format!("-{a}"),
            2 => format!("not ({a})"),
            3 => format!("if({a}, {b}, {c})"),
            4 => format!("sum(k, {a}, {b}, {c})"),
            5 => format!("max({a}, {b})"),
            6 => format!("({a}) {} ({b})", self.pick(&["<", "<=", "==", "!=", ">="])),
            _ => format!("({a}) {} ({b})", self.pick(&["+", "-", "*", "/", "^", "and", "or"])),
        }
    }

    /// Random pieces in a row, most of them nonsense.
    fn nonsense(&mut self) -> String {
        let pieces = [
            "1", "2.5", "1e400", ".", "USD", "/ETH", "%", "n", "sum(", "if(", "k", ",", "(", ")", "+", "-",
            "*", "/", "^", "<", "==", "~", "within", "at", "not", "and", " ", "数", "（", "“", "\u{0}",
            "1,000", "a.b", "..", "max(",
        ];
        (0..self.below(30)).map(|_| self.pick(&pieces)).collect()
    }
}

#[test]
fn what_is_printed_is_read_again_as_the_same() {
    let mut random = Random::new(1);
    for _ in 0..3_000 {
        let depth = 1 + random.below(4);
        let text = random.expression(depth);
        let Ok(expr) = expression(&text, &units()) else { panic!("{text} cannot be read") };
        let printed = expr.to_string();
        assert_eq!(read(&printed), printed, "from {text}");
        // The same tree, not only the same words: it has the same value, or the same fault.
        let computed = |text: &str| value(text).rsplit(']').next().map(str::to_owned);
        assert_eq!(computed(&printed), computed(&text), "from {text}");
    }
}

#[test]
fn no_text_makes_the_reader_panic_or_point_outside() {
    let mut random = Random::new(42);
    let units = units();
    for _ in 0..20_000 {
        let text = random.nonsense();
        for problem in [expression(&text, &units).err(), claim(&text, &units).err()].into_iter().flatten() {
            assert!(text.get(problem.at.clone()).is_some(), "{:?} of {text:?}", problem.at);
        }
        value(&text);
    }
}
