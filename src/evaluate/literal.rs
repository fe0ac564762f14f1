//! Numbers as an author typed them.
//!
//! [`literal`] reads one back into a value, so that it can be compared with the computed one; it undoes what
//! [`format`](super::format::format) does. [`numbers`] finds those of a text that say how much. What a unit's
//! label means, and what the numbers should be, is not known here.

mod prose;

use std::ops::{Range, RangeInclusive};

pub use prose::numbers;

use super::format::{Numerals, Style};
use crate::lang::is_han;

/// A number as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal<'a> {
    /// Its value with percent sign, scale word and power of ten applied, not with the unit.
    pub value: f64,
    /// Half a unit of its last digit, on the same scale: how far a value may be off that is shown so.
    pub half: f64,
    /// The bytes of the number with its minus and with percent sign, scale word or power of ten.
    pub range: Range<usize>,
    /// The style that prints it again with as many digits; per mille becomes percent.
    pub style: Style,
    /// What follows, trimmed: a unit's label.
    pub rest: &'a str,
}

/// Reads the first number of `text` in the numerals of its language.
///
/// Digits glued to a letter before them (L2, EIP-4844) are a name and passed over. None when there is no
/// number, or the first one can be read in more than one way (1,2 or 1.2.3) or is too large or small for a
/// double: better no number than another one than the author meant.
#[must_use]
pub fn literal<'a>(text: &'a str, numerals: &Numerals) -> Option<Literal<'a>> {
    let digits_at = first_digits(text, numerals)?;
    let mantissa = Mantissa::read(text, digits_at, &numerals.group, &numerals.decimal)?;
    let tail = Tail::read(&text[mantissa.end..], &mantissa, numerals)?;
    let minus = minus(&text[..digits_at], numerals);
    let last_place = tail.power - mantissa.decimals as i32;
    let size: f64 = format!("{}e{last_place}", mantissa.digits).parse().ok()?;
    let half: f64 = format!("5e{}", last_place - 1).parse().ok()?;
    let end = mantissa.end + tail.len;
    (size.is_finite() && half > 0.0).then(|| Literal {
        value: if minus > 0 { -size } else { size },
        half,
        range: digits_at - minus..end,
        style: tail.style,
        rest: text[end..].trim(),
    })
}

/// Whether `c` is part of a word in a script that has spaces between words.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !is_han(c)
}

fn is_word(c: char) -> bool {
    c.is_ascii_digit() || is_letter(c)
}

fn is_superscript(c: char) -> bool {
    superscript(c).is_some()
}

/// What a raised character stands for in an exponent.
fn superscript(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from(b'4' + (c as u32 - '⁴' as u32) as u8),
        '⁻' => '-',
        _ => return None,
    })
}

/// Where the next character that `is` so begins, from byte `at` on.
fn find(text: &str, at: usize, is: impl Fn(char) -> bool) -> Option<usize> {
    text[at..].find(is).map(|offset| at + offset)
}

/// Where the digits end that begin at byte `at`.
fn digits_end(text: &str, at: usize) -> usize {
    find(text, at, |c| !c.is_ascii_digit()).unwrap_or(text.len())
}

/// The digits behind `mark` at byte `at`, if both are there.
fn digits_behind(text: &str, at: usize, mark: &str) -> Option<Range<usize>> {
    let start = at + mark.len();
    if mark.is_empty() || !text[at..].starts_with(mark) {
        return None;
    }
    let end = digits_end(text, start);
    (end > start).then_some(start..end)
}

/// Where the first number begins whose digits are no part of a name: at a digit, or at the point of ".5".
fn first_digits(text: &str, numerals: &Numerals) -> Option<usize> {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut start = find(text, 0, is_digit)?;
    while is_named(&text[..start]) {
        let mut end = digits_end(text, start);
        let marks = [&numerals.group, &numerals.decimal];
        while let Some(more) = marks.iter().find_map(|mark| digits_behind(text, end, mark)) {
            end = more.end;
        }
        start = find(text, end, is_digit)?;
    }
    let point = &*numerals.decimal;
    let before = text[..start].strip_suffix(point).unwrap_or(&text[..start]);
    let is_more = before.ends_with(is_word) || before.ends_with(point);
    Some(if is_more { start } else { before.len() })
}

/// Whether digits behind this text are part of a name.
fn is_named(before: &str) -> bool {
    let before = before.strip_suffix('-').unwrap_or(before);
    before.chars().next_back().is_some_and(|c| is_letter(c) || c == '_')
}

/// How many bytes the minus takes at the end of this text; a hyphen behind a word is none.
fn minus(before: &str, numerals: &Numerals) -> usize {
    let minus =
        [&*numerals.minus, "-", "−"].into_iter().find(|minus| !minus.is_empty() && before.ends_with(minus));
    let Some(minus) = minus else { return 0 };
    let is_hyphen = before[..before.len() - minus.len()].chars().next_back().is_some_and(is_word);
    if is_hyphen { 0 } else { minus.len() }
}

