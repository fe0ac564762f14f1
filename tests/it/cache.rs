//! A second build: what the first one kept saves work, and never decides what is written.

use std::fs;
use std::path::Path;

use crate::fixture;
use crate::random::Random;
use crate::run::{assert_same, bilayer, tree, wait};

/// Something of everything that is kept: pages, code, formulas, an example with an invariant.
const BOOK: &str = include_str!("warm/book.txt");

fn book() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fixture::write(BOOK, folder.path());
    folder
}

/// Builds into a new folder, and holds it to a build that knows no cache.
#[track_caller]
fn check_build(book: &Path, out: &str, what: &str) {
    let built = bilayer(book, &format!("build -d {out}"));
    let cold = bilayer(book, &format!("build --no-cache -d {out}-cold"));
    assert_eq!((built.status, cold.status), (0, 0), "{what}: {}", built.stderr);
    assert_same(&tree(&book.join(out)), &tree(&book.join(format!("{out}-cold"))), what);
}

fn change(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).expect("it can be read");
    assert!(text.contains(old), "{} has no {old}", path.display());
    fs::write(path, text.replace(old, new)).expect("it can be written");
}

#[test]
fn whatever_changes_a_build_with_a_cache_is_right() {
    let folder = book();
    let book = folder.path();
    check_build(book, "o1", "the first build");
    change(&book.join("content/en/gas.md"), "Gas is paid for.", "Gas costs something.");
    check_build(book, "o2", "a new text");
    change(&book.join("content/examples/fee.yaml"), "2 gwei, min: 0", "3 gwei, min: 0");
    change(&book.join("content/en/gas.md"), "[44 gwei](=fee.total)", "[46 gwei](=fee.total)");
    check_build(book, "o3", "a new value");
    fs::create_dir_all(book.join("templates")).expect("it can be made");
    fs::write(book.join("templates/link.html"), "<b>{{ item.title }}</b>").expect("it can be written");
    check_build(book, "o4", "a new template");
    fs::create_dir_all(book.join("strings")).expect("it can be made");
    fs::write(book.join("strings/zh.toml"), "link_to_heading = \"到{heading}\"\n")
        .expect("it can be written");
    check_build(book, "o5", "new words");
    change(&book.join("book.toml"), "title = \"Test\"", "title = \"Tested\"");
    check_build(book, "o6", "a new title of the book");
    fs::remove_dir_all(book.join(".bilayer")).expect("it can be removed");
    check_build(book, "o7", "no cache any more");
}

#[test]
fn a_damaged_cache_is_noticed() {
    let folder = book();
    let book = folder.path();
    check_build(book, "o", "the first build");
    let cache = book.join(".bilayer/cache");
    let mut random = Random::new(4);
    for round in 0..12 {
        for entry in fs::read_dir(&cache).expect("the cache is there") {
            let path = entry.expect("an entry").path();
            let mut bytes = fs::read(&path).expect("it can be read");
            for _ in 0..=bytes.len() / 400 {
                if !bytes.is_empty() {
                    let at = random.below(bytes.len());
                    bytes[at] = random.below(256) as u8;
                }
            }
            if random.below(4) == 0 {
                bytes.truncate(random.below(bytes.len() + 1));
            }
            fs::write(&path, bytes).expect("it can be written");
        }
        check_build(book, &format!("o{round}"), &format!("round {round}"));
    }
}

#[test]
fn a_site_that_was_touched_is_mended_though_the_book_is_as_it_was() {
    let folder = book();
    let book = folder.path();
    let build = || {
        let built = bilayer(book, "build -v");
        assert_eq!(built.status, 0, "{}", built.stderr);
        built.stderr
    };
    build();
    let whole = tree(&book.join("public"));
    fs::remove_file(book.join("public/en/gas/index.html")).expect("it is there");
    build();
    assert_same(&tree(&book.join("public")), &whole, "a page was gone");
    fs::write(book.join("public/zh/index.html"), "not what we wrote").expect("it can be written");
    build();
    assert_same(&tree(&book.join("public")), &whole, "a page was another");
}

#[test]
fn a_book_with_warnings_is_not_read_again_and_its_warnings_are_told_again() {
    let folder = book();
    let book = folder.path();
    change(&book.join("content/en/gas.md"), "## Why", "```rsut\nfn f() {}\n```\n\n## Why");
    for command in ["build -v", "build -v --format json"] {
        let first = bilayer(book, command);
        assert!((first.stderr + &first.stdout).contains("rsut"), "{command}");
        // What a file is can be known by its times when it is some seconds old.
        let again = wait("the file to be old enough", || {
            let again = bilayer(book, command);
            let is_known = again.stderr.contains("nothing has changed since the last build");
            if is_known { Ok(again) } else { Err(again.stderr) }
        });
        assert!((again.stderr + &again.stdout).contains("rsut"), "{command}");
    }
    let strict = bilayer(book, "build --strict");
    assert!(strict.status == 1 && strict.stderr.contains("the site was left as it was"), "{}", strict.stderr);
    assert!(!bilayer(book, "build -q").stderr.contains("rsut"));
}

#[test]
fn the_cache_leaves_the_book_alone_and_goes_when_it_is_asked_to() {
    let folder = book();
    let book = folder.path();
    let before = tree(book);
    bilayer(book, "build -d out");
    assert!(book.join(".bilayer/CACHEDIR.TAG").is_file() && book.join(".bilayer/.gitignore").is_file());
    bilayer(book, "clean -d out");
    assert!(!book.join(".bilayer").exists());
    assert_same(&tree(book), &before, "after clean");
    bilayer(book, "build --no-cache -d out");
    assert!(!book.join(".bilayer").exists());
}
