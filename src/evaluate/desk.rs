//! What the checks of one example share: the book's units, the text of the file, and where mistakes go.

use super::check::{Scope, Type};
use super::code::{Code, Machine};
use super::example::Written;
use super::expression::{Expr, Problem};
use super::unit::Units;
use crate::diagnostic::{Code as Fault, Diagnostic};
use crate::digest::Digest;
use crate::memo::{Nothing, Store};

/// The place at which one example is worked on.
pub struct Desk<'a> {
    /// The book's units.
    pub units: &'a Units,
    /// The text of the example's file.
    pub text: &'a str,
    /// What was found wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Where verdicts that take long are kept.
    pub recall: Recall<'a>,
}

/// Where an example's verdicts are kept between builds.
#[derive(Clone, Copy)]
pub struct Recall<'a> {
    /// The store.
    pub store: &'a dyn Store,
    /// The digest of all that the example is made from.
    pub key: Digest,
}

impl Recall<'_> {
    /// Keeps and finds nothing.
    pub const NOTHING: Recall<'static> = Recall { store: &Nothing, key: Digest(0) };
}

impl<'a> Desk<'a> {
    /// An empty desk.
    #[must_use]
    pub const fn new(units: &'a Units, text: &'a str) -> Self {
        Self { units, text, diagnostics: Vec::new(), recall: Recall::NOTHING }
    }

    /// The same desk, whose verdicts are kept.
    #[must_use]
    pub fn recalling(self, recall: Recall<'a>) -> Self {
        Self { recall, ..self }
    }

    /// Notes a mistake inside a written text, at its place in the file.
    pub fn note<T>(&mut self, written: &Written<T>, problem: Problem) {
        let diagnostic = diagnostic(&written.node, self.text, problem);
        self.diagnostics.push(diagnostic);
    }

    /// Notes a mistake about a whole written text.
    pub fn fault<T>(&mut self, written: &Written<T>, message: &str) {
        let whole = 0..written.text.len();
        self.note(written, Problem::new(Fault::ExampleInvalid, whole, message));
    }

    /// The value of a result; its mistake is noted.
    pub fn take<T, R>(&mut self, written: &Written<T>, result: Result<R, Problem>) -> Option<R> {
        result.map_err(|problem| self.note(written, problem)).ok()
    }

    /// Checks an expression. One with a mistake is NaN of unknown kind.
    pub fn check(&mut self, written: &Written<Expr>, scope: &mut Scope<'_>) -> (Code, Type) {
        let checked = scope.check(&written.value);
        self.take(written, checked).unwrap_or((Code::Number(f64::NAN), Type::Unknown))
    }

    /// Checks an expression without a unit; `role` names it in a message.
    pub fn plain(&mut self, written: &Written<Expr>, scope: &mut Scope<'_>, role: &str) -> Code {
        let checked = scope.plain(&written.value, role);
        self.take(written, checked).unwrap_or(Code::Number(f64::NAN))
    }

    /// Checks a condition.
    pub fn condition(&mut self, written: &Written<Expr>, scope: &mut Scope<'_>) -> Option<Code> {
        let checked = scope.condition(&written.value);
        self.take(written, checked)
    }

    /// The value of an expression that uses no names.
    pub fn constant(&mut self, written: &Written<Expr>) -> (f64, Type) {
        let mut scope = Scope::new(self.units);
        let (code, kind) = self.check(written, &mut scope);
        let value = Machine::new(scope.slots).evaluate(&code);
        if !value.is_finite() && kind != Type::Unknown {
            self.note(
                written,
                Problem::new(Fault::ValueNotFinite, written.value.span.clone(), "this is no finite number"),
            );
        }
        (value, kind)
    }
}

/// A mistake in an expression as a diagnostic in the file that holds it.
#[must_use]
pub fn diagnostic(node: &crate::data::tree::Node, text: &str, problem: Problem) -> Diagnostic {
    let span = node.place(text, problem.at);
    let diagnostic = Diagnostic::new(problem.code, span, problem.message);
    let diagnostic = match problem.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    };
    match problem.fix {
        Some(fix) => diagnostic.fix(span, fix),
        None => diagnostic,
    }
}
