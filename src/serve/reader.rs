//! The thread that reads the book's folder again when something in it has changed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::Event;
use super::watch::{Change, Watch};
use crate::diagnostic::Diagnostic;
use crate::load::{Changes, Folder, PATIENCE};
use crate::source::Sources;

/// After a look at everything nobody looks at everything for so many times as long as it took.
const REST: u32 = 8;

/// The files of a book at one time.
pub(super) struct Snapshot {
    pub(super) sources: Sources,
    /// What is wrong with the files as such.
    pub(super) problems: Vec<Diagnostic>,
    /// The paths, relative to the book, of what is different from the snapshot before.
    pub(super) changed: BTreeSet<String>,
    /// Those of them that are copied as they are.
    pub(super) assets: BTreeSet<String>,
}

impl Snapshot {
    /// The files of a folder as they were read last.
    pub(super) fn of(folder: &Folder) -> Self {
        Self {
            sources: folder.sources().clone(),
            problems: folder.diagnostics(),
            changed: BTreeSet::new(),
            assets: BTreeSet::new(),
        }
    }
}

/// Reads `folder` again whenever it changes, and sends what it holds then. Gives a note when changes are noticed
/// less well than usual.
///
/// # Errors
/// When the folder cannot be watched in any way.
pub(super) fn start(
    folder: Folder,
    poll: Option<Duration>,
    out: mpsc::Sender<Event>,
) -> Result<Option<String>> {
    let (sender, changes) = mpsc::channel();
    let watch = Watch::start(folder.root(), &folder.folders(), poll, move |change| {
        // Nobody reads any more only while the program ends.
        let _ = sender.send(change);
    })?;
    let note = watch.note();
    let mut reader = Reader { folder, watch, out, unsure: BTreeSet::new() };
    let thread = thread::Builder::new().name("preview-reader".to_owned());
    thread.spawn(move || while reader.step(&changes).is_some() {}).context("cannot start a thread")?;
    Ok(note)
}

struct Reader {
    folder: Folder,
    watch: Watch,
    out: mpsc::Sender<Event>,
    /// Files that may be half saved.
    unsure: BTreeSet<PathBuf>,
}

impl Reader {
    /// Waits for a change and reads what it is about. Nothing when nobody is interested any more.
    fn step(&mut self, changes: &mpsc::Receiver<Change>) -> Option<()> {
        let change = if self.unsure.is_empty() {
            changes.recv().ok()?
        } else {
            match changes.recv_timeout(PATIENCE) {
                Ok(change) => change,
                Err(mpsc::RecvTimeoutError::Timeout) => Change::Paths(BTreeSet::new()),
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
            }
        };
        let change = changes.try_iter().fold(change, Change::and);
        let found = match change {
            Change::Everything => self.rescan(),
            Change::Paths(mut paths) => {
                paths.append(&mut self.unsure);
                self.folder.refresh(&paths)
            }
        };
        // A folder that cannot be read for a moment is looked at again when it is time to look at everything.
        found.map_or(Some(()), |found| self.send(found))
    }

    /// Looks at everything, and for the rest of the time at what the system tells of.
    fn rescan(&mut self) -> Result<Changes> {
        let start = Instant::now();
        let found = self.folder.rescan();
        self.watch.pace(start.elapsed() * REST);
        found
    }

    fn send(&mut self, found: Changes) -> Option<()> {
        self.unsure.clone_from(&found.unsure);
        if found.is_empty() {
            return Some(());
        }
        // Without it, changes in new folders behind links are found when it is time to look at everything.
        let _ = self.watch.follow(&self.folder.folders());
        let changed = found.texts.union(&found.assets).cloned().collect();
        let snapshot = Snapshot { changed, assets: found.assets, ..Snapshot::of(&self.folder) };
        self.out.send(Event::Changed(Box::new(snapshot))).ok()
    }
}
