//! A small book in a folder, with pages that are worth looking at while they are edited.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::fixture;

/// The book without its long page.
const BOOK: &str = include_str!("book.txt");

/// How many paragraphs the long page has behind what is worth looking at.
const PARAGRAPHS: usize = 60;

/// A book's folder, removed when it is dropped.
pub struct Book {
    folder: TempDir,
}

impl Book {
    /// The book on disk. Its long page ends with `Last words.` and `最后的话。`.
    pub fn new() -> Self {
        let book = Self::of(BOOK);
        book.write("content/en/long.md", &long("en", "Last words."));
        book.write("content/zh/long.md", &long("zh", "最后的话。"));
        book
    }

    /// A fixture on disk.
    pub fn of(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fixture::write(text, folder.path());
        Self { folder }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where a file of it lies.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// What is in a file of it.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file is there")
    }

    /// Puts text into a file of it, in place.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Changes `from` to `to` in a file of it, in place.
    #[track_caller]
    pub fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replace(from, to));
    }

    /// Removes a file of it.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("the file is there");
    }
}

/// The long page in a language, `en` or `zh`: text, a list, a fold, an example, and so much more that it scrolls,
/// before its `last` words.
pub fn long(lang: &str, last: &str) -> String {
    let (head, line) = match lang {
        "en" => (include_str!("long.en.txt"), "Paragraph number N of many."),
        _ => (include_str!("long.zh.txt"), "许多段落中的第N段。"),
    };
    let lines: String = (1..=PARAGRAPHS).map(|n| line.replace('N', &n.to_string()) + "\n\n").collect();
    format!("{head}\n{lines}{last}\n")
}
