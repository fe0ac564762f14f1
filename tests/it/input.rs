//! Bad input of every kind gives a diagnostic or a right page: never a panic, never a hang, never a file
//! outside the site.

mod bytes;
mod disk;
mod front;
mod fuzz;
mod markdown;
mod theme;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bilayer::diagnostic::Code;
use serde_json::Value;

use crate::fixture;
use crate::run::{bilayer, tree};

/// A home page in both languages, so that a test adds only what it is about.
const HOME: &str =
    "-- content/en/index.md --\n---\ntitle: Home\n---\n-- content/zh/index.md --\n---\ntitle: 首页\n---\n";

/// What the command made of a book on disk.
struct Built {
    codes: Vec<String>,
    report: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl Built {
    fn page(&self, path: &str) -> &str {
        let bytes = self.files.get(path).unwrap_or_else(|| panic!("no {path}\n{}", self.report));
        std::str::from_utf8(bytes).expect("pages are UTF-8")
    }
}

/// Builds a book of two home pages, `text` (a fixture) and what `prepare` puts beside them, with the command.
fn on_disk(text: &str, prepare: impl FnOnce(&Path)) -> Built {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let book = folder.path().join("book");
    fixture::write(&format!("{HOME}{text}"), &book);
    prepare(&book);
    let run = bilayer(folder.path(), "build book -d site --format json");
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let diagnostics = report["diagnostics"].as_array().expect("a list of diagnostics");
    let mut codes: Vec<_> =
        diagnostics.iter().map(|problem| problem["code"].as_str().expect("a code").to_owned()).collect();
    codes.dedup();
    assert_eq!(run.status, i32::from(report["errors"] != 0), "{}", run.stderr);
    // What is reported to programs can also be shown to people.
    if !codes.is_empty() {
        let human = bilayer(folder.path(), "check book");
        assert_eq!(human.status, run.status, "{}", human.stderr);
    }
    Built { codes, report: run.stdout, files: tree(&folder.path().join("site")) }
}

/// Checks which codes a book raises, each once however often it is raised in a row.
fn check(text: &str, codes: &[Code]) -> Built {
    check_with(text, |_| {}, codes)
}

fn check_with(text: &str, prepare: impl FnOnce(&Path), codes: &[Code]) -> Built {
    let built = on_disk(text, prepare);
    let wanted: Vec<_> = codes.iter().map(|code| code.name()).collect();
    let shown: String = built.report.chars().take(2_000).collect();
    assert_eq!(built.codes, wanted, "{shown}");
    built
}

fn put(book: &Path, path: &str, bytes: &[u8]) {
    let path = book.join(path);
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
    fs::write(path, bytes).expect("the file can be written");
}

/// Checks a book with one more page, of these bytes.
fn check_page(bytes: impl AsRef<[u8]>, codes: &[Code]) -> Built {
    check_with("", |book| put(book, "content/en/page.md", bytes.as_ref()), codes)
}

/// Checks a page with this text below its front matter.
fn check_text(text: &str, codes: &[Code]) -> Built {
    check_page(format!("---\ntitle: Page\n---\n{text}"), codes)
}

/// Checks a page with these lines of front matter.
fn check_front(yaml: &str, codes: &[Code]) -> Built {
    check_page(format!("---\ntitle: Page\n{yaml}\n---\nText.\n"), codes)
}

const PAGE: &str = "en/page/index.html";
