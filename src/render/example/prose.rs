//! Numbers in sentences: computed ones, and typed ones that are held to an example.

use super::live::{Bound, Brackets, value_html};
use super::{Figures, format_of, within};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::claims::plain;
use crate::evaluate::format::{self, Format, Style};
use crate::evaluate::gather;
use crate::evaluate::literal::{self, Literal};
use crate::evaluate::reference::{self, Found};
use crate::render::html::text;
use crate::source::Span;

/// A typed number that is being read: `[2.02%](=impermanent-loss.il)`.
pub struct Tied<'a> {
    /// What it refers to.
    pub reference: &'a str,
    /// The whole link.
    pub at: Span,
    /// What is typed, as far as it is read.
    pub typed: String,
}

impl<'a> Figures<'a> {
    /// The value that a code span refers to, as HTML and as plain text; none when nothing is there. `written` is
    /// the text of the span behind `=`, and `at` the place of that.
    pub fn value(&mut self, written: &str, at: Span) -> Option<(String, String)> {
        self.tally.tied += 1;
        let found = self.find(written, at)?;
        let format = format_of(&found.unit, found.style, self.shared.units, self.place.text);
        let raw = found.value(&self.inputs(found.worked));
        let shown = format::format(raw, &format, &self.shared.numerals[self.place.text]);
        let bound = self.bind(&found, &format);
        Some((value_html(&shown, raw / format.unit.scale, bound, "value"), shown))
    }

    /// Counts the numbers of a text that nothing holds to an example; `at` is where it stands.
    pub fn count(&mut self, text: &str, at: Span) {
        let source = self.shared.sources.text(at.file);
        let written = source.get(at.start as usize..at.end as usize).unwrap_or_default();
        let mut from = 0;
        for number in literal::numbers(text) {
            let digits = &text[number];
            let place = written.get(from..).and_then(|rest| rest.find(digits)).map_or(at, |found| {
                let start = at.start as usize + from + found;
                from += found + digits.len();
                Span::new(at.file, start, start + digits.len())
            });
            self.tally.untied.push(place);
        }
    }

    /// A typed number, checked against the value it is tied to, as HTML.
    pub fn tied(&mut self, tied: &Tied<'a>) -> String {
        self.tally.tied += 1;
        let inner = self.reference_place(tied);
        let Some(found) = self.find(tied.reference, inner) else { return text(&tied.typed).into_owned() };
        let raw = found.value(&self.inputs(found.worked));
        let Some(literal) = literal::literal(&tied.typed, &self.shared.numerals[self.place.text]) else {
            self.diagnostics.push(
                Diagnostic::new(Code::ValueOff, tied.at, format!("there is no number in `{}`", tied.typed))
                    .help("write the number that is tied, such as `[2.02%](=impermanent-loss.il)`"),
            );
            return text(&tied.typed).into_owned();
        };
        match self.typed_format(&found, &literal) {
            Some(format) => self.compare(tied, &found, &literal, &format, raw),
            None => {
                let message = format!("`{}` is not of the kind of `{}`", tied.typed, found.name);
                self.diagnostics.push(
                    Diagnostic::new(Code::UnitMismatch, tied.at, message)
                        .help("write it in a unit that fits the value"),
                );
                text(&tied.typed).into_owned()
            }
        }
    }

    fn compare(
        &mut self,
        tied: &Tied<'a>,
        found: &Found<'_>,
        literal: &Literal<'_>,
        format: &Format,
        raw: f64,
    ) -> String {
        let is_part = matches!(format.style, Style::Percent(_) | Style::Bps(_));
        let scale = if is_part { 1.0 } else { format.unit.scale };
        let value = raw / scale;
        // A hair more than half a digit: decimals are not exact in binary.
        let slack = literal.half * (1.0 + 1e-9);
        // `fell by 2%` says a change of −2%: the sign may be in the words.
        let signs_agree = (value - literal.value).abs() <= slack;
        let by_words = literal.value > 0.0 && (value + literal.value).abs() <= slack;
        let typed = &tied.typed;
        if !signs_agree && !by_words {
            let shown = format::format(raw, format, &self.shared.numerals[self.place.text]);
            let message = format!(
                "`{typed}` is typed, but `{}` is {}",
                found.name,
                plain(value_as_typed(value, format))
            );
            let place = self.typed_place(tied, literal);
            self.diagnostics.push(
                Diagnostic::new(Code::ValueOff, place, message)
                    .help(format!("written with as many digits it is {shown}")),
            );
        }
        let (before, after) = (&typed[..literal.range.start], self.behind(typed, literal, format));
        let raw = if by_words && !signs_agree { -raw } else { raw };
        // A number whose sign is in the words cannot follow the inputs: the words would be wrong.
        let bound = if signs_agree { self.bind(found, format) } else { None };
        let number = &typed[literal.range.start..typed.len() - after.len()];
        let html = value_html(number, raw / format.unit.scale, bound, "value tied");
        let html = if bound.is_some() { html.replacen("<data ", "<data data-as-typed ", 1) } else { html };
        format!("{}{html}{}", text(before), text(after))
    }

