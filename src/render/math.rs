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
        if let Some(at) = too_deep(latex) {
            let message = format!("the formula is nested more than {MAX_DEPTH} deep");
            return Err(Problem { range: at..at + 1, message });
        }
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

/// How deep a formula may be nested. The LaTeX crate calls itself for every level and has no limit of its own.
const MAX_DEPTH: usize = 400;

/// The byte at which a formula may become nested too deep: an upper bound, found without understanding it. A group
/// is a level, and so is each command before this place in the groups that are open, back to the start of the cell:
/// `\hat\hat\hat a` has four.
fn too_deep(latex: &str) -> Option<usize> {
    // How many commands stand in each open group.
    let mut groups = vec![0];
    let mut commands = 0;
    let mut at = 0;
    while let Some(token) = token(&latex.as_bytes()[at..]) {
        match token {
            b"{" | b"\\begin" | b"\\left" => groups.push(0),
            b"}" | b"\\end" | b"\\right" if groups.len() > 1 => commands -= groups.pop().unwrap_or(0),
            b"&" | b"\\\\" => commands -= groups.last_mut().map_or(0, std::mem::take),
            [b'\\', ..] => {
                commands += 1;
                groups.last_mut().into_iter().for_each(|group| *group += 1);
            }
            _ => {}
        }
        if groups.len() + commands > MAX_DEPTH {
            return Some(at);
        }
        at += token.len();
    }
    None
}

/// The first token: a command with its name, an escaped byte, or a byte. None at the end.
fn token(bytes: &[u8]) -> Option<&[u8]> {
    let (first, rest) = bytes.split_first()?;
    let name = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let length = if *first == b'\\' { 1 + name.max(1) } else { 1 };
    Some(&bytes[..length.min(bytes.len())])
}

impl Default for Math {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(open: &str, times: usize, close: &str, deep: bool) {
        let latex = format!("{}a{}", open.repeat(times), close.repeat(times));
        assert_eq!(too_deep(&latex).is_some(), deep, "{open} {times}");
        assert_eq!(
            Math::new().html(&latex, true).is_err_and(|problem| problem.message.contains("nested")),
            deep
        );
    }

    #[test]
    fn depth_is_limited_and_length_is_not() {
        for (open, close) in
            [("{", "}"), ("\\sqrt{", "}"), ("\\hat", " "), ("\\begin{matrix}&", "\\end{matrix}")]
        {
            check(open, 100, close, false);
            check(open, 401, close, true);
        }
        check("\\frac{1}{2}字 + {a} & \\alpha \\\\ ", 5_000, "", false);
        check("\\", 3, "", false);
    }
}
