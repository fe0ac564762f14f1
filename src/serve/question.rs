//! What a browser may ask of the book, and what the book may answer.
//!
//! These are the only values that pass between the two sides of the preview: `http` puts the questions
//! and knows nothing of books, the thread that owns the book answers them and knows nothing of requests.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

/// Something a browser wants to know.
#[derive(Debug)]
pub enum Question {
    /// A file of the site.
    Get {
        /// Decoded and relative to the site's root: `""`, `en/rollups/` or `bilayer.0123.css`. It never
        /// begins with `/`, never has an empty, `.` or `..` part, a backslash, a control character or a NUL.
        path: String,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// What an open page should know now.
    State {
        /// The path of the page, as in [`Question::Get`].
        path: String,
        /// Where the JSON of one event goes.
        reply: oneshot::Sender<Arc<str>>,
    },
    /// Open the author's editor.
    Edit {
        /// The JSON that the page posted, not yet looked into.
        request: String,
        /// Where the JSON for the page goes.
        reply: oneshot::Sender<String>,
    },
}

/// What the book says to [`Question::Get`].
#[derive(Debug)]
pub enum Answer {
    /// A finished file.
    Bytes {
        /// Its path in the site (`en/rollups/index.html`): the ending gives the content type.
        file: String,
        /// What it holds.
        body: Vec<u8>,
        /// Tells its bytes from all others.
        key: String,
    },
    /// A file that is sent from disk as it is.
    Disk(PathBuf),
    /// The site has it at another path: `en/rollups` is at `en/rollups/`.
    Moved(String),
    /// Nothing is there: status 404 with these bytes of HTML.
    Missing(Vec<u8>),
    /// The book has a mistake that leaves nothing to show: status 503 with these bytes of HTML.
    Broken(Vec<u8>),
}
