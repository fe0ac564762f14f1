//! Numbers as text in the reader's language.
//!
//! What a number shows depends on its bits, a [`Format`] and the [`Numerals`] of a language, and on nothing
//! else: `scripts/format.js` of the theme writes the same characters in the browser, so a change here is a
//! change there. Both begin with the shortest decimal that stands for the double, which they share, and
//! round that, half away from zero; percent and words like "million" move its point and multiply nothing.
//! Which units exist, and what a number is about, is not known here.

mod decimal;
mod time;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use self::decimal::Decimal;
use self::time::{date, duration};
use crate::lang::is_han;

/// How a value is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Format {
    /// The kind of number and how many digits it has.
    pub style: Style,
    /// What it is counted in; styles of time and truth ignore it.
    pub unit: Unit,
}

/// The kinds of numbers. A count of significant digits is at least one; 0 is taken as 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Whole numbers as they are, others with six significant digits and without zeros at the end; powers of
    /// ten from 10¹⁵ on and below 10⁻⁶.
    #[default]
    Auto,
    /// So many significant digits: 2.50, 12,300.
    Digits(u8),
    /// So many decimals.
    Fixed(u8),
    /// Hundredths with so many decimals, and "%" before the unit's label.
    Percent(u8),
    /// Ten-thousandths with so many decimals; " bps" where the unit has no label.
    Bps(u8),
    /// So many significant digits, counted in the largest word that fits: 1.2 million, 120万.
    Compact(u8),
    /// So many significant digits and a power of ten: 5.53 × 10⁻¹².
    Scientific(u8),
    /// Seconds since 1970-01-01 UTC as a day of the Gregorian calendar, years 1 to 9999.
    Date,
    /// Seconds as the two largest parts: 1 day 6 h.
    Duration,
    /// Yes for all but zero.
    YesNo,
}

/// What stands behind a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// How many base units are in one of it, finite and not zero: 86400 for a day, 1 for a plain number.
    pub scale: f64,
    /// The label behind "1"; empty for none.
    pub one: String,
    /// The label behind every other number; the same as `one` in languages that have one form.
    pub many: String,
}

impl Default for Unit {
    /// A plain number.
    fn default() -> Self {
        Self { scale: 1.0, one: String::new(), many: String::new() }
    }
}

/// What a language does with numbers. As JSON it is the third argument of the browser's `format`.
#[derive(Clone, Debug, Serialize)]
pub struct Numerals {
    /// Between the whole number and its decimals.
    pub decimal: String,
    /// Between groups of three digits; empty for none.
    pub group: String,
    /// Before a negative number.
    pub minus: String,
    /// Powers of ten that have a word, rising, each word with the space before it: (6, " million"), (4, "万").
    pub scales: Vec<(u8, String)>,
    /// Before the exponent of a power of ten: " × 10".
    pub times: String,
    /// A day: `{d}` or `{day}`, `{m}`, `{month}` for its name, and `{y}` or `{year}` are filled in.
    pub date: String,
    /// The names of the months, January first.
    pub months: Vec<String>,
    /// The parts of a duration, largest first, seconds last: seconds in it, label of one, label of many. Each
    /// is a multiple of the next.
    #[serde(serialize_with = "with_spaces")]
    pub durations: Vec<(f64, String, String)>,
    /// For what is true.
    pub yes: String,
    /// For what is false.
    pub no: String,
    /// For what is not a finite number.
    pub not_a_number: String,
}

/// Writes `value`, which is in base units, as `format` says.
#[must_use]
pub fn format(value: f64, format: &Format, numerals: &Numerals) -> String {
    let x = value / format.scale();
    if !x.is_finite() {
        return numerals.not_a_number.clone();
    }
    let decimal = Decimal::of(x);
    let shown = match format.style {
        Style::Auto => Shown::auto(&decimal, numerals),
        Style::Digits(n) => Shown::digits(&decimal, n),
        Style::Fixed(n) => Shown::fixed(&decimal, n),
        Style::Percent(n) => Shown::fixed(&decimal.shifted(2), n),
        Style::Bps(n) => Shown::fixed(&decimal.shifted(4), n),
        Style::Compact(n) => Shown::compact(&decimal, n, numerals),
        Style::Scientific(n) => Shown::digits(&decimal, n).in_powers(numerals),
        Style::Date => return date(x, numerals),
        Style::Duration => return duration(x, numerals),
        Style::YesNo => return if x == 0.0 { &numerals.no } else { &numerals.yes }.clone(),
    };
    let text = shown.text(numerals);
    let unit = if text == "1" { &format.unit.one } else { &format.unit.many };
    signed(x.is_sign_negative() && !shown.decimal.is_zero(), text + &format.label(unit), numerals)
}

