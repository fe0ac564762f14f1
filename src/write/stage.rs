//! Taking in the files of one build, from many threads: what the site already holds is only noted, the rest is written to the stage.
//! Nothing here touches the site itself. It knows nothing of how staged files get into the site.
//!
//! A file waits in one of two places. Where the site has no folder for it yet, it waits in a tree like the site's, so that the whole folder can be renamed in at once.
//! Where the site has the folder, it waits under the hash of its path: in a tree, removing 10,000 emptied folders took longer than the 10,000 renames out of them.
//! There it is written over a spare if there is one.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;

use anyhow::{Context, Error, Result, bail};
use rayon::prelude::*;

use super::look::{Folders, Found, look};
use super::manifest::{Entry, Manifest, check_path, folders};
use super::spare::{self, Slot};
use super::system::{self, Rights};
use crate::output::Sink;

/// The files of one build as they come in.
#[derive(Debug)]
pub(super) struct Stage {
    /// Where the site is.
    root: PathBuf,
    /// Where new and changed files wait.
    stage: PathBuf,
    /// What the site is known to hold.
    known: Known,
    /// What a file that is made now may be used for, found out when a spare might be there; nothing if it cannot be.
    rights: OnceLock<Option<Rights>>,
    /// The site's folders as they are during this build.
    folders: Folders,
    /// Folders made in the stage so far.
    made: Mutex<HashSet<String>>,
    /// Every file taken, by site path.
    taken: Mutex<BTreeMap<String, Taken>>,
    /// The first thing that went wrong.
    failure: Mutex<Option<Error>>,
}

/// What the site is known to hold before a build.
#[derive(Debug)]
pub(super) struct Known {
    /// The files that are as we wrote them.
    pub(super) files: Manifest,
    /// Whether each must be read before that is believed.
    pub(super) is_doubtful: bool,
    /// What left the site before this moment may be written over; nothing if there are no spares.
    pub(super) rested: Option<SystemTime>,
}

/// All files of a build are in: what is to become of the site.
#[derive(Debug)]
pub(super) struct Staged {
    /// Every file the site is to hold.
    pub(super) manifest: Manifest,
    /// Those that wait in the stage, sorted, and where they do.
    pub(super) waiting: Vec<(String, Spot)>,
}

/// Where in the stage a file waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// In a tree of folders like the site's.
    Tree,
    /// Alone, under the hash of its path.
    Loose,
}

impl Spot {
    /// Where the file or folder `path` of the site waits, relative to the stage.
    pub(super) fn name(self, path: &str) -> String {
        match self {
            Spot::Tree => format!("tree/{path}"),
            Spot::Loose => {
                let hash = format!("{:032x}", spare::hash(path));
                // A folder of all of them would make each rename out of it slower.
                format!("{}/{}/{hash}", spare::FOLDER, &hash[..2])
            }
        }
    }
}

/// One file that was taken.
#[derive(Debug)]
struct Taken {
    /// Where it came from, to notice two different files for one path.
    origin: Origin,
    /// What it holds, and where it waits unless the site has it; nothing while it is being written.
    outcome: Option<(Entry, Option<Spot>)>,
}

/// Where a file comes from.
#[derive(Debug, PartialEq, Eq)]
enum Origin {
    /// Handed over in memory.
    Bytes(Entry),
    /// Copied from disk.
    Copy(PathBuf),
}

