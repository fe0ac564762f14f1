//! `list` and `config`: what there is.

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Book, Ending, Format, say};
use bilayer::config;
use bilayer::lang::Lang;
use bilayer::link;
use bilayer::pipeline::{self, Options};

#[derive(Args)]
pub struct List {
    /// What to list
    what: What,
    #[command(flatten)]
    book: Book,
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Args)]
pub struct Config {
    #[command(flatten)]
    book: Book,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Every page in reading order, with its length in each language
    Pages,
    /// Pages that are marked as drafts
    Drafts,
}

/// A page in one language.
#[derive(Serialize)]
struct Row {
    path: String,
    lang: String,
    title: String,
    url: String,
    /// Han characters and words of other scripts.
    length: u32,
    /// Whether the page exists in the language, or shows the original.
    translated: bool,
    draft: bool,
}

impl List {
    pub fn run(&self) -> Result<Ending> {
        let (sources, _) = self.book.load()?;
        let options = Options { drafts: true, ..Options::default() };
        let rows = pipeline::inspect(&sources, &options, rows);
        let rows: Vec<Row> = rows.into_iter().filter(|row| self.what == What::Pages || row.draft).collect();
        let mut out = std::io::stdout().lock();
        if self.format == Format::Json {
            serde_json::to_writer_pretty(&mut out, &rows)?;
            writeln!(out)?;
            return Ok(Ending::Done);
        }
        for row in &rows {
            let path = if row.path.is_empty() { "index" } else { &row.path };
            let note = match row {
                Row { draft: true, .. } => "draft",
                Row { translated: false, .. } => "not translated",
                _ => "",
            };
            writeln!(out, "{:4} {:5} {path:50} {} {note}", row.lang, row.length, row.title)?;
        }
        Ok(Ending::Done)
    }
}

fn rows(book: &link::Book) -> Vec<Row> {
    let mut rows = Vec::new();
    for &id in &book.orders[book.config.source] {
        let topic = book.topic(id);
        for lang in Lang::all(book.config.languages.count()) {
            let card = &topic.cards[lang];
            let document = card.document.map(|at| &book.documents[at]);
            rows.push(Row {
                path: topic.path.clone(),
                lang: book.config.languages[lang].key.clone(),
                title: card.title.clone(),
                url: card.url.clone(),
                length: document.map_or(0, |document| document.length.total()),
                translated: card.is_own(lang),
                draft: document.is_some_and(|document| document.front.draft),
            });
        }
    }
    rows
}

impl Config {
    pub fn run(&self) -> Result<Ending> {
        let (sources, _) = self.book.load()?;
        let (config, problems) = config::read(&sources);
        let mut out = std::io::stdout().lock();
        for line in config::explain(&config, &sources) {
            writeln!(out, "{line}")?;
        }
        let broken = bilayer::diagnostic::has_errors(&problems);
        if broken {
            say("book.toml has mistakes; `bilayer check` shows them");
        }
        Ok(if broken { Ending::Errors } else { Ending::Done })
    }
}
