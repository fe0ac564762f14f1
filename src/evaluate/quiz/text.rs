//! Texts with values in them: `A batch of {batch_size} costs {fee | digits(3)}.`, where `{{` is a brace.
//!
//! A text of an example's file is found again by its characters: YAML has resolved it, so that the place is exact
//! where it stands in the file as it reads, and the value around it elsewhere.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::data::tree::{Node, Value};
use crate::diagnostic::Code as Fault;
use crate::evaluate::check::{Scope, Type};
use crate::evaluate::code::Slot;
use crate::evaluate::desk::{Desk, diagnostic};
use crate::evaluate::example::Words;
use crate::evaluate::expression::{Expr, Kind, Problem};
use crate::evaluate::format::Style;
use crate::evaluate::model::{Model, shown};
use crate::evaluate::show::{self, Show};
use crate::evaluate::unit::{Unit, Units};
use crate::lang::PerLang;
use crate::source::Span;

/// A text in pieces, in order.
pub type Text = Vec<Part>;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Characters, braces resolved.
    Text(String),
    /// A value of the calculation.
    Value {
        /// Where the machine holds it.
        slot: Slot,
        /// The unit it is shown in.
        unit: Unit,
        /// The style it is shown in.
        style: Style,
    },
}

/// Reads the texts of one question.
pub struct Reader<'a> {
    /// The calculation whose values may stand in them.
    pub model: Option<&'a Model>,
    /// The book's units.
    pub units: &'a Units,
}

impl Reader<'_> {
    /// A text in every language, in pieces. What is wrong goes to the desk; `near` is a place close to the text.
    pub fn words(&self, words: &Words, near: Span, desk: &mut Desk<'_>) -> PerLang<Text> {
        let mut holes = Vec::new();
        let texts = PerLang::from_fn(words.count(), |lang| {
            let text = words[lang].as_str();
            let mut parts = Vec::new();
            let mut names = Vec::new();
            for piece in pieces(text) {
                match piece.and_then(|piece| self.part(text, piece, &mut names)) {
                    Ok(part) => parts.push(part),
                    Err(problem) => note(text, problem, near, desk),
                }
            }
            holes.push((text, names));
            parts
        });
        compare(&holes, near, desk);
        texts
    }

    fn part<'t>(&self, text: &'t str, piece: Piece, names: &mut Vec<Hole<'t>>) -> Result<Part, Problem> {
        let inside = match piece {
            Piece::Text(characters) => return Ok(Part::Text(characters)),
            Piece::Hole(inside) => inside,
        };
        let written = &text[inside.clone()];
        let name_end = written.find('|').unwrap_or(written.len());
        let name = written[..name_end].trim();
        let start = inside.start + written[..name_end].len() - written[..name_end].trim_start().len();
        let at = start..start + name.len();
        names.push(Hole { name, at: at.clone() });
        let quantity = self.model.and_then(|model| model.values.get(name));
        let quantity = quantity.ok_or_else(|| self.unknown(name, at.clone()))?;
        let asked = match written.get(name_end + 1..) {
            Some(format) => show::show(format, self.units).map_err(|problem| {
                let by = inside.start + name_end + 1;
                Problem { at: problem.at.start + by..problem.at.end + by, ..problem }
            })?,
            None => Show::default(),
        };
        let (unit, style) = presentation(&asked, &quantity.kind, self.model, name, self.units);
        fits(&unit, &quantity.kind, at, self.units)?;
        Ok(Part::Value { slot: quantity.slot, unit, style })
    }

    fn unknown(&self, name: &str, at: Range<usize>) -> Problem {
        let Some(model) = self.model else {
            return Problem::new(Fault::NameUnknown, at, "no values are known here")
                .help("name a calculation with `over`, or write `{{` for a brace");
        };
        let problem = Problem::new(Fault::NameUnknown, at, format!("nothing is called `{name}`"));
        match crate::diagnostic::nearest(name, model.values.keys().map(String::as_str)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")).fix(near),
            None => {
                let known: Vec<_> = model.values.keys().take(12).map(|name| format!("`{name}`")).collect();
                problem.help(format!("known here: {}", known.join(", ")))
            }
        }
    }
}

/// How an expression's value is shown: as asked for, else as the calculation shows what is named, else as usual.
pub fn presentation_of(
    asked: &Show,
    expr: &Expr,
    kind: &Type,
    model: Option<&Model>,
    units: &Units,
) -> (Unit, Style) {
    let name = match &expr.kind {
        Kind::Name(name) => name.as_str(),
        _ => "",
    };
    presentation(asked, kind, model, name, units)
}

