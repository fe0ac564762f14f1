//! `build` and `clean`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::progress::Line;
use super::told::Told;
use super::{Book, Ending, Format, Voice, open_cache, real, say};
use bilayer::cache::{self, Cache};
use bilayer::config::{self, Config, SiteUrl};
use bilayer::diagnostic::{self, Diagnostic, Severity};
use bilayer::digest::Digest;
use bilayer::link::route::LinkStyle;
use bilayer::load::{self, load};
use bilayer::memo::Store;
use bilayer::output::{Discard, Sink};
use bilayer::pipeline::{self, Memory, Options};
use bilayer::report::Count;
use bilayer::write::{self, Site};

#[derive(Args)]
pub struct Build {
    #[command(flatten)]
    book: Book,
    /// Where to write the site, relative to the current folder [default: build-dir of book.toml]
    #[arg(short, long, value_name = "OUT", alias = "output-dir", alias = "destination")]
    dest_dir: Option<PathBuf>,
    /// Where the site will live, instead of site-url in book.toml
    #[arg(short = 'u', long, value_name = "URL")]
    base_url: Option<String>,
    /// Build drafts too
    #[arg(long)]
    drafts: bool,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
    /// Make everything anew, and keep nothing for the next build
    #[arg(long)]
    no_cache: bool,
    /// How many threads to use [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Open the site in a browser when it is built; its links then name index.html, so that it can be read from disk
    #[arg(short, long)]
    open: bool,
    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Args)]
pub struct Clean {
    #[command(flatten)]
    book: Book,
    /// The folder that was built into, relative to the current folder [default: build-dir of book.toml]
    #[arg(short, long, value_name = "OUT")]
    dest_dir: Option<PathBuf>,
}

impl Build {
    pub fn run(&self, voice: Voice) -> Result<Ending> {
        let start = Instant::now();
        if let Some(jobs) = self.jobs {
            rayon::ThreadPoolBuilder::new()
                .num_threads(usize::from(jobs))
                .build_global()
                .context("cannot start the threads")?;
        }
        let options = self.options()?;
        let progress = Line::new(voice.quiet || self.format == Format::Json);
        let cache = if self.no_cache { None } else { open_cache(&self.book.dir) };
        let mark = cache.as_ref().and_then(|_| self.mark(&options, voice));
        let stamp = cache.as_ref().zip(mark).and_then(|(cache, mark)| Stamp::find(cache, mark));
        if let Some((stamp, files)) = stamp {
            return self.unchanged(&stamp, files, start, voice);
        }
        let (sources, mut diagnostics) = load(&self.book.dir)?;
        let (config, problems) = config::read(&sources);
        let out = output_folder(&self.book.dir, self.dest_dir.as_deref(), &config);
        // While book.toml has mistakes nobody can say where the site is, or whether there is a book at all.
        let out = if diagnostic::has_errors(&problems) { None } else { Some(out?) };
        let site = out.as_deref().map(Site::open).transpose()?;
        let sink: &dyn Sink = site.as_ref().map_or(&Discard, |site| site);
        let mut memory = cache.clone().map_or_else(Memory::default, |cache| Memory::new(cache));
        let outcome = pipeline::build(&sources, &options, &mut memory, sink, &progress);
        progress.clear();
        let times = progress.times();
        diagnostics.extend(outcome.diagnostics);
        if self.strict {
            deny_all(&mut diagnostics);
        }
        diagnostic::tidy(&mut diagnostics, &sources);
        let told = Told::new(&sources, &diagnostics, self.format, voice);
        let (Some(site), Some(out), false) = (site, out, diagnostic::has_errors(&diagnostics)) else {
            // What was kept is kept also of a book with mistakes. If it cannot be, the next build takes longer.
            let _ = cache.map(|cache| cache.save());
            self.report(&told, None, voice)?;
            return Ok(Ending::Errors);
        };
        let written = site.commit()?;
        let done = Done {
            pages: outcome.pages,
            untranslated: outcome.untranslated,
            written,
            seconds: start.elapsed().as_secs_f64(),
            out: &out,
        };
        if let Some(cache) = cache {
            if let Some(mark) = mark {
                Stamp::of(&done, told.clone()).keep(&cache, mark);
            }
            let _ = cache.save();
        }
        self.report(&told, Some(&done), voice)?;
        if voice.verbose {
            say(times);
        }
        self.show(&out);
        Ok(Ending::Done)
    }

    /// The digest of all that decides what this command does and says, as far as it can be had without reading every
    /// file: the folder's files by their identities, and what was typed. None where those say too little.
    fn mark(&self, options: &Options, voice: Voice) -> Option<Digest> {
        let files = load::identity(&self.book.dir)?;
        let typed = (&self.dest_dir, options.drafts, &options.site_url, options.links, self.strict);
        let typed = (typed, self.format, voice.quiet, voice.style);
        Some(Digest::of_value(&("unchanged", files, std::env::current_dir().ok()?, typed)))
    }

    /// Nothing has changed since the last build: says again what that had to say.
    fn unchanged(&self, stamp: &Stamp, files: usize, start: Instant, voice: Voice) -> Result<Ending> {
        let written = write::Written { unchanged: files, ..write::Written::default() };
        let done = Done {
            pages: stamp.pages,
            untranslated: stamp.untranslated.clone(),
            written,
            seconds: start.elapsed().as_secs_f64(),
            out: &stamp.out,
        };
        self.report(&stamp.told, Some(&done), voice)?;
        if voice.verbose {
            say("nothing has changed since the last build");
        }
        self.show(&stamp.out);
        Ok(Ending::Done)
    }

