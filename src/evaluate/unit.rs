//! Units, and the dimensions behind them.
//!
//! A value is computed in base units, and the base of each dimension is the smallest unit a protocol counts in
//! (wei, millisatoshi, byte, second), so that what a protocol keeps whole is a whole number here too. Every
//! currency and every token is a dimension of its own: nothing is exchanged in silence. A book adds its own
//! units in `[units]` of `book.toml`. Nothing here knows expressions.

mod built_in;
mod dimension;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::config::UnitDefinition;
use crate::lang::{Lang, PerLang};
use built_in::{BUILT_IN, USUAL};
pub use dimension::Dimension;
use dimension::{Base, TWELFTHS};

/// How many base units one unit has: a product and a quotient, so that `7%` is 7/100 and not 7 × 0.01.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    times: f64,
    per: f64,
}

impl Scale {
    /// A unit that is its own base.
    pub const ONE: Self = Self { times: 1.0, per: 1.0 };

    /// An amount of the unit in base units.
    #[must_use]
    pub fn to_base(self, amount: f64) -> f64 {
        amount * self.times / self.per
    }

    /// Base units in one unit.
    #[must_use]
    pub fn value(self) -> f64 {
        self.times / self.per
    }

    fn power(self, power: i32) -> Self {
        let inverse = if power < 0 { Self { times: self.per, per: self.times } } else { self };
        let raise = |value: f64| (0..power.unsigned_abs()).fold(1.0, |product, _| product * value);
        Self { times: raise(inverse.times), per: raise(inverse.per) }
    }

    fn and(self, other: Self) -> Self {
        Self { times: self.times * other.times, per: self.per * other.per }
    }
}

/// A unit as written: `USD/ETH`, `gas`, `%`. Factors with their powers, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The names of the factors with their powers, never zero.
    pub factors: Vec<(String, i32)>,
    /// Base units in one of it.
    pub scale: Scale,
    /// What it measures.
    pub dimension: Dimension,
}

impl Unit {
    /// No unit at all.
    #[must_use]
    pub const fn none() -> Self {
        Self { factors: Vec::new(), scale: Scale::ONE, dimension: Dimension(Vec::new()) }
    }

    /// Whether it is a plain number's: nothing to print behind it.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.factors.is_empty()
    }

    /// How an expression writes it: `USD/ETH`, `B*s^-2`.
    #[must_use]
    pub fn spelled(&self) -> String {
        spell(&self.factors, "*", |name, power| match power {
            1 => name.to_owned(),
            _ => format!("{name}^{power}"),
        })
    }
}

/// Writes factors as a product over divisors, each by `one`.
fn spell(factors: &[(String, i32)], product: &str, one: impl Fn(&str, i32) -> String) -> String {
    let mut text = String::new();
    for (at, (name, power)) in factors.iter().enumerate() {
        let divides = *power < 0 && at > 0;
        if at > 0 {
            text.push_str(if divides { "/" } else { product });
        }
        text.push_str(&one(name, if divides { -power } else { *power }));
    }
    text
}

/// What stands behind a number in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Behind exactly one: `day`.
    pub one: String,
    /// Behind any other number: `days`.
    pub many: String,
}

struct Known {
    scale: Scale,
    dimension: Dimension,
    labels: PerLang<Label>,
}

/// All units of a book.
pub struct Units {
    known: BTreeMap<String, Known>,
    /// The unit that stands for each base dimension where an author chose none.
    usual: Vec<String>,
    languages: usize,
}

impl Units {
    /// The built-in units with those of the book, for languages with these tags (BCP 47). What is wrong with a
    /// definition is given back: its position and why.
    #[must_use]
    pub fn new(tags: &[&str], defined: &[UnitDefinition]) -> (Self, Vec<(usize, String)>) {
        let mut units = Self { known: BTreeMap::new(), usual: Vec::new(), languages: tags.len() };
        for &(name, times, per, base, english, chinese) in BUILT_IN {
            let dimension = units.base(name, base);
            let word = |lang: Lang| if tags[lang.index()].starts_with("zh") { chinese } else { english };
            let labels = PerLang::from_fn(tags.len(), |lang| label(word(lang)));
            units.known.insert(name.to_owned(), Known { scale: Scale { times, per }, dimension, labels });
        }
        let problems = defined
            .iter()
            .enumerate()
            .filter_map(|(at, definition)| units.define(definition).err().map(|problem| (at, problem)));
        let problems = problems.collect();
        (units, problems)
    }

