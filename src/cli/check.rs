//! `check`: mistakes, without writing anything.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::build::missing;
use super::progress::Line;
use super::told::Told;
use super::{Book, Ending, Format, Voice, say};
use bilayer::diagnostic::{self, Code, Severity};
use bilayer::load::load;
use bilayer::output::Discard;
use bilayer::pipeline::{self, Memory, Options};
use bilayer::render::example::Tally;
use bilayer::source::{Sources, Span};

#[derive(Args)]
pub struct Check {
    #[command(flatten)]
    book: Book,
    /// Check drafts too
    #[arg(long)]
    drafts: bool,
    /// Take a warning for an error (may be repeated)
    #[arg(long, value_name = "CODE", value_parser = code)]
    deny: Vec<Code>,
    /// Leave a warning out (may be repeated)
    #[arg(long, value_name = "CODE", value_parser = code)]
    allow: Vec<Code>,
    /// List the numbers in the text that no example stands behind
    #[arg(long)]
    tied: bool,
    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

impl Check {
    pub fn run(&self, voice: Voice) -> Result<Ending> {
        let (sources, mut diagnostics) = load(&self.book.dir)?;
        let options = Options { drafts: self.drafts, counts_numbers: true, ..Options::default() };
        let progress = Line::new(voice.quiet || self.format == Format::Json);
        let outcome = pipeline::build(&sources, &options, &mut Memory::default(), &Discard, &progress);
        progress.clear();
        diagnostics.extend(outcome.diagnostics);
        diagnostic::tidy(&mut diagnostics, &sources);
        diagnostics.retain(|diagnostic| {
            diagnostic.severity == Severity::Error || !self.allow.contains(&diagnostic.code)
        });
        for diagnostic in diagnostics.iter_mut().filter(|diagnostic| self.deny.contains(&diagnostic.code)) {
            diagnostic.severity = Severity::Error;
        }
        let told = Told::new(&sources, &diagnostics, self.format, voice);
        if self.format == Format::Json {
            told.tell(vec![("numbers", numbers_json(&outcome.tally, &sources, self.tied))])?;
        } else {
            told.tell(Vec::new())?;
            if self.tied {
                list_untied(&outcome.tally, &sources)?;
            }
            if !voice.quiet {
                let missing = missing(&outcome.untranslated);
                say(format_args!("{} pages checked: {}{missing}", outcome.pages, told.count));
                if !outcome.examples.is_empty() {
                    say(numbers(&outcome.tally));
                }
            }
        }
        Ok(if diagnostic::has_errors(&diagnostics) { Ending::Errors } else { Ending::Done })
    }
}

fn code(name: &str) -> Result<Code, String> {
    Code::find(name).ok_or_else(|| {
        let near = diagnostic::nearest(name, Code::ALL.iter().map(|code| code.name()));
        near.map_or_else(
            || "`bilayer explain` lists the codes".to_owned(),
            |near| format!("did you mean `{near}`?"),
        )
    })
}

/// What share of the numbers in prose comes from examples.
fn numbers(tally: &Tally) -> String {
    let all = tally.tied + tally.untied.len();
    let share = if all == 0 { 0.0 } else { 100.0 * tally.tied as f64 / all as f64 };
    format!("{} of {all} numbers in the text are tied to examples ({share:.1} %)", tally.tied)
}

fn numbers_json(tally: &Tally, sources: &Sources, with_list: bool) -> Value {
    let mut numbers = json!({ "tied": tally.tied, "untied": tally.untied.len() });
    if with_list {
        let place = |span: &Span| {
            let (line, column) = sources.position(span.file, span.start);
            json!({ "file": sources.path(span.file), "line": line, "column": column, "number": written(sources, *span) })
        };
        numbers["list"] = tally.untied.iter().map(place).collect();
    }
    numbers
}

/// Prints each number that no example stands behind, a line each: place and number.
fn list_untied(tally: &Tally, sources: &Sources) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for span in &tally.untied {
        let (line, column) = sources.position(span.file, span.start);
        writeln!(out, "{}:{line}:{column}: {}", sources.path(span.file), written(sources, *span))?;
    }
    Ok(())
}

fn written(sources: &Sources, span: Span) -> &str {
    sources.text(span.file).get(span.start as usize..span.end as usize).unwrap_or_default()
}
