//! What lies in a book's folder: every file, folder and link, found without reading any file.
//!
//! Links are followed as far as they stay in the book and do not lead in a circle. A thing is named by the path on
//! which the walk came to it, `content/en/a.md`; a folder that a link leads to is walked under the link's name too.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::iter;
use std::mem;
use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, anyhow};
use rayon::prelude::*;
use walkdir::{DirEntry, FilterEntry, IntoIter, WalkDir};

use super::read::{self, Problem};
use super::stat::Stat;
use super::trouble::Trouble;
use super::{TOPS, is_hidden};

/// A book has fewer files and folders than this. A few folders full of links to one another can seem to have any
/// number.
const MAX_FOUND: usize = 1_000_000;

/// So many things are found before others are asked about: few enough to keep all threads busy, and enough for
/// them not to wait for one another.
const BATCH: usize = 64;

/// Where a link leads: a real path, or nowhere.
pub(super) type Link = Option<PathBuf>;

/// Something that a walk came to.
pub(super) struct Found {
    /// Its path in the book. A trouble that is no file's has a path that no file can have.
    pub path: String,
    /// Where it leads, if it is a link.
    pub link: Option<Link>,
    /// What it is.
    pub what: What,
}

/// What a thing is, a link being what it leads to.
pub(super) enum What {
    /// A file, with what the system says of it if that was asked for.
    File(Option<Stat>),
    /// A file that has a place in the book and is not read.
    Barred(Problem),
    /// A folder, and where it really lies. What is in it was found as well.
    Folder(PathBuf),
    /// Nothing that can be used.
    Trouble(Trouble),
}

/// A folder on the way from a top to where a walk is.
pub(super) struct Step {
    /// Its path in the book.
    path: String,
    /// Where it really lies.
    real: PathBuf,
    /// The folder it was found in; none at the top.
    above: Option<Arc<Step>>,
}

impl Step {
    /// The folder `path`, really `real`, in the folder `above`.
    pub(super) fn new(path: String, real: PathBuf, above: Option<Arc<Self>>) -> Arc<Self> {
        Arc::new(Self { path, real, above })
    }

    /// That the folder cannot be listed. The path is that of no file: the folder itself is found already.
    fn unlisted(&self, error: &io::Error) -> Found {
        Found::trouble(format!("{}/", self.path), Trouble::unreadable(&self.path, error))
    }
}

/// A look at some or all of a book's folder.
pub(super) struct Walk<'a> {
    /// The book's folder, a real path.
    root: &'a Path,
    /// Whether to ask the system for size and times of each file.
    stats: bool,
    /// How much was found.
    count: AtomicUsize,
}

impl<'a> Walk<'a> {
    /// A walk through the book in `root`, which finds files with or without their `stats`.
    pub(super) const fn new(root: &'a Path, stats: bool) -> Self {
        Self { root, stats, count: AtomicUsize::new(0) }
    }

    /// Everything in the book, sorted, below each of its tops.
    pub(super) fn all(&self) -> Result<Vec<(String, Vec<Found>)>> {
        TOPS.par_iter().map(|top| Ok(((*top).to_owned(), self.below(top, None)?))).collect()
    }

    /// What is at the path `start`, in the folder `above`, and everything below it, sorted by path.
    pub(super) fn below(&self, start: &str, above: Option<Arc<Step>>) -> Result<Vec<Found>> {
        // While one thread looks for more, others ask about what was found.
        let batches = Way::new(self, start, above).par_bridge();
        let known = batches.map(|batch| Ok(batch?.into_iter().map(|found| self.known(found)).collect()));
        let found = known.collect::<Result<Vec<Vec<Found>>>>()?;
        let mut found: Vec<Found> = found.into_iter().flatten().collect();
        found.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        // A folder can fail more than once.
        found.dedup_by(|a, b| a.path == b.path);
        Ok(found)
    }

    /// What was found, with what the system says of it if it is a file and that is asked for.
    fn known(&self, mut found: Found) -> Found {
        if let What::File(stat) = &mut found.what
            && self.stats
        {
            let disk = self.root.join(&found.path);
            let metadata = if found.link.is_some() { fs::metadata(disk) } else { fs::symlink_metadata(disk) };
            *stat = metadata.ok().as_ref().map(Stat::of);
        }
        found
    }
}

