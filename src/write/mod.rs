//! The write step: the files of one build become the site in the output folder, all of them or none.
//!
//! Files that the site does not hold yet are staged inside the output folder while pages are still being rendered, and renamed in at the end.
//! One that changes is exchanged with the one in the site, so that there is a whole file at every moment; where a site has many files, the old one is kept as a spare
//! and written over when its page changes again, but not before it has rested for two minutes: whoever had it open has read it by then.
//! One small record, the manifest, says which files are ours; nothing else is ever overwritten or removed.
//! A second record, the journal, is written when all files are in: with it a build that was killed is finished by the next, without it undone.
//! It knows nothing of pages, languages or how a file is made.

mod install;
mod look;
mod manifest;
mod spare;
mod stage;
mod state;
mod system;
#[cfg(test)]
mod tests;
mod unchanged;

use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::digest::Digest;
use crate::output::Sink;
use install::{Plan, Step};
use look::{Found, look};
use manifest::{Manifest, Record};
use stage::{Known, Stage};
use state::State;
pub use unchanged::files_if_unchanged;

/// An output folder opened for one build; holds the lock.
#[derive(Debug)]
pub struct Site {
    /// Where our records are.
    state: State,
    /// Keeps other builds out until dropped.
    _lock: File,
    /// What the site held when it was opened.
    before: Before,
    /// The files of this build.
    stage: Stage,
    /// Whether the journal is written: from then on the stage belongs to whoever finishes the build.
    decided: bool,
}

/// What a build did to the site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or have new content.
    pub written: usize,
    /// Files that were already there as they should be, and were not touched.
    pub unchanged: usize,
    /// Files of an earlier build that this one no longer makes.
    pub removed: usize,
    /// The digest of the record of all that the site holds now.
    pub record: Digest,
}

impl Site {
    /// Opens the output folder `dir`, creating it where missing, takes the lock, and finishes or undoes a build that was killed.
    /// Fails if the folder cannot be created or is a file, if another build is writing there, or if a killed build cannot be finished.
    pub fn open(dir: &Path) -> Result<Site> {
        Site::open_at(dir, SystemTime::now())
    }

    /// The same, at the moment `now`.
    fn open_at(dir: &Path, now: SystemTime) -> Result<Site> {
        let state = State::at(dir);
        state.create()?;
        let lock = state.lock()?;
        let before = recover(&state)?;
        let files = match before.standing {
            Standing::Sound => before.manifest.clone(),
            Standing::Shaken | Standing::Lost => Manifest::new(),
        };
        let has_spares = spare::are_kept(&before.manifest);
        let rested = now.checked_sub(spare::REST).filter(|_| has_spares);
        let known = Known { files, is_doubtful: before.is_doubtful, rested };
        let stage = Stage::new(&state.root, &state.stage, known);
        Ok(Site { state, _lock: lock, before, stage, decided: false })
    }

    /// All files are in: moves them into the site, removes what we wrote before and no longer make, and saves the record.
    /// Nothing was visible before this call. On an error before the first move (a file that could not be staged, a file in the way that is not ours)
    /// the site is as it was; on one after it, the next [`Site::open`] finishes the build.
    pub fn commit(mut self) -> Result<Written> {
        let staged = self.stage.finish()?;
        let after = &staged.manifest;
        let plan = install::plan(&self.state.root, &staged.waiting, &self.before.manifest, after);
        let plan = plan.with_context(|| self.before.standing.explain())?;
        let written = staged.waiting.len() - plan.adopted;
        let text = manifest::to_text(after);
        let record = Digest::of(text.as_bytes());
        let done = Written { written, unchanged: after.len() - written, removed: plan.removed, record };
        if self.before.standing == Standing::Sound
            && staged.waiting.is_empty()
            && self.before.manifest == *after
        {
            if self.before.is_doubtful {
                // Every file has been read. If this cannot be noted, they are read again.
                let _ = self.state.note_boot();
            }
            return Ok(done);
        }
        let journal = self.state.write_journal(&text);
        journal.with_context(|| format!("cannot write into {}", self.state.folder.display()))?;
        self.decided = true;
        carry_out(&plan, &self.state, &self.before, after)
            .context("the site is only partly up to date; the next build finishes this one")?;
        Ok(done)
    }

    /// The build failed: forgets what was staged. The site stays as it was. Dropping does the same.
    pub fn discard(self) {}
}

impl Sink for Site {
    fn put(&self, path: &str, bytes: &[u8]) {
        self.stage.put(path, bytes);
    }

    fn copy(&self, path: &str, source: &Path) {
        self.stage.copy(path, source);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if self.decided {
            return;
        }
        // Best effort: what is left here, the next build removes. A folder that never held a site keeps no record.
        let never_built = self.before.standing == Standing::Sound && self.before.manifest.is_empty();
        let _ = if never_built {
            self.state.remove()
        } else {
            spare::clear(&self.state.stage, &self.before.manifest)
        };
    }
}

