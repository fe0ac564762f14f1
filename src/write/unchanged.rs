//! Whether a site is still as a build left it: asked before anything else is done.

use std::path::Path;

use rayon::prelude::*;

use super::look::{Found, look};
use super::manifest::{self, Entry, Record};
use super::state::State;
use crate::digest::Digest;

/// The number of files of the site in `dir`, if the record of its last build is the one with this digest, no build
/// has been half installed since, the machine may not have lost what was written, and every file is there with the length it was written with. Like the build, it takes a file
/// of ours for what the record says when nobody has changed its length.
#[must_use]
pub fn files_if_unchanged(dir: &Path, record: Digest) -> Option<usize> {
    let state = State::at(dir);
    let bytes = std::fs::read(&state.manifest).ok()?;
    // A build that ended before its journal was written has changed nothing in the site.
    let is_half_installed = look(&state.journal).ok() != Some(Found::Nothing);
    if is_half_installed || state.is_doubtful().unwrap_or(true) || Digest::of(&bytes) != record {
        return None;
    }
    let Record::Whole(manifest) = manifest::read_bytes(&bytes) else { return None };
    let files: Vec<(String, Entry)> = manifest.into_iter().collect();
    let is_there = |(path, entry): &(String, Entry)| {
        look(&dir.join(path)).is_ok_and(|found| found == Found::File(entry.len))
    };
    files.par_iter().all(is_there).then_some(files.len())
}
