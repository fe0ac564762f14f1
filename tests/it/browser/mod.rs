//! Pages of a site in a real browser: what a reader sees, presses and types, and what the browser has to
//! complain of.
//!
//! [`Server`] serves a folder, [`Browser::start`] gives the browser of this process, [`Browser::page`] a page of
//! its own. Nothing here is skipped where there is no browser: see `chromium`. Knows nothing of books and themes.

mod chromium;
mod console;
mod devtools;
mod keys;
mod page;
mod process;
mod server;
mod tests;

use std::sync::OnceLock;

pub use page::Page;
pub use server::Server;

use process::Process;

/// A running browser. One serves all tests of the process; it ends when the process does.
pub struct Browser {
    process: Process,
}

impl Browser {
    /// The browser of this process, started when first asked for. Fails the test if there is none.
    #[track_caller]
    pub fn start() -> &'static Self {
        // A failure is kept too: to try again in every test would take minutes and say the same.
        static BROWSER: OnceLock<Result<Browser, String>> = OnceLock::new();
        let start = || Process::start().map(|process| Self { process }).map_err(|error| format!("{error:#}"));
        match BROWSER.get_or_init(start) {
            Ok(browser) => browser,
            Err(error) => panic!("{error}"),
        }
    }

    /// A page that shows `url` and has loaded it. It shares nothing with other pages: no cache, no storage.
    #[track_caller]
    pub fn page(&self, url: &str) -> Page {
        let mut page = self.blank();
        page.open(url);
        page
    }

    /// A page that shows nothing yet, for what must be set before the first address is opened.
    #[track_caller]
    pub fn blank(&self) -> Page {
        Page::new(self.process.address())
    }
}
