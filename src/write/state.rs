//! What bilayer keeps inside an output folder: where its records lie, and the lock that keeps two builds apart.
//! It lies inside, not beside, because a rename cannot cross file systems and the parent may not be ours to write.
//! It knows nothing of what the records say.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::look::{Found, look};
use super::manifest::Manifest;
use super::{spare, system};

/// The folder inside the output folder that is ours alone.
pub(super) const FOLDER: &str = ".bilayer";

/// An output folder and the places of our records in it.
#[derive(Debug)]
pub(super) struct State {
    /// The output folder, as the user named it.
    pub(super) root: PathBuf,
    /// The folder of our records.
    pub(super) folder: PathBuf,
    /// The record of what the last finished build wrote.
    pub(super) manifest: PathBuf,
    /// The record of what a decided build will have written; once it is there, that build is finished, not undone.
    pub(super) journal: PathBuf,
    /// New and changed files, and old ones to be written over.
    pub(super) stage: PathBuf,
    /// In which run of the machine files were last written over others; not there if none ever were.
    pub(super) boot: PathBuf,
}

impl State {
    /// Names the places for the output folder `root`; looks at nothing.
    pub(super) fn at(root: &Path) -> State {
        let folder = root.join(FOLDER);
        State {
            root: root.to_owned(),
            manifest: folder.join("manifest"),
            journal: folder.join("commit"),
            stage: folder.join("stage"),
            boot: folder.join("boot"),
            folder,
        }
    }

    /// Makes the output folder and ours in it, where missing.
    pub(super) fn create(&self) -> Result<()> {
        let root = self.root.display();
        if fs::metadata(&self.root).is_ok_and(|found| !found.is_dir()) {
            bail!("the output folder {root} is a file; move it, or choose another output folder");
        }
        fs::create_dir_all(&self.root).with_context(|| format!("cannot create the output folder {root}"))?;
        match fs::create_dir(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(error).with_context(|| format!("cannot write into the output folder {root}"))
            }
            _ => Ok(()),
        }
    }

    /// Takes the lock, held until the file given back is dropped; an error if another build has it.
    pub(super) fn lock(&self) -> Result<File> {
        let path = self.lock_path();
        let shown = path.display();
        self.refuse_links()?;
        let mut options = File::options();
        let lock = options.read(true).write(true).create(true).truncate(false).open(&path);
        let lock = lock.with_context(|| format!("cannot open {shown}"))?;
        match lock.try_lock() {
            // `clean` deletes the lock file: a lock on a file that is gone keeps nobody out.
            Ok(()) if is_still_at(&lock, &path) => Ok(lock),
            Ok(()) | Err(TryLockError::WouldBlock) => {
                bail!(
                    "another build is writing into {}; wait for it, or choose another output folder",
                    self.root.display()
                )
            }
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {shown}")),
        }
    }

    /// Saves the record of a build: whole or not at all.
    pub(super) fn write_journal(&self, text: &str) -> io::Result<()> {
        self.save(text, &self.journal)
    }

    /// Whether files of the site may hold something else than was written: they were written over others in another run of the machine,
    /// and if that ended without warning, not all of it has reached the disk.
    pub(super) fn is_doubtful(&self) -> io::Result<bool> {
        match fs::read(&self.boot) {
            Ok(noted) => Ok(system::boot().is_none_or(|boot| boot.as_bytes() != noted)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Notes that all files hold what was written, as long as this run of the machine lasts.
    pub(super) fn note_boot(&self) -> io::Result<()> {
        match system::boot() {
            Some(boot) => self.save(&boot, &self.boot),
            // No file is written over another here.
            None => remove_file(&self.boot),
        }
    }

    /// Removes our records, the lock last, and then our folder unless something else lies in it.
    pub(super) fn remove(&self) -> io::Result<()> {
        spare::clear(&self.stage, &Manifest::new())?;
        remove_file(&self.boot)?;
        remove_file(&self.folder.join("commit.tmp"))?;
        remove_file(&self.journal)?;
        remove_file(&self.manifest)?;
        remove_file(&self.lock_path())?;
        remove_folder_if_empty(&self.folder);
        Ok(())
    }

    /// Makes `text` what the file `place` holds, whole or not at all.
    fn save(&self, text: &str, place: &Path) -> io::Result<()> {
        let unfinished = self.folder.join("commit.tmp");
        remove_file(&unfinished)?;
        File::create_new(&unfinished)?.write_all(text.as_bytes())?;
        fs::rename(unfinished, place)
    }

    /// Where the lock lies.
    fn lock_path(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Refuses records that are links to somewhere else: writing them would write there.
    fn refuse_links(&self) -> Result<()> {
        let records =
            [&self.folder, &self.lock_path(), &self.manifest, &self.journal, &self.stage, &self.boot];
        for path in records {
            let found = look(path).with_context(|| format!("cannot look at {}", path.display()))?;
            let folder = path == &self.folder || path == &self.stage;
            match found {
                Found::Nothing => {}
                Found::Folder if folder => {}
                Found::File(_) if !folder => {}
                _ => bail!(
                    "{} is not what bilayer made there; remove it, or choose another output folder",
                    path.display()
                ),
            }
        }
        Ok(())
    }
}

/// Removes a file; it may be gone already.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes a folder if nothing is in it. One that stays, for whatever reason, does no harm.
pub(super) fn remove_folder_if_empty(path: &Path) {
    let _ = fs::remove_dir(path);
}

/// Whether an open file is the one that lies at `path` now.
#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Whether an open file is the one that lies at `path` now. Elsewhere a file that is open keeps its name.
#[cfg(not(unix))]
fn is_still_at(_file: &File, path: &Path) -> bool {
    path.exists()
}
