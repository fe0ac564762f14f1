//! Expressions and the MathML expected for them.

mod random;
mod reader;

use std::sync::LazyLock;

use super::{Leaves, Words, formula, number, symbol, symbol_of};
use crate::evaluate::expression::{Expr, expression};
use crate::evaluate::format::Numerals;
use crate::evaluate::unit::{Unit, Units};
use crate::lang::Lang;
use reader::{parse, plain, well_formed};

/// Names as symbols.
struct Symbols;

impl Leaves for Symbols {
    fn name(&mut self, name: &str, _brackets: bool) -> String {
        symbol_of(name)
    }

    fn state(&mut self, name: &str) -> String {
        symbol_of(name)
    }

    fn number(&mut self, digits: &str, unit: &Unit) -> String {
        let first = Lang::all(1).next().expect("one language");
        number(digits, &numerals(), &UNITS.label(unit, first).many)
    }
}

/// Names with values put in: −3 everywhere, `[−3]` where brackets are asked for, `{−3}` where a unit needs them.
struct Values;

impl Leaves for Values {
    fn name(&mut self, _: &str, brackets: bool) -> String {
        if brackets { "<mn>[−3]</mn>" } else { "<mn>−3</mn>" }.to_owned()
    }

    fn tight(&mut self, _: &str) -> String {
        "<mn>{−3}</mn>".to_owned()
    }

    fn state(&mut self, name: &str) -> String {
        symbol_of(name)
    }

    fn number(&mut self, digits: &str, unit: &Unit) -> String {
        Symbols.number(digits, unit)
    }
}

static UNITS: LazyLock<Units> = LazyLock::new(|| Units::new(&["en"], &[]).0);

fn numerals() -> Numerals {
    Numerals {
        decimal: ".".to_owned(),
        group: ",".to_owned(),
        minus: "−".to_owned(),
        scales: Vec::new(),
        times: " × 10".to_owned(),
        date: String::new(),
        months: Vec::new(),
        durations: Vec::new(),
        yes: "yes".to_owned(),
        no: "no".to_owned(),
        not_a_number: "–".to_owned(),
    }
}

fn words() -> Words {
    let [if_, otherwise, and, or, not, true_, false_] =
        ["if", "otherwise", "and", "or", "not", "true", "false"].map(str::to_owned);
    Words { if_, otherwise, and, or, not, true_, false_ }
}

fn read(text: &str) -> Expr {
    expression(text, &UNITS).unwrap_or_else(|problem| panic!("{text}: {}", problem.message))
}

/// The formula, with what cannot be seen written as words.
fn shown(expr: &Expr, leaves: &mut dyn Leaves) -> String {
    let written = formula(expr, leaves, &words());
    well_formed(&written).unwrap_or_else(|problem| panic!("{expr}: {problem}: {written}"));
    written
        .replace("<mo rspace=\"0.1667em\">\u{2062}</mo>", "<thin/>")
        .replace("<mo>\u{2061}</mo>", "<of/>")
        .replace(" stretchy=\"false\"", "")
        .replace('\u{A0}', "_")
}

fn check(text: &str, expected: &str) {
    assert_eq!(shown(&read(text), &mut Symbols), expected, "{text}");
}

/// Only what is read: elements that cannot be seen left out, fractions as [a|b], roots as √[a], scripts as ^[a], _[a].
fn check_read(text: &str, expected: &str) {
    assert_eq!(plain(&shown(&read(text), &mut Symbols)), expected, "{text}");
}

/// With values put in.
fn check_values(text: &str, expected: &str) {
    assert_eq!(plain(&shown(&read(text), &mut Values)), expected, "{text}");
}

