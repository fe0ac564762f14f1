//! Numbers as text in the reader's language.
//!
//! What a number shows depends on its bits, a [`Format`] and the [`Numerals`] of a language, and on nothing
//! else: `scripts/format.js` of the theme writes the same characters in the browser, so a change here is a
//! change there. Both begin with the shortest decimal that stands for the double, which they share, and
//! round that, half away from zero; percent and words like "million" move its point and multiply nothing.
//! Which units exist, and what a number is about, is not known here.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

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

/// A decimal number without its sign, d.ddd × 10^exponent, without zeros at the end. Zero is 0 × 10⁰.
#[derive(Clone)]
struct Decimal {
    /// ASCII digits, the first one not zero unless all is.
    digits: String,
    /// The power of ten that the first digit stands for.
    exponent: i32,
}

impl Decimal {
    /// The shortest decimal that stands for the double `x`.
    fn of(x: f64) -> Self {
        let text = format!("{:e}", x.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        Self { digits: mantissa.replace('.', ""), exponent: exponent.parse().unwrap_or(0) }
    }

    fn zero() -> Self {
        Self { digits: "0".to_owned(), exponent: 0 }
    }

    fn is_zero(&self) -> bool {
        self.digits == "0"
    }

    /// Times 10^power.
    fn shifted(&self, power: i32) -> Self {
        let exponent = if self.is_zero() { 0 } else { self.exponent + power };
        Self { digits: self.digits.clone(), exponent }
    }

    /// Rounded to so many decimals, or to tens, hundreds and so on when negative.
    fn rounded(&self, decimals: i32) -> Self {
        let Ok(keep) = usize::try_from(self.exponent + 1 + decimals) else { return Self::zero() };
        let Some(next) = self.digits.as_bytes().get(keep) else { return self.clone() };
        let kept = &self.digits[..keep];
        let mut digits =
            if *next < b'5' { kept.trim_end_matches('0') } else { kept.trim_end_matches('9') }.to_owned();
        if *next >= b'5' {
            match digits.pop() {
                Some(last) => digits.push(char::from(last as u8 + 1)),
                None => return Self { digits: "1".to_owned(), exponent: self.exponent + 1 },
            }
        }
        if digits.is_empty() { Self::zero() } else { Self { digits, exponent: self.exponent } }
    }

    /// Rounded to so many significant digits.
    fn significant(&self, digits: i32) -> Self {
        self.rounded(digits - 1 - self.exponent)
    }

    /// How many decimals it has; none when negative.
    fn decimals(&self) -> i32 {
        self.digits.len() as i32 - 1 - self.exponent
    }

    /// The digit that stands for 10^power.
    fn digit(&self, power: i32) -> char {
        let at = usize::try_from(self.exponent - power).ok();
        at.and_then(|at| self.digits.as_bytes().get(at)).map_or('0', |&digit| char::from(digit))
    }
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

/// The first second of year 1, and the first after year 9999.
const CALENDAR: std::ops::Range<f64> = -62_135_596_800.0..253_402_300_800.0;

fn date(seconds: f64, numerals: &Numerals) -> String {
    if !CALENDAR.contains(&seconds) {
        return numerals.not_a_number.clone();
    }
    let (year, month, day) = civil((seconds.floor() as i64).div_euclid(86_400));
    let name = numerals.months.get(month as usize - 1).map_or("", String::as_str);
    let parts = [
        ("{y}", &*year.to_string()),
        ("{year}", &year.to_string()),
        ("{m}", &month.to_string()),
        ("{month}", name),
        ("{d}", &day.to_string()),
        ("{day}", &day.to_string()),
    ];
    parts.iter().fold(numerals.date.clone(), |text, (hole, part)| text.replace(hole, part))
}

/// Year, month and day of a day counted from 1970-01-01, by Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
const fn civil(days: i64) -> (i64, i64, i64) {
    // Eras of 400 years are alike; a year that begins in March has its leap day last.
    let from_era_0 = days + 719_468;
    let (era, day_of_era) = (from_era_0.div_euclid(146_097), from_era_0.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Seconds below which a duration shows parts of seconds.
const SHORT: f64 = 10.0;
/// From here on (2⁵³) doubles leave out whole numbers, so that a second part would be noise.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn duration(seconds: f64, numerals: &Numerals) -> String {
    let parts = &numerals.durations;
    let size = seconds.abs();
    let Some(last) = parts.last() else { return numerals.not_a_number.clone() };
    let text = if size < SHORT * last.0 {
        part(size / last.0, Style::Compact(3), last, numerals)
    } else {
        long_duration(size, numerals)
    };
    signed(seconds < 0.0, text, numerals)
}

/// A duration of whole seconds or more, in the largest part that is in it and the one below.
fn long_duration(size: f64, numerals: &Numerals) -> String {
    let parts = &numerals.durations;
    let last = parts.len() - 1;
    let mut at = parts.iter().position(|part| part.0 <= size).unwrap_or(last);
    let small = &parts[last.min(at + 1)];
    // Both round to the same side as the decimal does, as every half that a double can hold is a decimal.
    let count = (size / small.0).round();
    if at > 0 && count * small.0 >= parts[at - 1].0 {
        at -= 1;
    }
    let ratio = parts[at].0 / small.0;
    let rest = if count < EXACT { count % ratio } else { 0.0 };
    let text = part((count - rest) / ratio, Style::Auto, &parts[at], numerals);
    if rest == 0.0 {
        return text;
    }
    let space = if spaced(&small.2).starts_with(NO_BREAK) { " " } else { "" };
    text + space + &part(rest, Style::Auto, small, numerals)
}

fn part(count: f64, style: Style, (_, one, many): &(f64, String, String), numerals: &Numerals) -> String {
    let unit = Unit { scale: 1.0, one: one.clone(), many: many.clone() };
    format(count, &Format { style, unit }, numerals)
}

#[cfg(test)]
mod tests;