impl Found {
    const fn trouble(path: String, trouble: Trouble) -> Self {
        Self { path, link: None, what: What::Trouble(trouble) }
    }
}

/// The way from a start down to where a walk is, and what was found on it.
struct Way<'a> {
    /// The walk that this is a part of.
    walk: &'a Walk<'a>,
    /// The path in the book where it starts.
    start: &'a str,
    /// The folder that the start is in; none at the top.
    above: Option<Arc<Step>>,
    /// What comes next.
    entries: FilterEntry<IntoIter, fn(&DirEntry) -> bool>,
    /// The folders from the start on, the last being the one that the walk is in.
    steps: Vec<Arc<Step>>,
    /// What was found and is not given yet.
    found: Vec<Found>,
}

impl Iterator for Way<'_> {
    type Item = Result<Vec<Found>>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.found.len() < BATCH
            && let Some(entry) = self.entries.next()
        {
            match entry {
                Ok(entry) => self.come_to(&entry),
                Err(error) if read::is_short_of_files(error.io_error()) => {
                    return Some(Err(anyhow!(error).context("too many files are open")));
                }
                Err(error) => self.fail(&error),
            }
            if self.walk.count.fetch_add(1, Ordering::Relaxed) >= MAX_FOUND {
                let root = self.walk.root.display();
                return Some(Err(anyhow!(
                    "{root} has more than {MAX_FOUND} files: look for links that multiply"
                )));
            }
        }
        let found = mem::take(&mut self.found);
        (!found.is_empty()).then_some(Ok(found))
    }
}

impl<'a> Way<'a> {
    fn new(walk: &'a Walk<'a>, start: &'a str, above: Option<Arc<Step>>) -> Self {
        let entries = WalkDir::new(walk.root.join(start)).follow_links(true);
        let entries = entries.into_iter().filter_entry(is_visible as fn(&DirEntry) -> bool);
        Self { walk, start, above, entries, steps: Vec::new(), found: Vec::new() }
    }

    /// Takes what `walkdir` came to, and goes past what is in it unless it is a folder of the book.
    fn come_to(&mut self, entry: &DirEntry) {
        self.steps.truncate(entry.depth());
        let found = self.path(entry.file_name()).map(|path| {
            if entry.path_is_symlink() { self.link(path, entry) } else { self.plain(path, entry) }
        });
        match &found {
            Some(Found { path, what: What::Folder(real), .. }) => {
                self.steps.push(Step::new(path.clone(), real.clone(), self.here().cloned()));
            }
            _ if entry.file_type().is_dir() => self.entries.skip_current_dir(),
            _ => {}
        }
        self.found.extend(found);
    }

    /// The folder that the walk is in.
    fn here(&self) -> Option<&Arc<Step>> {
        self.steps.last().or(self.above.as_ref())
    }

    /// The path in the book of what has this name where the walk is. A name that is not UTF-8 is noted.
    fn path(&mut self, name: &OsStr) -> Option<String> {
        let Some(step) = self.steps.last() else { return Some(self.start.to_owned()) };
        if let Some(name) = name.to_str() {
            return Some(format!("{}/{name}", step.path));
        }
        let path = format!("{}/\0{name:?}", step.path);
        self.found.push(Found::trouble(path, Trouble::name(&step.path, name)));
        None
    }

    fn plain(&self, path: String, entry: &DirEntry) -> Found {
        let what = if entry.file_type().is_dir() {
            let above = self.here().map_or(self.walk.root, |step| &step.real);
            What::Folder(above.join(entry.file_name()))
        } else {
            file(entry.file_type())
        };
        Found { path, link: None, what }
    }