#[test]
fn quotients_are_fractions_two_deep_and_stay_on_the_line_in_exponents() {
    check("a / b", "<mfrac><mi>a</mi><mi>b</mi></mfrac>");
    check("(a + 1) / b", "<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>");
    check(
        "x^(a/b)",
        "<msup><mi>x</mi><mrow><mi>a</mi><mo lspace=\"0\" rspace=\"0\">/</mo><mi>b</mi></mrow></msup>",
    );
    check_read("a / b / c", "[[a|b]|c]");
    check_read("a / b / c / d", "[[a/b|c]|d]");
    check_read("a / (1 + b / (2 + c / (3 + d / x)))", "[a|1+[b|2+c/(3+d/x)]]");
    check_read("a / b * c - d / x", "[a|b]⋅c−[d|x]");
    check_read("a * (b / c)", "a⋅[b|c]");
    check_read("(a / b)^2", "([a|b])^[2]");
}

#[test]
fn quotients_on_the_line_have_the_brackets_they_need() {
    check_read("x^(a/b/c)", "x^[(a/b)/c]");
    check_read("x^(a/(b*c))", "x^[a/(b c)]");
    check_read("x^(a*b/c)", "x^[a b/c]");
    check_read("x^(a/b*c)", "x^[(a/b)⋅c]");
    check_read("x^(a/b^2)", "x^[a/b^[2]]");
    check_read("x^(a/2 s)", "x^[a/(2 s)]");
    check_read("x^(a/-b)", "x^[a/(−b)]");
    check_read("x^(-a/b)", "x^[−a/b]");
    check_read("x^(a/sqrt(b) + 1)", "x^[a/√[b]+1]");
    check_read("x^(a/floor(b))", "x^[a/⌊b⌋]");
    check_read("x^(a/ln(b))", "x^[a/ln(b)]");
}

#[test]
fn products_have_a_dot_unless_a_letter_follows() {
    check("2 * N", "<mn>2</mn><thin/><mi>N</mi>");
    check("2 * 3", "<mn>2</mn><mo>⋅</mo><mn>3</mn>");
    check_read("2 * p0 * q^2", "2 p_[0] q^[2]");
    check_read("2 * sqrt(r) / (1 + r) - 1", "[2 √[r]|1+r]−1");
    check_read("N * 2", "N⋅2");
    check_read("2 * batch_size", "2⋅batch size");
    check_read("2 * (1 + r)", "2⋅(1+r)");
    check_read("31 * 4096 B", "31⋅4,096 B");
    check_read("12 s * N", "12 s⋅N");
    check_read("2 * exp(x)", "2 e^[x]");
    check_read("a * (b * c)", "a⋅(b c)");
    check_read("1e-9 * x", "10^[−9]⋅x");
    check_values("2 * N * x", "2⋅[−3]⋅[−3]");
}

#[test]
fn powers_have_brackets_round_all_but_names_and_numbers() {
    check("x^2", "<msup><mi>x</mi><mn>2</mn></msup>");
    check("p0^2", "<msubsup><mi>p</mi><mn>0</mn><mn>2</mn></msubsup>");
    check_read("pow(1 + r, n)", "(1+r)^[n]");
    check_read("2^3^4", "2^[3^[4]]");
    check_read("(2^3)^4", "(2^[3])^[4]");
    check_read("(-x)^2", "(−x)^[2]");
    check_read("-x^2", "−x^[2]");
    check_read("2^-x", "2^[−x]");
    check_read("(5 s)^2", "(5 s)^[2]");
    check_read("5%^2", "(5%)^[2]");
    check_read("sqrt(x)^2", "(√[x])^[2]");
    check_read("abs(x)^2", "|x|^[2]");
    check_read("ln(x)^2", "(ln(x))^[2]");
    check_values("x^2", "{−3}^[2]");
    check_values("x^y", "{−3}^[−3]");
}

