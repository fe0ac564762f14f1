//! What the script of a page needs to know of its examples, gathered while the page is rendered.
//!
//! Every number that can change is an element with `data-v`, the position of an entry here: which value of which
//! example, and how it is shown. The models travel as compiled expressions, the same that the build ran.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::evaluate::code::number;
use crate::evaluate::format::{Format, Numerals};
use crate::evaluate::model::{self, Model};
use crate::render::html::attribute;

/// A value as an element of the page shows it.
pub struct Bound<'a> {
    /// The figure it belongs to.
    pub key: &'a str,
    /// Its slot in the model.
    pub slot: u16,
    /// How it is shown.
    pub format: &'a Format,
    /// Inputs that are set for this value alone, in base units.
    pub at: &'a [(usize, f64)],
    /// When it needs brackets.
    pub brackets: Brackets,
}

/// When a value in a formula needs brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brackets {
    /// Never.
    None,
    /// Behind an operator: when it is negative.
    Negative,
    /// Under a power: when it is more than digits.
    Compound,
}

impl Brackets {
    /// Whether this text needs them. The script decides by the same rule.
    #[must_use]
    pub fn are_needed(self, text: &str, numerals: &Numerals) -> bool {
        match self {
            Self::None => false,
            Self::Negative => text.starts_with(&numerals.minus),
            Self::Compound => !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')),
        }
    }
}

/// The data of one page.
#[derive(Default)]
pub struct Live {
    formats: Vec<Value>,
    models: BTreeMap<String, Value>,
    values: Vec<Value>,
    quizzes: BTreeMap<String, Value>,
    /// Whether anything on the page needs the script.
    pub is_needed: bool,
}

impl Live {
    /// The position of a format among those of the page.
    pub fn format(&mut self, format: &Format) -> usize {
        let compiled = format.compiled();
        let known = self.formats.iter().position(|known| *known == compiled);
        known.unwrap_or_else(|| {
            self.formats.push(compiled);
            self.formats.len() - 1
        })
    }

    /// The position of a bound value, for `data-v`.
    pub fn bind(&mut self, bound: &Bound<'_>) -> usize {
        let format = self.format(bound.format);
        let at: Vec<_> = bound.at.iter().map(|&(input, value)| json!([input, number(value)])).collect();
        let at = if at.is_empty() { json!(0) } else { json!(at) };
        self.values.push(json!([bound.key, bound.slot, format, at, bound.brackets as u8]));
        self.values.len() - 1
    }

    /// Adds the model of a figure, its inputs at these values, with the data of its plots.
    pub fn model(
        &mut self,
        key: &str,
        model: &Model,
        inputs: &[f64],
        formats: &[Format],
        charts: Vec<Value>,
    ) {
        self.is_needed = true;
        let mut knobs = Vec::new();
        for ((knob, value), format) in model.inputs.iter().zip(inputs).zip(formats) {
            let domain = &knob.domain;
            let format_at = self.format(format);
            knobs.push(json!([
                knob.name,
                number(*value),
                number(domain.min),
                number(domain.max),
                domain.step.map_or(json!(0), number),
                u8::from(domain.is_log),
                number(format.unit.scale),
                format_at,
            ]));
        }
        let given: Vec<_> = model.given.iter().map(crate::evaluate::code::Code::compiled).collect();
        let data =
            json!({ "i": knobs, "p": model::compiled(model), "n": model.slots, "g": given, "c": charts });
        self.models.insert(key.to_owned(), data);
    }

    /// Adds a question.
    pub fn quiz(&mut self, key: &str, data: Value) {
        self.is_needed = true;
        self.quizzes.insert(key.to_owned(), data);
    }

    /// The data as an element of the page, which no browser runs; empty when nothing needs it. `words` are those
    /// that the script shows.
    #[must_use]
    pub fn html(&self, numerals: &Numerals, words: &BTreeMap<&str, &str>) -> String {
        if !self.is_needed {
            return String::new();
        }
        let data = json!({
            "numerals": numerals,
            "words": words,
            "formats": self.formats,
            "models": self.models,
            "values": self.values,
            "quizzes": self.quizzes,
        });
        // `</script>` in a label would end the element.
        let data = data.to_string().replace('<', "\\u003c");
        format!("<script type=\"application/json\" id=\"bilayer-data\">{data}</script>\n")
    }
}

/// A number of the page: the shown text with the amount behind it in the unit shown, bound when it can change.
#[must_use]
pub fn value_html(text: &str, amount: f64, bound: Option<usize>, class: &str) -> String {
    let bound = bound.map_or_else(String::new, |at| format!(" data-v=\"{at}\""));
    let text = crate::render::html::text(text);
    format!("<data class=\"{class}\" value=\"{}\"{bound}>{text}</data>", attribute(&amount.to_string()))
}
