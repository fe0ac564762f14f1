//! How a value is shown, as authors write it: `unit(gwei) | fixed(3)`.

use std::ops::Range;

use super::expression::Problem;
use super::format::Style;
use super::unit::{Unit, Units};
use crate::diagnostic::{Code, nearest};

/// What an author chose; what is left open follows from the value.
#[derive(Clone, Debug, Default)]
pub struct Show {
    /// The unit.
    pub unit: Option<Unit>,
    /// The style of the number.
    pub style: Option<Style>,
}

/// The most digits that can be asked for: a double has no more.
const MAX_DIGITS: u8 = 15;

const NAMES: [&str; 9] =
    ["unit", "digits", "fixed", "percent", "bps", "compact", "currency", "scientific", "date"];

/// Reads a format.
///
/// # Errors
/// The first mistake, at its bytes.
pub fn show(text: &str, units: &Units) -> Result<Show, Problem> {
    let mut show = Show::default();
    let mut start = 0;
    for part in text.split('|') {
        let end = start + part.len();
        let lead = part.len() - part.trim_start().len();
        let word = part.trim();
        let place = start + lead..start + lead + word.len();
        start = end + 1;
        let (name, argument) = match word.split_once('(') {
            Some((name, rest)) => match rest.strip_suffix(')') {
                Some(argument) => (name.trim(), Some(argument.trim())),
                None => return Err(invalid(place, "a `)` is missing at the end of this format")),
            },
            None => (word, None),
        };
        if name == "unit" {
            let unit = argument.unwrap_or_default();
            show.unit = Some(units.read(unit).ok_or_else(|| unknown_unit(unit, place, units))?);
            continue;
        }
        if show.style.replace(style(name, argument, &place)?).is_some() {
            return Err(invalid(place, "one style is enough: two are given"));
        }
    }
    Ok(show)
}

fn style(name: &str, argument: Option<&str>, place: &Range<usize>) -> Result<Style, Problem> {
    let digits = |least: u8, usual: u8| match argument {
        None | Some("") => Ok(usual),
        Some(text) => text.parse().ok().filter(|n| (least..=MAX_DIGITS).contains(n)).ok_or_else(|| {
            let message = format!("`{name}` takes a number of digits from {least} to {MAX_DIGITS}");
            invalid(place.clone(), &message)
        }),
    };
    Ok(match name {
        "digits" => Style::Digits(digits(1, 6)?),
        "fixed" => Style::Fixed(digits(0, 2)?),
        "currency" => Style::Fixed(digits(0, 2)?),
        "percent" => Style::Percent(digits(0, 2)?),
        "bps" => Style::Bps(digits(0, 1)?),
        "compact" => Style::Compact(digits(1, 3)?),
        "scientific" => Style::Scientific(digits(1, 3)?),
        "date" if argument.is_none() => Style::Date,
        "duration" if argument.is_none() => Style::Duration,
        _ => {
            let problem = invalid(place.clone(), &format!("there is no format `{name}`"));
            let names = NAMES.into_iter().chain(["duration"]);
            return Err(match nearest(name, names) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("formats are {}, duration", NAMES.join(", "))),
            });
        }
    })
}

fn unknown_unit(unit: &str, place: Range<usize>, units: &Units) -> Problem {
    let problem = Problem::new(Code::UnitUnknown, place, format!("there is no unit `{unit}`"));
    match nearest(unit, units.names()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("write it like `unit(gwei)` or `unit(USD/tx)`"),
    }
}

fn invalid(place: Range<usize>, message: &str) -> Problem {
    Problem::new(Code::FormatInvalid, place, message)
        .help("a format is `unit(gwei)`, `fixed(2)`, `percent(1)`, or two of them joined by `|`")
}
