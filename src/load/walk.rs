//! What lies in a book's folder: every file, folder and link, found without reading any file.
//!
//! Links are followed as far as they stay in the book and do not lead in a circle. A thing is named by the path on
//! which the walk came to it, `content/en/a.md`; a folder that a link leads to is walked under the link's name too.

use std::fs::{self, DirEntry, FileType, Metadata};
use std::io;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, bail};
use rayon::prelude::*;

use super::read::{self, Problem};
use super::stat::Stat;
use super::trouble::Trouble;
use super::{TOPS, is_hidden};

/// A book has fewer files and folders than this. A few folders full of links to one another can seem to have any
/// number.
const MAX_FOUND: usize = 1_000_000;

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
        TOPS.iter().map(|top| Ok(((*top).to_owned(), self.below(top, None)?))).collect()
    }

    /// What is at the path `start`, in the folder `above`, and everything below it, sorted by path.
    pub(super) fn below(&self, start: &str, above: Option<Arc<Step>>) -> Result<Vec<Found>> {
        let mut found: Vec<Found> = self.look(start, above.as_ref()).into_iter().collect();
        let mut steps: Vec<Arc<Step>> =
            found.iter().filter_map(|found| step_into(found, above.as_ref())).collect();
        while !steps.is_empty() {
            let lists: Vec<_> = steps.par_iter().map(|step| (step, self.list(step))).collect();
            let within = lists.iter().flat_map(|(step, list)| list.iter().map(|found| (found, Some(*step))));
            let next = within.filter_map(|(found, step)| step_into(found, step)).collect();
            found.extend(lists.into_iter().flat_map(|(_, list)| list));
            steps = next;
            if self.count.load(Ordering::Relaxed) > MAX_FOUND {
                let root = self.root.display();
                bail!("{root} has more than {MAX_FOUND} files: look for links that multiply");
            }
        }
        found.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    fn look(&self, path: &str, above: Option<&Arc<Step>>) -> Option<Found> {
        match fs::symlink_metadata(self.root.join(path)) {
            Ok(metadata) => {
                Some(self.found(path.to_owned(), metadata.file_type(), || Ok(metadata.clone()), above))
            }
            Err(error) if read::is_missing(&error) => None,
            Err(error) => Some(Found::trouble(path.to_owned(), Trouble::unreadable(path, &error))),
        }
    }

    /// What is in a folder, in any order.
    fn list(&self, step: &Arc<Step>) -> Vec<Found> {
        // The path is that of no file: the folder itself is found already.
        let unreadable =
            |error: &_| Found::trouble(format!("{}/", step.path), Trouble::unreadable(&step.path, error));
        let found: Vec<Found> = match fs::read_dir(self.root.join(&step.path)) {
            Ok(entries) => entries
                .filter_map(|entry| match entry {
                    Ok(entry) => self.entry(&entry, step),
                    Err(error) => Some(unreadable(&error)),
                })
                .collect(),
            Err(error) if read::is_missing(&error) => Vec::new(),
            Err(error) => vec![unreadable(&error)],
        };
        self.count.fetch_add(found.len(), Ordering::Relaxed);
        found
    }

    fn entry(&self, entry: &DirEntry, step: &Arc<Step>) -> Option<Found> {
        let name = entry.file_name();
        if is_hidden(&name.to_string_lossy()) {
            return None;
        }
        let Some(text) = name.to_str() else {
            let path = format!("{}/\0{name:?}", step.path);
            return Some(Found::trouble(path, Trouble::name(&step.path, &name)));
        };
        let path = format!("{}/{text}", step.path);
        match entry.file_type() {
            Ok(kind) => Some(self.found(path, kind, || entry.metadata(), Some(step))),
            Err(error) if read::is_missing(&error) => None,
            Err(error) => Some(Found::trouble(path.clone(), Trouble::unreadable(&path, &error))),
        }
    }

    fn found(
        &self,
        path: String,
        kind: FileType,
        metadata: impl FnOnce() -> io::Result<Metadata>,
        above: Option<&Arc<Step>>,
    ) -> Found {
        if kind.is_symlink() {
            return self.follow(path, above);
        }
        let what = if kind.is_dir() {
            let name = path.rsplit('/').next().unwrap_or(&path);
            What::Folder(above.map_or(self.root, |step| &step.real).join(name))
        } else if kind.is_file() {
            let metadata = if self.stats { metadata().ok() } else { None };
            What::File(metadata.as_ref().map(Stat::of))
        } else {
            What::Barred(Problem::no_file())
        };
        Found { path, link: None, what }
    }

    fn follow(&self, path: String, above: Option<&Arc<Step>>) -> Found {
        let disk = self.root.join(&path);
        let (metadata, target) = match fs::metadata(&disk).and_then(|there| Ok((there, disk.canonicalize()?)))
        {
            Ok(there) => there,
            Err(error) => {
                let what = What::Trouble(Trouble::unreadable(&path, &error));
                return Found { path, link: Some(None), what };
            }
        };
        let is_inside = target.starts_with(self.root);
        let mut ancestors = iter::successors(above, |step| step.above.as_ref());
        let what = if metadata.is_dir() {
            match ancestors.find(|step| step.real == target) {
                Some(ancestor) => What::Trouble(Trouble::circle(&path, &ancestor.path)),
                None if !is_inside => What::Trouble(Trouble::outside(&path)),
                None => What::Folder(target.clone()),
            }
        } else if !is_inside {
            What::Barred(Problem::outside())
        } else if metadata.is_file() {
            What::File(self.stats.then(|| Stat::of(&metadata)))
        } else {
            What::Barred(Problem::no_file())
        };
        Found { path, link: Some(Some(target)), what }
    }
}

impl Found {
    const fn trouble(path: String, trouble: Trouble) -> Self {
        Self { path, link: None, what: What::Trouble(trouble) }
    }
}

fn step_into(found: &Found, above: Option<&Arc<Step>>) -> Option<Arc<Step>> {
    match &found.what {
        What::Folder(real) => Some(Step::new(found.path.clone(), real.clone(), above.cloned())),
        _ => None,
    }
}
