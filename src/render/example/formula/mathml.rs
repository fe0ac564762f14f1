//! The elements of MathML that formulas are made of. Every function takes and gives single elements.

use crate::evaluate::expression::{Function, Operator};
use crate::render::html;

/// Of a difference and before a negative number.
pub(super) const MINUS: &str = "<mo>−</mo>";
/// Of a product.
pub(super) const DOT: &str = "<mo>⋅</mo>";
/// Of a quotient that stays on the line.
pub(super) const SOLIDUS: &str = "<mo lspace=\"0\" rspace=\"0\">/</mo>";
/// The number e: upright, so that it is not taken for a symbol of the example.
pub(super) const EULER: &str = "<mi mathvariant=\"normal\">e</mi>";
/// A product without a sign: a times sign that is spoken and not seen, and a thin space.
const JUXTAPOSED: &str = "<mo rspace=\"0.1667em\">\u{2062}</mo>";
/// Between arguments, with more space behind it than the comma in 1,000.
const COMMA: &str = "<mo rspace=\"0.4em\">,</mo>";
/// Between a function and its arguments: spoken and not seen.
const APPLIED: &str = "<mo>\u{2061}</mo>";

/// The sign between two operands. Conditions are joined by words, powers by none.
pub(super) const fn sign(operator: Operator) -> &'static str {
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

/// The sign of a product: none where a letter follows a number or a letter, as only there nothing else can be meant.
pub(super) fn times(is_number: bool, left: &str, right: &str) -> &'static str {
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

/// The name of a function, without a slant as it has several letters.
pub(super) fn upright(function: Function) -> String {
    match function {
        Function::Log10 => "<msub><mi>log</mi><mn>10</mn></msub>".to_owned(),
        _ => format!("<mi>{}</mi>", function.name()),
    }
}

/// A function of arguments.
pub(super) fn applied(function: &str, arguments: &[String]) -> String {
    row(&[function, APPLIED, &brackets(&row(&[&arguments.join(COMMA)]))])
}

/// A fraction.
pub(super) fn fraction(over: &str, under: &str) -> String {
    format!("<mfrac>{over}{under}</mfrac>")
}

/// In how many ways k of n can be chosen.
pub(super) fn binomial(n: &str, k: &str) -> String {
    brackets(&format!("<mfrac linethickness=\"0\">{n}{k}</mfrac>"))
}

/// A square root.
pub(super) fn root(part: &str) -> String {
    format!("<msqrt>{}</msqrt>", inside(part))
}

/// A part with an index.
pub(super) fn indexed(base: &str, index: &str) -> String {
    format!("<msub>{base}{index}</msub>")
}

/// A power. A base with an index keeps it below the exponent.
pub(super) fn raised(base: &str, exponent: &str) -> String {
    match base.strip_prefix("<msub>").and_then(|base| base.strip_suffix("</msub>")) {
        Some(base) => format!("<msubsup>{base}{exponent}</msubsup>"),
        None => format!("<msup>{base}{exponent}</msup>"),
    }
}

/// A sum of `body` from `first`, which says what counts, to `last`.
pub(super) fn summed(first: &str, last: &str, body: &str) -> String {
    row(&["<munderover><mo>∑</mo>", first, last, "</munderover>", body])
}

/// A brace before lines of [`case`].
pub(super) fn cases(lines: &str) -> String {
    row(&["<mo>{</mo><mtable class=\"cases\" columnalign=\"left\">", lines, "</mtable>"])
}

/// A value and what must hold for it.
pub(super) fn case(value: &str, condition: &str) -> String {
    format!("<mtr><mtd>{}</mtd><mtd>{}</mtd></mtr>", inside(value), inside(condition))
}

/// Words, and any space in them.
pub(super) fn word(word: &str) -> String {
    format!("<mtext>{}</mtext>", html::text(word))
}

/// Parts side by side.
pub(super) fn row(parts: &[&str]) -> String {
    format!("<mrow>{}</mrow>", parts.concat())
}

/// A part in round brackets.
pub(super) fn brackets(part: &str) -> String {
    fenced("(", part, ")")
}

/// A part between two signs, which grow with it if it is higher than a line. Browsers would also have them grow a
/// little round an index or a capital letter, and then no two of them on a line are alike.
pub(super) fn fenced(open: &str, part: &str, close: &str) -> String {
    // A sign that comes first in its row is set as one that belongs to what follows: −x, |x|.
    let content = Some(inside(part)).filter(|content| !content.starts_with("<mo")).unwrap_or(part);
    let is_high = ["<mfrac", "<munderover", "<mtable"].iter().any(|tag| content.contains(tag));
    let fixed = if is_high { "" } else { " stretchy=\"false\"" };
    format!("<mrow><mo{fixed}>{open}</mo>{content}<mo{fixed}>{close}</mo></mrow>")
}

/// What is in a part, if it is a row: for places that make a row of what they hold.
pub(super) fn inside(part: &str) -> &str {
    part.strip_prefix("<mrow>").and_then(|part| part.strip_suffix("</mrow>")).unwrap_or(part)
}
