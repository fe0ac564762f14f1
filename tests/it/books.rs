//! Whole small books, built and compared with what is expected of them, both ways.
//!
//! `tests/books/NAME/expected/` holds the site, and `report.txt` what is said of the book. After a change that is
//! meant, `UPDATE_EXPECT=1 cargo test` writes them anew; read the difference before you commit it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bilayer::load::load;
use bilayer::output::Memory;
use bilayer::pipeline::{self, Options, Quiet};
use bilayer::report::terminal::{self, Style};

/// The files below a folder with their bytes.
fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name =
                    path.strip_prefix(folder).expect("below the folder").to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).expect("a file can be read"));
            }
        }
    }
    files
}

/// Builds the book, and gives the site with the report as one more file.
fn build(book: &Path) -> BTreeMap<String, Vec<u8>> {
    let (sources, mut diagnostics) = load(book).expect("the book is there");
    let sink = Memory::new();
    let outcome =
        pipeline::build(&sources, &Options::default(), &mut pipeline::Memory::default(), &sink, &Quiet);
    diagnostics.extend(outcome.diagnostics);
    let (mut files, copies) = sink.into_parts();
    files
        .extend(copies.into_iter().map(|(path, disk)| (path, fs::read(disk).expect("an asset can be read"))));
    let report =
        diagnostics.iter().map(|diagnostic| terminal::render(&sources, diagnostic, Style::Plain) + "\n\n");
    files.insert("report.txt".to_owned(), report.collect::<String>().into_bytes());
    files
}

#[track_caller]
fn check(name: &str) {
    let book: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/books", name].iter().collect();
    let folder = book.join("expected");
    let built = build(&book);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (path, bytes) in &built {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
            fs::write(path, bytes).expect("it can be written");
        }
        return;
    }
    let expected = read(&folder);
    let missing: Vec<_> = expected.keys().filter(|path| !built.contains_key(*path)).collect();
    let unexpected: Vec<_> = built.keys().filter(|path| !expected.contains_key(*path)).collect();
    assert!(missing.is_empty() && unexpected.is_empty(), "missing: {missing:?}, unexpected: {unexpected:?}");
    for (path, bytes) in &built {
        let (built, expected) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&expected[path]));
        assert_eq!(built, expected, "{name}: {path}");
    }
}

#[test]
fn a_book_in_two_languages() {
    check("bilingual");
}

#[test]
fn a_book_that_trusts_nobody() {
    check("strict");
}

#[test]
fn our_own_course_is_without_fault() {
    let report =
        build(Path::new(env!("CARGO_MANIFEST_DIR"))).remove("report.txt").expect("it is always there");
    assert_eq!(String::from_utf8_lossy(&report), "");
}
