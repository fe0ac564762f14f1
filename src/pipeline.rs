//! The whole build as one function: sources in, site out.
//!
//! Every command that needs the book calls [`build`]. It reads no disk, no clock and no environment: files
//! come in as [`Sources`], pages go out through a [`Sink`], and what takes time is told to a [`Progress`].

use rayon::prelude::*;

use crate::config::{self, Config, SiteUrl};
use crate::diagnostic::{self, Diagnostic};
use crate::evaluate::gather;
use crate::evaluate::worked::Examples;
use crate::lang::Lang;
use crate::link::route::LinkStyle;
use crate::link::{self, Book, resolve};
use crate::output::Sink;
use crate::parse::{self, Document};
use crate::render::example::Tally;
use crate::render::{self, Renderer, theme};
use crate::source::{Content, File, FileId, Sources};

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

/// A part of the build, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading front matter, headings and links of each file.
    Parse,
    /// Pairing the languages, ordering the tree, resolving links.
    Link,
    /// Making pages and handing them to the sink.
    Render,
}

/// Is told how far a build has come.
pub trait Progress: Sync {
    /// A stage begins; it has `total` steps.
    fn begin(&self, stage: Stage, total: usize);
    /// One step of it is done.
    fn step(&self);
}

/// Tells nobody.
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: Stage, _: usize) {}
    fn step(&self) {}
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

/// Builds the book: every page it can make goes into `sink`, every problem into the outcome.
pub fn build(sources: &Sources, options: &Options, sink: &dyn Sink, progress: &dyn Progress) -> Outcome {
    let (config, mut diagnostics) = configure(sources, options);
    if sources.find(config::FILE).is_none() {
        // Without it a folder is no book: all that could be said of it would follow from that.
        return Outcome { diagnostics, pages: 0, ..Outcome::default() };
    }
    if !diagnostic::has_errors(&diagnostics) {
        diagnostics.extend(link::undeclared::check(sources, &config));
    }
    let documents = parse_all(sources, &config, progress, &mut diagnostics);
    let (units, problems) = gather::units(&config, sources);
    diagnostics.extend(problems);
    let (examples, problems) = gather::examples(sources, &config, &units);
    diagnostics.extend(problems);
    let (theme, problems) = theme::load(sources, &config);
    diagnostics.extend(problems);

    progress.begin(Stage::Link, 1);
    let (book, problems) = link::link(sources, &config, documents, link::Options { drafts: options.drafts });
    diagnostics.extend(problems);
    let links = resolve_all(&book, sources, &mut diagnostics);

    let pages = book.topics.len() * config.languages.count();
    progress.begin(Stage::Render, pages);
    let mut tally = Tally::default();
    if let Some(theme) = &theme {
        let worked = render::Worked { examples: &examples, units: &units };
        let choices = render::Options { links: options.links, counts_numbers: options.counts_numbers };
        let (renderer, problems) = Renderer::new(&book, sources, theme, &links, worked, choices);
        diagnostics.extend(problems);
        diagnostics.extend(render_all(&book, &renderer, sink, progress, &mut tally));
    }
    diagnostic::tidy(&mut diagnostics, sources);
    let ranks = sources.ranks();
    tally.untied.sort_by_key(|span| (ranks[span.file.index()], span.start));
    Outcome { diagnostics, pages, untranslated: untranslated(&book), tally, examples }
}

fn untranslated(book: &Book<'_>) -> Vec<(String, usize)> {
    let missing = |lang: Lang| book.topics.iter().filter(|topic| topic.cards[lang].text != lang).count();
    let languages =
        book.config.languages.iter().map(|(lang, language)| (language.key.clone(), missing(lang)));
    languages.filter(|(_, missing)| *missing > 0).collect()
}

/// Reads and links the book without rendering it, and gives it to `look`.
pub fn inspect<T>(
    sources: &Sources,
    options: &Options,
    look: impl FnOnce(&Book<'_>) -> T,
) -> (T, Vec<Diagnostic>) {
    let (config, mut diagnostics) = configure(sources, options);
    let documents = parse_all(sources, &config, &Quiet, &mut diagnostics);
    let (book, problems) = link::link(sources, &config, documents, link::Options { drafts: options.drafts });
    diagnostics.extend(problems);
    diagnostic::tidy(&mut diagnostics, sources);
    (look(&book), diagnostics)
}

fn configure(sources: &Sources, options: &Options) -> (Config, Vec<Diagnostic>) {
    let (mut config, diagnostics) = config::read(sources);
    if options.site_url.is_some() {
        config.site_url.clone_from(&options.site_url);
    }
    (config, diagnostics)
}

fn parse_all(
    sources: &Sources,
    config: &Config,
    progress: &dyn Progress,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Document> {
    let page = |(id, file): (FileId, &File)| {
        let lang = match file.content {
            Content::Text(_) => link::split_path(&file.path, config)?.0,
            Content::Asset { .. } => return None,
        };
        Some((id, config.quotes(lang)))
    };
    let files: Vec<_> = sources.below("content/").filter_map(page).collect();
    progress.begin(Stage::Parse, files.len());
    let parsed = files
        .par_iter()
        .map(|&(file, quotes)| {
            progress.step();
            parse::parse(file, sources.text(file), quotes)
        })
        .collect();
    take_problems(parsed, diagnostics)
}

fn resolve_all(
    book: &Book<'_>,
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<resolve::Resolved>> {
    let resolved =
        (0..book.documents.len()).into_par_iter().map(|at| resolve::document(book, sources, at)).collect();
    take_problems(resolved, diagnostics)
}

/// Parts what was made from what was found wrong with it.
fn take_problems<T>(made: Vec<(T, Vec<Diagnostic>)>, diagnostics: &mut Vec<Diagnostic>) -> Vec<T> {
    let part = |(value, problems)| {
        diagnostics.extend::<Vec<_>>(problems);
        value
    };
    made.into_iter().map(part).collect()
}

/// Renders all pages. A topic's languages are neighbours in the work list: they share code and formulas.
fn render_all(
    book: &Book<'_>,
    renderer: &Renderer<'_>,
    sink: &dyn Sink,
    progress: &dyn Progress,
    tally: &mut Tally,
) -> Vec<Diagnostic> {
    let langs = Lang::all(book.config.languages.count());
    let work: Vec<_> = book.topic_ids().flat_map(|id| langs.clone().map(move |lang| (id, lang))).collect();
    let rendered: Vec<_> = work
        .par_iter()
        .map(|&(id, lang)| {
            progress.step();
            renderer.topic(id, lang, sink)
        })
        .collect();
    let mut diagnostics = Vec::new();
    for (problems, numbers) in rendered {
        diagnostics.extend(problems);
        tally.tied += numbers.tied;
        tally.untied.extend(numbers.untied);
    }
    diagnostics.extend(renderer.rest(sink));
    diagnostics
}
