//! Real files, saved in each of the ways in which programs save them.
//!
//! Nothing here depends on how long something takes: everything waits until what it expects has come, and looks at
//! everything are turned off where an event is expected.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};

use notify::{EventHandler, RecursiveMode, WatcherKind};

use super::*;
use crate::load::{Folder, PATIENCE};

/// Longer than any test is willing to wait.
const LONG: Duration = Duration::from_secs(30);
/// By events alone.
const EVENTS: Means = Means { watcher: Some(system_events), every: Duration::from_hours(1) };
const A: &str = "content/en/a.md";

/// A book that is watched, and read again whenever something is told of it.
struct Preview {
    disk: tempfile::TempDir,
    folder: Folder,
    watch: Watch,
    told: Receiver<Change>,
    /// All that was told.
    changes: Vec<Change>,
    /// All that was different, in the order in which it came.
    different: Vec<String>,
    /// Every text that `A` had.
    texts: Vec<String>,
    unsure: BTreeSet<PathBuf>,
    /// When what is unsure is looked at again, if nothing is told of it.
    patience: Duration,
}

impl Preview {
    /// A book with the page `A`.
    fn new() -> Self {
        let disk = tempfile::tempdir().expect("a folder can be made");
        write(&disk.path().join("book.toml"), "");
        write(&disk.path().join(A), "A");
        let root = disk.path().to_owned();
        Self::of(disk, &root)
    }

    fn of(disk: tempfile::TempDir, root: &Path) -> Self {
        let folder = Folder::open(root).expect("it is there");
        let (sender, told) = mpsc::channel();
        let tell = move |change| {
            let _ = sender.send(change);
        };
        let watch = Watch::by(&EVENTS, root, &folder.folders(), tell).expect("it is there");
        assert_eq!(watch.note(), None);
        let (changes, different, texts) = (Vec::new(), Vec::new(), Vec::new());
        let unsure = BTreeSet::new();
        Self { disk, folder, watch, told, changes, different, texts, unsure, patience: PATIENCE }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.root().join(path)
    }

    fn text(&self, path: &str) -> Option<&str> {
        let sources = self.folder.sources();
        sources.find(path).map(|id| sources.text(id))
    }

    /// Does what a preview does until the file at `path` has this text, or is gone.
    fn until(&mut self, path: &str, text: Option<&str>) {
        while self.text(path) != text {
            self.step();
        }
    }

    fn step(&mut self) {
        let wait = if self.unsure.is_empty() { LONG } else { self.patience };
        let changes = match self.told.recv_timeout(wait) {
            Ok(change) => {
                self.changes.push(change.clone());
                match change {
                    Change::Paths(paths) => self.folder.refresh(&paths),
                    Change::Everything => self.folder.rescan(),
                }
            }
            Err(RecvTimeoutError::Timeout) if !self.unsure.is_empty() => self.folder.refresh(&self.unsure),
            Err(_) => panic!("nothing came after {:?}", self.changes),
        };
        let changes = changes.expect("the book is there");
        self.different.extend(changes.texts.into_iter().chain(changes.assets));
        self.unsure = changes.unsure;
        self.texts.extend(self.text(A).map(str::to_owned));
        self.watch.follow(&self.folder.folders()).expect("they can be watched");
    }

    /// The names of all places that were told.
    fn told(&self) -> BTreeSet<String> {
        let paths = self.changes.iter().flat_map(|change| match change {
            Change::Paths(paths) => paths.iter().cloned().collect(),
            Change::Everything => vec!["everything".into()],
        });
        let root = self.folder.root();
        let name = |path: PathBuf| path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        paths.map(name).collect()
    }
}

fn write(place: &Path, text: &str) {
    fs::create_dir_all(place.parent().expect("it is in a folder")).expect("it can be made");
    fs::write(place, text).expect("it can be written");
}

fn rename(from: &Path, to: &Path) {
    fs::rename(from, to).expect("it can be renamed");
}

fn remove(place: &Path) {
    fs::remove_file(place).expect("it is there");
}

#[test]
fn saved_in_place() {
    let mut preview = Preview::new();
    // Whoever writes may be slow here.
    preview.patience = LONG;
    write(&preview.at(A), "B");
    preview.until(A, Some("B"));
    assert!(preview.texts.iter().all(|text| text == "A" || text == "B"), "{:?}", preview.texts);
    write(&preview.at("book.toml"), "[book]");
    preview.until("book.toml", Some("[book]"));
}

