//! Questions.

use super::Reader;
use crate::data::fields::Fields;
use crate::data::tree::{Entry, Node, Value};
use crate::evaluate::example::{Answer, Choice, Misconception, Quiz, Reference, Saying, Words, Written};
use crate::evaluate::expression::Expr;
use crate::source::Span;

/// How far off a number may be, as a part of the answer, where the author does not say.
const WITHIN: f64 = 0.01;

impl Reader<'_> {
    pub(super) fn quiz(&mut self, fields: &mut Fields<'_>, whole: Span) -> Option<Quiz> {
        let ask = fields.need("ask", &mut self.diagnostics)?;
        let at = ask.span;
        let ask = self.words(ask);
        let over = fields.take("over").and_then(|over| self.reference(over));
        let vary = fields.entries("vary", &mut self.diagnostics);
        let vary = vary.iter().map(|entry| self.varied(entry)).collect();
        let answer = self.answer(fields, whole);
        let because = self.optional_words(fields, "because");
        Some(Quiz { ask, at, over, vary, answer: answer?, because })
    }

    /// An input and the values it is drawn from: a list, or one alone.
    fn varied(&mut self, entry: &Entry) -> (Reference, Vec<Written<Expr>>) {
        let values = match &entry.value.value {
            Value::List(values) => values.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        let reference = Reference { name: entry.key.clone(), at: entry.at };
        (reference, values.iter().filter_map(|value| self.expression(value)).collect())
    }

    fn answer(&mut self, fields: &mut Fields<'_>, whole: Span) -> Option<Answer> {
        let show = self.show(fields);
        let (number, choices, order) = (fields.take("answer"), fields.take("choices"), fields.take("order"));
        match (number, choices, order) {
            (Some(number), None, None) => {
                let within = self.within(fields);
                let wrong = fields.items("misconceptions", &mut self.diagnostics);
                let misconceptions = wrong.iter().filter_map(|wrong| self.misconception(wrong)).collect();
                Some(Answer::Number { right: self.expression(number)?, show, within, misconceptions })
            }
            (None, Some(list), None) => {
                let choices = fields.items("choices", &mut self.diagnostics);
                let choices: Vec<_> = choices.iter().filter_map(|choice| self.choice(choice)).collect();
                let right = choices.iter().filter(|choice| choice.is_right).count();
                if right != 1 || choices.len() < 2 {
                    let count = choices.len();
                    let message =
                        format!("{right} of {count} choices are right; exactly one of several must be");
                    self.invalid(Span { end: list.span.start, ..list.span }, message);
                }
                Some(Answer::Choice { choices, show })
            }
            (None, None, Some(Node { value: Value::List(items), .. })) if items.len() > 1 => {
                Some(Answer::Order(items.iter().map(|item| self.words(item)).collect()))
            }
            _ => {
                let message = "a question has one of `answer`, `choices` and `order`, the last two with several entries";
                self.invalid(Span { end: whole.start, ..whole }, message);
                None
            }
        }
    }

    /// How far off a number may be.
    fn within(&mut self, fields: &mut Fields<'_>) -> f64 {
        let Some((text, node)) = fields.text("within", &mut self.diagnostics) else { return WITHIN };
        let part = text.strip_suffix('%').and_then(|percent| percent.trim().parse::<f64>().ok());
        match part.filter(|percent| (0.0..=50.0).contains(percent)) {
            Some(percent) => percent / 100.0,
            None => {
                self.invalid(node.span, "`within` is a part of the answer, such as `1%`, at most 50%");
                WITHIN
            }
        }
    }

    fn misconception(&mut self, node: &Node) -> Option<Misconception> {
        let mut fields = self.open(node, "a misconception")?;
        let is = self.needed(&mut fields, "is");
        let because = self.needed_words(&mut fields, "because");
        fields.finish(&mut self.diagnostics);
        Some(Misconception { is: is?, because: because? })
    }

    fn choice(&mut self, node: &Node) -> Option<Choice> {
        let mut fields = self.open(node, "a choice")?;
        let say = match fields.take("is") {
            Some(value) => self.expression(value).map(Saying::Value),
            None => self.needed_words(&mut fields, "say").map(Saying::Words),
        };
        let truths = [("true", true), ("false", false)];
        let is_right = fields.choice("right", &truths, &mut self.diagnostics).unwrap_or_default();
        let because = self.optional_words(&mut fields, "because");
        fields.finish(&mut self.diagnostics);
        Some(Choice { say: say?, is_right, because, at: node.span })
    }

    fn needed_words(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Words> {
        let node = fields.need(key, &mut self.diagnostics)?;
        Some(self.words(node))
    }
}