    /// Whether there is a unit of this name.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// The names of all units.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// The unit with these factors; none if one of them is not known.
    #[must_use]
    pub fn unit(&self, factors: Vec<(String, i32)>) -> Option<Unit> {
        let mut unit = Unit::none();
        for (name, power) in &factors {
            let known = self.known.get(name)?;
            unit.scale = unit.scale.and(known.scale.power(*power));
            unit.dimension = unit.dimension.times(&known.dimension.power(f64::from(*power))?);
        }
        Some(Unit { factors, ..unit })
    }

    /// Reads a unit that stands alone: `USD/tx`, `%`.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Unit> {
        let (factors, length) = self.factors(text)?;
        (length == text.len()).then(|| self.unit(factors)).flatten()
    }

    /// The factors at the start of a text that are written as one unit, without spaces, with their length in
    /// bytes. None if the text does not begin with a known unit.
    #[must_use]
    pub fn factors(&self, text: &str) -> Option<(Vec<(String, i32)>, usize)> {
        if text.starts_with('%') {
            return Some((vec![("%".to_owned(), 1)], 1));
        }
        let mut factors: Vec<(String, i32)> = Vec::new();
        let mut end = 0;
        let mut sign = 1;
        while let Some(name) = word_at(&text[end..]).filter(|name| self.knows(name)) {
            end += name.len();
            let (power, length) = power_at(&text[end..]);
            end += length;
            factors.push((name.to_owned(), sign * power));
            sign = match &text.as_bytes()[end..] {
                [b'/', next, ..] if next.is_ascii_alphabetic() => -1,
                [b'*', next, ..] if next.is_ascii_alphabetic() => 1,
                _ => break,
            };
            if !word_at(&text[end + 1..]).is_some_and(|name| self.knows(name)) {
                break;
            }
            end += 1;
        }
        (!factors.is_empty()).then_some((factors, end))
    }

    /// The unit in which a value is shown where its author chose none.
    #[must_use]
    pub fn usual(&self, dimension: &Dimension) -> Unit {
        let (above, below): (Vec<_>, Vec<_>) = dimension.0.iter().partition(|(_, power)| *power > 0);
        let factor =
            |&(base, power): &(Base, i32)| (self.usual[usize::from(base.0)].clone(), power / TWELFTHS);
        let whole = dimension.0.iter().all(|(_, power)| power % TWELFTHS == 0);
        let factors = above.iter().chain(&below).map(factor).collect();
        self.unit(factors).filter(|_| whole).unwrap_or_else(Unit::none)
    }

    /// The name of a dimension for people: `USD/tx`, `a plain number`.
    #[must_use]
    pub fn describe(&self, dimension: &Dimension) -> String {
        if dimension.is_plain() {
            return "a plain number".to_owned();
        }
        let mut text = String::new();
        let (above, below): (Vec<_>, Vec<_>) = dimension.0.iter().partition(|(_, power)| *power > 0);
        for (at, (base, power)) in above.iter().chain(&below).enumerate() {
            let divides = *power < 0;
            match (at, divides) {
                (0, true) => text.push_str("1/"),
                (_, true) => text.push('/'),
                (0, false) => {}
                (_, false) => text.push('·'),
            }
            text.push_str(&self.usual[usize::from(base.0)]);
            match power.abs() {
                TWELFTHS => {}
                power if power % TWELFTHS == 0 => drop(write!(text, "^{}", power / TWELFTHS)),
                power => drop(write!(text, "^({power}/{TWELFTHS})")),
            }
        }
        text
    }

    /// The words behind a number in a language: `USD/ETH`, `美元/ETH`. Empty for no unit.
    #[must_use]
    pub fn label(&self, unit: &Unit, lang: Lang) -> Label {
        let word = |many: bool| {
            spell(&unit.factors, "·", |name, power| {
                let label = self.known.get(name).map(|known| &known.labels[lang]);
                let text = label.map_or(name, |label| if many { &label.many } else { &label.one });
                match power {
                    1 => text.to_owned(),
                    2 => format!("{text}²"),
                    3 => format!("{text}³"),
                    _ => format!("{text}^{power}"),
                }
            })
        };
        // What stands below the line is one of it: USD/day.
        let is_single = unit.factors.len() == 1;
        Label { one: word(false), many: word(is_single) }
    }

    /// The unit whose word in a language begins the text, with the length of the word in bytes.
    #[must_use]
    pub fn labelled(&self, text: &str, lang: Lang) -> Option<(Unit, usize)> {
        let words = self.known.iter().flat_map(|(name, known)| {
            let Label { one, many } = &known.labels[lang];
            [(name.as_str(), name), (one.as_str(), name), (many.as_str(), name)]
        });
        let (word, name) = words
            .filter(|(word, _)| text.starts_with(*word) && ends_word(word, &text[word.len()..]))
            .max_by_key(|(word, _)| word.len())?;
        let first = (name.clone(), 1);
        let over = text[word.len()..].strip_prefix('/');
        let below = over.and_then(|rest| self.labelled(rest, lang));
        match below.filter(|(unit, _)| unit.factors.len() == 1) {
            Some((unit, length)) => {
                let second = (unit.factors[0].0.clone(), -1);
                Some((self.unit(vec![first, second])?, word.len() + 1 + length))
            }
            None => Some((self.unit(vec![first])?, word.len())),
        }
    }

    /// The dimension of a new unit; a unit that is its own base brings a new one.
    fn base(&mut self, name: &str, base: &str) -> Dimension {
        if base.is_empty() {
            return Dimension::default();
        }
        if name != base {
            return self.known.get(base).map(|known| known.dimension.clone()).unwrap_or_default();
        }
        let index = u16::try_from(self.usual.len()).unwrap_or(u16::MAX);
        let usual = USUAL.iter().find(|(base, _)| *base == name);
        self.usual.push(usual.map_or(name, |(_, usual)| usual).to_owned());
        Dimension(vec![(Base(index), TWELFTHS)])
    }

    fn define(&mut self, definition: &UnitDefinition) -> Result<(), String> {
        let name = definition.name.as_str();
        if word_at(name) != Some(name) {
            return Err(format!(
                "`{name}` cannot be the name of a unit: letters, digits and `_` only, a letter first"
            ));
        }
        let is_new = definition.is.is_some() || !self.knows(name);
        if self.knows(name) && definition.is.is_some() {
            return Err(format!("the unit `{name}` exists already"));
        }
        let (scale, dimension) = match &definition.is {
            Some(text) => self.amount(text).ok_or_else(|| {
                format!("`{text}` is no amount of a known unit; write it like `is = \"1000 B\"`")
            })?,
            None if is_new => (Scale::ONE, self.base(name, name)),
            None => (self.known[name].scale, self.known[name].dimension.clone()),
        };
        let before = self.known.get(name).map(|known| known.labels.clone());
        let labels = PerLang::from_fn(self.languages, |lang| {
            let word = definition.words.get(lang.index()).and_then(Option::as_deref);
            let kept = || before.as_ref().map(|labels| labels[lang].clone());
            word.map(label).or_else(kept).unwrap_or_else(|| label(name))
        });
        self.known.insert(name.to_owned(), Known { scale, dimension, labels });
        Ok(())
    }

    /// `1000 B`: how many base units, and of what.
    fn amount(&self, text: &str) -> Option<(Scale, Dimension)> {
        let (number, unit) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let number: f64 = number.parse().ok().filter(|n: &f64| n.is_finite() && *n > 0.0)?;
        let unit = if unit.is_empty() { Unit::none() } else { self.read(unit.trim())? };
        let amount = Scale { times: number, per: 1.0 };
        Some((amount.and(unit.scale), unit.dimension))
    }
}

