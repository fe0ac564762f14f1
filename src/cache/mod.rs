//! The store that is a folder: what one run of the program made, the next need not make again.
//!
//! It lies in the book, in `.bilayer/cache/`: results in parts that only grow, and an index that says where each lies
//! and what its checksum is. The index is replaced in one step; a run that is killed leaves at most a part that nobody
//! knows of, which the next one removes. Everything is keyed by content, the index also by the program itself, so that
//! nothing in it can be stale; what is damaged is not there. It is safe to delete. It knows nothing of what it keeps.

mod index;
mod part;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::digest::Digest;
use crate::memo::Store;
use index::{Entry, Index};
use part::Parts;

/// The folder in a book that is the program's own.
const OWN: &str = ".bilayer";
/// After so many runs in which nobody asked for it, a result is forgotten.
const MAX_AGE: u8 = 4;
/// More parts than this are made into one.
const MAX_PARTS: usize = 12;
/// Results that nobody wants any more may take this many bytes before they are cleared away.
const MAX_WASTE: u64 = 4 << 20;

/// One run adds at most so many times what was kept when it began, or when it first saved: a preview may run for days.
const MAX_GROWTH: u64 = 2;
/// So many bytes it may add in any case.
const LEAST_GROWTH: u64 = 32 << 20;

/// What is written beside the cache, so that tools leave it alone: <https://bford.info/cachedir/>.
const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of bilayer. It is safe to delete.\n";

/// A book's cache, opened for one run.
pub struct Cache {
    folder: PathBuf,
    fingerprint: Digest,
    /// Held while this run may write; another run that writes has it otherwise.
    lock: Option<File>,
    parts: Parts,
    known: Mutex<Known>,
}

/// What is where.
#[derive(Default)]
struct Known {
    entries: HashMap<Digest, Entry>,
    /// Whether the index on disk says something else.
    is_changed: bool,
    /// How many bytes this run may still add; any number until it knows how many a book takes.
    room: Option<u64>,
}

impl Known {
    fn new(entries: HashMap<Digest, Entry>) -> Self {
        let room = (!entries.is_empty()).then(|| room(&entries));
        Self { entries, is_changed: false, room }
    }

    /// Takes room for so many bytes, if there is.
    fn take(&mut self, bytes: usize) -> bool {
        let Some(room) = &mut self.room else { return true };
        let left = room.checked_sub(bytes as u64);
        *room = left.unwrap_or_default();
        left.is_some()
    }
}

/// How many bytes a run may add that has these.
fn room(entries: &Index) -> u64 {
    LEAST_GROWTH.max(MAX_GROWTH * size(entries))
}

impl Cache {
    /// Opens the cache of the book in `book`. `fingerprint` stands for the program: what another one kept is not used.
    /// A cache that cannot be read is an empty one, and one that cannot be written keeps nothing.
    #[must_use]
    pub fn open(book: &Path, fingerprint: Digest) -> Self {
        let folder = book.join(OWN).join("cache");
        let lock = lock(book, &folder).ok().flatten();
        let bytes = fs::read(folder.join("index")).unwrap_or_default();
        let entries = index::decode(&bytes, fingerprint).unwrap_or_default();
        let parts = Parts::open(&folder, &entries);
        // What an index does not name was left by a run that was killed, or belongs to another program.
        if lock.is_some() {
            parts.remove_others(&folder);
        }
        let known = Known::new(parts.sound(entries));
        Self { folder, fingerprint, lock, parts, known: Mutex::new(known) }
    }

    /// Writes down what is kept now. Nothing is lost but time when it fails.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save(&self) -> io::Result<()> {
        let mut known = self.known();
        if self.lock.is_none() || !known.is_changed {
            return Ok(());
        }
        known.entries.retain(|_, entry| entry.age_after_run() <= MAX_AGE);
        if self.parts.waste(&known.entries) > MAX_WASTE.max(size(&known.entries))
            || self.parts.count() > MAX_PARTS
        {
            self.parts.merge(&self.folder, &mut known.entries)?;
        }
        let unfinished = self.folder.join("index.tmp");
        fs::write(&unfinished, index::encode(&known.entries, self.fingerprint))?;
        fs::rename(unfinished, self.folder.join("index"))?;
        self.parts.remove_unused(&self.folder, &known.entries);
        known.is_changed = false;
        if known.room.is_none() {
            known.room = Some(room(&known.entries));
        }
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing panics while it is held; if something did, the entries would still be whole.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many bytes the results take.
fn size(entries: &Index) -> u64 {
    entries.values().map(|entry| u64::from(entry.length)).sum()
}

impl Store for Cache {
    fn get(&self, key: Digest) -> Option<Vec<u8>> {
        let entry = {
            let mut known = self.known();
            let entry = known.entries.get_mut(&key)?;
            entry.is_used = true;
            *entry
        };
        self.parts.read(&entry)
    }

    fn put(&self, key: Digest, bytes: &[u8]) {
        if self.lock.is_none() || !self.known().take(bytes.len()) {
            return;
        }
        if let Some(entry) = self.parts.append(&self.folder, bytes) {
            let mut known = self.known();
            known.entries.insert(key, entry);
            known.is_changed = true;
        }
    }
}

/// Makes the folder and takes the lock; none if another run has it.
fn lock(book: &Path, folder: &Path) -> io::Result<Option<File>> {
    let own = book.join(OWN);
    // A link would lead our files to somewhere else.
    for path in [&own, folder] {
        if fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir()) {
            return Ok(None);
        }
    }
    fs::create_dir_all(folder)?;
    for (name, text) in [(".gitignore", "*\n"), ("CACHEDIR.TAG", TAG)] {
        let path = own.join(name);
        if !path.exists() {
            fs::write(path, text)?;
        }
    }
    let file =
        File::options().read(true).write(true).create(true).truncate(false).open(folder.join("lock"))?;
    Ok(file.try_lock().is_ok().then_some(file))
}

/// Removes the cache of a book, and nothing that the program did not write. Whether there was one.
///
/// # Errors
/// When a run is using it, or a file cannot be removed.
pub fn remove(book: &Path) -> io::Result<bool> {
    let own = book.join(OWN);
    let folder = own.join("cache");
    if !fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) {
        return Ok(false);
    }
    let Some(_lock) = lock(book, &folder)? else {
        return Err(io::Error::other("the cache is in use; stop `bilayer serve` first"));
    };
    part::remove_all(&folder)?;
    for name in ["index", "index.tmp", "lock"] {
        remove_file(&folder.join(name))?;
    }
    for name in [".gitignore", "CACHEDIR.TAG"] {
        remove_file(&own.join(name))?;
    }
    // What else lies there is not ours.
    let _ = fs::remove_dir(&folder);
    let _ = fs::remove_dir(&own);
    Ok(true)
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
