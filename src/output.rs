//! Where finished files go: the word that render, write, check and the preview share.
//! A stage that makes files hands each to a [`Sink`] as soon as it is ready, so that a whole site never has to sit in memory.
//! This module knows no disk, no page and no order of files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Where finished files go, one call a file, from any thread, in any order.
pub trait Sink: Sync {
    /// Takes one finished file. `path` is relative to the site root, '/'-separated, never absolute, with no '..' in it.
    fn put(&self, path: &str, bytes: &[u8]);

    /// Takes a file that goes into the site as it is (images, downloads). `source` is a path on disk, `path` as in [`Sink::put`].
    fn copy(&self, path: &str, source: &Path);
}

/// Files by their paths in the site: those that were made, and for those to copy the place on disk.
pub type Parts = (BTreeMap<String, Vec<u8>>, BTreeMap<String, PathBuf>);

/// A sink that keeps everything in memory; of a copied file it keeps only where it comes from.
#[derive(Debug, Default)]
pub struct Memory {
    /// Finished files: site path to bytes.
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    /// Files to copy: site path to the path on disk.
    copies: Mutex<BTreeMap<String, PathBuf>>,
}

impl Memory {
    /// An empty site.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Gives the files put so far, by site path.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.into_parts().0
    }

    /// Gives the files put so far and the sources of the files to copy, both by site path.
    pub fn into_parts(self) -> Parts {
        let files = self.files.into_inner();
        let copies = self.copies.into_inner();
        (files.unwrap_or_else(PoisonError::into_inner), copies.unwrap_or_else(PoisonError::into_inner))
    }
}

// A lock is poisoned only between two whole insertions, so the map behind it is sound.
impl Sink for Memory {
    fn put(&self, path: &str, bytes: &[u8]) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(path.to_owned(), bytes.to_vec());
    }

    fn copy(&self, path: &str, source: &Path) {
        let mut copies = self.copies.lock().unwrap_or_else(PoisonError::into_inner);
        copies.insert(path.to_owned(), source.to_owned());
    }
}

/// A sink that drops everything: a book is checked without writing it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Discard;

impl Sink for Discard {
    fn put(&self, _path: &str, _bytes: &[u8]) {}

    fn copy(&self, _path: &str, _source: &Path) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_keeps_files_in_path_order_and_copies_as_sources() {
        let memory = Memory::new();
        memory.put("zh/index.html", "你好".as_bytes());
        memory.put("en/index.html", b"old");
        memory.put("en/index.html", b"hello");
        memory.copy("img/a.png", Path::new("content/img/a.png"));
        let (files, copies) = memory.into_parts();
        let files: Vec<_> =
            files.iter().map(|(path, bytes)| format!("{path}={}", String::from_utf8_lossy(bytes))).collect();
        assert_eq!(files.join(" "), "en/index.html=hello zh/index.html=你好");
        assert_eq!(copies["img/a.png"], Path::new("content/img/a.png"));
    }

    #[test]
    fn threads_may_put_at_once() {
        let memory = Memory::new();
        std::thread::scope(|scope| {
            for side in ["en", "zh"] {
                let memory = &memory;
                scope.spawn(move || (0..100).for_each(|n| memory.put(&format!("{side}/{n}"), b"x")));
            }
        });
        assert_eq!(memory.into_files().len(), 200);
    }
}
