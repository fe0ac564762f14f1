//! Diagnostics as text: for people in `terminal`, for programs in `json`.

pub mod json;
pub mod overlay;
pub mod terminal;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};

/// How many errors and warnings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

/// Counts errors and warnings.
#[must_use]
pub fn count(diagnostics: &[Diagnostic]) -> Count {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    Count { errors, warnings: diagnostics.len() - errors }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        write!(
            f,
            "{} error{}, {} warning{}",
            self.errors,
            plural(self.errors),
            self.warnings,
            plural(self.warnings)
        )
    }
}
