//! Problems of what is not a file of the book: links that lead nowhere, out of it or in a circle, folders that cannot
//! be listed, names that cannot be written.

use std::ffi::OsStr;
use std::io;

use super::read;
use crate::diagnostic::{Code, Diagnostic};

/// A problem that has no place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    code: Code,
    message: String,
    help: &'static str,
}

impl Trouble {
    /// The link at `path` leads to the folder `ancestor`, which it is in.
    pub(super) fn circle(path: &str, ancestor: &str) -> Self {
        let message = format!("the link {path} leads back to {ancestor}");
        Self { code: Code::PathOutside, message, help: "remove the link: a folder cannot contain itself" }
    }

    /// The link at `path` leads to a folder that is not in the book.
    pub(super) fn outside(path: &str) -> Self {
        let message = format!("the link {path} leads out of the book");
        Self { code: Code::PathOutside, message, help: "copy the folder into the book instead" }
    }

    /// What is at `path` cannot be looked at, or be listed.
    pub(super) fn unreadable(path: &str, error: &io::Error) -> Self {
        let message = format!("cannot read {path}: {}", read::reason(error));
        let help = if read::is_missing(error) {
            "remove the link, or put the file there"
        } else {
            "check its permissions"
        };
        Self { code: Code::FileUnreadable, message, help }
    }

    /// Something in `folder` has a name that is not UTF-8.
    pub(super) fn name(folder: &str, name: &OsStr) -> Self {
        let message = format!("the name {name:?} in {folder} is not UTF-8");
        Self { code: Code::FileNotUtf8, message, help: "rename it" }
    }

    /// As it is reported.
    pub(super) fn diagnostic(&self) -> Diagnostic {
        Diagnostic::nowhere(self.code, &self.message).help(self.help)
    }
}
