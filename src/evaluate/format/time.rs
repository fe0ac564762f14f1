//! Seconds as a day of the calendar or as a length of time.

use std::ops::Range;

use super::{Format, NO_BREAK, Numerals, Style, Unit, format, signed, spaced};

/// From the first second of year 1 to the end of year 9999.
const CALENDAR: Range<f64> = -62_135_596_800.0..253_402_300_800.0;

/// Seconds since 1970-01-01 UTC as a day.
pub fn date(seconds: f64, numerals: &Numerals) -> String {
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

/// Seconds as the two largest neighbouring parts.
pub fn duration(seconds: f64, numerals: &Numerals) -> String {
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
    // This rounds to the same side as the shortest decimal would: a half that lies between is a double itself.
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
