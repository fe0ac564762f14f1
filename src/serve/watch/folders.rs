//! The folders that are watched, and by what; which places in them count.
//!
//! The book's own folder is watched without what is below it: the site may be written there, and much that is no part
//! of the book. A watch sits on a folder, not on its name: if another takes the name, that one has to be watched anew.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{ErrorKind, RecursiveMode};

use super::{POLLS, SystemWatcher, event};
use crate::load::{is_hidden, is_top};

/// What vim makes to see whether it may write in a folder.
const PROBE: &str = "4913";
/// Is in every folder that a site is written to.
const OUTPUT: &str = ".bilayer";

/// What is watched.
pub(super) struct Folders {
    /// The book's folder, a real path.
    root: PathBuf,
    /// The system's watcher; none where everything is looked at every so often instead.
    watcher: Option<SystemWatcher>,
    /// The folders to watch, as far as they are there.
    wanted: BTreeSet<PathBuf>,
    /// Whether links lead right into the book's folder, so that everything there counts.
    is_root_linked: bool,
    /// Those of them that are watched.
    watched: BTreeSet<PathBuf>,
    /// How often everything is to be looked at.
    every: Duration,
    /// Why there are no events, if there should be.
    note: Option<String>,
}

impl Folders {
    /// The book's folder is watched, if there is a watcher; everything is looked at `every` so often.
    pub(super) fn new(
        root: PathBuf,
        watcher: Option<notify::Result<SystemWatcher>>,
        every: Duration,
    ) -> Self {
        let mut folders = Self {
            wanted: BTreeSet::from([root.clone()]),
            root,
            watcher: None,
            is_root_linked: false,
            watched: BTreeSet::new(),
            every,
            note: None,
        };
        match watcher {
            Some(Ok(watcher)) => folders.watcher = Some(watcher),
            Some(Err(error)) => folders.give_up(&event::reason(&error)),
            None => {}
        }
        folders
    }

    /// How often everything is to be looked at.
    pub(super) const fn every(&self) -> Duration {
        self.every
    }

    /// Why there are no events, if there should be.
    pub(super) const fn note(&self) -> Option<&String> {
        self.note.as_ref()
    }

    /// Watches nothing any more.
    pub(super) fn give_up(&mut self, reason: &str) {
        self.watcher = None;
        self.watched.clear();
        self.every = POLLS;
        let every = POLLS.as_secs_f64();
        self.note = Some(format!("the book is looked through every {every} s for changes: {reason}"));
    }

    /// Watches `folders` too, as soon as they are there. Gives those that are and were not watched.
    pub(super) fn follow(&mut self, folders: &[PathBuf]) -> Vec<PathBuf> {
        self.is_root_linked |= folders.contains(&self.root);
        let (_, inputs): (Vec<_>, Vec<_>) =
            folders.iter().cloned().partition(|folder| self.is_output(folder));
        self.wanted.extend(inputs);
        self.restore()
    }

    /// Whether a folder is one that a site is written to, or is in one.
    fn is_output(&self, folder: &Path) -> bool {
        let inside = folder.ancestors().take_while(|above| **above != self.root);
        inside.into_iter().any(|above| above.join(OUTPUT).is_dir() || above.ends_with(OUTPUT))
    }

    /// Watches what is wanted, there and not watched; gives that.
    pub(super) fn restore(&mut self) -> Vec<PathBuf> {
        let lost: Vec<PathBuf> = self.wanted.difference(&self.watched).cloned().collect();
        let mut restored = Vec::new();
        for folder in lost {
            let Some(watcher) = &mut self.watcher else { break };
            if !folder.is_dir() {
                continue;
            }
            // There is one where the folder was moved away. If there is none, nothing is lost.
            let _ = watcher.unwatch(&folder);
            let mode =
                if folder == self.root { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
            match watcher.watch(&folder, mode) {
                Ok(()) => {
                    self.watched.insert(folder.clone());
                    restored.push(folder);
                }
                // Something in it went away meanwhile: the next time.
                Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
                Err(error) => self.give_up(&format!("{}: {}", folder.display(), event::reason(&error))),
            }
        }
        restored
    }

    /// Something came or went at these places: watches those of its folders anew that may be others now, and those
    /// that are new beside `book.toml`. Gives them: nobody knows what happened in them meanwhile.
    pub(super) fn changed(&mut self, places: &[PathBuf]) -> Vec<PathBuf> {
        for place in places {
            self.watched.retain(|folder| !folder.starts_with(place));
            if self.is_top(place) && place.symlink_metadata().is_ok_and(|place| place.is_dir()) {
                self.wanted.insert(place.clone());
            }
        }
        if self.wanted.len() == self.watched.len() { Vec::new() } else { self.restore() }
    }

    /// Whether a place can be one of the book's, or be above one.
    pub(super) fn concerns(&self, place: &Path) -> bool {
        let within = |folder: &&PathBuf| **folder != self.root && place.starts_with(folder);
        if let Some(folder) = self.wanted.iter().find(within) {
            return place.strip_prefix(folder).is_ok_and(|inside| inside.iter().all(is_seen));
        }
        let is_linked =
            self.is_root_linked && self.is_in_root(place) && place.file_name().is_some_and(is_seen);
        is_linked || self.is_top(place) || self.wanted.iter().any(|folder| folder.starts_with(place))
    }

    fn is_in_root(&self, place: &Path) -> bool {
        place.parent() == Some(&self.root)
    }

    fn is_top(&self, place: &Path) -> bool {
        self.is_in_root(place) && place.file_name().and_then(OsStr::to_str).is_some_and(is_top)
    }
}

/// Whether something of this name can be part of a book.
fn is_seen(name: &OsStr) -> bool {
    name != PROBE && !is_hidden(&name.to_string_lossy())
}
