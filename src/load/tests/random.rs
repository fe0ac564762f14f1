//! Random edits of a book, each followed or not by a look at what was edited, or at everything.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rayon::prelude::*;

use super::{Book, texts};

/// Numbers that look random and are the same in every run: splitmix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit as u64).expect("it is below a usize")
    }

    fn choose<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// Edits a book at random.
struct Editor {
    random: Random,
    root: PathBuf,
    /// How much was written: no two files have one size.
    written: usize,
    /// What was edited and not looked at, as a watcher names it.
    edited: BTreeSet<PathBuf>,
}

impl Editor {
    /// A place in the book or beside it, whether there is something or not.
    fn place(&mut self) -> PathBuf {
        const TOPS: &[&str] =
            &["content", "content", "content/d", "content/d", "shared", "static", "../outside", "."];
        const NAMES: &[&str] = &["a.md", "b.md", "d", "e"];
        const ODD: &[&str] = &[
            "c.png",
            "e-f",
            "examples",
            "x.yaml",
            "x.css",
            ".hidden",
            "old~",
            "content",
            "book.toml",
            "a\u{FFFD}.md",
            "NOT-UTF-8",
        ];
        let mut place = self.root.join(self.random.choose(TOPS));
        for _ in 0..=self.random.below(2) {
            let names = if self.random.below(5) == 0 { ODD } else { NAMES };
            match self.random.choose(names) {
                "NOT-UTF-8" => place.push(not_utf8()),
                name => place.push(name),
            }
        }
        place
    }

    fn bytes(&mut self) -> Vec<u8> {
        self.written += 1;
        let mut bytes: &[u8] = match self.random.below(8) {
            0 => b"\xEF\xBB\xBFmarked",
            1 => b"not\n\xFF UTF-8",
            2 => b"not\n\xFE\xFF UTF-8",
            3 => b"",
            4 => b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x07\0\0\0\x05\x08\x06\0\0\0",
            _ => b"text",
        };
        if self.random.below(9) == 0 {
            bytes = b"\xEF\xBB\xBF";
        }
        [bytes, " ".repeat(if bytes.is_empty() { 0 } else { self.written }).as_bytes()].concat()
    }

    /// One edit, if it can be done.
    fn edit(&mut self) {
        let (place, other) = (self.place(), self.place());
        self.note(&place);
        // Whoever writes through a link makes or changes what it leads to.
        let before = place.canonicalize();
        let _ = self.try_to_edit(&place, &other);
        self.edited.extend(before.into_iter().chain(place.canonicalize()));
    }

    fn try_to_edit(&mut self, place: &Path, other: &Path) -> io::Result<()> {
        match self.random.below(14) {
            0..=2 => {
                if let Some(above) = place.parent() {
                    self.note_new(above);
                    fs::create_dir_all(above)?;
                }
                self.note(place);
                fs::write(place, self.bytes())
            }
            3 => {
                self.note_new(place);
                fs::create_dir_all(place)
            }
            4 => fs::read(place).and_then(|bytes| fs::write(place, bytes)),
            5 => fs::remove_file(place),
            6 => fs::remove_dir_all(place),
            7 | 8 => {
                self.note(other);
                fs::rename(place, other)
            }
            9 | 10 => symlink(other, place),
            11 => symlink(
                self.random.choose(&[".", "..", "a.md", "d", "e", "../d", "../e", "../../outside"]),
                place,
            ),
            12 => {
                fs::remove_file(place)?;
                fs::create_dir(place)
            }
            _ => {
                fs::remove_dir(place)?;
                fs::write(place, self.bytes())
            }
        }
    }

    /// A watcher names a place by its real folder, and now and then a name it knows from elsewhere.
    fn note(&mut self, place: &Path) {
        let real = place.parent().and_then(|above| above.canonicalize().ok());
        if let (Some(real), Some(name)) = (real, place.file_name()) {
            self.edited.insert(real.join(name));
        }
        if self.random.below(4) == 0 {
            self.edited.insert(place.to_owned());
        }
    }

    /// Of folders in folders a watcher may see but the outermost being made.
    fn note_new(&mut self, folder: &Path) {
        let missing = folder.ancestors().take_while(|above| above.symlink_metadata().is_err());
        if let Some(outermost) = missing.last() {
            self.note(outermost);
        }
    }
}

#[cfg(unix)]
fn not_utf8() -> &'static std::ffi::OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(b"a\xFF.md")
}

#[cfg(not(unix))]
fn not_utf8() -> &'static str {
    "b.md"
}

#[cfg(unix)]
fn symlink(target: impl AsRef<Path>, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn symlink(_: impl AsRef<Path>, _: &Path) -> io::Result<()> {
    Ok(())
}

#[test]
fn read_again_is_as_read_anew() {
    (0..220).into_par_iter().for_each(edit_at_random);
}

fn edit_at_random(seed: u64) {
    let outer = Book::new(&[("outside/a.md", "A"), ("book/book.toml", ""), ("book/content/a.md", "A")]);
    let book = Book { folder: tempfile::TempDir::new_in(outer.root()).expect("a folder can be made") };
    book.write("book.toml", "");
    book.write("content/en/a.md", "A");
    let mut folder = book.open();
    folder.patience = Duration::ZERO;
    if seed.is_multiple_of(2) {
        // Times are trusted at once: sizes differ wherever bytes do.
        folder.racy = Duration::ZERO;
    }
    let mut editor = Editor { random: Random(seed), root: book.root(), written: 0, edited: BTreeSet::new() };
    for step in 0..8 {
        // Half of what comes to mind cannot be done.
        for _ in 0..=editor.random.below(6) {
            editor.edit();
        }
        let before = super::shown(folder.sources(), &folder.diagnostics());
        let changes = match editor.random.below(6) {
            0 => folder.rescan(),
            _ => folder.refresh(&editor.edited),
        };
        let changes = changes.expect("the book has few files");
        editor.edited.clear();
        let context = format!("seed {seed}, step {step}");
        let (sources, diagnostics) = super::load(&book.root()).expect("it is there");
        let after = super::shown(folder.sources(), &folder.diagnostics());
        assert_eq!(after, super::shown(&sources, &diagnostics), "{context}");
        assert!(before == after || !changes.is_empty(), "{context}: a change was not told");
        assert_eq!(folder.rescan().expect("the book has few files"), texts([]), "{context}");
    }
}