#[test]
fn saved_beside_and_renamed_over() {
    let mut preview = Preview::new();
    let beside = preview.at("content/en/.a.md.tmp");
    write(&beside, "B");
    rename(&beside, &preview.at(A));
    preview.until(A, Some("B"));
    assert_eq!(preview.told(), BTreeSet::from([A.to_owned()]));
}

#[test]
fn saved_as_vim_does() {
    let mut preview = Preview::new();
    let (probe, backup) = (preview.at("content/en/4913"), preview.at("content/en/a.md~"));
    write(&probe, "");
    remove(&probe);
    rename(&preview.at(A), &backup);
    write(&preview.at(A), "B");
    remove(&backup);
    preview.until(A, Some("B"));
    assert_eq!(preview.told(), BTreeSet::from([A.to_owned()]));
}

#[test]
fn saved_with_a_copy_that_stays() {
    let mut preview = Preview::new();
    rename(&preview.at(A), &preview.at("content/en/a.md.bak"));
    write(&preview.at(A), "B");
    preview.until(A, Some("B"));
    preview.until("content/en/a.md.bak", Some(""));
}

#[test]
fn emptied_and_written_later() {
    let mut preview = Preview::new();
    let mut file = File::create(preview.at(A)).expect("it can be written");
    while preview.unsure.is_empty() {
        preview.step();
    }
    file.write_all(b"B").expect("it can be written");
    drop(file);
    // It is told again now; that the page is empty until then is seen only where this takes longer than patience has.
    preview.until(A, Some("B"));
    File::create(preview.at(A)).expect("it can be written");
    preview.until(A, Some(""));
}

#[test]
fn a_thousand_files_at_once() {
    let mut preview = Preview::new();
    for number in 0..1_000 {
        write(&preview.at(&format!("content/en/many/{number}.md")), "B");
    }
    while preview.folder.sources().below("content/en/many/").count() < 1_000 {
        preview.step();
    }
}

#[test]
fn touched_without_a_change() {
    let mut preview = Preview::new();
    let file = File::options().write(true).open(preview.at(A)).expect("it is there");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("it can be set");
    while !preview.told().contains(A) {
        preview.step();
    }
    write(&preview.at("content/en/b.md"), "B");
    preview.until("content/en/b.md", Some("B"));
    assert_eq!(preview.different, ["content/en/b.md"]);
}

#[test]
fn removed_and_made_again() {
    let mut preview = Preview::new();
    for text in ["B", "C"] {
        fs::remove_dir_all(preview.at("content")).expect("it is there");
        preview.until(A, None);
        write(&preview.at(A), text);
        preview.until(A, Some(text));
        write(&preview.at(A), "D");
        preview.until(A, Some("D"));
    }
    rename(&preview.at("content"), &preview.at("away"));
    preview.until(A, None);
    rename(&preview.at("away"), &preview.at("content"));
    preview.until(A, Some("D"));
    write(&preview.at(A), "E");
    preview.until(A, Some("E"));
}

#[test]
fn in_a_new_folder() {
    let mut preview = Preview::new();
    let new = ["content/zh/new/deep/b.md", "static/b.css", "themes/own/templates/page.html"];
    for path in new {
        write(&preview.at(path), "B");
        preview.until(path, Some("B"));
        write(&preview.at(path), "C");
        preview.until(path, Some("C"));
    }
    rename(&preview.at("content/zh"), &preview.at("content/de"));
    preview.until("content/de/new/deep/b.md", Some("C"));
    write(&preview.at("content/de/new/deep/b.md"), "D");
    preview.until("content/de/new/deep/b.md", Some("D"));
    preview.until(new[0], None);
}

#[test]
fn what_is_no_part_of_the_book_is_not_told() {
    let mut preview = Preview::new();
    for path in
        ["public/index.html", ".bilayer/x", "content/.git/x", "content/en/#a.md#", "content/en/.a.md.swp"]
    {
        write(&preview.at(path), "B");
    }
    fs::read(preview.at(A)).expect("it is there");
    write(&preview.at(A), "B");
    preview.until(A, Some("B"));
    assert_eq!(preview.told(), BTreeSet::from([A.to_owned()]));
}

