//! How many connections the system has room for: each is an open file, and so is all that is read of the book.

/// How many files the program asks to be allowed to have open: what all connections and as many files of the book take.
#[cfg(target_os = "linux")]
const WANTED: u64 = 2 * 4096;

/// How many connections may be open at most, so that as many files are left for everything else. Asks the system for
/// more room first.
#[cfg(target_os = "linux")]
pub fn room() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(WANTED, |most| most.min(WANTED));
    if limit.current.is_some_and(|current| current < wanted) {
        // If it is not granted, there is the room that there was.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit });
    }
    let current = getrlimit(Resource::Nofile).current.unwrap_or(WANTED);
    usize::try_from(current / 2).unwrap_or(usize::MAX).max(1)
}

/// How many connections may be open at most: half of the files that macOS lets a program open at first.
#[cfg(not(target_os = "linux"))]
pub const fn room() -> usize {
    128
}