/// The digits of a number.
struct Mantissa {
    /// All its digits, without point and grouping.
    digits: String,
    /// How many of them are decimals.
    decimals: usize,
    /// The byte behind it.
    end: usize,
}

impl Mantissa {
    /// Reads the number at byte `at`; none if it is grouped wrongly or goes on like a version or a power.
    fn read(text: &str, at: usize, group: &str, decimal: &str) -> Option<Self> {
        let mut end = digits_end(text, at);
        let mut digits = text[at..end].to_owned();
        if digits_behind(text, end, group).is_some() && (digits.len() > 3 || digits.starts_with('0')) {
            return None;
        }
        while let Some(three) = digits_behind(text, end, group) {
            end = three.end;
            digits += &text[three.clone()];
            if three.len() != 3 {
                return None;
            }
        }
        let fraction = digits_behind(text, end, decimal).unwrap_or(end..end);
        digits += &text[fraction.clone()];
        let goes_on = [group, decimal].iter().any(|mark| digits_behind(text, fraction.end, mark).is_some())
            || text[fraction.end..].starts_with(is_superscript);
        (!digits.is_empty() && !goes_on).then_some(Self {
            digits,
            decimals: fraction.len(),
            end: fraction.end,
        })
    }

    fn decimals(&self) -> u8 {
        self.decimals.try_into().unwrap_or(u8::MAX)
    }

    fn significant(&self) -> u8 {
        self.digits.trim_start_matches('0').len().clamp(1, 255) as u8
    }
}

/// What stands behind the digits and belongs to the number.
struct Tail {
    /// How many bytes it has.
    len: usize,
    /// The power of ten that it stands for.
    power: i32,
    /// The style of such numbers.
    style: Style,
}

impl Tail {
    /// Reads the tail at the start of `rest`; none if its exponent is out of all bounds.
    fn read(rest: &str, mantissa: &Mantissa, numerals: &Numerals) -> Option<Self> {
        let (decimals, significant) = (mantissa.decimals(), mantissa.significant());
        let spaces = rest.len() - rest.trim_start().len();
        let behind = &rest[spaces..];
        let tail = |word: &str, power, style| Some(Self { len: spaces + word.len(), power, style });
        if let Some((len, digits)) = power_behind_e(rest).or_else(|| power_of_ten(rest)) {
            let power = digits.parse().ok().filter(|power| POWERS.contains(power))?;
            return Some(Self { len, power, style: Style::Scientific(significant) });
        }
        if behind.starts_with('%') {
            return tail("%", -2, Style::Percent(decimals));
        }
        if behind.starts_with('‰') {
            return tail("‰", -3, Style::Percent(decimals.saturating_add(1)));
        }
        if is_whole_word(behind, "bps") {
            return tail("bps", -4, Style::Bps(decimals));
        }
        let words = numerals.scales.iter().map(|(power, word)| (i32::from(*power), word.trim()));
        match words.filter(|(_, word)| is_whole_word(behind, word)).max_by_key(|(_, word)| word.len()) {
            Some((power, word)) => tail(word, power, Style::Compact(significant)),
            None => Some(Self { len: 0, power: 0, style: Style::Fixed(decimals) }),
        }
    }
}

/// Whether `text` begins with `word`, and the word ends there.
fn is_whole_word(text: &str, word: &str) -> bool {
    let goes_on = |rest: &str| word.ends_with(is_letter) && rest.starts_with(is_word);
    !word.is_empty() && text.strip_prefix(word).is_some_and(|rest| !goes_on(rest))
}

/// Powers of ten beyond which there is no double.
const POWERS: RangeInclusive<i32> = -999..=999;

/// The bytes of "e-12" at the start of a text, and its exponent.
fn power_behind_e(text: &str) -> Option<(usize, String)> {
    let power = text.strip_prefix(['e', 'E'])?;
    let size = power.strip_prefix(['+', '-', '−']).unwrap_or(power);
    let (sign, digits) = (&power[..power.len() - size.len()], &size[..digits_end(size, 0)]);
    let minus = if matches!(sign, "-" | "−") { "-" } else { "" };
    (!digits.is_empty()).then(|| ("e".len() + sign.len() + digits.len(), format!("{minus}{digits}")))
}

/// The bytes of " × 10⁻¹²" at the start of a text, and its exponent.
fn power_of_ten(text: &str) -> Option<(usize, String)> {
    let power = text.trim_start().strip_prefix('×')?.trim_start().strip_prefix("10")?;
    let behind = power.trim_start_matches(is_superscript);
    let digits: String = power.chars().map_while(superscript).collect();
    (!digits.is_empty()).then(|| (text.len() - behind.len(), digits))
}

#[cfg(test)]
mod tests;
