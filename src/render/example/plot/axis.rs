//! The axes of a chart: how far they go, and where their ticks are.

use super::Axis;
use crate::evaluate::format::{Format, Numerals, Style, Unit, format};
use crate::evaluate::math;

/// An axis with room for all of its values.
pub struct Scale<'a> {
    /// Where it begins in the drawing.
    pub from: f64,
    /// Where it ends in the drawing.
    pub to: f64,
    /// Whether no value has a place on it; nothing else of it means anything then.
    pub is_empty: bool,
    /// The places of its ends.
    lo: f64,
    hi: f64,
    is_log: bool,
    style: Style,
    /// The unit that its places are counted in, with the label that each tick has.
    unit: Unit,
    numerals: &'a Numerals,
}

/// A number on an axis.
pub struct Tick {
    /// Where it is in the drawing.
    pub at: f64,
    /// The number as text.
    pub text: String,
}

impl<'a> Scale<'a> {
    /// An axis drawn between two coordinates; upright if the first is the greater one.
    pub fn new(axis: &Axis<'_>, values: &[f64], [from, to]: [f64; 2], numerals: &'a Numerals) -> Self {
        let unit = unit(axis.format, values, numerals);
        let (lo, hi, is_log, style) = (f64::INFINITY, f64::NEG_INFINITY, axis.is_log, axis.format.style);
        let mut scale = Self { from, to, is_empty: true, lo, hi, is_log, style, unit, numerals };
        for &value in values {
            let place = scale.place(value);
            if place.is_finite() {
                (scale.lo, scale.hi, scale.is_empty) = (scale.lo.min(place), scale.hi.max(place), false);
            }
        }
        scale.widen();
        if from > to {
            scale.pad();
        }
        scale
    }

    /// Where a value is drawn, to one decimal; NaN if it has no place.
    pub fn at(&self, value: f64) -> f64 {
        let part = (self.place(value) - self.lo) / self.span();
        math::floor((self.from + part * (self.to - self.from)) * 10.0 + 0.5) / 10.0
    }

    /// Whether what is drawn here is on the axis.
    pub fn has(&self, at: f64) -> bool {
        (at - self.from) * (at - self.to) <= 0.0
    }

    /// As many ticks as have room, two at least; `room` is what a text takes of the axis.
    pub fn ticks(&self, room: impl Fn(&str) -> f64) -> Vec<Tick> {
        let max = if self.is_log { 9 } else { 7 };
        let is_apart = |pair: &[Tick]| {
            2.0 * (pair[1].at - pair[0].at).abs() >= room(&pair[1].text) + room(&pair[0].text)
        };
        let have_room = |ticks: &[Tick]| ticks.windows(2).all(is_apart);
        let choice = |level| {
            let ticks = self.choice(level);
            if ticks.len() > 1 {
                return (ticks.len() <= max && have_room(&ticks)).then_some(ticks);
            }
            // Too few are left: the outermost of those before, or of all.
            let last = outermost(self.choice(level - 1));
            Some(if have_room(&last) { last } else { outermost(self.choice(0)) })
        };
        (0..).find_map(choice).unwrap_or_default()
    }

    /// How far along the axis a value is: in its unit, or the logarithm of that. What is too large for arithmetic,
    /// or too near to 0 for a logarithmic axis, is nowhere.
    fn place(&self, value: f64) -> f64 {
        let amount = value / self.unit.scale;
        let (place, limit) = if self.is_log { (math::log10(amount), 290.0) } else { (amount, 1e290) };
        if place.abs() < limit { place } else { f64::NAN }
    }

    fn span(&self) -> f64 {
        self.hi - self.lo
    }

    /// Gives extent to an axis of a single value, or of values that differ by rounding alone.
    fn widen(&mut self) {
        let size = if self.is_log { 1.0 } else { self.hi.max(-self.lo) };
        // Below, there are too few powers of ten left to divide the axis.
        let half = if size > 1e-290 { size } else { 1.0 };
        if self.span() <= 1e-9 * half {
            (self.lo, self.hi) = (self.lo - half, self.hi + half);
        }
    }

