//! All examples of a book, worked.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::calc;
use super::desk::{Desk, Recall};
use super::example::{Body, Example};
use super::unit::Units;
use super::{quiz, trace};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;

/// An example as written and as worked.
#[derive(Clone, Debug)]
pub struct Worked {
    /// What its author wrote.
    pub example: Example,
    /// What came of it.
    pub result: Result,
    /// The digest of all that it was made from.
    pub digest: Digest,
}

/// What came of an example.
#[derive(Clone, Debug)]
pub enum Result {
    /// Of a calculation.
    Calc(calc::Worked),
    /// Of a protocol.
    Trace(trace::Worked),
    /// Of a question.
    Quiz(quiz::Worked),
}

impl Worked {
    /// The calculation, if it is one.
    #[must_use]
    pub const fn calc(&self) -> Option<&calc::Worked> {
        match &self.result {
            Result::Calc(worked) => Some(worked),
            _ => None,
        }
    }
}

/// The worked examples of a book by id.
pub type Examples = BTreeMap<String, Arc<Worked>>;

/// Works an example that needs no other: a calculation or a protocol. A question is left for [`question`].
pub fn work(
    example: Example,
    text: &str,
    units: &Units,
    recall: Recall<'_>,
) -> (std::result::Result<Worked, Example>, Vec<Diagnostic>) {
    let mut desk = Desk::new(units, text).recalling(recall);
    let result = match &example.body {
        Body::Calc(calc) => Result::Calc(calc::work(calc, &mut desk)),
        Body::Trace(trace) => Result::Trace(trace::work(trace, &mut desk)),
        Body::Quiz(_) => return (Err(example), Vec::new()),
    };
    (Ok(Worked { example, result, digest: recall.key }), desk.diagnostics)
}

/// Works a question, which may be about one of the calculations. None if the example is no question.
#[must_use]
pub fn question(
    example: Example,
    text: &str,
    units: &Units,
    examples: &Examples,
    key: Digest,
) -> (Option<Worked>, Vec<Diagnostic>) {
    let mut desk = Desk::new(units, text);
    let result = match &example.body {
        Body::Quiz(quiz) => Some(Result::Quiz(quiz::work(quiz, examples, &mut desk))),
        _ => None,
    };
    let over = match &result {
        Some(Result::Quiz(worked)) => worked.over.as_ref().and_then(|id| examples.get(id)),
        _ => None,
    };
    let digest = Digest::of_value(&(key, over.map(|worked| worked.digest)));
    (result.map(|result| Worked { example, result, digest }), desk.diagnostics)
}