    fn show(&self, out: &Path) {
        let home = out.join("index.html");
        if self.open && open::that_detached(&home).is_err() {
            say(format_args!("no browser could be started; open {}", home.display()));
        }
    }

    fn options(&self) -> Result<Options> {
        let site_url = match &self.base_url {
            None => None,
            Some(url) => Some(
                SiteUrl::parse(url).with_context(|| format!("`{url}` is not an http or https address"))?,
            ),
        };
        let links = if self.open { LinkStyle::File } else { LinkStyle::Folder };
        Ok(Options { drafts: self.drafts, site_url, links, counts_numbers: false })
    }

    fn report(&self, told: &Told, done: Option<&Done<'_>>, voice: Voice) -> Result<()> {
        told.tell(done.map(Done::json).unwrap_or_default())?;
        if self.format == Format::Json {
            return Ok(());
        }
        match done {
            None => say(format_args!("{}; the site was left as it was", told.count)),
            Some(_) if voice.quiet => {}
            Some(done) => {
                if told.count != Count::default() {
                    say(told.count);
                }
                say(done);
            }
        }
        Ok(())
    }
}

/// What is kept of a build, so that the next one knows at once that there is nothing to do, and what to say.
#[derive(Serialize, Deserialize)]
struct Stamp {
    pages: usize,
    untranslated: Vec<(String, usize)>,
    out: PathBuf,
    told: Told,
    /// The digest of the record of what is in the site.
    record: u128,
}

impl Stamp {
    fn of(done: &Done<'_>, told: Told) -> Self {
        Self {
            pages: done.pages,
            untranslated: done.untranslated.clone(),
            out: done.out.to_owned(),
            told,
            record: done.written.record.0,
        }
    }

    fn keep(&self, cache: &Cache, mark: Digest) {
        cache.put(mark, &serde_json::to_vec(self).unwrap_or_default());
    }

    /// The stamp of a build whose site is still as it was, with the number of its files.
    fn find(cache: &Arc<Cache>, mark: Digest) -> Option<(Self, usize)> {
        let stamp: Self = serde_json::from_slice(&cache.get(mark)?).ok()?;
        let files = write::files_if_unchanged(&stamp.out, Digest(stamp.record))?;
        Some((stamp, files))
    }
}

/// A build that went well.
struct Done<'a> {
    pages: usize,
    untranslated: Vec<(String, usize)>,
    written: write::Written,
    seconds: f64,
    out: &'a Path,
}

/// How many pages are not translated, as the end of a sentence.
pub fn missing(untranslated: &[(String, usize)]) -> String {
    untranslated.iter().map(|(lang, count)| format!("; {lang}: {count} not translated")).collect()
}

impl Done<'_> {
    fn json(&self) -> Vec<(&'static str, Value)> {
        let write::Written { written, unchanged, removed, .. } = self.written;
        let files = json!({ "written": written, "unchanged": unchanged, "removed": removed });
        vec![("pages", self.pages.into()), ("files", files)]
    }
}

impl std::fmt::Display for Done<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let write::Written { written, unchanged, removed, .. } = self.written;
        write!(
            f,
            "{} pages in {:.2} s: {written} files written, {unchanged} unchanged",
            self.pages, self.seconds
        )?;
        if removed > 0 {
            write!(f, ", {removed} removed")?;
        }
        write!(f, " in {}{}", self.out.display(), missing(&self.untranslated))
    }
}

impl Clean {
    pub fn run(&self, voice: Voice) -> Result<Ending> {
        let (sources, _) = self.book.load()?;
        let (config, problems) = config::read(&sources);
        if self.dest_dir.is_none() && diagnostic::has_errors(&problems) {
            bail!("book.toml has mistakes, so where the site is cannot be known; `bilayer check` shows them");
        }
        let out = output_folder(&self.book.dir, self.dest_dir.as_deref(), &config)?;
        // First what a running preview holds.
        let had_cache = cache::remove(&self.book.dir).context("cannot remove the cache")?;
        let removed = write::clean(&out)?;
        if !voice.quiet {
            let and_cache = if had_cache { ", and the cache" } else { "" };
            say(format_args!("{removed} files removed from {}{and_cache}", out.display()));
        }
        Ok(Ending::Done)
    }
}

fn deny_all(diagnostics: &mut [Diagnostic]) {
    for diagnostic in diagnostics {
        diagnostic.severity = Severity::Error;
    }
}

/// Where the site is written. Never the book's own folder, one above it, or one that the build reads.
fn output_folder(book: &Path, dest_dir: Option<&Path>, config: &Config) -> Result<PathBuf> {
    let out = dest_dir.map_or_else(|| book.join(&config.build_dir), Path::to_owned);
    let (real_book, real_out) = (real(book)?, real(&out)?);
    for folder in ["content", "themes", "templates", "static", "strings", ".git", config::FILE] {
        // A folder of the book may be a link to somewhere else.
        let read = real(&book.join(folder))?;
        if real_book.starts_with(&real_out) || real_out.starts_with(read) {
            bail!("the site cannot be written to {}: the book itself is there", out.display());
        }
    }
    Ok(out)
}