    /// Gives air above and below, or ends the axis at 0 where that is near.
    fn pad(&mut self) {
        let span = self.span();
        let end = |end: f64| {
            let is_near_zero = !self.is_log && end < 1e-9 * span && end > -0.5 * span;
            if is_near_zero { 0.0 } else { end + 0.05 * span }
        };
        (self.lo, self.hi) = (-end(-self.lo), end(self.hi));
    }

    /// Ticks at round numbers. A higher level has fewer.
    fn choice(&self, level: i32) -> Vec<Tick> {
        if self.is_log && self.span() >= 1.0 {
            return self.powers(level);
        }
        let amount = |place| if self.is_log { math::exp(place * std::f64::consts::LN_10) } else { place };
        let (low, high) = (amount(self.lo), amount(self.hi));
        let finest = 3 * math::floor(math::log10((high - low) / 7.0)) as i32;
        let is_whole = self.style == Style::Fixed(0) && high - low >= 2.0;
        let step = level + if is_whole { finest.max(0) } else { finest };
        let (power, count) = (step.div_euclid(3), [1, 2, 5][step.rem_euclid(3) as usize]);
        let size = decimal(count, power);
        let first = math::floor(low / size) as i64;
        let multiples = (first..).take_while(|&i| i as f64 <= high / size + 1.0);
        multiples.filter_map(|i| self.tick(i * count, power)).collect()
    }

    /// Ticks at powers of ten. Where these are few: at twice and five times them too, or at three times.
    fn powers(&self, level: i32) -> Vec<Tick> {
        let stage = if self.span() < 3.0 { level } else { level + 2 };
        let counts: &[i64] = match stage {
            0 => &[1, 2, 5],
            1 => &[1, 3],
            _ => &[1],
        };
        let every = math::floor(self.span() / 6.0) as i32 + (stage - 1).max(1);
        let powers = math::floor(self.lo) as i32..=math::floor(self.hi) as i32;
        let powers = powers.filter(|power| power % every == 0);
        powers.flat_map(|power| counts.iter().filter_map(move |&count| self.tick(count, power))).collect()
    }

    /// The tick at `count` × 10^`power`, if the axis reaches it.
    fn tick(&self, count: i64, power: i32) -> Option<Tick> {
        let value = decimal(count, power);
        let at = self.at(value * self.unit.scale);
        if !self.has(at) {
            return None;
        }
        let style = match self.style {
            Style::Date => Style::Date,
            _ if value.abs() < 1e-4 || value.abs() >= 1e15 => Style::Auto,
            _ => Style::Compact(15),
        };
        let text =
            format(value, &Format { style, unit: Unit { scale: 1.0, ..self.unit.clone() } }, self.numerals);
        Some(Tick { at, text })
    }
}

/// The first and the last.
fn outermost(mut ticks: Vec<Tick>) -> Vec<Tick> {
    let last = ticks.pop();
    ticks.truncate(1);
    ticks.extend(last);
    ticks
}

/// The unit of an axis with these values. Its label stands at the axis, so that ticks have none, but for those
/// that the style brings: percent, basis points, and the largest part of a duration that is in any value.
fn unit(format: &Format, values: &[f64], numerals: &Numerals) -> Unit {
    let scale = format.unit.scale;
    let unit = |scale: f64, label: &str| Unit { scale, one: label.to_owned(), many: label.to_owned() };
    match format.style {
        Style::Percent(_) => unit(scale / 100.0, "%"),
        Style::Bps(_) => unit(scale / 1e4, "bps"),
        Style::Duration => {
            let sizes = values.iter().filter(|value| value.is_finite()).map(|value| value.abs());
            let largest = sizes.fold(f64::NEG_INFINITY, f64::max);
            let parts = &numerals.durations;
            let part = parts.iter().find(|part| part.0 <= largest).or(parts.last()).cloned();
            part.map_or_else(Unit::default, |(scale, one, many)| Unit { scale, one, many })
        }
        Style::Date | Style::YesNo => Unit::default(),
        Style::Auto | Style::Digits(_) | Style::Fixed(_) | Style::Compact(_) | Style::Scientific(_) => {
            unit(scale, "")
        }
    }
}

/// The double nearest to the decimal `count` × 10^`power`.
fn decimal(count: i64, power: i32) -> f64 {
    format!("{count}e{power}").parse().unwrap_or(f64::NAN)
}
