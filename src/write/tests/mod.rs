//! The bench on which the write step is tested. A site is one line of text here: `path=content`, `folder/` for an empty folder, `path@` for a link.

mod changes;
mod killed;
mod refusals;
#[cfg(target_os = "linux")]
mod spares;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use super::Site;
use super::spare::REST;
use crate::output::Sink;

/// A folder for one test, and the output folder in it.
struct Desk {
    /// Removed when the test ends.
    home: TempDir,
    /// The output folder; not there at first.
    out: PathBuf,
}

impl Desk {
    /// A desk with no site.
    fn new() -> Desk {
        // In memory where the system has such: some tests make sites of hundreds of files a hundred times.
        let memory = Path::new("/dev/shm");
        let home = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let home = home.expect("a folder for the test");
        let out = home.path().join("site");
        Desk { home, out }
    }

    /// A desk with a site built from `files`.
    fn with(files: &str) -> Desk {
        let desk = Desk::new();
        desk.build(files);
        desk
    }

    /// Opens the site, long after the last build, and puts `files` into it.
    fn stage(&self, files: &str) -> Site {
        self.stage_at(SystemTime::now() + 2 * REST, files)
    }

    /// The same, at the moment `now`.
    fn stage_at(&self, now: SystemTime, files: &str) -> Site {
        let site = Site::open_at(&self.out, now).expect("the site opens");
        for (path, content) in parts(files) {
            site.put(path, content.as_bytes());
        }
        site
    }

    /// Builds the site from `files` and says what that did.
    fn build(&self, files: &str) -> String {
        report(self.stage(files))
    }

    /// Writes a file that is not ours.
    fn author(&self, path: &str, content: &str) {
        let path = self.out.join(path);
        let folder = path.parent().expect("it lies in the output folder");
        fs::create_dir_all(folder).expect("a folder of the author");
        fs::write(path, content).expect("a file of the author");
    }

    /// What the output folder holds, without our records.
    fn site(&self) -> String {
        tree(&self.out).into_iter().filter(|part| !part.starts_with(".bilayer")).collect::<Vec<_>>().join(" ")
    }

    /// The names of our records.
    fn records(&self) -> String {
        let names = tree(&self.out.join(".bilayer"));
        let names = names.iter().map(|part| part.split('=').next().expect("split gives a first part"));
        names.collect::<Vec<_>>().join(" ")
    }

    /// The place of one of our records.
    fn record(&self, name: &str) -> PathBuf {
        self.out.join(".bilayer").join(name)
    }
}

/// `path=content path=content`.
fn parts(files: &str) -> impl Iterator<Item = (&str, &str)> {
    files.split_whitespace().map(|part| part.split_once('=').expect("path=content"))
}

/// Commits, and says what that did or why not.
fn report(site: Site) -> String {
    match site.commit() {
        Ok(done) => {
            format!("{} written, {} unchanged, {} removed", done.written, done.unchanged, done.removed)
        }
        Err(error) => format!("{error:#}"),
    }
}

/// What lies below `root`, one part a file, link or empty folder.
fn tree(root: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root) else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_str().expect("a name in text").to_owned();
        if path.is_symlink() {
            parts.push(format!("{name}@"));
        } else if path.is_dir() {
            let inside = tree(&path);
            parts.extend(inside.iter().map(|part| format!("{name}/{part}")));
            parts.extend(inside.is_empty().then(|| format!("{name}/")));
        } else {
            parts.push(format!("{name}={}", String::from_utf8_lossy(&fs::read(&path).expect("a file"))));
        }
    }
    parts.sort();
    parts
}

/// Builds `first`, lets the author do something, builds `second`; compares what that says (from its start) and leaves.
#[track_caller]
fn check(first: &str, author: impl Fn(&Desk), second: &str, said: &str, left: &str) {
    let desk = Desk::with(first);
    author(&desk);
    let report = desk.build(second);
    let report = report.replace(&desk.out.display().to_string(), "OUT");
    assert!(report.starts_with(said), "said: {report}\nwanted: {said}");
    assert_eq!(desk.site(), left);
    assert_eq!(desk.records(), "lock manifest");
}

/// An author who does nothing.
fn nobody(_: &Desk) {}

/// How a refusal begins.
const REFUSED: &str =
    "nothing was written: OUT holds things that bilayer did not write, where this book needs its own:\n";