    fn link(&self, path: String, entry: &DirEntry) -> Found {
        let target = match entry.path().canonicalize() {
            Ok(target) => target,
            Err(error) => {
                let what = What::Trouble(Trouble::unreadable(&path, &error));
                return Found { path, link: Some(None), what };
            }
        };
        let is_inside = target.starts_with(self.walk.root);
        let what = if entry.file_type().is_dir() {
            // Of the folders from the start on, `walkdir` says itself when a link leads back to one.
            let mut above = iter::successors(self.above.as_ref(), |step| step.above.as_ref());
            match above.find(|step| step.real == target) {
                Some(ancestor) => What::Trouble(Trouble::circle(&path, &ancestor.path)),
                None if !is_inside => What::Trouble(Trouble::outside(&path)),
                None => What::Folder(target.clone()),
            }
        } else if !is_inside {
            What::Barred(Problem::outside())
        } else {
            file(entry.file_type())
        };
        Found { path, link: Some(Some(target)), what }
    }

    /// Takes what `walkdir` could not look at, not follow or not list.
    fn fail(&mut self, error: &walkdir::Error) {
        let Some(disk) = error.path() else { return self.fail_somewhere(error) };
        if let (Some(step), Some(reason)) = (self.steps.last(), error.io_error())
            && disk == self.walk.root.join(&step.path)
        {
            let unlisted = (!read::is_missing(reason)).then(|| step.unlisted(reason));
            self.found.extend(unlisted);
            return;
        }
        self.steps.truncate(error.depth());
        let name = disk.file_name().unwrap_or_default();
        if !self.steps.is_empty() && is_hidden(&name.to_string_lossy()) {
            return;
        }
        let Some(path) = self.path(name) else { return };
        let is_link = disk.is_symlink();
        let trouble = match (error.loop_ancestor(), error.io_error()) {
            (Some(ancestor), _) => Trouble::circle(&path, &self.relative(ancestor)),
            (None, Some(reason)) if is_link || !read::is_missing(reason) => {
                Trouble::unreadable(&path, reason)
            }
            (None, _) => return,
        };
        let link = is_link.then(|| disk.canonicalize().ok());
        self.found.push(Found { path, link, what: What::Trouble(trouble) });
    }

    /// Takes an error of which `walkdir` does not say where it was: in the folder where the walk is, which cannot be
    /// listed to its end, or has links to folders that cannot be opened.
    fn fail_somewhere(&mut self, error: &walkdir::Error) {
        self.steps.truncate(error.depth());
        let Some(reason) = error.io_error() else { return };
        let Some(step) = self.steps.last().cloned() else {
            return self.shut(&self.walk.root.join(self.start));
        };
        if !read::is_missing(reason) && reason.kind() != io::ErrorKind::PermissionDenied {
            return self.found.push(step.unlisted(reason));
        }
        let entries = fs::read_dir(self.walk.root.join(&step.path)).into_iter().flatten().flatten();
        let visible = entries.filter(|entry| !is_hidden(&entry.file_name().to_string_lossy()));
        visible.for_each(|entry| self.shut(&entry.path()));
    }

    /// Notes what is at `disk`, where the walk is, if it is a link to a folder that cannot be opened.
    fn shut(&mut self, disk: &Path) {
        let Err(reason) = fs::read_dir(disk) else { return };
        if reason.kind() == io::ErrorKind::NotADirectory || !disk.is_symlink() {
            return;
        }
        let Some(path) = self.path(disk.file_name().unwrap_or_default()) else { return };
        let target = disk.canonicalize().ok();
        let trouble = match &target {
            Some(target) if !target.starts_with(self.walk.root) => Trouble::outside(&path),
            _ => Trouble::unreadable(&path, &reason),
        };
        self.found.push(Found { path, link: Some(target), what: What::Trouble(trouble) });
    }

    fn relative(&self, disk: &Path) -> String {
        let path = disk.strip_prefix(self.walk.root).unwrap_or(disk);
        path.to_string_lossy().replace(MAIN_SEPARATOR_STR, "/")
    }
}

/// What is no folder, and is in the book.
fn file(kind: FileType) -> What {
    if kind.is_file() { What::File(None) } else { What::Barred(Problem::no_file()) }
}

/// Whether a walk takes notice of this. What it was told to start at was looked at by whoever said so.
fn is_visible(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !is_hidden(&entry.file_name().to_string_lossy())
}
