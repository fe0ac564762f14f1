//! A book's folder, read, that can be read again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use super::places::{self, Concerns, above, at_and_below};
use super::read::{self, Loaded, Problem};
use super::stat::{self, Stat};
use super::trouble::Trouble;
use super::walk::{Found, Link, Step, Walk, What};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::source::{Content, File, Sources};

/// How long a text that is suddenly empty is taken for half saved.
pub const PATIENCE: Duration = Duration::from_millis(100);
/// At most so many bytes of copied files are looked at in one rescan only to know them again.
const DIGESTED: u64 = 16 * 1024 * 1024;

/// What is different since the last look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Paths in the book of texts that are new, different or gone, or whose problem is: `content/en/a.md`.
    pub texts: BTreeSet<String>,
    /// The same of files that are copied.
    pub assets: BTreeSet<String>,
    /// Whether there are other problems than before that are no file's.
    pub problems: bool,
    /// Places on disk of texts that are empty or gone now and were not: they may be half saved. They are left as they were,
    /// until they are asked for again [`PATIENCE`] later.
    pub unsure: BTreeSet<PathBuf>,
}

impl Changes {
    /// Whether nothing is different; what is unsure may become so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.assets.is_empty() && !self.problems
    }

    fn note(&mut self, file: &File) {
        let paths = match file.content {
            Content::Text(_) => &mut self.texts,
            Content::Asset { .. } => &mut self.assets,
        };
        paths.insert(file.path.clone());
    }
}

/// A book's folder as it was read last; knows what to read again.
#[derive(Debug)]
pub struct Folder {
    /// The folder, a real path.
    root: PathBuf,
    /// What was read.
    sources: Sources,
    /// What was found, by path in the book.
    places: BTreeMap<String, Place>,
    /// The links among it, also those to nothing.
    links: BTreeMap<String, Link>,
    /// Texts that are empty or gone and may be half saved, and since when.
    emptied: BTreeMap<String, Instant>,
    /// Copied files whose bytes were not looked at yet.
    undigested: BTreeSet<String>,
    /// Whether the last look failed, so that more may be different than is told.
    is_behind: bool,
    /// How old a file must be for its times to be trusted.
    pub(super) racy: Duration,
    /// How long a text that is suddenly empty or gone is taken for half saved.
    pub(super) patience: Duration,
}

/// What is known of something in the book.
#[derive(Debug)]
enum Place {
    File(Known),
    /// Where it really lies.
    Folder(PathBuf),
    Trouble(Trouble),
}

/// What is known of a file beside what `Sources` have.
#[derive(Debug)]
struct Known {
    /// What the system said of it; none if it is to be read again in any case.
    stat: Option<Stat>,
    /// Of its bytes, if it is copied and they were looked at.
    bytes: Option<Digest>,
    problem: Option<Box<Problem>>,
}

impl Folder {
    /// Reads the whole book in the folder `root`.
    ///
    /// # Errors
    /// When `root` is not a folder that can be listed. Trouble with a single file is a diagnostic.
    pub fn open(root: &Path) -> Result<Self> {
        let root = root.canonicalize().with_context(|| format!("cannot find {}", root.display()))?;
        let mut folder = Self::unread(root);
        folder.check_root()?;
        let found = Walk::new(&folder.root, false).all()?;
        folder.take(found);
        Ok(folder)
    }

    fn unread(root: PathBuf) -> Self {
        Self {
            root,
            sources: Sources::new(super::built_in()),
            places: BTreeMap::new(),
            links: BTreeMap::new(),
            emptied: BTreeMap::new(),
            undigested: BTreeSet::new(),
            is_behind: false,
            racy: stat::RACY,
            patience: PATIENCE,
        }
    }

    fn check_root(&self) -> Result<()> {
        if !self.root.is_dir() {
            bail!("{} is not a folder", self.root.display());
        }
        Ok(())
    }