#[test]
fn signs_do_not_meet() {
    check("-x", "<mo>−</mo><mi>x</mi>");
    check("a - -b", "<mi>a</mi><mo>−</mo><mrow><mo>(</mo><mrow><mo>−</mo><mi>b</mi></mrow><mo>)</mo></mrow>");
    check_read("a + -b * c", "a+(−b)⋅c");
    check_read("--a", "−(−a)");
    check_read("-(a + b)", "−(a+b)");
    check_read("a - (b - c) - d", "a−(b−c)−d");
    check_read("a + b - c", "a+b−c");
    check_read("-a / b", "[−a|b]");
    check_values("a + b - c", "−3+[−3]−[−3]");
    check_values("a * b < c", "−3⋅[−3]‹−3");
    check_values("-a", "−[−3]");
}

#[test]
fn functions_look_as_in_textbooks() {
    check("sqrt(x)", "<msqrt><mi>x</mi></msqrt>");
    check("exp(-x)", "<msup><mi mathvariant=\"normal\">e</mi><mrow><mo>−</mo><mi>x</mi></mrow></msup>");
    check("ln(x)", "<mi>ln</mi><of/><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>");
    check("floor(x)", "<mo>⌊</mo><mi>x</mi><mo>⌋</mo>");
    check("choose(n, k)", "<mo>(</mo><mfrac linethickness=\"0\"><mi>n</mi><mi>k</mi></mfrac><mo>)</mo>");
    check_read("log10(x)", "log_[10](x)");
    check_read("min(a, b, -c)", "min(a,b,−c)");
    check_read("floor(x, 1 wei)", "⌊x⌋_[1 wei]");
    check_read("ceil(x / 32 B) * 32 B", "⌈[x|32 B]⌉⋅32 B");
    check_read("round(x, 10 wei)", "round_[10 wei](x)");
    check_read("clamp(x, 0, 1)", "clamp(x,0,1)");
    check_read("abs(-x)", "|−x|");
    check_read("floor(abs(x))", "⌊|x|⌋");
}

#[test]
fn brackets_grow_round_what_is_higher_than_a_line() {
    let written = |text| formula(&read(text), &mut Symbols, &words());
    assert_eq!(written("abs(x)"), "<mo stretchy=\"false\">|</mo><mi>x</mi><mo stretchy=\"false\">|</mo>");
    assert!(written("abs(x / y)").starts_with("<mo>|</mo>"));
    assert!(written("abs(x^(1/y))").starts_with("<mo stretchy=\"false\">|</mo>"));
}

#[test]
fn states_of_series_have_their_round_as_index() {
    check("plan.saved", "<mi>saved</mi>");
    check_read("at(plan.saved, n / 2) - at(plan.saved, 0)", "saved_[n/2]−saved_[0]");
    check_read("at(plan.saved, 3)^2", "saved_[3]^[2]");
    check_values("at(plan.saved, k) + plan.saved", "saved_[−3]+[−3]");
}

#[test]
fn sums_have_limits_and_do_not_take_in_what_follows() {
    check(
        "sum(k, 1, n, k^2)",
        "<munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>\
         <msup><mi>k</mi><mn>2</mn></msup>",
    );
    check_read("sum(k, 1, n, a + k)", "∑_[k=1]^[n](a+k)");
    check_read("2 * sum(k, 1, n, k)", "2⋅∑_[k=1]^[n]k");
    check_read("sum(k, 1, n, k) * 2", "(∑_[k=1]^[n]k)⋅2");
    check_read("2 * sum(k, 1, n, k) + 1", "(2⋅∑_[k=1]^[n]k)+1");
    check_read("1 - sum(k, 1, n, k)", "1−∑_[k=1]^[n]k");
    check_read("1 - sum(k, 1, n, k) + x", "1−(∑_[k=1]^[n]k)+x");
    check_read("x^(sum(k, 1, n, k) / 2)", "x^[(∑_[k=1]^[n]k)/2]");
    check_read("sum(k, 1, n, k)^2", "(∑_[k=1]^[n]k)^[2]");
    check_values("sum(k, 1, n, x * k)", "∑_[k=1]^[−3][−3]⋅k");
    check_values("sum(k, x, n, k * x)", "∑_[k=−3]^[−3]k⋅[−3]");
}

