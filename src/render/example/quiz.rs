//! The figure of a question: what is asked, what can be answered, and a fold with the answer and its reasons.
//!
//! All of it can be read without a script; `scripts/quiz.js` brings fields and buttons to life and judges by what
//! [`compiled`] gives it. The texts stay on the page, the data has only numbers.

use serde::Serialize;
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use super::live::{Live, value_html};
use super::{Figure, format_of};
use crate::evaluate::claims::plain;
use crate::evaluate::code::{Code, Machine, number};
use crate::evaluate::format::{self, Format};
use crate::evaluate::model::{self, Model};
use crate::evaluate::quiz::text::{Part, Text};
use crate::evaluate::quiz::{Answer, Choice, Says, Worked};
use crate::lang::PerLang;
use crate::render::html::text;

/// What the template `example-quiz.html` sees as `example`. Texts are HTML.
#[derive(Serialize)]
pub struct QuizView<'a> {
    /// The figure's id in the page is `example-` and this.
    pub key: &'a str,
    /// The title; that of its kind where the author gave none.
    pub title: &'a str,
    /// What is asked.
    pub ask: String,
    /// What can be chosen, in the order of writing; empty for questions of another kind.
    pub choices: Vec<ChoiceView>,
    /// The right number; empty for questions of another kind.
    pub number: String,
    /// The unit in which it is answered; may be empty.
    pub unit: String,
    /// What is said of a number that is far off; empty where only the very number is right.
    pub far: String,
    /// Where wrong ways lead.
    pub mistakes: Vec<MistakeView>,
    /// What is to be put in order, shuffled; empty for questions of another kind.
    pub items: Vec<ItemView>,
    /// The same in the right order.
    pub order: Vec<String>,
    /// What is said with the answer; may be empty.
    pub because: String,
    /// Whether other numbers can be drawn.
    pub is_varied: bool,
    /// Where its figures come from.
    pub sources: Vec<&'a str>,
}

/// One of several answers.
#[derive(Serialize)]
pub struct ChoiceView {
    /// What it says.
    pub says: String,
    /// Whether it is right.
    pub is_right: bool,
    /// Why; may be empty.
    pub because: String,
}

/// Where a wrong way leads.
#[derive(Serialize)]
pub struct MistakeView {
    /// The number.
    pub number: String,
    /// What went wrong.
    pub because: String,
}

/// A thing to be put in order.
#[derive(Serialize)]
pub struct ItemView {
    /// What it says.
    pub says: String,
    /// The label of the button that moves it up: plain text.
    pub up: String,
    /// The label of the button that moves it down: plain text.
    pub down: String,
}

/// What making a figure needs.
pub struct Maker<'a> {
    /// The figure.
    pub figure: Figure<'a>,
    /// The question as worked.
    pub worked: &'a Worked,
    /// The calculation that it is about.
    pub model: Option<&'a Model>,
}