/// `day|days`, or one word for both.
fn label(words: &str) -> Label {
    let (one, many) = words.split_once('|').unwrap_or((words, words));
    Label { one: one.to_owned(), many: many.to_owned() }
}

/// The name at the start of a text.
fn word_at(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    text.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| &text[..end])
}

/// The power behind a unit (`^2`, `^-1`), with its length; 1 where there is none.
fn power_at(text: &str) -> (i32, usize) {
    let Some(digits) = text.strip_prefix('^') else { return (1, 0) };
    let sign = usize::from(digits.starts_with('-'));
    let end = digits[sign..].find(|c: char| !c.is_ascii_digit()).map_or(digits.len(), |end| sign + end);
    match digits[..end].parse() {
        Ok(power @ (-9..=-1 | 1..=9)) => (power, 1 + end),
        _ => (1, 0),
    }
}

/// Whether a unit's word ends before `rest`: a Latin word does not go on in letters.
fn ends_word(word: &str, rest: &str) -> bool {
    let is_latin = word.ends_with(|c: char| c.is_ascii_alphanumeric());
    !is_latin || !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Units {
        let defined = [
            UnitDefinition { name: "OP".to_owned(), is: None, words: vec![] },
            UnitDefinition { name: "kilogas".to_owned(), is: Some("1000 gas".to_owned()), words: vec![] },
        ];
        let (units, problems) = Units::new(&["en", "zh-Hans"], &defined);
        assert!(problems.is_empty(), "{problems:?}");
        units
    }

    fn described(text: &str) -> String {
        let units = units();
        units.read(text).map_or("?".to_owned(), |unit| units.describe(&unit.dimension))
    }

    #[test]
    fn a_unit_is_a_product_of_known_ones() {
        assert_eq!(described("USD/ETH"), "USD/ETH");
        assert_eq!(described("gwei/gas"), "ETH/gas");
        assert_eq!(described("kilogas/s^2"), "gas/s^2");
        assert_eq!(described("day/h"), "a plain number");
        assert_eq!(described("%"), "a plain number");
        assert_eq!(described("USD/pound"), "?");
        assert_eq!(described("USD /ETH"), "?");
        assert_eq!(described(""), "?");
    }

    #[test]
    fn every_currency_and_token_is_its_own() {
        assert_ne!(described("OP"), described("ETH"));
        assert_eq!(described("sat"), described("BTC"));
    }

    #[test]
    fn scales_are_whole_where_a_protocol_counts() {
        let units = units();
        let base = |amount, unit| units.read(unit).expect("a unit").scale.to_base(amount);
        assert_eq!(base(2.0, "gwei/gas").to_string(), "2000000000");
        assert_eq!(base(7.0, "%").to_string(), "0.07");
        assert_eq!(base(30.0, "bps").to_string(), "0.003");
        assert_eq!(base(1.0, "blob").to_string(), "131072");
    }

    #[test]
    fn words_depend_on_the_language() {
        let units = units();
        let label = |unit, lang| units.label(&units.read(unit).expect("a unit"), lang);
        let [english, chinese] = [0, 1].map(|at| Lang::all(2).nth(at).expect("two"));
        assert_eq!(label("day", english), Label { one: "day".into(), many: "days".into() });
        assert_eq!(label("USD/day", english), Label { one: "USD/day".into(), many: "USD/day".into() });
        assert_eq!(label("USD/day", chinese).many, "美元/天");
        let read = |text, lang| units.labelled(text, lang).map(|(unit, length)| (unit.spelled(), length));
        assert_eq!(read("days later", english), Some(("day".into(), 4)));
        assert_eq!(read("美元/天。", chinese), Some(("USD/day".into(), 10)));
        assert_eq!(read("dayish", english), None);
    }

    #[test]
    fn what_is_wrong_with_a_definition_is_said() {
        let defined = [
            UnitDefinition { name: "ETH".into(), is: Some("1 USD".into()), words: vec![] },
            UnitDefinition { name: "x y".into(), is: None, words: vec![] },
            UnitDefinition { name: "lot".into(), is: Some("100 pounds".into()), words: vec![] },
        ];
        let (_, problems) = Units::new(&["en"], &defined);
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
