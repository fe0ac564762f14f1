//! What only some systems can do: exchange two files, tell who may use one, tell one run of the machine from another.
//! Where it cannot be done, these say so, and the rest of the write step does without. It knows nothing of builds.

use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(target_os = "linux")]
pub(super) use linux::{Rights, boot, exchange, reopen};
#[cfg(not(target_os = "linux"))]
pub(super) use other::{Rights, boot, exchange, reopen};

/// Says what a file that is made now at `path`, where there is none, may be used for; leaves none there.
pub(super) fn rights_of_new(path: &Path) -> io::Result<Rights> {
    let file = File::create_new(path)?;
    std::fs::remove_file(path)?;
    Rights::of(&file)
}

/// Linux has all of it.
#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{self, File};
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use rustix::fs::{CWD, Mode, OFlags, RenameFlags, open, renameat_with};

    /// Who may do what with a file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in super::super) struct Rights {
        /// What it is, and the rights of owner, group and others.
        mode: u32,
        /// The owner.
        user: u32,
        /// The group.
        group: u32,
    }

    impl Rights {
        /// Reads them off a file.
        pub(in super::super) fn of(file: &File) -> io::Result<Rights> {
            file.metadata().map(|found| Rights::read(&found))
        }

        /// Reads them off what was found out about a file.
        fn read(found: &fs::Metadata) -> Rights {
            Rights { mode: found.mode(), user: found.uid(), group: found.gid() }
        }
    }

    /// Puts two files in each other's place, in one stroke. Both must be there.
    pub(in super::super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
        Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
    }

    /// Opens the file at `path` to be written over, and says how long it is; nothing if it is not a file with these
    /// rights and no other name, last written or renamed before the moment `rested`. A link is not followed, a pipe
    /// not waited for.
    pub(in super::super) fn reopen(
        path: &Path,
        rights: Rights,
        rested: SystemTime,
    ) -> io::Result<Option<(File, u64)>> {
        let flags = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(open(path, flags, Mode::empty())?);
        let found = file.metadata()?;
        let fits = found.is_file() && found.nlink() == 1 && Rights::read(&found) == rights;
        // A file that is renamed or exchanged changes its status.
        let changed = u64::try_from(found.ctime()).map(Duration::from_secs);
        let has_rested = changed.is_ok_and(|changed| SystemTime::UNIX_EPOCH + changed < rested);
        Ok((fits && has_rested).then_some((file, found.len())))
    }

    /// What tells this run of the machine from all others.
    pub(in super::super) fn boot() -> Option<String> {
        fs::read_to_string("/proc/sys/kernel/random/boot_id").ok().filter(|id| !id.is_empty())
    }
}

/// Elsewhere nothing of it is relied on.
#[cfg(not(target_os = "linux"))]
mod other {
    use std::fs::File;
    use std::io;
    use std::path::Path;
    use std::time::SystemTime;

    /// Who may do what with a file: never asked, for [`reopen`] opens none.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in super::super) struct Rights;

    impl Rights {
        /// Reads nothing off a file.
        pub(in super::super) fn of(_file: &File) -> io::Result<Rights> {
            Ok(Rights)
        }
    }

    /// Refuses to put two files in each other's place.
    pub(in super::super) fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Opens no file to be written over.
    pub(in super::super) fn reopen(
        _path: &Path,
        _rights: Rights,
        _rested: SystemTime,
    ) -> io::Result<Option<(File, u64)>> {
        Ok(None)
    }

    /// Does not tell this run of the machine from others.
    pub(in super::super) fn boot() -> Option<String> {
        None
    }
}