    /// Reads again what is different on disk at these absolute paths: files, folders with all below them, things that
    /// are gone. A file that is named is read whatever its times say.
    ///
    /// # Errors
    /// When the book's folder is gone, or has too many files. The next call then looks at everything.
    pub fn refresh(&mut self, paths: &BTreeSet<PathBuf>) -> Result<Changes> {
        let mut concerned = BTreeSet::new();
        for path in paths {
            match places::concerned(&self.root, &self.links, path) {
                Concerns::Paths(paths) => concerned.extend(paths),
                Concerns::Everything => self.is_behind = true,
            }
        }
        if self.is_behind {
            return self.rescan();
        }
        let moved =
            self.links.iter().filter(|(path, target)| self.root.join(path).canonicalize().ok() != **target);
        concerned.extend(moved.map(|(path, _)| path.clone()));
        let starts: BTreeSet<String> = concerned.iter().map(|path| self.start(path)).collect();
        let within_another = |start: &&String| above(start).any(|above| starts.contains(above));
        let starts: Vec<&String> = starts.iter().filter(|start| !within_another(start)).collect();
        let walk = Walk::new(&self.root, true);
        let found: Result<Vec<_>> = starts.into_par_iter().map(|start| self.look(&walk, start)).collect();
        self.is_behind = found.is_err();
        Ok(self.take(found?))
    }

    /// Looks at every file of the book, and reads those that differ from what the system said of them last.
    ///
    /// # Errors
    /// When the book's folder is gone, or has too many files.
    pub fn rescan(&mut self) -> Result<Changes> {
        self.is_behind = true;
        self.check_root()?;
        let found = Walk::new(&self.root, true).all()?;
        self.is_behind = false;
        let changes = self.take(found);
        self.digest_some();
        Ok(changes)
    }

    /// What was read.
    #[must_use]
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// How many files need not be read again.
    #[cfg(test)]
    pub(super) fn trusted(&self) -> usize {
        self.places
            .values()
            .filter(|place| matches!(place, Place::File(known) if known.stat.is_some()))
            .count()
    }

    /// What was read, without the means to read it again.
    #[must_use]
    pub fn into_sources(self) -> Sources {
        self.sources
    }