impl<'a> Maker<'a> {
    /// Makes the view, and adds to `live` what its script needs.
    pub fn view(&self, live: &mut Live) -> QuizView<'a> {
        let machine = self.worked.machine(self.model);
        let mut writer = Writer { maker: self, machine, live, bound: Vec::new() };
        let mut view = self.empty();
        let mut data = Data::default();
        match &self.worked.answer {
            Answer::Number { right, misconceptions, within, shown } => {
                let format = format_of(&shown.0, shown.1, self.figure.units, self.figure.lang);
                view.number = writer.answer(right, &format);
                view.mistakes = writer.mistakes(misconceptions, &format);
                view.unit = unit(&format);
                if *within > 0.0 {
                    let percent = format!("{}%", plain(within * 100.0));
                    view.far = self.figure.strings.quiz_far.replace("{within}", &percent);
                }
                data.answers = 1 + misconceptions.len();
                data.within = *within;
            }
            Answer::Choice { choices, shown } => {
                let format = format_of(&shown.0, shown.1, self.figure.units, self.figure.lang);
                data.is_mixed = choices.iter().any(|choice| matches!(choice.says, Says::Value(_)));
                view.choices = choices.iter().map(|choice| writer.choice(choice, &format)).collect();
            }
            Answer::Order(items) => {
                data.order = shuffled(items.len(), &self.figure.example.id);
                view.items = data.order.iter().map(|&at| writer.item(&items[at])).collect();
                view.order = items.iter().map(|item| writer.html(item)).collect();
            }
        }
        view.ask = writer.html(&self.worked.ask);
        view.because = writer.html(&self.worked.because);
        data.bound = writer.bound;
        live.quiz(self.figure.key, compiled(self.worked, self.model, &data));
        view
    }

    fn empty(&self) -> QuizView<'a> {
        let title = &self.figure.example.title[self.figure.lang];
        let kind = match &self.worked.answer {
            Answer::Number { .. } => &self.figure.strings.quiz_number,
            Answer::Choice { .. } => &self.figure.strings.quiz_choice,
            Answer::Order(_) => &self.figure.strings.quiz_order,
        };
        QuizView {
            key: self.figure.key,
            title: if *title == self.figure.example.id { kind } else { title },
            ask: String::new(),
            choices: Vec::new(),
            number: String::new(),
            unit: String::new(),
            far: String::new(),
            mistakes: Vec::new(),
            items: Vec::new(),
            order: Vec::new(),
            because: String::new(),
            is_varied: self.worked.is_varied(),
            sources: self
                .figure
                .example
                .sources
                .iter()
                .map(|words| words[self.figure.lang].as_str())
                .collect(),
        }
    }
}

/// What the script needs to know besides the question itself.
#[derive(Default)]
struct Data {
    /// The values on the page, `[code, format]`, those that can be answered first.
    bound: Vec<Value>,
    /// How many values can be answered: the right one and the misconceptions.
    answers: usize,
    /// How far off is right.
    within: f64,
    /// Whether choices are computed and therefore shuffled.
    is_mixed: bool,
    /// The right places of the things to be put in order.
    order: Vec<usize>,
}

/// The question as the script takes it:
/// `i` the calculation's inputs in base units, `v` what is drawn (`[[input, [value, …]], …]`), `p` its program and
/// `n` its slots, as a model has them, all four empty when nothing is drawn; `t` the values on the page (`[[code,
/// format], …]`), each an element with `data-q`. Of a number also `a`: so many of them are the right answer and the
/// misconceptions, in this order, and `w`: how far off is right. `m` is 1 where choices are shuffled. `o` are the
/// right places, from 0, of the things to be put in order.
fn compiled(worked: &Worked, model: Option<&Model>, data: &Data) -> Value {
    let model = model.filter(|_| worked.is_varied());
    let numbers = |values: &[f64]| values.iter().map(|value| number(*value)).collect::<Vec<_>>();
    let inputs = if model.is_some() { worked.inputs.as_slice() } else { &[] };
    let vary = if model.is_some() { worked.vary.as_slice() } else { &[] };
    let vary: Vec<_> = vary.iter().map(|(at, values)| json!([at, numbers(values)])).collect();
    let mut compiled = json!({
        "i": numbers(inputs),
        "v": vary,
        "p": model.map_or_else(|| json!([]), model::compiled),
        "n": if model.is_some() { worked.slots } else { 0 },
        "t": data.bound,
    });
    match worked.answer {
        Answer::Number { .. } => {
            compiled["a"] = json!(data.answers);
            compiled["w"] = number(data.within);
        }
        Answer::Choice { .. } => compiled["m"] = json!(u8::from(data.is_mixed)),
        Answer::Order(_) => compiled["o"] = json!(data.order),
    }
    compiled
}

/// Writes texts and values, and notes which of them can change.
struct Writer<'m, 'a> {
    maker: &'m Maker<'a>,
    machine: Machine,
    live: &'m mut Live,
    bound: Vec<Value>,
}

impl Writer<'_, '_> {
    fn html(&mut self, words: &PerLang<Text>) -> String {
        let mut html = String::new();
        for part in &words[self.maker.figure.lang] {
            match part {
                Part::Text(characters) => html.push_str(&text(characters)),
                Part::Value { slot, unit, style } => {
                    let format = format_of(unit, *style, self.maker.figure.units, self.maker.figure.lang);
                    html.push_str(&self.value(&Code::Slot(*slot), &format));
                }
            }
        }
        html
    }

