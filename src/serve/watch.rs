//! Says that something in a book's folder may be different, soon after it is and not before it has settled.
//!
//! The system's events are hints: they name places to look at. What is really different, and whether anything is, is
//! found by looking there, which is `load`'s. Events get lost, so now and then all is to be looked at.

mod event;
mod folders;
mod settle;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use notify::{RecommendedWatcher, Watcher};

use event::Report;
use folders::Folders;
use settle::Settle;

/// How often all is to be looked at although there are events: a lost one heals within a second.
const HEALS: Duration = Duration::from_millis(800);
/// How often all is to be looked at where there are no events.
const POLLS: Duration = Duration::from_millis(500);

/// Where a book's folder may be different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// At these places on disk: files, folders with all below them, things that are gone.
    Paths(BTreeSet<PathBuf>),
    /// Anywhere: events were lost, there are too many, or it is time to look at all.
    Everything,
}

impl Change {
    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Paths(mut paths), Self::Paths(mut more)) => {
                paths.append(&mut more);
                Self::Paths(paths)
            }
            _ => Self::Everything,
        }
    }
}

/// Watches a book's folder until it is dropped.
pub struct Watch {
    /// What is watched, and by what; shared with the thread.
    folders: Arc<Mutex<Folders>>,
    /// To the thread.
    messages: Sender<Message>,
    /// Waits for events and passes them on.
    thread: Option<JoinHandle<()>>,
}

/// What the thread is told.
enum Message {
    /// Something happened.
    Report(Report),
    /// How long to wait at least between two looks at everything.
    Pace(Duration),
    /// The watch ends.
    Stop,
}

/// Whatever the system has to watch folders.
type SystemWatcher = Box<dyn Watcher + Send>;

/// How changes become known.
struct Means {
    /// Makes the system's watcher, which sends its events as messages; none if nobody wants events.
    watcher: Option<fn(Sender<Message>) -> notify::Result<SystemWatcher>>,
    /// How often everything is to be looked at.
    every: Duration,
}

impl Watch {
    /// Watches the book in `root`, whose parts are in `folders` with all below them, by the system's events or, with
    /// `poll`, by asking for a look at everything every so often. `tell` is called from the watch's own thread with
    /// each change when it has settled. It should not wait for anything: it is told of everything again and again.
    ///
    /// # Errors
    /// When `root` is not there. A system that gives no events is no error: then it is as with `poll`, and
    /// [`Watch::note`] says why.
    pub fn start(
        root: &Path,
        folders: &[PathBuf],
        poll: Option<Duration>,
        tell: impl Fn(Change) + Send + 'static,
    ) -> Result<Self> {
        let means = match poll {
            Some(every) => Means { watcher: None, every },
            None => Means { watcher: Some(system_events), every: HEALS },
        };
        Self::by(&means, root, folders, tell)
    }

    fn by(
        means: &Means,
        root: &Path,
        folders: &[PathBuf],
        tell: impl Fn(Change) + Send + 'static,
    ) -> Result<Self> {
        let root = root.canonicalize().with_context(|| format!("cannot find {}", root.display()))?;
        let (messages, inbox) = mpsc::channel();
        let watcher = means.watcher.map(|make| make(messages.clone()));
        let mut watched = Folders::new(root, watcher, means.every);
        watched.follow(folders);
        let settle = Settle::new(watched.every(), Instant::now());
        let folders = Arc::new(Mutex::new(watched));
        let post = Post { folders: Arc::clone(&folders), settle, pace: Duration::ZERO, tell: Box::new(tell) };
        let thread = thread::Builder::new().name("watch".to_owned()).spawn(move || post.run(&inbox))?;
        Ok(Self { folders, messages, thread: Some(thread) })
    }

    /// Watches these folders too from now on, with all below them, and those again that were gone for a while.
    ///
    /// # Errors
    /// When one of them is there and cannot be watched; everything is looked at every so often from then on.
    pub fn follow(&mut self, folders: &[PathBuf]) -> Result<()> {
        let mut watched = lock(&self.folders);
        let before = watched.note().cloned();
        let paths = watched.follow(folders);
        if !paths.is_empty() {
            // Nobody knows what happened in them meanwhile. The thread is there as long as the watch is.
            let _ = self.messages.send(Message::Report(Report::Paths { paths, is_structural: false }));
        }
        match watched.note() {
            Some(note) if before.is_none() => Err(anyhow::Error::msg(note.clone())),
            _ => Ok(()),
        }
    }

    /// Asks for looks at everything no more often than this: whoever looks has taken so long that it would do little
    /// else.
    pub fn pace(&self, least: Duration) {
        // The thread is there as long as the watch is.
        let _ = self.messages.send(Message::Pace(least));
    }

    /// Why there are no events, in a sentence for the author; none if all is well.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        lock(&self.folders).note().cloned()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // The thread may have ended by itself: then nobody is left to be told.
        let _ = self.messages.send(Message::Stop);
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            // If it panicked, it has said so.
            let _ = thread.join();
        }
    }
}

fn system_events(messages: Sender<Message>) -> notify::Result<SystemWatcher> {
    let handler = move |event| {
        let report = Report::of(event);
        if report != Report::Nothing {
            // The watch is being dropped if nobody listens.
            let _ = messages.send(Message::Report(report));
        }
    };
    // Links are followed by whoever reads the book, who knows which of them stay in it.
    let config = notify::Config::default().with_follow_symlinks(false);
    Ok(Box::new(RecommendedWatcher::new(handler, config)?))
}

fn lock(folders: &Mutex<Folders>) -> MutexGuard<'_, Folders> {
    // A panic elsewhere leaves it as it was between two calls.
    folders.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread's own: takes messages and tells changes.
struct Post {
    folders: Arc<Mutex<Folders>>,
    settle: Settle,
    /// The least time between two looks at everything.
    pace: Duration,
    tell: Box<dyn Fn(Change) + Send>,
}

impl Post {
    fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            let wait = self.settle.due().saturating_duration_since(Instant::now());
            match inbox.recv_timeout(wait) {
                Ok(Message::Report(report)) => self.take(report),
                Ok(Message::Pace(least)) => {
                    self.pace = least;
                    self.settle.every = lock(&self.folders).every().max(least);
                }
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            let Some(change) = self.settle.ready(Instant::now()) else { continue };
            if change == Change::Everything {
                self.restore();
            }
            (self.tell)(change);
        }
    }

    fn take(&mut self, report: Report) {
        let now = Instant::now();
        let mut folders = lock(&self.folders);
        match report {
            Report::Paths { paths, is_structural } => {
                let paths: Vec<PathBuf> = paths.into_iter().filter(|path| folders.concerns(path)).collect();
                if is_structural {
                    self.settle.take(folders.changed(&paths), now);
                }
                self.settle.take(paths, now);
            }
            Report::Limit(reason) => {
                folders.give_up(&reason);
                self.settle.lose(now);
            }
            Report::Everything => self.settle.lose(now),
            Report::Nothing => {}
        }
        self.settle.every = folders.every().max(self.pace);
    }

    fn restore(&mut self) {
        let mut folders = lock(&self.folders);
        folders.restore();
        self.settle.every = folders.every().max(self.pace);
    }
}