    /// Problems of the files as such: unreadable, not UTF-8, outside of the book; in order of their paths.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let diagnostic = |(path, place): (&String, &Place)| match place {
            Place::File(known) => Some(known.problem.as_ref()?.diagnostic(self.sources.find(path)?)),
            Place::Folder(_) => None,
            Place::Trouble(trouble) => Some(trouble.diagnostic()),
        };
        self.places.iter().filter_map(diagnostic).collect()
    }

    /// The book's folder, a real path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Real folders that hold parts of the book: below its own, and where links inside it lead. None is in another
    /// one, except in the book's own, which is there if a link leads to something right in it.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
        for (path, place) in &self.places {
            match (place, self.links.get(path)) {
                (Place::Folder(real), _) => folders.extend([real.clone()]),
                (Place::File(_), Some(Some(target))) if target.starts_with(&self.root) => {
                    folders.extend(target.parent().map(Path::to_owned));
                }
                _ => {}
            }
        }
        let mut outermost: Vec<PathBuf> = Vec::new();
        for folder in folders {
            let is_within =
                outermost.last().is_some_and(|last| *last != self.root && folder.starts_with(last));
            if !is_within {
                outermost.push(folder);
            }
        }
        outermost
    }

    /// Where to look to see what is at `path` now: there, or further out where the way to it is not as it was.
    fn start(&self, path: &str) -> String {
        let is_folder = |above: &&str| matches!(self.places.get(*above), Some(Place::Folder(_)));
        let mut start = above(path).find(|above| !is_folder(above)).unwrap_or(path);
        while let Some(above) = above(start).last()
            && !self.root.join(above).is_dir()
        {
            start = above;
        }
        start.to_owned()
    }

    /// Looks at `start` and all below it. The file `start` is to be read in any case.
    fn look(&self, walk: &Walk<'_>, start: &str) -> Result<(String, Vec<Found>)> {
        let step = above(start).fold(None, |step: Option<Arc<Step>>, above| match self.places.get(above) {
            Some(Place::Folder(real)) => Some(Step::new(above.to_owned(), real.clone(), step)),
            _ => step,
        });
        let mut found = walk.below(start, step)?;
        if let [Found { path, what: What::File(stat), .. }, ..] = &mut found[..]
            && path == start
        {
            *stat = None;
        }
        Ok((start.to_owned(), found))
    }

    /// Takes over what was found at and below each of some paths, in place of what was known there.
    fn take(&mut self, found: Vec<(String, Vec<Found>)>) -> Changes {
        let now = SystemTime::now();
        let mut gone = Vec::new();
        let mut other = Vec::new();
        for (start, found) in found {
            self.relink(&start, &found);
            self.compare(&start, found, &mut gone, &mut other);
        }
        let loaded: Vec<_> = other.into_par_iter().map(|found| (self.read(&found, now), found)).collect();
        let mut changes = Changes::default();
        // Between two steps of an editor a file may not be there at all. One that was moved has come up elsewhere.
        let is_new =
            |found: &Found| matches!(found.what, What::File(_)) && !self.places.contains_key(&found.path);
        let has_new = loaded.iter().any(|(_, found)| is_new(found));
        for path in gone {
            if !has_new && self.may_come_back(&path) {
                changes.unsure.insert(self.root.join(&path));
            } else {
                self.remove(&path, &mut changes);
            }
        }
        for (loaded, Found { path, what, .. }) in loaded {
            match (what, loaded) {
                (What::Folder(real), _) => self.put(path, Place::Folder(real), &mut changes),
                (What::Trouble(trouble), _) => self.put(path, Place::Trouble(trouble), &mut changes),
                (What::File(_) | What::Barred(_), Some(loaded)) => self.put_file(loaded, now, &mut changes),
                (What::File(_) | What::Barred(_), None) => self.remove(&path, &mut changes),
            }
        }
        changes
    }

    fn relink(&mut self, start: &str, found: &[Found]) {
        let old: Vec<String> = at_and_below(&self.links, start).map(|(path, _)| path.clone()).collect();
        for path in old {
            self.links.remove(&path);
        }
        self.links.extend(found.iter().filter_map(|found| Some((found.path.clone(), found.link.clone()?))));
    }

    /// Sorts out what is no longer there and what is not as it was. Both what is known and what was found have an
    /// order, the same, so one look at each is enough.
    fn compare(&self, start: &str, found: Vec<Found>, gone: &mut Vec<String>, other: &mut Vec<Found>) {
        let mut known = at_and_below(&self.places, start).peekable();
        for found in found {
            while let Some((path, _)) = known.next_if(|(path, _)| **path < found.path) {
                gone.push(path.clone());
            }
            let same = known.next_if(|(path, _)| **path == found.path);
            if !same.is_some_and(|(_, place)| place.is(&found.what)) {
                other.push(found);
            }
        }
        gone.extend(known.map(|(path, _)| path.clone()));
    }

    /// Reads what was found, if it is a file. A file that is copied and was known before is known by its bytes from
    /// now on, and so is one that is too young to be known by its times.
    fn read(&self, found: &Found, now: SystemTime) -> Option<Loaded> {
        match &found.what {
            What::File(_) => read::read(&self.root, &found.path, |stat| {
                self.places.contains_key(&found.path) || !stat.is_settled(now, self.racy)
            }),
            What::Barred(problem) => Some(read::barred(&found.path, problem.clone())),
            What::Folder(_) | What::Trouble(_) => None,
        }
    }

    /// Puts what is no file in the place of whatever was there.
    fn put(&mut self, path: String, place: Place, changes: &mut Changes) {
        self.remove(&path, changes);
        changes.problems |= matches!(place, Place::Trouble(_));
        self.places.insert(path, place);
    }

    fn put_file(&mut self, loaded: Loaded, now: SystemTime, changes: &mut Changes) {
        let path = loaded.file.path.clone();
        let old = self.sources.find(&path).map(|id| self.sources.file(id));
        let is_same = match (self.places.get_mut(&path), old) {
            (Some(Place::File(known)), Some(old)) => {
                if is_emptied(old, &loaded) && may_be_half_saved(&mut self.emptied, &path, self.patience) {
                    known.stat = None;
                    changes.unsure.insert(self.root.join(&path));
                    return;
                }
                known.is_same(old, &loaded)
            }
            (place, _) => {
                changes.problems |= matches!(place, Some(Place::Trouble(_)));
                false
            }
        };
        let Loaded { file, stat, bytes, problem } = loaded;
        if !is_same {
            old.into_iter().chain([&file]).for_each(|file| changes.note(file));
        }
        self.emptied.remove(&path);
        if bytes.is_none() && !is_text(&file) {
            self.undigested.insert(path.clone());
        }
        if !is_same {
            self.sources.put(file);
        }
        let stat = stat.filter(|stat| stat.is_settled(now, self.racy));
        self.places.insert(path, Place::File(Known { stat, bytes, problem }));
    }

    /// Whether a text that is gone became so short ago that it may be on the way to something else.
    fn may_come_back(&mut self, path: &str) -> bool {
        let is_text = self.sources.find(path).is_some_and(|id| is_text(self.sources.file(id)));
        is_text && may_be_half_saved(&mut self.emptied, path, self.patience)
    }

    fn remove(&mut self, path: &str, changes: &mut Changes) {
        match self.places.remove(path) {
            Some(Place::File(_)) => {
                let file = self.sources.find(path).map(|id| self.sources.file(id));
                file.into_iter().for_each(|file| changes.note(file));
                self.sources.remove(path);
                self.emptied.remove(path);
                self.undigested.remove(path);
            }
            Some(Place::Trouble(_)) => changes.problems = true,
            Some(Place::Folder(_)) | None => {}
        }
    }

    /// Looks at the bytes of some copied files that did not change since they were found, so that they are known when
    /// they are written again alike. Opening a book does not wait for that.
    fn digest_some(&mut self) {
        let mut left = DIGESTED;
        while left > 0
            && let Some(path) = self.undigested.pop_first()
        {
            let Some(Place::File(known)) = self.places.get_mut(&path) else { continue };
            let disk = self.root.join(&path);
            let now = || std::fs::metadata(&disk).ok().as_ref().map(Stat::of);
            if let Some(stat) = known.stat.filter(|stat| now() == Some(*stat)) {
                let bytes = read::digest(&disk);
                known.bytes = bytes.filter(|_| now() == Some(stat));
                left = left.saturating_sub(if bytes.is_some() { stat.size } else { 0 });
            }
        }
    }
}

