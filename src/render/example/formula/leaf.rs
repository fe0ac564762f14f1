//! Symbols and numbers in formulas.

use super::mathml::{self, DOT, MINUS, raised, row, word};
use crate::evaluate::format::Numerals;
use crate::render::html;

/// A symbol as its author wrote it: `C_16` has an index, `lambda` is λ, one letter is slanted, several are upright.
#[must_use]
pub fn symbol(symbol: &str) -> String {
    let (base, index) = symbol.split_once('_').unwrap_or((symbol, ""));
    let index: Vec<_> = words(index).collect();
    if base.is_empty() { letters(symbol) } else { indexed(base, &index) }
}

/// A symbol made from a name of an expression: `p0` and `p_0` are a letter with an index, `batch_size` is two words.
/// Of a state of a series (`plan.saved`), the last part.
#[must_use]
pub fn symbol_of(name: &str) -> String {
    let name = name.rsplit('.').next().unwrap_or(name);
    let parts: Vec<_> = words(name).collect();
    let Some((first, rest)) = parts.split_first() else { return letters(name) };
    let (head, digits) = first.split_at(first.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    if is_one_letter(head) || (rest.is_empty() && !head.is_empty()) {
        let digits = (!digits.is_empty()).then_some(digits);
        let index: Vec<_> = digits.into_iter().chain(rest.iter().copied()).collect();
        return indexed(head, &index);
    }
    match rest.split_last() {
        Some((last, _)) if is_digits(last) => indexed(&parts[..parts.len() - 1].join(" "), &[last]),
        _ => letters(&parts.join(" ")),
    }
}

/// A number as written in an expression (`21000`, `0.5`, `1e-9`), with the label of its unit.
#[must_use]
pub fn number(digits: &str, numerals: &Numerals, label: &str) -> String {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, ""));
    let figures = format!("<mn>{}</mn>", html::text(&figures(mantissa, numerals)));
    let amount = match exponent.parse::<i32>() {
        Err(_) | Ok(0) => figures,
        Ok(power) if mantissa == "1" => power_of_ten(power),
        Ok(power) => row(&[&figures, DOT, &power_of_ten(power)]),
    };
    if label.is_empty() {
        return amount;
    }
    let space = if label.starts_with('%') { "" } else { "<mspace width=\"0.2em\"/>" };
    row(&[&amount, space, &word(label)])
}

/// Digits with groups of three and the decimal sign of the language.
fn figures(digits: &str, numerals: &Numerals) -> String {
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    let mut text = if whole.is_empty() { "0".to_owned() } else { String::new() };
    let count = whole.chars().count();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (count - at) % 3 == 0 {
            text += &numerals.group;
        }
        text.push(digit);
    }
    if decimals.is_empty() { text } else { text + &numerals.decimal + decimals }
}

fn power_of_ten(power: i32) -> String {
    let digits = format!("<mn>{}</mn>", power.unsigned_abs());
    let exponent = if power < 0 { row(&[MINUS, &digits]) } else { digits };
    raised("<mn>10</mn>", &exponent)
}

fn indexed(base: &str, index: &[&str]) -> String {
    let base = letters(base);
    match index {
        [] => base,
        [one] => mathml::indexed(&base, &letters(one)),
        // Letters and numbers are a list; words are a name.
        _ if index.iter().any(|part| is_digits(part) || is_one_letter(part)) => {
            let list: Vec<_> = index.iter().map(|part| letters(part)).collect();
            mathml::indexed(&base, &row(&[&list.join("<mo>,</mo>")]))
        }
        _ => mathml::indexed(&base, &letters(&index.join(" "))),
    }
}

/// Letters without an index. One alone is slanted by the browser, but for capital Greek ones as printers have it.
fn letters(text: &str) -> String {
    if is_digits(text) {
        return format!("<mn>{text}</mn>");
    }
    let bare = text.trim_end_matches(['\'', '′']);
    if !bare.is_empty() && bare.len() < text.len() {
        let primes = "′".repeat(text[bare.len()..].chars().count());
        return raised(&letters(bare), &format!("<mo>{primes}</mo>"));
    }
    match greek(text) {
        Some(letter @ 'Α'..='Ω') => format!("<mi mathvariant=\"normal\">{letter}</mi>"),
        Some(letter) => format!("<mi>{letter}</mi>"),
        None => format!("<mi>{}</mi>", html::text(text)),
    }
}

/// The parts of a text between `_`, without the braces that LaTeX has around an index.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['_', '{', '}']).filter(|word| !word.is_empty())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_one_letter(text: &str) -> bool {
    text.chars().count() == 1 || greek(text).is_some()
}

/// The letters in the order of their code points, which have a second sigma before the usual one.
const GREEK: [&str; 25] = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "final sigma",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
];

/// A Greek letter by its name, a capital one by its name with a capital, or itself.
fn greek(text: &str) -> Option<char> {
    if let Ok(letter) = text.parse() {
        return ('Α'..='ω').contains(&letter).then_some(letter);
    }
    let at = GREEK.iter().position(|name| *name == text.to_ascii_lowercase())? as u32;
    match text.rfind(|c: char| c.is_ascii_uppercase()) {
        None => char::from_u32(u32::from('α') + at),
        Some(0) => char::from_u32(u32::from('Α') + at),
        Some(_) => None,
    }
}
