//! A folder that is read again has what a folder that is read anew has.

mod random;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::*;
use crate::source::Content;

/// A book of a few files in a folder of its own.
struct Book {
    folder: tempfile::TempDir,
}

impl Book {
    fn new(files: &[(&str, &str)]) -> Self {
        let book = Self { folder: tempfile::tempdir().expect("a folder can be made") };
        for (path, text) in files {
            book.write(path, text);
        }
        book
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("it is there")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let place = self.at(path);
        fs::create_dir_all(place.parent().expect("it is in the book")).expect("it can be made");
        fs::write(&place, bytes).expect("it can be written");
        place
    }

    fn open(&self) -> Folder {
        Folder::open(self.folder.path()).expect("it is there")
    }

    /// Fails where `folder` is not as if it had been read just now.
    fn check(&self, folder: &Folder) {
        let (sources, diagnostics) = load(self.folder.path()).expect("it is there");
        let fresh = shown(&sources, &diagnostics);
        assert_eq!(shown(folder.sources(), &folder.diagnostics()), fresh);
    }
}

/// All of a book that does not depend on the order in which files came.
fn shown(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<String> {
    let file = |file: &crate::source::File| match &file.content {
        Content::Text(text) => format!("{} {text:?} {}", file.path, file.digest),
        Content::Asset { disk, pixels } => format!("{} {disk:?} {pixels:?} {}", file.path, file.digest),
    };
    let own = sources.iter().filter(|(_, file)| !file.path.starts_with(crate::source::BUILT_IN));
    let mut lines: Vec<String> = diagnostics
        .iter()
        .map(|problem| {
            let place = problem.span.map(|span| (sources.path(span.file), span.start, span.end));
            format!("{place:?} {:?} {} {:?}", problem.code, problem.message, problem.help)
        })
        .collect();
    lines.sort();
    own.map(|(_, own)| file(own)).chain(lines).collect()
}

fn paths<const N: usize>(paths: [&Path; N]) -> std::collections::BTreeSet<PathBuf> {
    paths.into_iter().map(Path::to_owned).collect()
}

fn texts<const N: usize>(texts: [&str; N]) -> Changes {
    Changes { texts: texts.into_iter().map(str::to_owned).collect(), ..Changes::default() }
}

fn assets<const N: usize>(assets: [&str; N]) -> Changes {
    Changes { assets: assets.into_iter().map(str::to_owned).collect(), ..Changes::default() }
}

/// Calls again and again until it is so; for things that others do or that time does.
fn wait_until(mut is_so: impl FnMut() -> bool) {
    for _ in 0..4_000 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("it did not come to that");
}

#[test]
fn changes_are_told_by_content() {
    let book = Book::new(&[("book.toml", ""), ("content/en/a.md", "A"), ("content/en/b.png", "B")]);
    let mut folder = book.open();
    folder.patience = Duration::ZERO;
    let mut refresh = |path: &Path| folder.refresh(&paths([path])).expect("it can be read");
    let a = book.write("content/en/a.md", "A");
    assert_eq!(refresh(&a), Changes::default());
    let a = book.write("content/en/a.md", "AA");
    assert_eq!(refresh(&a), texts(["content/en/a.md"]));
    assert_eq!(refresh(&a), Changes::default());
    let b = book.write("content/en/b.png", "B");
    assert_eq!(refresh(&b), Changes::default());
    let b = book.write("content/en/b.png", "C");
    assert_eq!(refresh(&b), assets(["content/en/b.png"]));
    let new = book.write("content/en/new/deep/c.md", "C");
    assert_eq!(refresh(&new), texts(["content/en/new/deep/c.md"]));
    fs::remove_dir_all(book.at("content/en/new")).expect("it is there");
    assert_eq!(refresh(&new), texts(["content/en/new/deep/c.md"]));
    let bytes = book.write("content/en/a.md", b"A\xFF");
    assert_eq!(refresh(&bytes), texts(["content/en/a.md"]));
    let bytes = book.write("content/en/a.md", b"A\xFE");
    assert_eq!(refresh(&bytes), texts(["content/en/a.md"]));
    for elsewhere in [book.at("public/a.md"), book.at("content/en/.a.md"), "/no/such/place".into()] {
        assert_eq!(refresh(&elsewhere), Changes::default());
    }
    book.check(&folder);
}

#[test]
fn an_emptied_text_is_left_alone_for_a_moment() {
    let book = Book::new(&[("book.toml", ""), ("content/a.md", "A"), ("content/b.md", "")]);
    let mut folder = book.open();
    // No limit to patience: what is seen here does not depend on how long it takes.
    folder.patience = Duration::MAX;
    let a = book.write("content/a.md", "");
    let unsure = Changes { unsure: paths([&a]), ..Changes::default() };
    assert_eq!(folder.refresh(&paths([&a])).expect("it can be read"), unsure);
    assert_eq!(folder.refresh(&unsure.unsure).expect("it can be read"), unsure);
    assert_eq!(folder.rescan().expect("it can be read"), unsure);
    let text = |folder: &Folder| {
        let id = folder.sources().find("content/a.md").expect("it is there");
        folder.sources().text(id).to_owned()
    };
    assert_eq!(text(&folder), "A");
    book.write("content/a.md", "B");
    assert_eq!(folder.refresh(&paths([&a])).expect("it can be read"), texts(["content/a.md"]));
    book.write("content/a.md", "");
    assert_eq!(folder.refresh(&paths([&a])).expect("it can be read"), unsure);
    folder.patience = PATIENCE;
    wait_until(|| folder.refresh(&unsure.unsure).expect("it can be read") == texts(["content/a.md"]));
    assert_eq!(text(&folder), "");
    book.check(&folder);
    // A text that is new and empty is so at once; and so is one that is gone while others come.
    folder.patience = Duration::MAX;
    let new = book.write("content/new.md", "");
    fs::remove_file(book.at("content/b.md")).expect("it is there");
    let changes = folder.refresh(&paths([&new, &book.at("content/b.md")])).expect("it can be read");
    assert_eq!(changes, texts(["content/b.md", "content/new.md"]));
}

#[test]
fn a_text_that_is_gone_is_missed_a_moment_later() {
    let book = Book::new(&[("book.toml", ""), ("content/a.md", "A"), ("content/s/b.md", "B")]);
    let mut folder = book.open();
    folder.patience = Duration::MAX;
    let a = book.at("content/a.md");
    fs::remove_file(&a).expect("it is there");
    let unsure = Changes { unsure: paths([&a]), ..Changes::default() };
    assert_eq!(folder.refresh(&paths([&a])).expect("it can be read"), unsure);
    assert!(folder.sources().find("content/a.md").is_some());
    book.write("content/a.md", "A");
    assert_eq!(folder.refresh(&unsure.unsure).expect("it can be read"), Changes::default());
    fs::remove_dir_all(book.at("content/s")).expect("it is there");
    assert_eq!(folder.rescan().expect("it can be read").texts, BTreeSet::new());
    book.write("content/s/b.md", "BB");
    assert_eq!(folder.rescan().expect("it can be read"), texts(["content/s/b.md"]));
    fs::remove_file(&a).expect("it is there");
    folder.patience = Duration::ZERO;
    assert_eq!(folder.refresh(&unsure.unsure).expect("it can be read"), texts(["content/a.md"]));
    book.check(&folder);
}

#[test]
fn a_file_that_is_old_enough_is_known_by_its_times() {
    let book = Book::new(&[("book.toml", ""), ("content/a.md", "A"), ("content/b.png", "B")]);
    let mut folder = book.open();
    assert_eq!(identity(&book.root()), None);
    let trusted = |folder: &Folder| folder.trusted() == 3;
    assert!(!trusted(&folder));
    wait_until(|| {
        assert_eq!(folder.rescan().expect("it can be read"), Changes::default());
        trusted(&folder)
    });
    let before = identity(&book.root());
    assert!(before.is_some() || cfg!(not(unix)));
    assert_eq!(identity(&book.root()), before);
    book.write("content/a.md", "B");
    book.write("content/b.png", "B");
    assert_eq!(folder.rescan().expect("it can be read"), texts(["content/a.md"]));
    assert_eq!(identity(&book.root()), None);
    wait_until(|| identity(&book.root()).is_some() || cfg!(not(unix)));
    assert_ne!(identity(&book.root()), before);
}

#[test]
fn copied_files_are_known_by_their_bytes_after_the_first_rescan() {
    let book = Book::new(&[("book.toml", ""), ("content/b.png", "B")]);
    let mut folder = book.open();
    folder.racy = Duration::ZERO;
    folder.rescan().expect("it can be read");
    let b = book.write("content/b.png", "B");
    assert_eq!(folder.refresh(&paths([&b])).expect("it can be read"), Changes::default());
}

#[test]
#[cfg(unix)]
fn a_file_is_seen_under_all_its_names() {
    use std::os::unix::fs::symlink;
    let book = Book::new(&[("book.toml", ""), ("content/en/a.md", "A"), ("shared/b.md", "B"), ("c.md", "C")]);
    symlink("../shared", book.at("content/shared")).expect("a link can be made");
    symlink("en", book.at("content/de")).expect("a link can be made");
    symlink("../c.md", book.at("content/c.md")).expect("a link can be made");
    symlink("later.md", book.at("content/soon.md")).expect("a link can be made");
    let mut folder = book.open();
    assert_eq!(folder.folders(), [book.root(), book.at("content"), book.at("shared")]);
    let a = book.write("content/en/a.md", "AA");
    let both = texts(["content/de/a.md", "content/en/a.md"]);
    assert_eq!(folder.refresh(&paths([&a])).expect("it can be read"), both);
    let b = book.write("shared/b.md", "BB");
    assert_eq!(folder.refresh(&paths([&b])).expect("it can be read"), texts(["content/shared/b.md"]));
    let a = book.write("content/de/a.md", "AAA");
    assert_eq!(folder.refresh(&paths([&a])).expect("it can be read"), both);
    let c = book.write("c.md", "CC");
    assert_eq!(folder.refresh(&paths([&c])).expect("it can be read"), texts(["content/c.md"]));
    let later = book.write("content/later.md", "L");
    let changes = Changes { problems: true, ..texts(["content/later.md", "content/soon.md"]) };
    assert_eq!(folder.refresh(&paths([&later])).expect("it can be read"), changes);
    book.check(&folder);
}

#[test]
fn a_folder_that_is_gone_is_an_error_until_it_is_back() {
    let book = Book::new(&[("book/book.toml", ""), ("book/content/a.md", "A")]);
    let root = book.at("book");
    let mut folder = Folder::open(&root).expect("it is there");
    fs::rename(&root, book.at("away")).expect("it can be moved");
    assert!(folder.refresh(&paths([&root])).is_err());
    assert!(folder.refresh(&paths([])).is_err());
    fs::rename(book.at("away"), &root).expect("it can be moved");
    book.write("book/content/a.md", "B");
    assert_eq!(folder.refresh(&paths([])).expect("it is back"), texts(["content/a.md"]));
}

#[test]
#[cfg(unix)]
fn what_editors_leave_is_not_looked_at() {
    let book = Book::new(&[("book.toml", ""), ("content/a.md~", ""), ("content/.git/a.md", "")]);
    // What Emacs makes of a file that is not saved yet.
    std::os::unix::fs::symlink("me@here.1:1", book.at("content/.#a.md")).expect("a link can be made");
    assert_eq!(book.open().diagnostics(), []);
    assert_eq!(book.open().sources().below("content/").count(), 0);
}

#[test]
#[cfg(unix)]
fn a_link_to_a_folder_that_cannot_be_opened_is_named() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let book = Book::new(&[("book.toml", ""), ("shut/a.md", "A"), ("content/b.md", "B")]);
    let mode = |mode| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(book.at("shut"), permissions).expect("it is ours");
    };
    for link in ["content/c", "content/d", "content/.hidden", "static"] {
        let target = if link == "static" { "shut" } else { "../shut" };
        symlink(target, book.at(link)).expect("a link can be made");
    }
    mode(0o000);
    // Root opens whatever it likes.
    if fs::read_dir(book.at("shut")).is_err() {
        let mut folder = book.open();
        let problem = |link| format!("cannot read {link}: permission denied");
        let messages = folder.diagnostics().into_iter().map(|problem| problem.message);
        assert_eq!(messages.collect::<Vec<_>>(), ["content/c", "content/d", "static"].map(problem));
        assert_eq!(folder.rescan().expect("it can be read"), Changes::default());
        mode(0o755);
        let changes = folder.refresh(&paths([&book.at("shut")])).expect("it can be read");
        assert_eq!(changes.texts, texts(["content/c/a.md", "content/d/a.md"]).texts);
        assert!(changes.problems);
        book.check(&folder);
    }
    mode(0o755);
}
