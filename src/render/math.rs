//! Formulas to MathML, at build. The only room that knows the LaTeX crate.

use std::ops::Range;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// Sets formulas; one for the whole build.
pub struct Math(LatexToMathML);

/// What is wrong with a formula.
#[derive(Debug)]
pub struct Problem {
    /// The bytes of the formula that are wrong.
    pub range: Range<usize>,
    /// What is wrong with them.
    pub message: String,
}

impl Math {
    /// A setter of formulas.
    #[must_use]
    pub fn new() -> Self {
        let config = MathCoreConfig::default();
        Self(LatexToMathML::new(config).unwrap_or_default())
    }

    /// A formula as HTML: `<math>`, a displayed one in a box of its own that scrolls.
    ///
    /// # Errors
    /// When the LaTeX cannot be read: which bytes, and why.
    pub fn html(&self, latex: &str, display: bool) -> Result<String, Problem> {
        let style = if display { MathDisplay::Block } else { MathDisplay::Inline };
        match self.0.convert_with_local_state(latex, style) {
            Ok(result) if display => {
                Ok(format!("<span class=\"math\" tabindex=\"0\">{}</span>", result.mathml))
            }
            Ok(result) => Ok(result.mathml),
            Err(error) => {
                let end = latex.len();
                let range = error.0.start.min(end)..error.0.end.min(end);
                Err(Problem { range, message: error.error_message() })
            }
        }
    }
}

impl Default for Math {
    fn default() -> Self {
        Self::new()
    }
}