impl Stage {
    /// Starts a build of the site at `root`, which holds what is `known`; files will wait in the folder `stage`.
    pub(super) fn new(root: &Path, stage: &Path, known: Known) -> Stage {
        Stage {
            root: root.to_owned(),
            stage: stage.to_owned(),
            known,
            rights: OnceLock::new(),
            folders: Folders::new(root),
            made: Mutex::default(),
            taken: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    /// Ends the taking: what came in, or the first thing that went wrong.
    pub(super) fn finish(&mut self) -> Result<Staged> {
        let taken = std::mem::take(&mut *lock(&self.taken));
        refuse_files_that_are_folders(&taken)?;
        if let Some(failure) = lock(&self.failure).take() {
            return Err(failure);
        }
        let mut staged = Staged { manifest: Manifest::new(), waiting: Vec::new() };
        for (path, taken) in taken {
            let (entry, spot) = taken.outcome.with_context(|| format!("{path} was never finished"))?;
            if let Some(spot) = spot {
                staged.waiting.push((path.clone(), spot));
            }
            staged.manifest.insert(path, entry);
        }
        Ok(staged)
    }

    /// Takes a file from memory.
    fn take_bytes(&self, path: &str, bytes: &[u8]) -> Result<()> {
        check_path(path)?;
        let entry = Entry::of(bytes);
        if !self.claim(path, Origin::Bytes(entry))? {
            return Ok(());
        }
        let mut spot = None;
        if !self.is_in_site(path, entry)? {
            let (mut slot, free) = self.slot(path)?;
            slot.write_all(bytes)?;
            slot.end(entry.len)?;
            spot = Some(free);
        }
        self.settle(path, entry, spot);
        Ok(())
    }

    /// Takes a file from disk. One that may be unchanged is hashed first; any other is read only once.
    fn take_copy(&self, path: &str, source: &Path) -> Result<()> {
        check_path(path)?;
        if !self.claim(path, Origin::Copy(source.to_owned()))? {
            return Ok(());
        }
        let mut file = File::open(source)?;
        let len = file.metadata()?.len();
        if self.known.files.get(path).is_some_and(|old| old.len == len) {
            let entry = Entry::of_file(source)?;
            if self.is_in_site(path, entry)? {
                self.settle(path, entry, None);
                return Ok(());
            }
        }
        let (mut slot, spot) = self.slot(path)?;
        let entry = Entry::of_copy(&mut file, &mut slot)?;
        slot.end(entry.len)?;
        self.settle(path, entry, Some(spot));
        Ok(())
    }

    /// Notes that a file for `path` is coming. False if the very same came before (an image two pages show); an error if another did.
    fn claim(&self, path: &str, origin: Origin) -> Result<bool> {
        let mut taken = lock(&self.taken);
        match taken.get(path) {
            None => {
                taken.insert(path.to_owned(), Taken { origin, outcome: None });
                Ok(true)
            }
            Some(first) if first.origin == origin => Ok(false),
            Some(_) => bail!("two different files want this place in the site"),
        }
    }

    /// Notes what a claimed file holds, and where it waits unless the site has it.
    fn settle(&self, path: &str, entry: Entry, spot: Option<Spot>) {
        if let Some(taken) = lock(&self.taken).get_mut(path) {
            taken.outcome = Some((entry, spot));
        }
    }

    /// Whether the site holds this file already: written by us, with this hash, still there and of that length.
    fn is_in_site(&self, path: &str, entry: Entry) -> Result<bool> {
        let place = self.root.join(path);
        Ok(self.known.files.get(path) == Some(&entry)
            && self.folders.look_at_parent(path)? == Found::Folder
            && look(&place)? == Found::File(entry.len)
            && (!self.known.is_doubtful || Entry::of_file(&place)? == entry))
    }

    /// Opens the file in the stage in which `path` is to wait, with the folders it needs.
    fn slot(&self, path: &str) -> Result<(Slot, Spot)> {
        let spot = match self.folders.look_at_parent(path)? {
            Found::Folder => Spot::Loose,
            _ => Spot::Tree,
        };
        let name = spot.name(path);
        let parent = name.rsplit_once('/').map_or("", |(parent, _)| parent);
        self.make_folder(parent)?;
        let place = self.stage.join(&name);
        let slot = match (spot, self.known.rested) {
            (Spot::Loose, Some(rested)) => Slot::over(&place, self.rights(), rested)?,
            _ => Slot::new(&place)?,
        };
        Ok((slot, spot))
    }

    /// What a file that is made now may be used for. The stage must be there.
    fn rights(&self) -> Option<Rights> {
        *self.rights.get_or_init(|| system::rights_of_new(&self.stage.join("new")).ok())
    }

    /// Makes a folder in the stage, once; two threads may both try.
    fn make_folder(&self, folder: &str) -> io::Result<()> {
        if lock(&self.made).contains(folder) {
            return Ok(());
        }
        if let Some((parent, _)) = folder.rsplit_once('/') {
            self.make_folder(parent)?;
        } else if !folder.is_empty() {
            self.make_folder("")?;
        }
        match fs::create_dir(self.stage.join(folder)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => lock(&self.made).insert(folder.to_owned()),
        };
        Ok(())
    }

    /// Keeps the first failure for [`Stage::finish`], as a sink cannot give errors back.
    fn remember(&self, failure: Error) {
        lock(&self.failure).get_or_insert(failure);
    }
}

impl Sink for Stage {
    fn put(&self, path: &str, bytes: &[u8]) {
        if let Err(error) = self.take_bytes(path, bytes) {
            self.remember(error.context(format!("cannot write {path}")));
        }
    }

    fn copy(&self, path: &str, source: &Path) {
        if let Err(error) = self.take_copy(path, source) {
            let source = source.display();
            self.remember(error.context(format!("cannot copy {source} to {path}")));
        }
    }
}

/// Finds those files of `manifest` that wait in a stage left by an earlier build, sorted.
/// A loose file waits if it holds what it should: else it is a spare, or what was in the site until it was exchanged.
pub(super) fn find(stage: &Path, manifest: &Manifest) -> io::Result<Vec<(String, Spot)>> {
    let find_one = |(path, entry): (&String, &Entry)| {
        let mut spots = Vec::new();
        if matches!(look(&stage.join(Spot::Tree.name(path)))?, Found::File(_)) {
            spots.push((path.clone(), Spot::Tree));
        }
        let loose = stage.join(Spot::Loose.name(path));
        if look(&loose)? == Found::File(entry.len) && Entry::of_file(&loose)? == *entry {
            spots.push((path.clone(), Spot::Loose));
        }
        Ok(spots)
    };
    let waiting: io::Result<Vec<_>> = manifest.par_iter().map(find_one).collect();
    Ok(waiting?.concat())
}

/// Refuses a build in which one path is both a file and the folder of another file.
fn refuse_files_that_are_folders(taken: &BTreeMap<String, Taken>) -> Result<()> {
    for path in taken.keys() {
        if let Some(folder) = folders(path).find(|folder| taken.contains_key(*folder)) {
            bail!("{folder} cannot be both a file of the site and the folder of {path}");
        }
    }
    Ok(())
}

/// Locks; what these locks guard is whole between any two statements, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
