//! A question tried with every draw of its inputs: each answer a number, and no two of them the same.

use super::{Code, Desk, Machine, Model, Quiz, Style, Unit, Written, note_at};
use crate::diagnostic::Code as Fault;
use crate::evaluate::claims::{Judged, plain};
use crate::evaluate::expression::{Expr, Problem};
use crate::evaluate::format::{self, Format, Numerals, format};

/// Of more draws than this, so many are tried.
const MAX_DRAWS: usize = 1_000;

/// A computed answer, right or wrong.
pub struct Candidate<'a> {
    /// How it is computed.
    pub code: Code,
    /// As its author wrote it.
    pub written: &'a Written<Expr>,
    /// Of the right number: how far off is right, as a part of it.
    pub within: Option<f64>,
    /// How it is shown.
    pub shown: (Unit, Style),
}

/// What is tried.
pub struct Trials<'a> {
    /// The question.
    pub quiz: &'a Quiz,
    /// The calculation it is about.
    pub model: Option<&'a Model>,
    /// What is drawn.
    pub vary: &'a [(usize, Vec<f64>)],
    /// The inputs that are not drawn, among the others.
    pub inputs: &'a [f64],
    /// How many slots the codes need.
    pub slots: usize,
}

impl Trials<'_> {
    /// Tries the answers; each is reported for the first draw at which something is wrong with it.
    pub fn judge(&self, candidates: &[Candidate<'_>], desk: &mut Desk<'_>) -> Vec<Judged> {
        let mut machine = Machine::new(self.slots);
        let mut findings = vec![None; candidates.len()];
        let draws = self.draws();
        for draw in &draws {
            if let Some(model) = self.model {
                model.run_on(&mut machine, draw);
                if !model.is_given(&mut machine) {
                    self.outside(draw, desk);
                    return Vec::new();
                }
            }
            let values: Vec<_> = candidates.iter().map(|one| machine.evaluate(&one.code)).collect();
            for (at, finding) in findings.iter_mut().enumerate().filter(|(_, finding)| finding.is_none()) {
                if let Some(problem) = self.problem(candidates, &values, at, draw) {
                    *finding = Some(problem.message.clone());
                    desk.note(candidates[at].written, problem);
                }
            }
        }
        let judged = |(one, finding): (&Candidate<'_>, Option<String>)| Judged {
            text: one.written.text.clone(),
            at: one.written.node.place(desk.text, one.written.value.span.clone()),
            holds: finding.is_none(),
            finding: finding.unwrap_or_else(|| format!("a value of its own in every draw ({})", draws.len())),
        };
        candidates.iter().zip(findings).map(judged).collect()
    }

    /// What is wrong with one of the answers.
    fn problem(
        &self,
        candidates: &[Candidate<'_>],
        values: &[f64],
        at: usize,
        draw: &[f64],
    ) -> Option<Problem> {
        let one = &candidates[at];
        let inputs = self.in_words(draw);
        let whole = one.written.value.span.clone();
        if !values[at].is_finite() {
            let message = format!("this is no finite number{inputs}");
            return Some(
                Problem::new(Fault::ValueNotFinite, whole, message).help("leave such values out of `vary`"),
            );
        }
        let earlier = candidates[..at].iter().zip(values);
        let (same, _) = earlier.into_iter().find(|(other, value)| is_same(other, **value, values[at]))?;
        let value = say(values[at], &one.shown.0);
        let message = match same.within {
            Some(_) => format!("this leads to the right answer, {value}{inputs}"),
            None => format!("this is {value}, and so is `{}`{inputs}", same.written.text),
        };
        let help = "leave such values out of `vary`, or ask in another way: what is wrong must differ from what is right";
        Some(Problem::new(Fault::QuizAmbiguous, whole, message).help(help))
    }

    /// Says that the calculation does not speak of a draw.
    fn outside(&self, draw: &[f64], desk: &mut Desk<'_>) {
        let at =
            self.quiz.vary.first().map(|(name, _)| name.at).or(self.quiz.over.as_ref().map(|over| over.at));
        let message = format!("a condition under `given` does not hold{}", self.in_words(draw));
        let problem =
            Problem::new(Fault::ExampleInvalid, 0..0, message).help("leave such values out of `vary`");
        note_at(at.unwrap_or(self.quiz.at), problem, desk);
    }

    /// The drawn inputs: `, for n = 3, price = 2 USD`.
    fn in_words(&self, draw: &[f64]) -> String {
        let input = |(at, _): &(usize, Vec<f64>)| {
            let model = self.model?;
            let name = &model.inputs[*at].name;
            Some(format!("{name} = {}", say(draw[*at], &model.values.get(name)?.unit)))
        };
        let inputs: Vec<_> = self.vary.iter().filter_map(input).collect();
        if inputs.is_empty() { String::new() } else { format!(", for {}", inputs.join(", ")) }
    }

    /// The inputs of every draw; of too many, some that a fixed generator picks.
    fn draws(&self) -> Vec<Vec<f64>> {
        let count = self.vary.iter().fold(1_usize, |count, (_, values)| count.saturating_mul(values.len()));
        let mut state = 1_u64;
        let mut pick = |draw: usize| {
            let mut inputs = self.inputs.to_vec();
            let mut rest = draw;
            for (at, values) in self.vary {
                let chosen = if count > MAX_DRAWS {
                    // The multiplier of Knuth's MMIX; its high bits are the good ones.
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 33) as usize % values.len()
                } else {
                    rest % values.len()
                };
                rest /= values.len();
                inputs[*at] = values[chosen];
            }
            inputs
        };
        (0..count.min(MAX_DRAWS)).map(&mut pick).collect()
    }
}

/// Whether a reader could not tell two answers apart: they read alike, or one is near enough to the right one.
fn is_same(one: &Candidate<'_>, value: f64, other: f64) -> bool {
    let is_near = one.within.is_some_and(|within| (value - other).abs() <= within * value.abs());
    is_near || text(value, &one.shown) == text(other, &one.shown)
}

/// A value as it is shown, with signs that belong to no language.
fn text(value: f64, (unit, style): &(Unit, Style)) -> String {
    let unit = format::Unit { scale: unit.scale.value(), one: String::new(), many: String::new() };
    let label = |label: &str| label.to_owned();
    let part = |(seconds, name): (f64, &str)| (seconds, label(name), label(name));
    let numerals = Numerals {
        decimal: label("."),
        group: String::new(),
        minus: label("-"),
        scales: Vec::new(),
        times: label("e"),
        date: label("{y}-{m}-{d}"),
        months: Vec::new(),
        durations: [(86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s")]
            .into_iter()
            .map(part)
            .collect(),
        yes: label("true"),
        no: label("false"),
        not_a_number: String::new(),
    };
    format(value, &Format { style: *style, unit }, &numerals)
}

/// A value in its unit, for a message.
fn say(value: f64, unit: &Unit) -> String {
    let amount = plain(value / unit.scale.value());
    match unit.spelled().as_str() {
        "" => amount,
        "%" => format!("{amount}%"),
        unit => format!("{amount} {unit}"),
    }
}
