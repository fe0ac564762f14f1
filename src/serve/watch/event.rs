//! The system's events, sorted: which of them say that something may be different, and where.

use std::path::PathBuf;

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{ErrorKind, Event, EventKind};

/// What an event means for a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// Nothing: somebody read something.
    Nothing,
    /// These may be different.
    Paths {
        /// Where.
        paths: Vec<PathBuf>,
        /// Whether something came or went, maybe a folder.
        is_structural: bool,
    },
    /// Events were lost.
    Everything,
    /// No more folders can be watched, for this reason.
    Limit(String),
}

impl Report {
    /// What `event` means. Opening and reading are events too; whoever took those for changes would read, and be told
    /// of that, for ever.
    pub(super) fn of(event: notify::Result<Event>) -> Self {
        let event = match event {
            Ok(event) if event.need_rescan() => return Self::Everything,
            Ok(event) => event,
            Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => {
                return Self::Limit(reason(&error));
            }
            Err(_) => return Self::Everything,
        };
        let is_structural = match event.kind {
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => true,
            // Some systems do not say what came to pass, only that.
            EventKind::Modify(_) | EventKind::Any => false,
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
            EventKind::Access(_) | EventKind::Other => return Self::Nothing,
        };
        Self::Paths { paths: event.paths, is_structural }
    }
}

/// An error of the watcher in an author's words.
pub(super) fn reason(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => "the system watches no more folders for you; \
            on Linux, fs.inotify.max_user_watches says how many it does"
            .to_owned(),
        // The number of EMFILE: here it is not about files.
        ErrorKind::Io(error) if cfg!(target_os = "linux") && error.raw_os_error() == Some(24) => {
            "too many programs watch folders; fs.inotify.max_user_instances says how many may".to_owned()
        }
        ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, DataChange, Flag, MetadataKind, RemoveKind, RenameMode};

    #[test]
    fn reading_is_no_change_and_everything_else_is() {
        let report = |kind| Report::of(Ok(Event::new(kind).add_path("a".into())));
        let paths = |is_structural| Report::Paths { paths: vec!["a".into()], is_structural };
        let access = |kind| report(EventKind::Access(kind));
        assert_eq!(access(AccessKind::Open(AccessMode::Any)), Report::Nothing);
        assert_eq!(access(AccessKind::Read), Report::Nothing);
        assert_eq!(access(AccessKind::Close(AccessMode::Read)), Report::Nothing);
        assert_eq!(access(AccessKind::Close(AccessMode::Write)), paths(false));
        assert_eq!(report(EventKind::Modify(ModifyKind::Data(DataChange::Any))), paths(false));
        assert_eq!(report(EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any))), paths(false));
        assert_eq!(report(EventKind::Modify(ModifyKind::Name(RenameMode::Both))), paths(true));
        assert_eq!(report(EventKind::Create(CreateKind::Folder)), paths(true));
        assert_eq!(report(EventKind::Remove(RemoveKind::File)), paths(true));
        assert_eq!(report(EventKind::Other), Report::Nothing);
    }

    #[test]
    fn lost_events_are_a_change_anywhere() {
        let overflow = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(Report::of(Ok(overflow)), Report::Everything);
        assert_eq!(Report::of(Err(notify::Error::generic("?"))), Report::Everything);
        let limit = notify::Error::new(ErrorKind::MaxFilesWatch);
        assert!(
            matches!(Report::of(Err(limit)), Report::Limit(reason) if reason.contains("max_user_watches"))
        );
    }
}