impl Format {
    /// The format as the browser's `format` takes it, `[style, digits, scale, one, many]`: a letter for the
    /// style, and labels as they follow the digits, with their space or percent sign.
    #[must_use]
    pub fn compiled(&self) -> Value {
        let (style, digits) = match self.style {
            Style::Auto => ("a", AUTO_DIGITS),
            Style::Digits(n) => ("d", n.max(1)),
            Style::Fixed(n) => ("f", n),
            Style::Percent(n) => ("p", n),
            Style::Bps(n) => ("b", n),
            Style::Compact(n) => ("c", n.max(1)),
            Style::Scientific(n) => ("s", n.max(1)),
            Style::Date => ("t", 0),
            Style::Duration => ("u", 0),
            Style::YesNo => ("y", 0),
        };
        let (one, many) = match self.style {
            Style::Date | Style::Duration | Style::YesNo => Default::default(),
            _ => (self.label(&self.unit.one), self.label(&self.unit.many)),
        };
        json!([style, digits, self.scale(), one, many])
    }

    /// What the value is divided by: time and truth are in base units always.
    const fn scale(&self) -> f64 {
        match self.style {
            Style::Date | Style::Duration | Style::YesNo => 1.0,
            _ => self.unit.scale,
        }
    }

    /// What follows the digits, for a label of the unit.
    fn label(&self, label: &str) -> String {
        match self.style {
            Style::Percent(_) => format!("%{}", spaced(label)),
            Style::Bps(_) if label.is_empty() => spaced("bps"),
            _ => spaced(label),
        }
    }
}

/// Significant digits of a number that no style was given for.
const AUTO_DIGITS: u8 = 6;
/// The space that keeps a number and its unit on one line.
const NO_BREAK: char = '\u{A0}';

/// A label as it follows a number: with a no-break space, but for "%" and Han characters.
fn spaced(label: &str) -> String {
    match label.chars().next() {
        Some(first) if first != NO_BREAK && label != "%" && !is_han(first) => format!("{NO_BREAK}{label}"),
        _ => label.to_owned(),
    }
}

fn with_spaces<S: Serializer>(parts: &[(f64, String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(parts.iter().map(|(seconds, one, many)| (seconds, spaced(one), spaced(many))))
}

fn signed(is_negative: bool, text: String, numerals: &Numerals) -> String {
    if is_negative { numerals.minus.clone() + &text } else { text }
}

/// A number as it will be read, without sign and unit.
struct Shown {
    /// The number, rounded, in units of `word`.
    decimal: Decimal,
    /// How many decimals are written; none when negative.
    decimals: i32,
    /// The word or power of ten behind it; empty for none.
    word: String,
}

impl Shown {
    fn new(decimal: Decimal, decimals: i32) -> Self {
        Self { decimal, decimals, word: String::new() }
    }

    fn fixed(decimal: &Decimal, decimals: u8) -> Self {
        Self::new(decimal.rounded(decimals.into()), decimals.into())
    }

    fn digits(decimal: &Decimal, digits: u8) -> Self {
        let digits = i32::from(digits.max(1));
        let decimal = decimal.significant(digits);
        let decimals = digits - 1 - decimal.exponent;
        Self::new(decimal, decimals)
    }

    fn auto(decimal: &Decimal, numerals: &Numerals) -> Self {
        let digits = i32::from(AUTO_DIGITS);
        if (-6..15).contains(&decimal.exponent) {
            return Self::new(decimal.significant(digits.max(decimal.exponent + 1)), 0).without_zeros();
        }
        Self::new(decimal.significant(digits), 0).in_powers(numerals).without_zeros()
    }

    fn compact(decimal: &Decimal, digits: u8, numerals: &Numerals) -> Self {
        let mut shown = Self::digits(decimal, digits);
        let exponent = shown.decimal.exponent;
        if let Some((power, word)) = numerals.scales.iter().rfind(|(power, _)| i32::from(*power) <= exponent)
        {
            shown.decimal = shown.decimal.shifted(-i32::from(*power));
            shown.word.clone_from(word);
        }
        shown.without_zeros()
    }

    /// With one digit before the point and the rest as a power of ten.
    fn in_powers(self, numerals: &Numerals) -> Self {
        let power = self.decimal.exponent;
        if power == 0 {
            return self;
        }
        let word = format!("{}{}", numerals.times, superscript(power));
        Self { decimal: self.decimal.shifted(-power), decimals: self.decimals + power, word }
    }

    fn without_zeros(self) -> Self {
        Self { decimals: self.decimal.decimals(), ..self }
    }

    fn text(&self, numerals: &Numerals) -> String {
        let mut text = String::new();
        for power in (0..=self.decimal.exponent.max(0)).rev() {
            text.push(self.decimal.digit(power));
            if power > 0 && power % 3 == 0 {
                text += &numerals.group;
            }
        }
        if self.decimals > 0 {
            text += &numerals.decimal;
        }
        text.extend((1..=self.decimals).map(|place| self.decimal.digit(-place)));
        text + &self.word
    }
}

fn superscript(power: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = |c: char| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]);
    power.to_string().chars().map(raised).collect()
}

#[cfg(test)]
mod tests;
