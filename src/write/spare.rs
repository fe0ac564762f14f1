//! Spares: old versions of the site's files, kept in the stage to be written over.
//!
//! To make a file and to free one costs the system ten times what writing over one does. So a file that has changed is exchanged with the one
//! in the site, and the old one waits under the hash of its path until that page changes again.
//! What a spare holds means nothing: an old version, or what a build that failed had begun to write.
//! It knows nothing of how a build decides what to write.

use std::collections::HashSet;
use std::fs::{self, DirEntry, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::manifest::{Entry, Manifest};
use super::state::remove_folder_if_empty;
use super::system::{self, Rights};

/// The folder of the stage in which spares lie.
pub(super) const FOLDER: &str = "loose";

/// A site of fewer files keeps no spares: it has nothing to gain.
const FEWEST: usize = 200;

/// How long a file that has left the site is let be. Who had it open reads on, and gets what was there when it was opened.
/// Servers that keep files open look after a minute whether they are still those of the site (nginx: `open_file_cache_valid`).
pub(super) const REST: Duration = Duration::from_secs(120);

/// Whether a site with these files keeps spares. None does where the system cannot say that the machine has been started anew:
/// what is written over an old version reaches the disk later than what is written anew.
pub(super) fn are_kept(site: &Manifest) -> bool {
    site.len() >= FEWEST && system::boot().is_some()
}

/// A file that is being written from its start.
#[derive(Debug)]
pub(super) struct Slot {
    /// Open for writing.
    file: File,
    /// How many bytes it held before.
    len: u64,
}

impl Slot {
    /// Makes a file where there is none.
    pub(super) fn new(path: &Path) -> io::Result<Slot> {
        Ok(Slot { file: File::create_new(path)?, len: 0 })
    }

    /// Takes the spare at `path` if it `rested`: if it left the site before that moment. What cannot be told from a file that is made now, with `rights`, is removed for a new one: it may be somebody else's file
    /// under a second name, or may have been given other rights while it was in the site.
    pub(super) fn over(path: &Path, rights: Option<Rights>, rested: SystemTime) -> io::Result<Slot> {
        let spare = match rights {
            Some(rights) => system::reopen(path, rights, rested),
            None => Ok(None),
        };
        match spare {
            Ok(Some((file, len))) => return Ok(Slot { file, len }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Ok(None) | Err(_) => remove(path)?,
        }
        Slot::new(path)
    }

    /// Ends the file after the `len` bytes that were written.
    pub(super) fn end(self, len: u64) -> io::Result<()> {
        if len < self.len { self.file.set_len(len) } else { Ok(()) }
    }
}

impl Write for Slot {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Empties the stage of a site that holds `site`, but for its spares.
pub(super) fn clear(stage: &Path, site: &Manifest) -> io::Result<()> {
    if !are_kept(site) {
        return remove(stage);
    }
    for entry in entries(stage)? {
        if entry.file_name() != FOLDER || !entry.file_type()?.is_dir() {
            remove(&entry.path())?;
        }
    }
    for entry in entries(&stage.join(FOLDER))? {
        // A link would lead whoever writes into the folder elsewhere.
        if !entry.file_type()?.is_dir() {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Empties the stage, and removes the spares of pages that `site` does not have, and as many that they have no more bytes than it.
pub(super) fn sweep(stage: &Path, site: &Manifest) -> io::Result<()> {
    clear(stage, site)?;
    let folder = stage.join(FOLDER);
    let names: HashSet<u128> = site.keys().map(|path| hash(path)).collect();
    let room = AtomicU64::new(site.values().map(|entry| entry.len).sum());
    let is_kept = |spare: &DirEntry| -> io::Result<bool> {
        let name = spare.file_name();
        let name = name.to_str().and_then(|name| u128::from_str_radix(name, 16).ok());
        let found = spare.metadata()?;
        let fits = |room: u64| room.checked_sub(found.len());
        Ok(name.is_some_and(|name| names.contains(&name))
            && found.is_file()
            && room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok())
    };
    entries(&folder)?.par_iter().try_for_each(|part| {
        for spare in entries(&part.path())? {
            if !is_kept(&spare)? {
                remove(&spare.path())?;
            }
        }
        remove_folder_if_empty(&part.path());
        Ok::<_, io::Error>(())
    })?;
    remove_folder_if_empty(&folder);
    remove_folder_if_empty(stage);
    Ok(())
}

/// The hash under which the file `path` of the site waits.
pub(super) fn hash(path: &str) -> u128 {
    Entry::of(path.as_bytes()).hash
}

/// Removes whatever is at `path`; there may be nothing. A link is removed, not what it leads to.
fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What lies in a folder; nothing if there is no such folder.
fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
