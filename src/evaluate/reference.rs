//! A value that a text refers to: `impermanent-loss.il at p1 = 8000 USD/ETH | percent(1)`.

use std::ops::Range;

use super::check::{Scope, Type};
use super::claims;
use super::expression::{self, Problem};
use super::format::Style;
use super::model::{Quantity, shown};
use super::show::{self, Show};
use super::unit::{Unit, Units};
use super::worked::{Examples, Worked};
use crate::diagnostic::{Code, nearest};

/// A value of an example, found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// The example.
    pub worked: &'a Worked,
    /// The value's full name.
    pub name: &'a str,
    /// The value.
    pub quantity: &'a Quantity,
    /// The inputs that are set to something else, in base units.
    pub at: Vec<(usize, f64)>,
    /// The unit it is shown in.
    pub unit: Unit,
    /// The style it is shown in.
    pub style: Style,
    /// Whether the text itself chose how it is shown.
    pub is_chosen: bool,
}

/// Finds what a text refers to.
///
/// # Errors
/// The first mistake, at its bytes of the text.
pub fn find<'a>(text: &str, examples: &'a Examples, units: &Units) -> Result<Found<'a>, Problem> {
    let (reference, format) = match text.find('|') {
        Some(bar) => (&text[..bar], Some(bar + 1)),
        None => (text, None),
    };
    let start = reference.len() - reference.trim_start().len();
    let end = reference[start..].find(char::is_whitespace).map_or(reference.len(), |end| start + end);
    let path = start..end;
    let (worked, name, quantity) = value(text, path, examples)?;
    let at = settings(text, end..reference.len(), worked, units)?;
    let show = match format {
        Some(from) => show::show(&text[from..], units).map_err(|problem| moved(problem, from))?,
        None => Show::default(),
    };
    let is_chosen = format.is_some();
    let (unit, style) = presentation(quantity, show, units);
    if unit.dimension != quantity.kind.dimension() {
        let [is, asked] = [&quantity.kind.dimension(), &unit.dimension].map(|one| units.describe(one));
        let message = format!("`{name}` is {is} and cannot be shown as {asked}");
        return Err(
            Problem::new(Code::UnitMismatch, 0..text.len(), message).help("choose a unit of the same kind")
        );
    }
    Ok(Found { worked, name, quantity, at, unit, style, is_chosen })
}

/// The unit and style of a value: as the text asks, else as the example says.
fn presentation(quantity: &Quantity, show: Show, units: &Units) -> (Unit, Style) {
    let style = show.style.unwrap_or(quantity.style);
    let show = Show { style: Some(style), ..show };
    shown(&show, &quantity.kind, Some(quantity.unit.clone()), units)
}

type Value<'a> = (&'a Worked, &'a str, &'a Quantity);

fn value<'a>(text: &str, path: Range<usize>, examples: &'a Examples) -> Result<Value<'a>, Problem> {
    let written = &text[path.clone()];
    let Some((id, name)) = written.split_once('.') else {
        let message = format!("`{written}` names no value");
        return Err(Problem::new(Code::ExampleUnknown, path, message)
            .help("write the example's id, a dot and the value's name: `impermanent-loss.il`"));
    };
    let id_at = path.start..path.start + id.len();
    let name_at = id_at.end + 1..path.end;
    let Some(worked) = examples.get(id) else {
        return Err(unknown_example(id, id_at, examples));
    };
    let Some(calc) = worked.calc() else {
        let message = format!("the example `{id}` is no calculation and has no values");
        return Err(Problem::new(Code::ExampleUnknown, id_at, message));
    };
    let names = calc.model.values.keys().map(String::as_str);
    match calc.model.values.get_key_value(name) {
        Some((name, quantity)) => Ok((worked, name, quantity)),
        None => {
            let message = format!("the example `{id}` has no value `{name}`");
            let problem = Problem::new(Code::NameUnknown, name_at, message);
            Err(match nearest(name, names.clone()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")).fix(near),
                None => problem.help(format!("it has {}", names.collect::<Vec<_>>().join(", "))),
            })
        }
    }
}

/// What to say of an example that is not there.
#[must_use]
pub fn unknown_example(id: &str, at: Range<usize>, examples: &Examples) -> Problem {
    let problem = Problem::new(Code::ExampleUnknown, at, format!("there is no example `{id}`"));
    match nearest(id, examples.keys().map(String::as_str)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")).fix(near),
        None => problem.help(format!("it would be content/examples/{id}.yaml")),
    }
}

/// `at k = 4, n = 2`, in base units.
fn settings(
    text: &str,
    place: Range<usize>,
    worked: &Worked,
    units: &Units,
) -> Result<Vec<(usize, f64)>, Problem> {
    let written = &text[place.clone()];
    if written.trim().is_empty() {
        return Ok(Vec::new());
    }
    let settings = expression::settings(written, units).map_err(|problem| moved(problem, place.start))?;
    let Some(calc) = worked.calc() else { return Ok(Vec::new()) };
    let mut scope = Scope::new(units);
    let set = |setting| {
        claims::setting_value(&calc.model, setting, &mut scope).map_err(|problem| moved(problem, place.start))
    };
    settings.iter().map(set).collect()
}

fn moved(problem: Problem, by: usize) -> Problem {
    Problem { at: problem.at.start + by..problem.at.end + by, ..problem }
}

impl Found<'_> {
    /// The raw value in base units, when inputs have these values but for those that the text sets itself.
    #[must_use]
    pub fn value(&self, inputs: &[f64]) -> f64 {
        let Some(calc) = self.worked.calc() else { return f64::NAN };
        let mut inputs = inputs.to_vec();
        for &(at, value) in &self.at {
            inputs[at] = value;
        }
        calc.model.run(&inputs).slots[usize::from(self.quantity.slot)]
    }

    /// Whether it is true or false.
    #[must_use]
    pub fn is_truth(&self) -> bool {
        self.quantity.kind == Type::Truth
    }
}
