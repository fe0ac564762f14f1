//! One edition of the book, shown until there is another one.
//!
//! What is asked for is rendered when it is asked for. Behind that, another thread renders every page whose making
//! has changed, for what may be wrong with it. The two meet at the list of what is wrong with each page.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::TryRecvError;
use std::thread;

use super::checked::Rendered;
use super::event::{Common, Presence, event};
use super::question::{Answer, Question};
use super::reader::Snapshot;
use super::{Event, News, Preview, edit};
use crate::diagnostic::{self, Diagnostic};
use crate::digest::Digest;
use crate::lang::Lang;
use crate::link::{TopicId, route};
use crate::output;
use crate::pipeline::{Edition, Old};
use crate::render::item::Item;
use crate::render::{Renderer, html};
use crate::report::terminal::{self, Style};
use crate::source::FileId;

/// The page that is shown when there is nothing else to show.
const BROKEN: &str = include_str!("broken.html");

/// An edition that is shown.
pub(super) struct Show<'s, 'v> {
    preview: &'s Preview<'v>,
    pub(super) snapshot: &'s Snapshot,
    pub(super) edition: Option<&'s Edition<'s>>,
    pub(super) renderer: Option<Renderer<'s>>,
    old: Old,
    /// What is wrong apart from what only shows when pages are rendered.
    found: Vec<Diagnostic>,
    /// Changed files that are copied, by their paths in the site.
    assets: Vec<String>,
    /// The pages whose texts have changed.
    edited: Vec<(TopicId, Lang)>,
    /// The least version of the problems that an open page was told of.
    told: Cell<usize>,
    /// All problems as they were put together last, and how many pages had been looked at then.
    problems: RefCell<(usize, Rc<[Diagnostic]>)>,
}

impl<'s, 'v> Show<'s, 'v> {
    /// Shows `edition`, or nothing but what is wrong.
    pub(super) fn new(
        preview: &'s Preview<'v>,
        snapshot: &'s Snapshot,
        edition: Option<&'s Edition<'s>>,
        mut found: Vec<Diagnostic>,
    ) -> Self {
        let renderer = edition.and_then(Edition::renderer);
        let old = edition.map(|edition| edition.old).unwrap_or_default();
        if !old.config {
            found.extend(renderer.iter().flat_map(Renderer::problems));
        }
        let assets = snapshot.assets.iter().filter_map(|path| route::of_asset(path)).collect();
        let edited = edition.filter(|_| preview.build > 1).map(edited).unwrap_or_default();
        let problems = RefCell::new((usize::MAX, Rc::from([])));
        let told = Cell::new(usize::MAX);
        Self { preview, snapshot, edition, renderer, old, found, assets, edited, told, problems }
    }

    /// Answers until the files have changed. Nothing when there is no more to wait for.
    pub(super) fn run(&self) -> Option<Snapshot> {
        let checks = &self.preview.checks;
        checks.forget(self.edited_urls());
        let (stop, sender) = (AtomicBool::new(false), self.preview.sender.clone());
        let build = self.preview.build;
        thread::scope(|scope| {
            if let (Some(renderer), Some(edition)) = (&self.renderer, self.edition) {
                let (stop, edited) = (&stop, &self.edited);
                let cache = self.preview.settings.cache.as_deref();
                scope.spawn(move || {
                    let Some(rendered) = checks.run(renderer, edition, edited, stop) else { return };
                    // What cannot be kept is made again by the next run.
                    let _ = cache.map(crate::cache::Cache::save);
                    // Nobody listens any more only while the program ends.
                    let _ = sender.send(Event::Checked { build, rendered });
                });
            } else {
                self.say_problems(&[]);
            }
            let next = self.answer_all();
            stop.store(true, Ordering::Relaxed);
            next
        })
    }

