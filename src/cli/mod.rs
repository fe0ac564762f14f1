//! The command line: what was typed, and the one call that it means.

mod build;
mod check;
mod list;
mod progress;
mod serve;
mod start;
mod test;
mod told;

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use bilayer::cache::Cache;
use bilayer::config;
use bilayer::diagnostic::{Code, Diagnostic, nearest};
use bilayer::digest::Digest;
use bilayer::load::load;
use bilayer::report::terminal::Style;
use bilayer::source::Sources;

/// A static site generator for bilingual technical textbooks
#[derive(Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    /// Say less: only errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a book in a new folder
    Init(start::Init),
    /// Add a page or section, with a stub in every language
    New(start::New),
    /// Build the site
    Build(build::Build),
    /// Show the book in a browser as it is being written
    Serve(serve::Serve),
    /// Look for mistakes without writing anything
    Check(check::Check),
    /// Compute every example and say what holds and what does not
    Test(test::Test),
    /// List what the book has
    List(list::List),
    /// Say what a diagnostic means and how to mend it
    Explain(Explain),
    /// Remove the site that was built and the cache, and nothing else
    Clean(build::Clean),
    /// Print the configuration as it is understood, and where each value comes from
    Config(list::Config),
    /// Print a script that completes commands in a shell
    #[command(alias = "completion")]
    Completions(Completions),
}

#[derive(Args)]
struct Explain {
    /// The code, such as `link-broken`; without it, all codes are listed
    code: Option<String>,
}

#[derive(Args)]
struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

/// The folder of the book.
#[derive(Args)]
struct Book {
    /// The folder of the book
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
enum Format {
    /// Text for people
    Human,
    /// One JSON document
    Json,
}

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// All is well.
    Done,
    /// The book has errors.
    Errors,
}

/// What a command needs to know to speak: how much, and with which colours.
#[derive(Clone, Copy)]
struct Voice {
    quiet: bool,
    verbose: bool,
    style: Style,
}

/// Runs what was typed. Exit status: 0 done, 1 the book has errors, 2 wrong use or the machine failed.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let voice = Voice { quiet: cli.quiet, verbose: cli.verbose, style: style() };
    match dispatch(&cli.command, voice) {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Errors) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: &Command, voice: Voice) -> Result<Ending> {
    match command {
        Command::Init(init) => init.run(voice),
        Command::New(new) => new.run(voice),
        Command::Build(build) => build.run(voice),
        Command::Serve(serve) => serve.run(voice),
        Command::Check(check) => check.run(voice),
        Command::Test(test) => test.run(voice),
        Command::List(list) => list.run(),
        Command::Explain(explain) => explain.run(),
        Command::Clean(clean) => clean.run(voice),
        Command::Config(config) => config.run(),
        Command::Completions(completions) => completions.run(),
    }
}

/// Colours where a person looks, unless they said otherwise (`NO_COLOR`, `CLICOLOR_FORCE`).
fn style() -> Style {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let coloured = !set("NO_COLOR") && (set("CLICOLOR_FORCE") || std::io::stderr().is_terminal());
    if coloured { Style::Coloured } else { Style::Plain }
}

/// Whoever read our output has had enough: `bilayer list pages | head`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let of_system = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let of_json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    of_system.or(of_json) == Some(ErrorKind::BrokenPipe)
}

/// Tells a person something, on standard error. If nobody is there any more to hear it, that is no failure.
fn say(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The cache of the book in `dir`; none where there is no book, or where the program cannot read itself, by which the
/// cache tells it from others.
fn open_cache(dir: &Path) -> Option<Arc<Cache>> {
    if !dir.join(config::FILE).is_file() {
        return None;
    }
    let program = std::fs::read(std::env::current_exe().ok()?).ok()?;
    Some(Arc::new(Cache::open(dir, Digest::of(&program))))
}

/// The path with `..` taken away and the links in the part of it that exists resolved.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    let mut real = PathBuf::new();
    for part in std::path::absolute(path)?.components() {
        match part {
            Component::ParentDir => drop(real.pop()),
            part => real.push(part),
        }
        real = real.canonicalize().unwrap_or(real);
    }
    Ok(real)
}

impl Book {
    /// Reads the book, with what was found wrong on the way. Fails where there is none.
    fn load(&self) -> Result<(Sources, Vec<Diagnostic>)> {
        let (sources, diagnostics) = load(&self.dir)?;
        if sources.find(config::FILE).is_none() {
            bail!("there is no {} in {}", config::FILE, self.dir.display());
        }
        Ok((sources, diagnostics))
    }
}

impl Explain {
    fn run(&self) -> Result<Ending> {
        let mut out = std::io::stdout().lock();
        let Some(name) = &self.code else {
            for code in Code::ALL {
                let summary =
                    code.explanation().lines().find(|line| !line.is_empty() && !line.starts_with('#'));
                writeln!(out, "{:28} {}", code.name(), summary.unwrap_or_default())?;
            }
            return Ok(Ending::Done);
        };
        match Code::find(name) {
            Some(code) => {
                write!(out, "{}", code.explanation())?;
                Ok(Ending::Done)
            }
            None => {
                let near = nearest(name, Code::ALL.iter().map(|code| code.name()));
                let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                bail!("there is no diagnostic `{name}`{hint}")
            }
        }
    }
}

impl Completions {
    fn run(&self) -> Result<Ending> {
        // Not straight to standard output: the generator panics when its reader has gone.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "bilayer", &mut script);
        std::io::stdout().lock().write_all(&script)?;
        Ok(Ending::Done)
    }
}