/// Removes the files that bilayer wrote into `dir`, the folders this leaves empty, and our records; touches nothing else and leaves `dir` itself.
/// Gives the number of files removed: none for a folder we never wrote to. Fails if a build is writing there, or if the record of our files is damaged.
pub fn clean(dir: &Path) -> Result<usize> {
    let state = State::at(dir);
    if look(&state.folder).with_context(|| format!("cannot look at {}", state.folder.display()))?
        == Found::Nothing
    {
        return Ok(0);
    }
    let _lock = state.lock()?;
    let before = recover(&state)?;
    if before.standing == Standing::Lost {
        bail!(
            "{} is damaged, so bilayer cannot know its own files and removed none; remove {} yourself",
            state.manifest.display(),
            dir.display()
        );
    }
    let plan = install::plan(&state.root, &[], &before.manifest, &Manifest::new())?;
    for step in &plan.steps {
        install::take(step, &state)?;
    }
    state.remove().with_context(|| format!("cannot remove {}", state.folder.display()))?;
    Ok(plan.removed)
}

/// What the site held when it was opened.
#[derive(Debug)]
struct Before {
    /// The files that are ours.
    manifest: Manifest,
    /// How far that can be believed.
    standing: Standing,
    /// Whether files must be read before they are taken for what the manifest says, as the machine may have lost some of it.
    is_doubtful: bool,
}

/// How far our records can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The files are ours and hold what the manifest says; or there never was a build.
    Sound,
    /// The files are ours, but a journal that cannot be read says some may hold something else.
    Shaken,
    /// The manifest cannot be read: no file is known to be ours.
    Lost,
}

impl Standing {
    /// What to tell whoever sees a build refused.
    fn explain(self) -> &'static str {
        match self {
            Standing::Sound | Standing::Shaken => "nothing was written",
            Standing::Lost => {
                "nothing was written: the record of earlier builds is damaged, so bilayer cannot know its own files"
            }
        }
    }
}

/// Finishes a build that was decided and killed, or undoes one that was killed before, and says what the site holds now.
fn recover(state: &State) -> Result<Before> {
    let read = |path| manifest::read(path).with_context(|| format!("cannot read {}", path.display()));
    let (manifest, lost) = match read(&state.manifest)? {
        Record::Whole(manifest) => (manifest, false),
        Record::Missing => (Manifest::new(), false),
        Record::Damaged => (Manifest::new(), true),
    };
    let is_doubtful = state.is_doubtful();
    let is_doubtful = is_doubtful.with_context(|| format!("cannot read {}", state.boot.display()))?;
    let standing = match read(&state.journal)? {
        Record::Whole(after) => {
            let before = Before { manifest, standing: Standing::Sound, is_doubtful };
            return roll_forward(state, before, after);
        }
        _ if lost => Standing::Lost,
        Record::Missing => Standing::Sound,
        // It stays until a build replaces it, lest a failing build in between hides that it was there.
        Record::Damaged => Standing::Shaken,
    };
    spare::clear(&state.stage, &manifest)
        .with_context(|| format!("cannot clear {}", state.stage.display()))?;
    Ok(Before { manifest, standing, is_doubtful })
}

/// Finishes a build that was decided: the site then holds `after`.
fn roll_forward(state: &State, before: Before, after: Manifest) -> Result<Before> {
    let waiting = stage::find(&state.stage, &after);
    let waiting = waiting.with_context(|| format!("cannot read {}", state.stage.display()))?;
    let plan = install::plan(&state.root, &waiting, &before.manifest, &after);
    let plan = plan.context("cannot finish a build that was interrupted")?;
    // What was in doubt stays so: nobody has read it yet.
    if !before.is_doubtful && spare::are_kept(&before.manifest) {
        state.note_boot()?;
    }
    finish(&plan, state, &after)?;
    Ok(Before { manifest: after, ..before })
}

/// Takes a build into the site of which the journal is written.
fn carry_out(plan: &Plan, state: &State, before: &Before, after: &Manifest) -> Result<()> {
    // All files of `after` have been read or written in this run of the machine.
    if before.is_doubtful || spare::are_kept(&before.manifest) {
        state.note_boot().with_context(|| format!("cannot write into {}", state.folder.display()))?;
    }
    finish(plan, state, after)
}

/// Takes the steps of a decided build, up to the new record, and clears up.
fn finish(plan: &Plan, state: &State, after: &Manifest) -> Result<()> {
    for step in plan.steps.iter().chain([&Step::Accept]) {
        install::take(step, state)?;
    }
    // The site is complete. What cannot be removed now, the next build removes or complains of.
    let _ = spare::sweep(&state.stage, after);
    Ok(())
}
