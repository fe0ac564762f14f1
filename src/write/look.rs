//! What lies at a place in the output folder, without ever following a link there.
//! It knows nothing of builds or records.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A folder.
    Folder,
    /// A regular file of so many bytes.
    File(u64),
    /// A symbolic link, a socket or the like: never followed, never ours.
    Other,
}

/// Says what lies at `path`. Of the path itself a link is not followed; folders on the way must have been looked at before ([`Folders`]).
pub(super) fn look(path: &Path) -> io::Result<Found> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(Found::File(found.len())),
        Ok(found) if found.is_dir() => Ok(Found::Folder),
        Ok(_) => Ok(Found::Other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

/// The folders of a site as first seen: each is looked at once, by whichever thread asks first.
#[derive(Debug)]
pub(super) struct Folders {
    /// The site's root, taken to be a folder; it alone may be reached through a link.
    root: PathBuf,
    /// What was found, by site path.
    seen: Mutex<HashMap<String, Found>>,
}

impl Folders {
    /// Starts with nothing seen below `root`.
    pub(super) fn new(root: &Path) -> Folders {
        Folders { root: root.to_owned(), seen: Mutex::default() }
    }

    /// Says what lies where the folder `folder` (a site path) would be. Below anything but a folder there is nothing.
    pub(super) fn look(&self, folder: &str) -> io::Result<Found> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(folder).copied();
        if let Some(found) = seen {
            return Ok(found);
        }
        let found = match self.look_at_parent(folder)? {
            Found::Folder => look(&self.root.join(folder))?,
            _ => Found::Nothing,
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(folder.to_owned(), found);
        Ok(found)
    }

    /// Says what lies where the folder that holds `path` would be.
    pub(super) fn look_at_parent(&self, path: &str) -> io::Result<Found> {
        match path.rsplit_once('/') {
            Some((parent, _)) => self.look(parent),
            None => Ok(Found::Folder),
        }
    }
}
