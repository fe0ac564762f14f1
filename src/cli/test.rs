//! `test`: what holds of the book's examples, and by how much.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::{Book, Ending, Format, Voice, print, say};
use bilayer::diagnostic::{self, Diagnostic};
use bilayer::evaluate::claims::Judged;
use bilayer::evaluate::worked::{self, Worked};
use bilayer::pipeline;
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
        let (examples, problems) = pipeline::examples(&sources);
        diagnostics.extend(problems);
        diagnostic::tidy(&mut diagnostics);
        let filter = self.filter.as_deref().unwrap_or_default();
        let chosen: Vec<_> = examples.values().filter(|worked| worked.example.id.contains(filter)).collect();
        diagnostics.retain(|problem| concerns(problem, &sources, filter));
        match self.format {
            Format::Json => print_json(&chosen, &sources, &diagnostics)?,
            Format::Human => print_human(&chosen, &sources, &diagnostics, voice)?,
        }
        Ok(if diagnostic::has_errors(&diagnostics) { Ending::Errors } else { Ending::Done })
    }
}

/// Whether a problem belongs to what is tested.
fn concerns(problem: &Diagnostic, sources: &Sources, filter: &str) -> bool {
    filter.is_empty()
        || problem.span.is_some_and(|span| {
            let path = sources.path(span.file);
            path.starts_with("content/examples/") && path.contains(filter)
        })
}

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

fn print_human(
    chosen: &[&Worked],
    sources: &Sources,
    diagnostics: &[Diagnostic],
    voice: Voice,
) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let (mut tried, mut failed) = (0, 0);
    for worked in chosen {
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
    print(sources, diagnostics, voice);
    let examples = chosen.len();
    writeln!(out, "{examples} examples, {tried} claims: {} hold, {failed} do not", tried - failed)?;
    if !diagnostics.is_empty() {
        say(report::count(diagnostics));
    }
    Ok(())
}

fn print_json(chosen: &[&Worked], sources: &Sources, diagnostics: &[Diagnostic]) -> Result<()> {
    let claim = |Trial { kind, judged }: Trial<'_>| {
        let (line, _) = sources.position(judged.at.file, judged.at.start);
        json!({ "kind": kind, "claim": judged.text, "holds": judged.holds, "finding": judged.finding, "line": line })
    };
    let example = |worked: &&Worked| {
        let claims: Vec<Value> = trials(worked).into_iter().map(claim).collect();
        json!({ "id": worked.example.id, "file": sources.path(worked.example.file), "claims": claims })
    };
    let examples: Vec<Value> = chosen.iter().map(example).collect();
    let reports: Vec<_> =
        diagnostics.iter().map(|diagnostic| report::json::report(sources, diagnostic)).collect();
    let document = json!({ "examples": examples, "diagnostics": reports });
    writeln!(std::io::stdout().lock(), "{document:#}")?;
    Ok(())
}