    /// A text without marks, for a label.
    fn plain(&mut self, words: &PerLang<Text>) -> String {
        let mut plain = String::new();
        for part in &words[self.maker.figure.lang] {
            match part {
                Part::Text(characters) => plain.push_str(characters),
                Part::Value { slot, unit, style } => {
                    let format = format_of(unit, *style, self.maker.figure.units, self.maker.figure.lang);
                    let raw = self.machine.evaluate(&Code::Slot(*slot));
                    plain.push_str(&format::format(raw, &format, self.maker.figure.numerals));
                }
            }
        }
        plain
    }

    /// A value in a text, as HTML.
    fn value(&mut self, code: &Code, format: &Format) -> String {
        // What never changes need not be computed again.
        let entry = self.maker.worked.is_varied().then(|| json!([code.compiled(), self.live.format(format)]));
        let at = entry.map(|entry| {
            let known = self.bound.iter().position(|known| *known == entry);
            known.unwrap_or_else(|| self.bind(entry))
        });
        self.element(code, format, at)
    }

    /// A value that can be answered, as HTML. The script knows it by its place among the bound ones.
    fn answer(&mut self, code: &Code, format: &Format) -> String {
        let computed = number(self.machine.evaluate(code));
        let compiled = if self.maker.worked.is_varied() { code.compiled() } else { computed };
        let entry = json!([compiled, self.live.format(format)]);
        let at = self.bind(entry);
        self.element(code, format, Some(at))
    }

    fn bind(&mut self, entry: Value) -> usize {
        self.bound.push(entry);
        self.bound.len() - 1
    }

    fn element(&mut self, code: &Code, format: &Format, at: Option<usize>) -> String {
        let raw = self.machine.evaluate(code);
        let shown = format::format(raw, format, self.maker.figure.numerals);
        let html = value_html(&shown, raw / format.unit.scale, None, "value");
        match at {
            Some(at) => html.replacen("<data ", &format!("<data data-q=\"{at}\" "), 1),
            None => html,
        }
    }

    fn mistakes(&mut self, wrong: &[(Code, PerLang<Text>)], format: &Format) -> Vec<MistakeView> {
        let numbers: Vec<_> = wrong.iter().map(|(is, _)| self.answer(is, format)).collect();
        let mistakes = numbers.into_iter().zip(wrong);
        mistakes.map(|(number, (_, because))| MistakeView { number, because: self.html(because) }).collect()
    }

    fn choice(&mut self, choice: &Choice, format: &Format) -> ChoiceView {
        let says = match &choice.says {
            Says::Words(words) => self.html(words),
            Says::Value(code) => self.value(code, format),
        };
        ChoiceView { says, is_right: choice.is_right, because: self.html(&choice.because) }
    }

    fn item(&mut self, words: &PerLang<Text>) -> ItemView {
        let plain = self.plain(words);
        let strings = self.maker.figure.strings;
        let [up, down] = [&strings.quiz_up, &strings.quiz_down].map(|label| label.replace("{item}", &plain));
        ItemView { says: self.html(words), up, down }
    }
}

/// What stands behind the field: the unit's word, or the sign of the style.
fn unit(format: &Format) -> String {
    let compiled = format.compiled();
    compiled[4].as_str().unwrap_or_default().trim().to_owned()
}

/// The positions of so many things in an order that follows from the id: none in its place and, where that is
/// possible, none behind its neighbour.
fn shuffled(count: usize, id: &str) -> Vec<usize> {
    let mut state = xxh3_64(id.as_bytes());
    let mut order: Vec<_> = (0..count).collect();
    for _ in 0..MAX_SHUFFLES {
        for at in (1..count).rev() {
            // The multiplier of Knuth's MMIX; its high bits are the good ones.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(at, (state >> 33) as usize % (at + 1));
        }
        let is_in_place = order.iter().enumerate().any(|(at, item)| at == *item);
        if !is_in_place && order.windows(2).all(|pair| pair[0] + 1 != pair[1]) {
            return order;
        }
    }
    order.sort_unstable();
    order.rotate_left(1);
    order
}

/// How often an order is shuffled again: one of ten is good.
const MAX_SHUFFLES: usize = 100;

#[cfg(test)]
mod tests;
