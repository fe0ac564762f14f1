//! Getting a staged build into the site: first a plan, made by looking only, that refuses to touch what bilayer did not write; then its steps, one by one.
//! A plan can be made again from whatever a killed build left, and leads to the same site.
//! It knows nothing of how files came into the stage.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use super::look::{Folders, Found, look};
use super::manifest::{Entry, Manifest, folders};
use super::stage::Spot;
use super::state::{State, remove_file, remove_folder_if_empty};
use super::system;

/// How many files an error names before it only counts.
const NAMED: usize = 5;

/// What is to happen to the site.
#[derive(Debug)]
pub(super) struct Plan {
    /// In this order.
    pub(super) steps: Vec<Step>,
    /// How many staged files the site turned out to hold already, byte for byte, though no record says so.
    pub(super) adopted: usize,
    /// How many files will go for good.
    pub(super) removed: usize,
}

/// One change to the site; each is one call to the system, so a killed build lies between two of them. Paths are site paths.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Remove a file that we wrote.
    Remove(String),
    /// Remove a folder if it is empty.
    Prune(String),
    /// Move a file, or a whole folder that the site does not have, from the stage to its place.
    Move {
        /// Where it waits, relative to the stage.
        name: String,
        /// Its site path.
        path: String,
    },
    /// Move a file from the stage to the place of an older version, which becomes a spare.
    Exchange {
        /// Where it waits, relative to the stage.
        name: String,
        /// Its site path.
        path: String,
    },
    /// The site is as the journal says: make that the record.
    Accept,
}

/// Plans how a site that holds `before` comes to hold `after`, with the files `waiting` (sorted) in the stage.
/// Changes nothing; an error names what is in the way.
pub(super) fn plan(
    root: &Path,
    waiting: &[(String, Spot)],
    before: &Manifest,
    after: &Manifest,
) -> Result<Plan> {
    let mut planner = Planner {
        root,
        before,
        after,
        folders: Folders::new(root),
        clear: Vec::new(),
        folder_moves: Vec::new(),
        file_moves: Vec::new(),
        adopted: 0,
        strangers: BTreeMap::new(),
    };
    let found = look_ahead(root, &planner.folders, waiting);
    let mut whole = None;
    for ((path, spot), found) in waiting.iter().zip(found) {
        if *spot == Spot::Tree && whole.is_some_and(|folder| is_below(path, folder)) {
            continue;
        }
        let moved = planner
            .place(path, *spot, found)
            .with_context(|| format!("cannot look at {path} in {}", root.display()))?;
        whole = moved.or(whole);
    }
    planner.finish()
}

/// Takes one step. Taking it twice is taking it once, as long as the plan is made anew in between.
pub(super) fn take(step: &Step, state: &State) -> Result<()> {
    match step {
        Step::Remove(path) => {
            remove_file(&state.root.join(path)).with_context(|| format!("cannot remove {path}"))
        }
        Step::Move { name, path } => move_in(&state.stage.join(name), &state.root.join(path))
            .with_context(|| format!("cannot move {path} into {}", state.root.display())),
        Step::Exchange { name, path } => {
            let (from, to) = (state.stage.join(name), state.root.join(path));
            replace(&from, &to, system::exchange)
                .with_context(|| format!("cannot move {path} into {}", state.root.display()))
        }
        Step::Accept => {
            fs::rename(&state.journal, &state.manifest).context("cannot save the record of what was written")
        }
        Step::Prune(folder) => {
            remove_folder_if_empty(&state.root.join(folder));
            Ok(())
        }
    }
}

/// A plan in the making.
struct Planner<'a> {
    /// The site's root.
    root: &'a Path,
    /// What the site holds by our record.
    before: &'a Manifest,
    /// What it is to hold.
    after: &'a Manifest,
    /// The site's folders as they are.
    folders: Folders,
    /// What must go before anything is moved: our own files where folders come, and the other way round.
    clear: Vec<Step>,
    /// Moves of whole folders; they come before files, which may belong into one of them.
    folder_moves: Vec<Step>,
    /// Moves of single files.
    file_moves: Vec<Step>,
    /// Staged files that are in the site already.
    adopted: usize,
    /// What is in the way and not ours, with what it is.
    strangers: BTreeMap<String, &'static str>,
}

