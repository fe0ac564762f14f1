//! `test`: what holds of the book's examples, and by how much.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::told::print;
use super::{Book, Ending, Format, Voice, say};
use bilayer::diagnostic::{self, Code, Diagnostic};
use bilayer::evaluate::claims::Judged;
use bilayer::evaluate::gather::FOLDER;
use bilayer::evaluate::worked::{self, Worked};
use bilayer::output::Discard;
use bilayer::pipeline::{self, Memory, Options, Quiet};
use bilayer::report;
use bilayer::source::Sources;

#[derive(Args)]
pub struct Test {
    /// Only examples whose id contains this
    filter: Option<String>,
    /// The folder of the book
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: std::path::PathBuf,
    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// One claim that was tried.
struct Trial<'a> {
    kind: &'static str,
    judged: &'a Judged,
}

impl Test {
    pub fn run(&self, voice: Voice) -> Result<Ending> {
        let (sources, mut diagnostics) = Book { dir: self.dir.clone() }.load()?;
        // The pages are made, and thrown away, for the numbers in them that are held to examples.
        let options = Options { counts_numbers: true, ..Options::default() };
        let outcome = pipeline::build(&sources, &options, &mut Memory::default(), &Discard, &Quiet);
        diagnostics.extend(outcome.diagnostics);
        diagnostic::tidy(&mut diagnostics, &sources);
        let filter = self.filter.as_deref().unwrap_or_default();
        diagnostics.retain(|problem| concerns(problem, &sources, filter));
        let chosen = outcome.examples.values().filter(|worked| worked.example.id.contains(filter));
        let found =
            Found { examples: chosen.map(AsRef::as_ref).collect(), tied: outcome.tally.tied, diagnostics };
        match self.format {
            Format::Json => found.print_json(&sources)?,
            Format::Human => found.print_human(&sources, voice)?,
        }
        let diagnostics = found.diagnostics;
        Ok(if diagnostic::has_errors(&diagnostics) { Ending::Errors } else { Ending::Done })
    }
}

/// What was tried and what was found.
struct Found<'a> {
    examples: Vec<&'a Worked>,
    /// How many numbers of the text are held to examples.
    tied: usize,
    diagnostics: Vec<Diagnostic>,
}

/// Whether a problem belongs to what is tested: to an example, or to a number of the text that is held to one.
fn concerns(problem: &Diagnostic, sources: &Sources, filter: &str) -> bool {
    let Some(span) = problem.span else { return filter.is_empty() };
    match sources.path(span.file).strip_prefix(FOLDER) {
        Some(example) => example.contains(filter),
        None => filter.is_empty() && OF_NUMBERS.contains(&problem.code),
    }
}

/// What can be wrong with a number of the text.
const OF_NUMBERS: [Code; 5] =
    [Code::ValueOff, Code::ExampleUnknown, Code::NameUnknown, Code::UnitMismatch, Code::FormatInvalid];

fn trials(worked: &Worked) -> Vec<Trial<'_>> {
    match &worked.result {
        worked::Result::Calc(calc) => {
            let pinned = calc.expect.iter().map(|judged| Trial { kind: "expect", judged });
            let always = calc.always.iter().map(|judged| Trial { kind: "always", judged });
            pinned.chain(always).collect()
        }
        worked::Result::Trace(acted) => {
            let runs = std::iter::once(&acted.common).chain(&acted.branches);
            let pinned = runs.flat_map(|run| &run.expect).map(|judged| Trial { kind: "expect", judged });
            let always = acted.always.iter().map(|judged| Trial { kind: "always", judged });
            pinned.chain(always).collect()
        }
        worked::Result::Quiz(asked) => {
            asked.tried.iter().map(|judged| Trial { kind: "answer", judged }).collect()
        }
    }
}

impl Found<'_> {
    fn print_human(&self, sources: &Sources, voice: Voice) -> Result<()> {
        let mut out = std::io::stdout().lock();
        let (mut tried, mut failed) = (0, 0);
        for worked in &self.examples {
            let trials = trials(worked);
            tried += trials.len();
            failed += trials.iter().filter(|trial| !trial.judged.holds).count();
            if voice.quiet {
                continue;
            }
            writeln!(out, "{}", worked.example.id)?;
            for Trial { kind, judged } in trials {
                let mark = if judged.holds { "ok  " } else { "FAIL" };
                writeln!(out, "  {mark} {kind} {}: {}", judged.text, judged.finding)?;
            }
        }
        print(sources, &self.diagnostics, voice);
        let (examples, tied) = (self.examples.len(), self.tied);
        writeln!(out, "{examples} examples, {tried} claims: {} hold, {failed} do not", tried - failed)?;
        let off = self.diagnostics.iter().filter(|problem| is_of_text(problem, sources)).count();
        writeln!(
            out,
            "{tied} numbers in the text are tied to examples: {} agree, {off} do not",
            tied - off.min(tied)
        )?;
        if !self.diagnostics.is_empty() {
            say(report::count(&self.diagnostics));
        }
        Ok(())
    }

    fn print_json(&self, sources: &Sources) -> Result<()> {
        let claim = |Trial { kind, judged }: Trial<'_>| {
            let (line, _) = sources.position(judged.at.file, judged.at.start);
            json!({
                "kind": kind, "claim": judged.text, "holds": judged.holds, "finding": judged.finding, "line": line,
            })
        };
        let example = |worked: &&Worked| {
            let claims: Vec<Value> = trials(worked).into_iter().map(claim).collect();
            json!({ "id": worked.example.id, "file": sources.path(worked.example.file), "claims": claims })
        };
        let examples: Vec<Value> = self.examples.iter().map(example).collect();
        let reports: Vec<_> =
            self.diagnostics.iter().map(|diagnostic| report::json::report(sources, diagnostic)).collect();
        let document = json!({ "examples": examples, "tied": self.tied, "diagnostics": reports });
        writeln!(std::io::stdout().lock(), "{document:#}")?;
        Ok(())
    }
}

/// Whether a problem stands in a page.
fn is_of_text(problem: &Diagnostic, sources: &Sources) -> bool {
    problem.span.is_some_and(|span| !sources.path(span.file).starts_with(FOLDER))
}
