//! The words and signs of an expression.
//!
//! A unit is written right behind its number and without spaces in itself (`2000 USD/ETH`), so it is read here:
//! only so can `2 USD/n` be a division and `2 USD/ETH` a price.

use std::ops::Range;

use super::{MAX_TOKENS, Problem};
use crate::diagnostic::{Code, nearest};
use crate::evaluate::unit::{Unit, Units};

/// A word or sign.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// Digits with the unit behind them.
    Number(&'a str, Unit),
    /// A name or a keyword.
    Word(&'a str),
    /// An operator, a bracket, a comma.
    Sign(&'static str),
    /// Behind the last one.
    End,
}

const SIGNS: [&str; 16] =
    ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "^", "(", ")", ",", "~", "="];

/// What people type for a sign, and the sign.
const LOOKALIKES: [(char, &str); 15] = [
    ('（', "("),
    ('）', ")"),
    ('，', ","),
    ('＋', "+"),
    ('－', "-"),
    ('−', "-"),
    ('–', "-"),
    ('×', "*"),
    ('·', "*"),
    ('÷', "/"),
    ('＝', "="),
    ('≤', "<="),
    ('≥', ">="),
    ('≠', "!="),
    ('％', "%"),
];

/// The words that stand between expressions, and so cannot be a unit or a name.
pub(super) const KEYWORDS: [&str; 7] = ["and", "or", "not", "true", "false", "at", "within"];

/// Splits an expression into its words and signs, with [`Token::End`] last.
pub(super) fn tokens<'a>(text: &'a str, units: &Units) -> Result<Vec<(Token<'a>, Range<usize>)>, Problem> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let Some(first) = text[at..].chars().next() else {
            tokens.push((Token::End, at..at));
            return Ok(tokens);
        };
        if tokens.len() == MAX_TOKENS {
            let message = format!("an expression has at most {MAX_TOKENS} words and signs");
            return Err(Problem::new(Code::ExpressionInvalid, at..text.len(), message)
                .help("make steps of its parts"));
        }
        let (token, end) = match first {
            '0'..='9' | '.' => number(text, at, units)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = word_end(text, at);
                (Token::Word(&text[at..end]), end)
            }
            _ => sign(text, at, first)?,
        };
        tokens.push((token, at..end));
        at = end;
    }
}

fn sign(text: &str, at: usize, first: char) -> Result<(Token<'static>, usize), Problem> {
    if let Some(sign) = SIGNS.into_iter().find(|sign| text[at..].starts_with(sign)) {
        return Ok((Token::Sign(sign), at + sign.len()));
    }
    let place = at..at + first.len_utf8();
    let problem = Problem::new(Code::ExpressionInvalid, place, format!("`{first}` means nothing here"));
    Err(match LOOKALIKES.iter().find(|(lookalike, _)| *lookalike == first) {
        Some((_, sign)) => problem.help(format!("write `{sign}`")).fix(*sign),
        None => {
            problem.help("expressions are numbers with units, names, `+ - * / ^`, comparisons and functions")
        }
    })
}

/// The end of a name: letters, digits, `_`, and single dots between them.
fn word_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut end = start;
    while let Some(byte) = bytes.get(end) {
        let is_dot = *byte == b'.' && bytes.get(end + 1).is_some_and(|next| next.is_ascii_alphabetic());
        if !is_part(byte) && !is_dot {
            break;
        }
        end += 1;
    }
    end
}

fn number<'a>(text: &'a str, start: usize, units: &Units) -> Result<(Token<'a>, usize), Problem> {
    let end = digits_end(text, start);
    let digits = &text[start..end];
    if !digits.parse::<f64>().is_ok_and(f64::is_finite) {
        let message = format!("`{digits}` is no number that can be computed with");
        return Err(Problem::new(Code::ExpressionInvalid, start..end, message));
    }
    grouped(text, start, end)?;
    let gap = text[end..].len() - text[end..].trim_start_matches(' ').len();
    let behind = &text[end + gap..];
    if let Some((factors, length)) = units.factors(behind) {
        let unit = units.unit(factors).ok_or_else(|| {
            let place = end + gap..end + gap + length;
            Problem::new(Code::UnitUnknown, place, "the powers of this unit are too large")
        })?;
        return Ok((Token::Number(digits, unit), end + gap + length));
    }
    if behind.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let place = end + gap..word_end(text, end + gap);
        let word = &text[place.clone()];
        if !KEYWORDS.contains(&word) {
            return Err(unknown_unit(word, place, units));
        }
    }
    Ok((Token::Number(digits, Unit::none()), end))
}

/// The end of digits with a fraction and an exponent.
fn digits_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let run = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = run(start);
    if bytes.get(end) == Some(&b'.') {
        end = run(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = run(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end.max(start + 1)
}

/// `1,000` is no number here: a comma parts arguments.
fn grouped(text: &str, start: usize, end: usize) -> Result<(), Problem> {
    let mut close = end;
    while text[close..].starts_with(',')
        && text.as_bytes().get(close + 1..close + 4).is_some_and(|group| group.iter().all(u8::is_ascii_digit))
        && !text.as_bytes().get(close + 4).is_some_and(u8::is_ascii_digit)
    {
        close += 4;
    }
    if close == end || end - start > 3 {
        return Ok(());
    }
    let plain = text[start..close].replace(',', "");
    Err(Problem::new(Code::ExpressionInvalid, start..close, "a number is written without commas")
        .help(format!("write `{plain}`; between arguments, put a space behind the comma"))
        .fix(plain))
}

fn unknown_unit(word: &str, place: Range<usize>, units: &Units) -> Problem {
    let problem = Problem::new(Code::UnitUnknown, place, format!("there is no unit `{word}`"));
    match nearest(word, units.names()) {
        Some(unit) => problem.help(format!("did you mean `{unit}`?")).fix(unit),
        None => problem.help(
            "write `*` between a number and a name; a unit of your own is declared in `[units]` of book.toml",
        ),
    }
}
