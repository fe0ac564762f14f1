//! What is wrong with a book, told as it was asked for: as text for people, or as one JSON document.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Format, Voice};
use bilayer::diagnostic::{Diagnostic, Severity};
use bilayer::report::{self, Count, terminal};
use bilayer::source::Sources;

/// How many diagnostics a person is shown at once.
const SHOWN: usize = 500;

/// What is wrong with a book, ready to be told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Told {
    /// How much it is.
    pub count: Count,
    words: Words,
}

#[derive(Clone, Serialize, Deserialize)]
enum Words {
    /// Text for a terminal.
    Human(String),
    /// A report for each diagnostic.
    Json(Vec<Value>),
}

impl Told {
    /// Puts diagnostics into words.
    pub fn new(sources: &Sources, diagnostics: &[Diagnostic], format: Format, voice: Voice) -> Self {
        let words = match format {
            Format::Human => Words::Human(human(sources, diagnostics, voice)),
            Format::Json => {
                let reports = diagnostics.iter().map(|diagnostic| report::json::report(sources, diagnostic));
                Words::Json(reports.map(|report| json!(report)).collect())
            }
        };
        Self { count: report::count(diagnostics), words }
    }

    /// Tells people on standard error; or writes the document, with `more` parts (names and values), to standard
    /// output, and fails if that cannot be written.
    pub fn tell(&self, more: Vec<(&str, Value)>) -> Result<()> {
        let reports = match &self.words {
            Words::Human(text) => {
                show(text);
                return Ok(());
            }
            Words::Json(reports) => reports,
        };
        let Count { errors, warnings } = self.count;
        let mut document = json!({ "errors": errors, "warnings": warnings, "diagnostics": reports });
        for (name, value) in more {
            document[name] = value;
        }
        match writeln!(std::io::stdout().lock(), "{document:#}") {
            // The reader has gone; what was found still decides how the command ends.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}

/// Tells people on standard error.
pub fn print(sources: &Sources, diagnostics: &[Diagnostic], voice: Voice) {
    show(&human(sources, diagnostics, voice));
}

/// Shows text to people.
pub fn show(text: &str) {
    // If nobody is there any more to hear it, that is no failure.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Diagnostics as text for people, each with an empty line behind it.
pub fn human(sources: &Sources, diagnostics: &[Diagnostic], voice: Voice) -> String {
    let is_heard = |diagnostic: &&Diagnostic| !voice.quiet || diagnostic.severity == Severity::Error;
    let mut text = String::new();
    for diagnostic in diagnostics.iter().filter(is_heard).take(SHOWN) {
        text += &terminal::render(sources, diagnostic, voice.style);
        text += "\n\n";
    }
    let more = diagnostics.iter().filter(is_heard).count().saturating_sub(SHOWN);
    if more > 0 {
        let _ = writeln!(text, "and {more} more, which `--format json` lists too\n");
    }
    text
}
