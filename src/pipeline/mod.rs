//! The whole build as one function: sources in, site out.
//!
//! Every command that needs the book calls [`build`], or [`prepare`]s an [`Edition`] of it and asks that for what it
//! needs. Nothing here reads a disk, a clock or the environment: files come in as [`Sources`], pages go out through a
//! [`Sink`], and what takes time is told to a [`Progress`]. What a [`Memory`] holds of the edition before is not made
//! again; it never changes what is made.

mod documents;
mod linked;
mod memory;
mod progress;

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{self, Config, SiteUrl};
use crate::diagnostic::{self, Diagnostic};
use crate::evaluate::unit::Units;
use crate::evaluate::worked::Examples;
use crate::lang::Lang;
use crate::link::resolve::Links;
use crate::link::route::LinkStyle;
use crate::link::{self, Book};
use crate::memo::Store;
use crate::output::Sink;
use crate::render::example::Tally;
use crate::render::item::Item;
use crate::render::theme::Theme;
use crate::render::{self, Renderer, Tools};
use crate::source::Sources;
use memory::KnownTheme;
pub use memory::{Memory, Work};
pub use progress::{Progress, Quiet, Stage};

/// What a caller may change about a build.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether drafts are built.
    pub drafts: bool,
    /// Where the site will live, instead of what `book.toml` says.
    pub site_url: Option<SiteUrl>,
    /// How links name pages.
    pub links: LinkStyle,
    /// Whether the numbers in prose are counted, tied to examples or not.
    pub counts_numbers: bool,
}

/// What a build found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Every problem, sorted, none twice.
    pub diagnostics: Vec<Diagnostic>,
    /// How many pages the site has, all languages together.
    pub pages: usize,
    /// The languages in which pages are missing, by their folders, with how many.
    pub untranslated: Vec<(String, usize)>,
    /// The numbers in its prose: how many come from examples, and where the others are.
    pub tally: Tally,
    /// The worked examples.
    pub examples: Examples,
}

/// A book that is read and linked: all that its pages need.
pub struct Edition<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What the caller chose.
    pub options: Options,
    /// The book.
    pub book: &'a Book,
    /// The links of each document.
    pub links: &'a [Links],
    /// The worked examples.
    pub examples: &'a Examples,
    /// The units they speak in.
    pub units: &'a Units,
    /// The theme; none when its templates cannot be used.
    pub theme: Option<&'a Theme>,
    /// What was found wrong so far, not tidied yet: of the pages' texts nothing that only shows when they are rendered.
    pub diagnostics: Vec<Diagnostic>,
    /// What of it is older than the files, because these have mistakes.
    pub old: Old,
    /// What had to be done.
    pub work: Work,
    tools: &'a Tools,
    store: &'a dyn Store,
}

/// What of an edition is older than the files that it was made from: only a memory for a preview keeps such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Old {
    /// The configuration; then nothing is said of the book but what is wrong with the new one.
    pub config: bool,
    /// The theme.
    pub theme: bool,
}

/// Builds the book: every page it can make goes into `sink`, every problem into the outcome.
pub fn build(
    sources: &Sources,
    options: &Options,
    memory: &mut Memory,
    sink: &dyn Sink,
    progress: &dyn Progress,
) -> Outcome {
    let edition = match prepare(sources, options, memory, progress) {
        Ok(edition) => edition,
        Err(diagnostics) => return Outcome { diagnostics, ..Outcome::default() },
    };
    let (mut diagnostics, mut tally) = (edition.diagnostics.clone(), Tally::default());
    let pages = edition.book.topics.len() * edition.book.config.languages.count();
    if let Some(renderer) = edition.renderer() {
        diagnostics.extend(renderer.problems());
        diagnostics.extend(render_all(&renderer, sink, progress, &mut tally));
    }
    diagnostic::tidy(&mut diagnostics, sources);
    let ranks = sources.ranks();
    tally.untied.sort_by_key(|span| (ranks[span.file.index()], span.start));
    let untranslated = untranslated(edition.book);
    Outcome { diagnostics, pages, untranslated, tally, examples: edition.examples.clone() }
}

