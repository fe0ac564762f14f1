//! A folder to [`Sources`]; the only reader of disk.
//!
//! Takes what a build can use: `book.toml`, `content/`, `themes/`, and the overrides `templates/`,
//! `static/`, `strings/`. Text is checked for UTF-8 and freed of a byte order mark; links that leave the
//! book or lead in a circle are reported. What a file means is for later stages.
//!
//! A [`Folder`] can be read again: it gives what is different since it was read last. It does not know how anybody
//! came to think that something is.

mod built_in;
mod folder;
mod places;
mod read;
mod stat;
#[cfg(test)]
mod tests;
mod trouble;
mod walk;

use std::path::Path;
use std::time::SystemTime;

use anyhow::Result;

pub use built_in::built_in;
pub use folder::{Changes, Folder, PATIENCE};

use crate::config;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::source::Sources;
use walk::{Found, Walk, What};

/// The files and folders of a book that a build reads.
const TOPS: [&str; 6] = ["content", "themes", "templates", "static", "strings", config::FILE];

/// Reads the book in the folder `root`.
///
/// # Errors
/// When `root` is not a folder that can be listed. Trouble with a single file is a diagnostic.
pub fn load(root: &Path) -> Result<(Sources, Vec<Diagnostic>)> {
    let folder = Folder::open(root)?;
    let diagnostics = folder.diagnostics();
    Ok((folder.into_sources(), diagnostics))
}

/// Whether a file or folder of this name is no part of a book: hidden ones, the leavings of editors and what npm
/// installs, but not `.well-known`, which sites have (RFC 8615).
#[must_use]
pub fn is_hidden(name: &str) -> bool {
    (name.starts_with('.') && name != ".well-known")
        || name == "node_modules"
        || name.ends_with('~')
        || name.ends_with(".swp")
        || (name.starts_with('#') && name.ends_with('#'))
}

/// Whether what has this name in a book's folder is read, or has in it what is.
#[must_use]
pub fn is_top(name: &str) -> bool {
    TOPS.contains(&name)
}

/// A digest of what the system says of the files of the book in `root`, none of which is read: while it stays the
/// same, so do all of them. None if that cannot be known: files that are too young, links or folders with problems,
/// systems that do not note by themselves when a file is changed.
#[must_use]
pub fn identity(root: &Path) -> Option<Digest> {
    let now = SystemTime::now();
    let root = root.canonicalize().ok()?;
    let found = Walk::new(&root, true).all().ok()?.into_iter().flat_map(|(_, found)| found);
    let stats: Option<Vec<_>> = found.filter_map(|found| stat_of(found, now)).collect();
    Some(Digest::of_value(&(root, stats?)))
}

/// What is to be known of something that was found; nothing of a folder, whose files tell enough.
fn stat_of(found: Found, now: SystemTime) -> Option<Option<impl std::hash::Hash>> {
    match found.what {
        What::Folder(_) => None,
        What::File(Some(stat)) if stat.is_sure() && stat.is_settled(now, stat::RACY) => {
            Some(Some((found.path, found.link, stat)))
        }
        What::File(_) | What::Barred(_) | What::Trouble(_) => Some(None),
    }
}