impl Planner<'_> {
    /// Plans the way of one staged file to its place, where `found` lies. Gives the folder if a whole folder is moved with it.
    fn place<'p>(
        &mut self,
        path: &'p str,
        spot: Spot,
        found: io::Result<Found>,
    ) -> io::Result<Option<&'p str>> {
        for folder in folders(path) {
            match self.folders.look(folder)? {
                Found::Folder => continue,
                Found::Nothing => {}
                Found::File(_) if self.before.contains_key(folder) => {
                    self.clear.push(Step::Remove(folder.to_owned()));
                }
                Found::File(_) | Found::Other => {
                    self.refuse(folder, "not a folder, as the book needs");
                    return Ok(None);
                }
            }
            if spot == Spot::Tree {
                self.folder_moves.push(move_of(folder, spot));
                return Ok(Some(folder));
            }
            // The folder was there when the file was staged; it is made again.
            self.file_moves.push(move_of(path, spot));
            return Ok(None);
        }
        self.place_in_folder(path, spot, found?)?;
        Ok(None)
    }

    /// Plans the move of one file into a folder that is there, to where `found` lies.
    fn place_in_folder(&mut self, path: &str, spot: Spot, found: Found) -> io::Result<()> {
        match found {
            Found::Nothing => self.file_moves.push(move_of(path, spot)),
            Found::File(_) if self.before.contains_key(path) => self.file_moves.push(exchange_of(path, spot)),
            Found::File(len) if self.will_be(path, len)? => self.adopted += 1,
            Found::Folder if self.clear_folder(path)? => self.file_moves.push(move_of(path, spot)),
            Found::File(_) => self.refuse(path, "a file with other content"),
            Found::Folder | Found::Other => self.refuse(path, "not a file, as the book needs"),
        }
        Ok(())
    }

    /// Whether the file at `path`, `len` bytes long, holds what the book wants there.
    fn will_be(&self, path: &str, len: u64) -> io::Result<bool> {
        match self.after.get(path) {
            Some(wanted) if wanted.len == len => Ok(Entry::of_file(&self.root.join(path))? == *wanted),
            _ => Ok(false),
        }
    }

    /// Plans to remove a folder with all in it; false, and nothing planned, if it holds anything we did not write.
    fn clear_folder(&mut self, folder: &str) -> io::Result<bool> {
        let mut steps = Vec::new();
        let mut inside = vec![folder.to_owned()];
        let mut next = 0;
        while next < inside.len() {
            let path = inside[next].clone();
            next += 1;
            for entry in fs::read_dir(self.root.join(&path))? {
                let entry = entry?;
                let name = entry.file_name();
                let Some(name) = name.to_str() else {
                    return Ok(false);
                };
                let path = format!("{path}/{name}");
                match look(&entry.path())? {
                    Found::Folder => inside.push(path),
                    Found::File(_) if self.before.contains_key(&path) => steps.push(Step::Remove(path)),
                    _ => return Ok(false),
                }
            }
        }
        // Folders were found outermost first and must go innermost first.
        steps.extend(inside.into_iter().rev().map(Step::Prune));
        self.clear.extend(steps);
        Ok(true)
    }

    /// Notes a thing in the way. Nothing is moved, whatever else is planned.
    fn refuse(&mut self, path: &str, what: &'static str) {
        self.strangers.insert(path.to_owned(), what);
    }

    /// Puts the steps in order: clear the way, move in, remove what is gone, remove folders left empty.
    fn finish(mut self) -> Result<Plan> {
        if !self.strangers.is_empty() {
            return refusal(self.root, &self.strangers);
        }
        let (gone, emptied) = self.gone()?;
        // What is cleared away early is gone for good too: the book has no file where it has a folder.
        let removed = gone.len();
        let early: BTreeSet<_> = self.clear.iter().collect();
        let mut late: Vec<_> = gone.into_iter().map(|path| Step::Remove(path.to_owned())).collect();
        late.retain(|step| !early.contains(step));
        late.extend(emptied.into_iter().rev().map(|folder| Step::Prune(folder.to_owned())));
        // By where they wait: what comes out of one folder in a row comes out a sixth quicker.
        self.file_moves.sort_unstable();
        let moves = self.folder_moves.into_iter().chain(self.file_moves);
        let steps = self.clear.into_iter().chain(moves).chain(late).collect();
        Ok(Plan { steps, adopted: self.adopted, removed })
    }

    /// The files of ours that the site no longer needs and still has, and the folders they were in.
    /// Whatever lies behind a link, or is no file any more, is not ours.
    fn gone(&self) -> Result<(Vec<&str>, BTreeSet<&str>)> {
        let mut files = Vec::new();
        let mut emptied = BTreeSet::new();
        for path in self.before.keys().filter(|path| !self.after.contains_key(*path)) {
            for folder in folders(path) {
                if self.folders.look(folder)? == Found::Folder {
                    emptied.insert(folder);
                }
            }
            let there = self.folders.look_at_parent(path)? == Found::Folder;
            if there && matches!(look(&self.root.join(path))?, Found::File(_)) {
                files.push(path.as_str());
            }
        }
        Ok((files, emptied))
    }
}