/// Reads and links the book, as far as `memory` does not know it already.
///
/// # Errors
/// What is wrong when there is no book at all: without a `book.toml` all that could be said of a folder would follow
/// from that.
pub fn prepare<'a>(
    sources: &'a Sources,
    options: &Options,
    memory: &'a mut Memory,
    progress: &dyn Progress,
) -> Result<Edition<'a>, Vec<Diagnostic>> {
    let (config, mut diagnostics) = configure(sources, options);
    if sources.find(config::FILE).is_none() {
        return Err(diagnostics);
    }
    if !diagnostic::has_errors(&diagnostics) {
        diagnostics.extend(link::undeclared::check(sources, &config));
    }
    let mut work = Work::default();
    let (config, is_old) = memory.config(config, diagnostic::has_errors(&diagnostics));
    let said = diagnostics.len();
    let documents = memory.documents(sources, &config, progress, &mut work, &mut diagnostics);
    memory.examples(sources, &config, &mut work, &mut diagnostics);
    memory.load_theme(sources, &config, &mut work, &mut diagnostics);

    progress.begin(Stage::Link, 1);
    let choices = link::Options { drafts: options.drafts };
    let linked = linked::link(&mut memory.linked, sources, &config, documents, choices, &mut work);
    diagnostics.extend(linked.problems().cloned());
    if is_old {
        // The rest may follow from what is no longer written anywhere.
        diagnostics.truncate(said);
    }
    Ok(Edition {
        sources,
        options: options.clone(),
        book: &linked.book,
        links: &linked.links,
        examples: memory.examples.examples(),
        units: &memory.units,
        theme: memory.theme.as_ref().and_then(KnownTheme::theme),
        diagnostics,
        old: Old { config: is_old, theme: memory.theme.as_ref().is_some_and(KnownTheme::is_old) },
        work,
        tools: &memory.tools,
        store: &*memory.store,
    })
}

/// Reads and links the book without looking at examples or theme, and gives it to `look`.
pub fn inspect<T>(sources: &Sources, options: &Options, look: impl FnOnce(&Book) -> T) -> T {
    let mut memory = Memory::default();
    let mut work = Work::default();
    let config = Arc::new(configure(sources, options).0);
    let documents = memory.documents(sources, &config, &Quiet, &mut work, &mut Vec::new());
    let choices = link::Options { drafts: options.drafts };
    look(&linked::link(&mut memory.linked, sources, &config, documents, choices, &mut work).book)
}

impl<'a> Edition<'a> {
    /// What makes its pages; none without a theme.
    #[must_use]
    pub fn renderer(&self) -> Option<Renderer<'a>> {
        let worked = render::Worked { examples: self.examples, units: self.units };
        let choices =
            render::Options { links: self.options.links, counts_numbers: self.options.counts_numbers };
        let inputs = render::Inputs {
            book: self.book,
            sources: self.sources,
            links: self.links,
            worked,
            store: self.store,
        };
        Some(Renderer::new(inputs, self.theme?, self.tools, choices))
    }
}

fn untranslated(book: &Book) -> Vec<(String, usize)> {
    let missing = |lang: Lang| book.topics.iter().filter(|topic| topic.cards[lang].text != lang).count();
    let languages =
        book.config.languages.iter().map(|(lang, language)| (language.key.clone(), missing(lang)));
    languages.filter(|(_, missing)| *missing > 0).collect()
}

fn configure(sources: &Sources, options: &Options) -> (Config, Vec<Diagnostic>) {
    let (mut config, diagnostics) = config::read(sources);
    if options.site_url.is_some() {
        config.site_url.clone_from(&options.site_url);
    }
    (config, diagnostics)
}

/// Renders everything.
fn render_all(
    renderer: &Renderer<'_>,
    sink: &dyn Sink,
    progress: &dyn Progress,
    tally: &mut Tally,
) -> Vec<Diagnostic> {
    let items = renderer.items();
    progress.begin(Stage::Render, items.len());
    let render = |item: &Item<'_>| {
        progress.step();
        renderer.render(*item, sink)
    };
    let rendered: Vec<_> = items.par_iter().map(render).collect();
    let mut diagnostics = Vec::new();
    for (problems, numbers) in rendered {
        diagnostics.extend(problems);
        tally.tied += numbers.tied;
        tally.untied.extend(numbers.untied);
    }
    diagnostics
}