impl Place {
    /// Whether this is known to be what was found.
    fn is(&self, what: &What) -> bool {
        match (self, what) {
            (Self::File(known), What::File(stat)) => stat.is_some() && known.stat == *stat,
            (Self::Folder(known), What::Folder(real)) => known == real,
            (Self::Trouble(known), What::Trouble(trouble)) => known == trouble,
            _ => false,
        }
    }
}

impl Known {
    /// Whether the file that was `old` is the same now. Of a file that is copied the bytes count, if they were looked
    /// at.
    fn is_same(&self, old: &File, loaded: &Loaded) -> bool {
        let is_same_content = match (&old.content, &loaded.file.content) {
            (Content::Text(_), Content::Text(_)) => true,
            (Content::Asset { .. }, Content::Asset { .. }) => {
                self.bytes.is_some() && self.bytes == loaded.bytes
            }
            _ => false,
        };
        is_same_content && old.digest == loaded.file.digest && self.problem == loaded.problem
    }
}

const fn is_text(file: &File) -> bool {
    matches!(file.content, Content::Text(_))
}

/// Whether a text is empty now and was not, with nothing wrong with it.
fn is_emptied(old: &File, loaded: &Loaded) -> bool {
    let is_empty = |file: &File| matches!(&file.content, Content::Text(text) if text.is_empty());
    is_text(old) && !is_empty(old) && is_empty(&loaded.file) && loaded.problem.is_none()
}

/// Whether the text at `path`, which is empty or gone, became so short ago that it may be on the way to something else.
fn may_be_half_saved(emptied: &mut BTreeMap<String, Instant>, path: &str, patience: Duration) -> bool {
    let since = *emptied.entry(path.to_owned()).or_insert_with(Instant::now);
    since.elapsed() < patience
}