fn presentation(
    asked: &Show,
    kind: &Type,
    model: Option<&Model>,
    name: &str,
    units: &Units,
) -> (Unit, Style) {
    let quantity = model.and_then(|model| model.values.get(name));
    let style = asked.style.or(quantity.map(|quantity| quantity.style));
    let asked = Show { unit: asked.unit.clone(), style };
    shown(&asked, kind, quantity.map(|quantity| quantity.unit.clone()), units)
}

/// Whether a value of this kind can be shown in this unit.
///
/// # Errors
/// When it cannot; `at` is what is marked.
pub fn fits(unit: &Unit, kind: &Type, at: Range<usize>, units: &Units) -> Result<(), Problem> {
    if unit.dimension == kind.dimension() || *kind == Type::Unknown {
        return Ok(());
    }
    let asked = if unit.is_none() { "a plain number".to_owned() } else { unit.spelled() };
    let message = format!("this is {} and cannot be shown as {asked}", Scope::new(units).describe(kind));
    Err(Problem::new(Fault::UnitMismatch, at, message).help("choose a unit of the same kind"))
}

/// A value that a text names.
struct Hole<'t> {
    name: &'t str,
    at: Range<usize>,
}

/// A text and the values that it names.
type Holes<'t> = (&'t str, Vec<Hole<'t>>);

/// Reports values that the text of one language names and that of another does not.
fn compare(languages: &[Holes<'_>], near: Span, desk: &mut Desk<'_>) {
    let sets = languages.iter().map(|(_, holes)| holes.iter().map(|hole| hole.name).collect::<BTreeSet<_>>());
    let sets: Vec<_> = sets.collect();
    let mut said = BTreeSet::new();
    for (text, holes) in languages {
        for hole in holes {
            if sets.iter().all(|set| set.contains(hole.name)) || !said.insert(hole.name) {
                continue;
            }
            let message = format!("`{}` is not in the text of every language", hole.name);
            let problem = Problem::new(Fault::ExampleInvalid, hole.at.clone(), message)
                .help("a question names the same values in all languages");
            note(text, problem, near, desk);
        }
    }
}

/// A piece of a text before names are looked up.
enum Piece {
    Text(String),
    /// The bytes between two braces.
    Hole(Range<usize>),
}

/// The pieces of a text; a brace without its other half is a mistake.
fn pieces(text: &str) -> Vec<Result<Piece, Problem>> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(length) = text[at..].find(['{', '}']) {
        let brace = at + length;
        plain.push_str(&text[at..brace]);
        let sign = &text[brace..=brace];
        at = brace + 1;
        if text[at..].starts_with(sign) {
            plain.push_str(sign);
            at += 1;
            continue;
        }
        let end =
            text[at..].find(['{', '}']).map(|length| at + length).filter(|&end| text[end..].starts_with('}'));
        if let (Some(end), "{") = (end, sign) {
            found.extend((!plain.is_empty()).then(|| Ok(Piece::Text(std::mem::take(&mut plain)))));
            found.push(Ok(Piece::Hole(at..end)));
            at = end + 1;
            continue;
        }
        let message = format!("this `{sign}` has no other half");
        let help =
            format!("values stand in braces, as in `{{price}}`; for a brace itself write `{sign}{sign}`");
        found.push(Err(Problem::new(Fault::ExampleInvalid, brace..brace + 1, message).help(help)));
    }
    plain.push_str(&text[at..]);
    found.extend((!plain.is_empty()).then_some(Ok(Piece::Text(plain))));
    found
}

/// Notes a mistake at bytes of a text that stands somewhere in the file.
fn note(text: &str, problem: Problem, near: Span, desk: &mut Desk<'_>) {
    let span = place(desk.text, text, problem.at.clone(), near);
    let found = diagnostic(&Node { span, value: Value::Null }, "", problem);
    // One text may count for several languages.
    if !desk.diagnostics.contains(&found) {
        desk.diagnostics.push(found);
    }
}

/// Where the bytes `inside` of a text stand in the file: within the text where it stands as it reads, else where the
/// same characters are nearest.
fn place(source: &str, text: &str, inside: Range<usize>, near: Span) -> Span {
    let spot = |start: usize| Span::new(near.file, start, start + inside.len());
    if let Some(start) = source.find(text) {
        return spot(start + inside.start);
    }
    let characters = &text[inside.clone()];
    let distance = |&start: &usize| start.abs_diff(near.start as usize);
    source.match_indices(characters).map(|(start, _)| start).min_by_key(distance).map_or(near, spot)
}
