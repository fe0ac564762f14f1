//! The parts of a cache: files of results, one behind the other. A run adds to one part of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use xxhash_rust::xxh3::xxh3_64;

use super::index::{Entry, Index};

/// The ending of their names.
const ENDING: &str = "part";

/// The parts of a cache.
#[derive(Default)]
pub(super) struct Parts {
    /// Those that are read, by number.
    open: RwLock<BTreeMap<u32, Arc<Part>>>,
    /// The one of this run; none if it could not be made.
    own: OnceLock<Option<Arc<Part>>>,
}

/// A part.
pub(super) struct Part {
    number: u32,
    file: File,
    /// Where the next result goes.
    end: AtomicU64,
}

impl Parts {
    /// Opens the parts that an index names, as far as they are there.
    pub(super) fn open(folder: &Path, entries: &Index) -> Self {
        let numbers: BTreeSet<u32> = entries.values().map(|entry| entry.part).collect();
        let part = |number| {
            let file = File::open(path(folder, number)).ok()?;
            let end = AtomicU64::new(file.metadata().ok()?.len());
            Some((number, Arc::new(Part { number, file, end })))
        };
        Self { open: RwLock::new(numbers.into_iter().filter_map(part).collect()), own: OnceLock::new() }
    }

    /// The entries whose results are there by length.
    pub(super) fn sound(&self, mut entries: Index) -> Index {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let is_there = |entry: &Entry| {
            let end = open.get(&entry.part).map_or(0, |part| part.end.load(Ordering::Relaxed));
            entry.offset.checked_add(u64::from(entry.length)).is_some_and(|last| last <= end)
        };
        entries.retain(|_, entry| is_there(entry));
        entries
    }

    /// A result; none if it is not as it was written.
    pub(super) fn read(&self, entry: &Entry) -> Option<Vec<u8>> {
        let part = {
            let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(open.get(&entry.part)?)
        };
        let mut bytes = vec![0; usize::try_from(entry.length).ok()?];
        read_at(&part.file, &mut bytes, entry.offset).ok()?;
        (xxh3_64(&bytes) == entry.sum).then_some(bytes)
    }

    /// Adds a result to the part of this run. None if that cannot be.
    pub(super) fn append(&self, folder: &Path, bytes: &[u8]) -> Option<Entry> {
        let part = self.own.get_or_init(|| self.create(folder).ok()).as_ref()?;
        let length = u32::try_from(bytes.len()).ok()?;
        let offset = part.end.fetch_add(u64::from(length), Ordering::Relaxed);
        write_at(&part.file, bytes, offset).ok()?;
        Some(Entry { part: part.number, offset, length, sum: xxh3_64(bytes), age: 0, is_used: true })
    }

    /// Makes a part with a number that no other has.
    fn create(&self, folder: &Path) -> io::Result<Arc<Part>> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let number = numbers(folder).max().unwrap_or(0).max(open.keys().max().copied().unwrap_or(0)) + 1;
        let file = File::options().read(true).write(true).create_new(true).open(path(folder, number))?;
        let part = Arc::new(Part { number, file, end: AtomicU64::new(0) });
        open.insert(number, Arc::clone(&part));
        Ok(part)
    }

    /// How many bytes of the parts no entry speaks of.
    pub(super) fn waste(&self, entries: &Index) -> u64 {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let all: u64 = open.values().map(|part| part.end.load(Ordering::Relaxed)).sum();
        all.saturating_sub(super::size(entries))
    }

    /// How many parts there are.
    pub(super) fn count(&self) -> usize {
        self.open.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Copies every result into one new part.
    pub(super) fn merge(&self, folder: &Path, entries: &mut Index) -> io::Result<()> {
        let part = self.create(folder)?;
        let mut moved = Index::with_capacity(entries.len());
        let mut sorted: Vec<_> = entries.iter().collect();
        sorted.sort_by_key(|(_, entry)| (entry.part, entry.offset));
        for (key, entry) in sorted {
            let Some(bytes) = self.read(entry) else { continue };
            let offset = part.end.fetch_add(u64::from(entry.length), Ordering::Relaxed);
            write_at(&part.file, &bytes, offset)?;
            moved.insert(*key, Entry { part: part.number, offset, ..*entry });
        }
        *entries = moved;
        Ok(())
    }

    /// Closes and removes the parts that no entry speaks of. That of this run stays: more may come.
    pub(super) fn remove_unused(&self, folder: &Path, entries: &Index) {
        let mut used: BTreeSet<u32> = entries.values().map(|entry| entry.part).collect();
        used.extend(self.own.get().into_iter().flatten().map(|part| part.number));
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.retain(|number, _| used.contains(number));
        drop(open);
        self.remove_others(folder);
    }

    /// Removes every part that is not open.
    pub(super) fn remove_others(&self, folder: &Path) {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        for number in numbers(folder).filter(|number| !open.contains_key(number)) {
            // One that stays does no harm, and the next run tries again.
            let _ = fs::remove_file(path(folder, number));
        }
    }
}

/// Removes all parts in a folder.
pub(super) fn remove_all(folder: &Path) -> io::Result<()> {
    numbers(folder).try_for_each(|number| super::remove_file(&path(folder, number)))
}

fn path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:08}.{ENDING}"))
}

/// The numbers of the parts in a folder.
fn numbers(folder: &Path) -> impl Iterator<Item = u32> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.filter_map(|name| {
        let number = name.to_str()?.strip_suffix(ENDING)?.strip_suffix('.')?;
        (number.len() == 8).then(|| number.parse().ok())?
    })
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        offset += read as u64;
    }
    Ok(())
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}