    fn answer_all(&self) -> Option<Snapshot> {
        let mut untold = self.open_pages();
        // Pages that are open already stay where they are when mistakes are found.
        let mut go = self.edited.first().copied().filter(|_| self.preview.settings.navigates);
        loop {
            let event = match self.preview.inbox.try_recv() {
                Ok(event) => event,
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => match untold.pop_front() {
                    Some(path) => {
                        self.preview.streams.tell(&path, self.state(&path, go));
                        continue;
                    }
                    None => self.preview.inbox.recv().ok()?,
                },
            };
            match event {
                Event::Asked(question) => self.reply(question),
                Event::Changed(snapshot) => return Some(*snapshot),
                Event::Checked { build, rendered } if build == self.preview.build => {
                    self.say_problems(&rendered);
                    if self.told.replace(usize::MAX) < self.preview.checks.version() {
                        untold = self.open_pages();
                        go = None;
                    }
                }
                // The check of an edition that is shown no more ended in its last moment.
                Event::Checked { .. } => {}
            }
        }
    }

    /// The pages that somebody looks at, those that were edited first.
    fn open_pages(&self) -> VecDeque<String> {
        let edited: BTreeSet<_> = self.edited_urls().collect();
        let open = self.preview.streams.open();
        let (first, rest): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|path| edited.contains(path.as_str()));
        first.into_iter().chain(rest).collect()
    }

    fn reply(&self, question: Question) {
        // Whoever has gone away meanwhile needs no answer.
        match question {
            Question::Get { path, reply } => drop(reply.send(self.answer(&path))),
            Question::State { path, reply } => drop(reply.send(self.state(&path, None))),
            Question::Edit { request, reply } => drop(reply.send(self.open_editor(&request))),
        }
    }

    fn open_editor(&self, request: &str) -> String {
        let settings = self.preview.settings;
        let opened = edit::find(self, request).and_then(|place| {
            let url = settings.editor.open(&settings.book.join(&place.file), place.line, place.column);
            Ok((place, url?))
        });
        match opened {
            Ok((place, url)) => serde_json::json!({ "file": place.file, "line": place.line, "url": url }),
            Err(error) => serde_json::json!({ "error": error }),
        }
        .to_string()
    }

    fn answer(&self, path: &str) -> Answer {
        let Some(renderer) = &self.renderer else { return Answer::Broken(self.broken()) };
        let file = file_at(path);
        match renderer.find(&file) {
            Some(item) => self.made(renderer, item, &file),
            None if renderer.find(&format!("{path}/index.html")).is_some() => {
                Answer::Moved(format!("{path}/"))
            }
            None => match self.made(renderer, Item::NotFound, "404.html") {
                Answer::Bytes { body, .. } => Answer::Missing(body),
                other => other,
            },
        }
    }

    /// The file that an item makes; what is wrong with it is noted.
    fn made(&self, renderer: &Renderer<'_>, item: Item<'_>, file: &str) -> Answer {
        let sink = output::Memory::new();
        let (problems, _) = renderer.render(item, &sink);
        self.preview.checks.note(renderer, item, problems);
        let (mut files, mut copies) = sink.into_parts();
        match (files.remove(file), copies.remove(file)) {
            (Some(body), _) => {
                Answer::Bytes { file: file.to_owned(), key: Digest::of(&body).to_string(), body }
            }
            (None, Some(disk)) => Answer::Disk(disk),
            (None, None) => Answer::Broken(self.broken()),
        }
    }

    /// What the page at `path` should know now.
    fn state(&self, path: &str, go: Option<(TopicId, Lang)>) -> Arc<str> {
        let file = file_at(path);
        let renderer = self.renderer.as_ref();
        let item = renderer.and_then(|renderer| renderer.find(&file));
        let made = renderer.zip(item).map(|(renderer, item)| self.made(renderer, item, &file));
        let key = match made {
            Some(Answer::Bytes { key, .. }) => Some(key),
            _ => None,
        };
        let files = match item {
            Some(Item::Topic(id, lang)) => self.files_of(id, lang),
            _ => BTreeSet::new(),
        };
        self.told.set(self.told.get().min(self.preview.checks.version()));
        let is_edited = || self.edited_urls().any(|edited| edited == path);
        let common = Common {
            start: self.preview.start,
            build: self.preview.build,
            sources: &self.snapshot.sources,
            problems: &self.problems(),
            assets: &self.assets,
            go: go.filter(|_| !is_edited()).and_then(|go| self.way(path, go)),
        };
        let presence = match (&key, renderer, item) {
            (Some(key), ..) => Presence::There(key),
            (None, Some(_), None) => Presence::Gone,
            _ => Presence::Broken,
        };
        event(&common, presence, &files)
    }

    /// Where the page at `path` is to go when another one is edited: nowhere, if a page in that language is open too.
    fn way(&self, path: &str, (id, lang): (TopicId, Lang)) -> Option<&'s str> {
        let book = self.edition?.book;
        let folder = format!("{}/", book.config.languages[lang].key);
        let is_open = || self.preview.streams.open().iter().any(|path| path.starts_with(&folder));
        (path.starts_with(&folder) || !is_open()).then(|| book.card(id, lang).url.as_str())
    }

    /// The files that make a page what it is: its text and the examples in it.
    fn files_of(&self, id: TopicId, lang: Lang) -> BTreeSet<FileId> {
        let Some(edition) = self.edition else { return BTreeSet::new() };
        let document = edition.book.card(id, lang).document.map(|at| &edition.book.documents[at]);
        let examples = document.into_iter().flat_map(|document| &document.examples);
        let file = |id: &String| self.snapshot.sources.find(&crate::evaluate::gather::file_of(id));
        examples.filter_map(file).chain(document.map(|document| document.file)).collect()
    }

    fn edited_urls(&self) -> impl Iterator<Item = &'s str> {
        let edition = self.edition;
        let url = move |&(id, lang): &(TopicId, Lang)| Some(edition?.book.card(id, lang).url.as_str());
        self.edited.iter().filter_map(url)
    }

    /// All problems, as far as they are known.
    fn problems(&self) -> Rc<[Diagnostic]> {
        let version = self.preview.checks.version();
        let mut known = self.problems.borrow_mut();
        if known.0 != version {
            let mut problems = self.found.clone();
            problems.extend(
                self.preview.checks.problems().into_iter().filter(|problem| self.is_current(problem)),
            );
            diagnostic::tidy(&mut problems, &self.snapshot.sources);
            *known = (version, problems.into());
        }
        Rc::clone(&known.1)
    }

    /// Whether a problem that a page has shown is in what is written now.
    fn is_current(&self, problem: &Diagnostic) -> bool {
        let path = problem.span.map_or("", |span| self.snapshot.sources.path(span.file));
        !self.old.config && (!self.old.theme || path.starts_with("content/"))
    }

    /// Tells the terminal what is wrong, if that is something else than it was told last.
    fn say_problems(&self, rendered: &[Rendered]) {
        let problems = self.problems();
        let mut said = self.preview.said.borrow_mut();
        let is_new = said.as_ref() != Some(&problems);
        let sources = &self.snapshot.sources;
        let news = News::Checked { rendered, problems: is_new.then_some(&*problems), sources };
        (self.preview.tell)(news);
        *said = Some(problems);
    }

    /// The page that says what is wrong when nothing can be shown.
    fn broken(&self) -> Vec<u8> {
        let report = |problem: &Diagnostic| terminal::render(&self.snapshot.sources, problem, Style::Plain);
        let reports: Vec<_> = self.problems().iter().map(report).collect();
        BROKEN.replace("{problems}", &html::text(&reports.join("\n\n"))).into_bytes()
    }
}

/// The file of the site at an address below its base.
fn file_at(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') { route::file_of(path) } else { path.to_owned() }
}

/// The pages whose texts have changed since the edition before.
fn edited(edition: &Edition<'_>) -> Vec<(TopicId, Lang)> {
    let new: BTreeSet<_> = edition.work.parsed.iter().chain(&edition.work.recalled).collect();
    let topics = edition.book.topics.iter().zip(edition.book.topic_ids());
    let pages = topics.flat_map(|(topic, id)| topic.cards.iter().map(move |(lang, card)| (id, lang, card)));
    let is_edited = |document: usize| new.contains(&edition.book.documents[document].file);
    let edited = pages.filter(|(_, _, card)| card.document.is_some_and(is_edited));
    edited.map(|(id, lang, _)| (id, lang)).collect()
}