    /// What is typed behind the number and its unit.
    fn behind<'t>(&self, typed: &'t str, literal: &Literal<'_>, format: &Format) -> &'t str {
        let rest = &typed[literal.range.end..];
        let gap = rest.len() - rest.trim_start().len();
        let unit = [&format.unit.many, &format.unit.one]
            .into_iter()
            .find(|label| !label.is_empty() && rest[gap..].starts_with(label.as_str()));
        unit.map_or(rest, |label| &rest[gap + label.len()..])
    }

    /// How a typed number is written, so that it can be written again; none when its unit does not fit.
    fn typed_format(&self, found: &Found<'_>, literal: &Literal<'_>) -> Option<Format> {
        let lang = self.place.text;
        let units = self.shared.units;
        let dimension = found.quantity.kind.dimension();
        let is_part = matches!(literal.style, Style::Percent(_) | Style::Bps(_));
        if is_part {
            return dimension.is_plain().then(|| Format { style: literal.style, ..Format::default() });
        }
        let unit = match units.labelled(literal.rest, lang) {
            Some((unit, _)) if unit.dimension == dimension => unit,
            Some((unit, _)) if !unit.dimension.is_plain() => return None,
            // `106 times`: the words behind are no unit, so that of the value is meant.
            _ if found.unit.spelled() == "%" => crate::evaluate::unit::Unit::none(),
            _ => found.unit.clone(),
        };
        let format = format_of(&unit, literal.style, units, lang);
        let is_written =
            literal.rest.starts_with(&format.unit.many) || literal.rest.starts_with(&format.unit.one);
        let label = |label: String| if is_written { label } else { String::new() };
        let unit = format::Unit { one: label(format.unit.one), many: label(format.unit.many), ..format.unit };
        Some(Format { unit, ..format })
    }

    fn find(&mut self, written: &str, at: Span) -> Option<Found<'a>> {
        match reference::find(written, self.shared.examples, self.shared.units) {
            Ok(found) => Some(found),
            // What could not be read is reported where it stands.
            Err(problem) if problem.code == Code::ExampleUnknown && self.is_unread(written) => None,
            Err(problem) => {
                self.note(at, problem);
                None
            }
        }
    }

    /// Whether the example has a file, in which then is a mistake.
    fn is_unread(&self, written: &str) -> bool {
        let id = written.trim().split('.').next().unwrap_or_default();
        !self.shared.examples.contains_key(id) && self.shared.sources.find(&gather::file_of(id)).is_some()
    }

    /// Binds a value to the figure of its example, if that is on this page and has inputs.
    fn bind(&mut self, found: &Found<'_>, format: &Format) -> Option<usize> {
        let id = &found.worked.example.id;
        let is_live =
            self.is_here(id) && found.worked.calc().is_some_and(|calc| !calc.model.inputs.is_empty());
        let bound =
            Bound { key: id, slot: found.quantity.slot, format, at: &found.at, brackets: Brackets::None };
        is_live.then(|| self.live.bind(&bound))
    }

    /// Where a link names what it is tied to.
    fn reference_place(&self, tied: &Tied<'_>) -> Span {
        self.piece(tied, tied.reference)
    }

    fn typed_place(&self, tied: &Tied<'_>, literal: &Literal<'_>) -> Span {
        self.piece(tied, &tied.typed[literal.range.clone()])
    }

    fn piece(&self, tied: &Tied<'_>, part: &str) -> Span {
        let source = self.shared.sources.text(tied.at.file);
        let link = source.get(tied.at.start as usize..tied.at.end as usize).unwrap_or_default();
        within(link, part).map_or(tied.at, |range| {
            let start = tied.at.start as usize;
            Span::new(tied.at.file, start + range.start, start + range.end)
        })
    }
}

/// A value on the scale on which it was typed, for a message.
fn value_as_typed(value: f64, format: &Format) -> f64 {
    match format.style {
        Style::Percent(_) => value * 100.0,
        Style::Bps(_) => value * 10_000.0,
        _ => value,
    }
}