/// The step that moves the file or folder `path` in from where it waits.
fn move_of(path: &str, spot: Spot) -> Step {
    Step::Move { name: spot.name(path), path: path.to_owned() }
}

/// The step that moves the file `path` in, over one that is ours.
fn exchange_of(path: &str, spot: Spot) -> Step {
    match spot {
        Spot::Loose => Step::Exchange { name: spot.name(path), path: path.to_owned() },
        Spot::Tree => move_of(path, spot),
    }
}

/// Says what lies at the place of each file, on all threads: most of the time that a plan takes goes into this.
/// Only below folders does it say so; below anything else, [`Planner::place`] does not ask.
fn look_ahead(root: &Path, folders: &Folders, waiting: &[(String, Spot)]) -> Vec<io::Result<Found>> {
    let look_at = |(path, _): &(String, Spot)| match folders.look_at_parent(path)? {
        Found::Folder => look(&root.join(path)),
        _ => Ok(Found::Nothing),
    };
    waiting.par_iter().map(look_at).collect()
}

/// Puts the file `from` in the place of the file `to`, by `exchange` if that can be done: then the old file is kept, and neither has to be made or freed.
pub(super) fn replace(
    from: &Path,
    to: &Path,
    exchange: impl Fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    // Whatever speaks against a plain move as well, that move says.
    exchange(from, to).or_else(|_| move_in(from, to))
}

/// Renames `from` to `to`; the folder for it is made only if it turns out to be missing.
fn move_in(from: &Path, to: &Path) -> io::Result<()> {
    match (fs::rename(from, to), to.parent()) {
        (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(parent)?;
            fs::rename(from, to)
        }
        (moved, _) => moved,
    }
}

/// Whether `path` lies in `folder`.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The error for things in the way that are not ours.
fn refusal(root: &Path, strangers: &BTreeMap<String, &'static str>) -> Result<Plan> {
    let mut named: Vec<_> = strangers.iter().map(|(path, what)| format!("  {path}: {what}")).collect();
    if named.len() > NAMED {
        let more = named.len() - NAMED;
        named.truncate(NAMED);
        named.push(format!("  and {more} more"));
    }
    bail!(
        "{} holds things that bilayer did not write, where this book needs its own:\n{}\nmove them elsewhere, or choose another output folder",
        root.display(),
        named.join("\n")
    )
}