#[test]
#[cfg(unix)]
fn where_a_site_is_written_nothing_is_watched() {
    let disk = tempfile::tempdir().expect("a folder can be made");
    write(&disk.path().join("book.toml"), "");
    write(&disk.path().join(A), "A");
    write(&disk.path().join("public/.bilayer/manifest"), "");
    std::os::unix::fs::symlink("../public", disk.path().join("content/site")).expect("a link can be made");
    let root = disk.path().to_owned();
    let mut preview = Preview::of(disk, &root);
    assert!(preview.folder.folders().contains(&preview.at("public")));
    write(&preview.at("public/index.html"), "B");
    write(&preview.at(A), "B");
    preview.until(A, Some("B"));
    assert_eq!(preview.told(), BTreeSet::from([A.to_owned()]));
}

#[test]
#[cfg(unix)]
fn where_links_lead() {
    use std::os::unix::fs::symlink;
    let disk = tempfile::tempdir().expect("a folder can be made");
    let at = |path: &str| disk.path().join(path);
    write(&at("book/book.toml"), "");
    write(&at("book/manuscript/en/a.md"), "A");
    write(&at("book/shared/b.md"), "A");
    write(&at("book/c.md"), "A");
    symlink("manuscript", at("book/content")).expect("a link can be made");
    symlink("book", at("link")).expect("a link can be made");
    let root = at("link");
    let mut preview = Preview::of(disk, &root);
    write(&preview.at("manuscript/en/a.md"), "B");
    preview.until(A, Some("B"));
    symlink("../../shared", preview.at("content/en/shared")).expect("a link can be made");
    preview.until("content/en/shared/b.md", Some("A"));
    write(&preview.at("shared/b.md"), "B");
    preview.until("content/en/shared/b.md", Some("B"));
    symlink("../c.md", preview.at("manuscript/c.md")).expect("a link can be made");
    preview.until("content/c.md", Some("A"));
    write(&preview.at("c.md"), "B");
    preview.until("content/c.md", Some("B"));
    // By the name with the link in it.
    write(&preview.disk.path().join("link").join(A), "C");
    preview.until(A, Some("C"));
}

#[test]
fn everything_is_told_now_and_then() {
    let disk = tempfile::tempdir().expect("a folder can be made");
    let start = |poll| {
        let (sender, told) = mpsc::channel();
        let tell = move |change| {
            let _ = sender.send(change);
        };
        (Watch::start(disk.path(), &[], poll, tell).expect("it is there"), told)
    };
    for poll in [Some(Duration::from_millis(1)), None] {
        let (watch, told) = start(poll);
        assert_eq!(told.recv_timeout(LONG), Ok(Change::Everything));
        drop(watch);
        assert_eq!(told.iter().find(|change| *change != Change::Everything), None);
    }
    assert!(Watch::start(&disk.path().join("no such folder"), &[], None, |_| ()).is_err());
}

/// A watcher of a system that has reached its limit.
struct Full;

impl Watcher for Full {
    fn new<F: EventHandler>(_: F, _: notify::Config) -> notify::Result<Self> {
        Ok(Self)
    }

    fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
        Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch))
    }

    fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
        Err(notify::Error::watch_not_found())
    }

    fn kind() -> WatcherKind {
        WatcherKind::NullWatcher
    }
}

#[test]
fn where_nothing_can_be_watched_everything_is_looked_at() {
    let disk = tempfile::tempdir().expect("a folder can be made");
    let none = |_| Err(notify::Error::generic("no watcher"));
    for (watcher, reason) in [
        (Some((|_| Ok(Box::new(Full) as _)) as fn(_) -> _), "fs.inotify.max_user_watches"),
        (Some(none as fn(_) -> _), "no watcher"),
    ] {
        let (sender, told) = mpsc::channel();
        let tell = move |change| {
            let _ = sender.send(change);
        };
        let means = Means { watcher, every: Duration::from_hours(1) };
        let mut watch = Watch::by(&means, disk.path(), &[], tell).expect("it is there");
        let note = watch.note().expect("it says why");
        assert!(
            note.starts_with("the book is looked through every 0.5 s") && note.contains(reason),
            "{note}"
        );
        assert_eq!(told.recv_timeout(LONG), Ok(Change::Everything));
        assert!(watch.follow(&[disk.path().to_owned()]).is_ok(), "it is known already");
    }
}
