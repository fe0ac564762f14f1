//! What the system says of a file without reading it: size, times, which one it is.
//!
//! Whoever changes a file changes this, if the clock of the file system has ticked since it was last looked at. It
//! ticks every few milliseconds, on some systems every two seconds; so nothing is trusted of a file that is younger.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// From this age on a file that was changed again has other times.
pub(super) const RACY: Duration = Duration::from_secs(2);

/// What tells a file from all others, and from itself before a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stat {
    /// Its bytes.
    pub size: u64,
    /// When its content was changed, as far as anybody says: programs may set this.
    modified: Option<SystemTime>,
    /// When anything of it was changed, by the system's own word; none where the system does not say.
    changed: Option<SystemTime>,
    /// The device it is on and its number there; zeros where the system does not say.
    place: (u64, u64),
}

impl Stat {
    /// Takes it from what the system gave.
    pub(super) fn of(metadata: &Metadata) -> Self {
        let (changed, place) = inode(metadata);
        Self { size: metadata.len(), modified: metadata.modified().ok(), changed, place }
    }

    /// Whether, if the system says the same later, the file is the same: at `now`, when this was taken, its times
    /// were at least `age` old.
    pub(super) fn is_settled(&self, now: SystemTime, age: Duration) -> bool {
        let newest = self.changed.or(self.modified);
        newest.and_then(|time| now.duration_since(time).ok()).is_some_and(|old| old >= age)
    }

    /// Whether the system itself notes changes; where it does not, a program can hide one by setting the time back.
    pub(super) const fn is_sure(&self) -> bool {
        self.changed.is_some()
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> (Option<SystemTime>, (u64, u64)) {
    use std::os::unix::fs::MetadataExt;
    let time = |seconds: i64, nanos: i64| {
        let since = Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?);
        SystemTime::UNIX_EPOCH.checked_add(since)
    };
    (time(metadata.ctime(), metadata.ctime_nsec()), (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
const fn inode(_: &Metadata) -> (Option<SystemTime>, (u64, u64)) {
    (None, (0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_young_file_is_not_trusted_nor_one_from_the_future() {
        let file = tempfile::NamedTempFile::new().expect("a file can be made");
        let stat = Stat::of(&file.as_file().metadata().expect("it is open"));
        let now = SystemTime::now();
        assert!(!stat.is_settled(now, RACY));
        assert!(stat.is_settled(now + RACY, RACY));
        assert!(!stat.is_settled(now - Duration::from_hours(1), Duration::ZERO));
    }
}
