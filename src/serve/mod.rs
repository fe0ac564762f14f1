//! The preview: the book as it is being written, in a browser.
//!
//! One thread owns the book. It waits for questions and for changes: a question is answered from the edition at hand
//! by rendering just what was asked for; after a change the book is read and linked again by the same pipeline as in
//! a build, which knows what has not changed, and the open pages are told. `http` knows nothing of books, `watch`
//! nothing of either. Serving adds to the response, never to the page.

mod checked;
mod edit;
mod editor;
mod event;
pub mod http;
pub mod question;
mod reader;
mod show;
pub mod watch;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;

use crate::cache::Cache;
use crate::config::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::load::Folder;
use crate::pipeline::{self, Memory, Options, Quiet, Work};
use crate::source::Sources;
use checked::Checks;
pub use checked::Rendered;
pub use editor::{Editor, Terminal};
use http::{Server, Streams};
use question::Question;
use reader::Snapshot;
use show::Show;

/// How to serve.
pub struct Settings {
    /// The folder of the book.
    pub book: PathBuf,
    /// The address to listen at.
    pub host: IpAddr,
    /// The port to begin with.
    pub port: u16,
    /// What a build would be given.
    pub options: Options,
    /// How often to look for changes, instead of being told of them by the system.
    pub poll: Option<Duration>,
    /// Whether open pages go to the page that is being edited.
    pub navigates: bool,
    /// What opens a file at a line.
    pub editor: Editor,
    /// Where results are kept over runs.
    pub cache: Option<Arc<Cache>>,
}

/// What there is to say to the person at the terminal.
pub enum News<'a> {
    /// The server answers.
    Started {
        /// Where.
        url: String,
        /// What is watched less well than usual, and why.
        note: Option<String>,
    },
    /// The path of the site's address is another one than at the start.
    Moved {
        /// The new one.
        base: &'a str,
    },
    /// The book was read again.
    Edition {
        /// Its number, from 1.
        build: u64,
        /// What had to be done.
        work: &'a Work,
        /// The files that made it necessary; none if only something about folders has changed.
        changed: &'a BTreeSet<String>,
        /// How long it took until pages could be asked for.
        took: Duration,
        /// The files of the book.
        sources: &'a Sources,
    },
    /// All pages were looked at.
    Checked {
        /// Which had to be rendered for that, and why.
        rendered: &'a [Rendered],
        /// What is wrong with the book now; nothing if that was said before.
        problems: Option<&'a [Diagnostic]>,
        /// The files of the book.
        sources: &'a Sources,
    },
}

/// What the thread that owns the book waits for.
enum Event {
    /// A browser asks.
    Asked(Question),
    /// Files have changed.
    Changed(Box<Snapshot>),
    /// All pages were looked at.
    Checked {
        /// In this edition.
        build: u64,
        /// Those that had to be rendered for it.
        rendered: Vec<Rendered>,
    },
}

/// What outlives an edition.
struct Preview<'a> {
    settings: &'a Settings,
    streams: Streams,
    inbox: mpsc::Receiver<Event>,
    sender: mpsc::Sender<Event>,
    tell: &'a (dyn Fn(News<'_>) + Sync),
    /// When it started, in milliseconds since 1970: tells this run of the preview from others.
    start: u64,
    /// The number of the edition.
    build: u64,
    /// The path of the site's address: where it is served, until somebody was told of another.
    base: String,
    /// What is wrong with each page.
    checks: Checks,
    /// What was said last of all problems.
    said: RefCell<Option<Rc<[Diagnostic]>>>,
}

/// Serves the book until the program is stopped. `tell` hears what there is to say.
///
/// # Errors
/// When the folder cannot be read, or no port can be had.
pub fn serve(settings: &Settings, tell: &(dyn Fn(News<'_>) + Sync)) -> Result<()> {
    let folder = Folder::open(&settings.book)?;
    let snapshot = Snapshot::of(&folder);
    let (config, _) = config::read(&snapshot.sources);
    let base = base(&config);
    let (sender, inbox) = mpsc::channel();
    let questions = sender.clone();
    // Nobody is there to answer any more only while the program ends.
    let ask = move |question| drop(questions.send(Event::Asked(question)));
    let place = http::Settings {
        host: settings.host,
        port: settings.port,
        base: base.clone(),
        script: include_str!("preview.js"),
    };
    let server = Server::start(place, Arc::new(ask))?;
    let note = reader::start(folder, settings.poll, sender.clone())?;
    tell(News::Started { url: server.url(), note });
    let streams = server.streams().clone();
    let mut preview = Preview {
        settings,
        streams,
        inbox,
        sender,
        tell,
        start: milliseconds(),
        build: 0,
        base,
        checks: Checks::default(),
        said: RefCell::default(),
    };
    preview.run(snapshot);
    Ok(())
}

/// Milliseconds since 1970.
fn milliseconds() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

/// The path below which the site lives.
fn base(config: &Config) -> String {
    config.site_url.as_ref().map_or_else(|| "/".to_owned(), |url| url.base.clone())
}

impl Preview<'_> {
    fn run(&mut self, first: Snapshot) {
        let mut memory = match &self.settings.cache {
            Some(cache) => Memory::new(Arc::<Cache>::clone(cache)),
            None => Memory::default(),
        }
        .for_preview();
        let mut next = Some(first);
        while let Some(snapshot) = next {
            next = self.show(&snapshot, &mut memory);
        }
    }

    /// Shows the book as it is in a snapshot, until there is another one.
    fn show(&mut self, snapshot: &Snapshot, memory: &mut Memory) -> Option<Snapshot> {
        let start = Instant::now();
        self.build += 1;
        let sources = &snapshot.sources;
        let prepared = pipeline::prepare(sources, &self.settings.options, memory, &Quiet);
        let (edition, mut found) = match &prepared {
            Ok(edition) => (Some(edition), edition.diagnostics.clone()),
            Err(problems) => (None, problems.clone()),
        };
        if let Some(edition) = edition {
            let (build, work, changed) = (self.build, &edition.work, &snapshot.changed);
            (self.tell)(News::Edition { build, work, changed, took: start.elapsed(), sources });
            let new = base(&edition.book.config);
            if new != self.base {
                (self.tell)(News::Moved { base: &new });
                self.base = new;
            }
        }
        found.extend(snapshot.problems.iter().cloned());
        Show::new(self, snapshot, edition, found).run()
    }
}