#[test]
fn cases_stand_behind_a_brace() {
    check(
        "if(a < b, 1, 0)",
        "<mo>{</mo><mtable class=\"cases\" columnalign=\"left\">\
         <mtr><mtd><mn>1</mn></mtd><mtd><mtext>if_</mtext><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></mtd></mtr>\
         <mtr><mtd><mn>0</mn></mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable>",
    );
    check_read("if(a > b, 1, if(a == b, 2, 3))", "{1,if_a›b;2,if_a=b;3,otherwise;");
    check_read("2 * if(a, 1, 0)", "2⋅({1,if_a;0,otherwise;)");
}

#[test]
fn conditions_have_words() {
    check_read("not (a and b or c)", "not_(a_and_b_or_c)");
    check_read("a <= b and c >= d or a != b", "a≤b_and_c≥d_or_a≠b");
    check_read("a and (b or c) and not d", "a_and_(b_or_c)_and_not_d");
    check_read("true or false", "true_or_false");
}

fn symbols(texts: &[(&str, &str)], made: fn(&str) -> String) {
    for (text, expected) in texts {
        let element = parse(&made(text)).unwrap_or_else(|problem| panic!("{text}: {problem}"));
        assert_eq!(element.children.len(), 1, "{text}");
        assert_eq!(plain(&made(text)), *expected, "{text}");
    }
}

#[test]
fn symbols_are_as_their_authors_write_them() {
    assert_eq!(symbol("N"), "<mi>N</mi>");
    assert_eq!(symbol("C_16"), "<msub><mi>C</mi><mn>16</mn></msub>");
    assert_eq!(symbol("Delta"), "<mi mathvariant=\"normal\">Δ</mi>");
    symbols(
        &[
            ("p_0", "p_[0]"),
            ("IL", "IL"),
            ("fee_max", "fee_[max]"),
            ("lambda_i", "λ_[i]"),
            ("σ_{max}", "σ_[max]"),
            ("x_i_j", "x_[i,j]"),
            ("价", "价"),
            ("p'", "p^[′]"),
            ("a<b&c", "a‹b＆c"),
            ("_", "_"),
            ("", ""),
        ],
        symbol,
    );
}

#[test]
fn symbols_are_made_from_names() {
    assert_eq!(symbol_of("r"), "<mi>r</mi>");
    symbols(
        &[
            ("p0", "p_[0]"),
            ("p_0", "p_[0]"),
            ("C16", "C_[16]"),
            ("batch_size", "batch size"),
            ("fee2", "fee_[2]"),
            ("old_fee_2", "old fee_[2]"),
            ("n_daily_users", "n_[daily users]"),
            ("p0_max", "p_[0,max]"),
            ("lambda", "λ"),
            ("sigma2", "σ_[2]"),
            ("Omega", "Ω"),
            ("sIgma", "sIgma"),
            ("plan.saved", "saved"),
            ("x2y", "x2y"),
            ("12", "12"),
            ("__", "__"),
        ],
        symbol_of,
    );
}

#[test]
fn numbers_are_written_for_readers() {
    let shown = |digits, label| number(digits, &numerals(), label);
    assert_eq!(shown("21000", ""), "<mn>21,000</mn>");
    assert_eq!(shown("5", "gas"), "<mrow><mn>5</mn><mspace width=\"0.2em\"/><mtext>gas</mtext></mrow>");
    assert_eq!(shown("5", "%"), "<mrow><mn>5</mn><mtext>%</mtext></mrow>");
    let figures = |digits| plain(&shown(digits, ""));
    let digits =
        ["999", "1000", "1234567.1234", ".5", "7.", "007", "0.0", "1e-9", "2.5E+06", "1e0", "0e99999999999"];
    let expected =
        ["999", "1,000", "1,234,567.1234", "0.5", "7", "7", "0.0", "10^[−9]", "2.5⋅10^[6]", "1", "0"];
    assert_eq!(digits.map(figures), expected);
}
