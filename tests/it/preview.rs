//! The preview from the author's side: the real command over a real folder, watched from outside.
//!
//! Files are saved as editors save them, pages are open in a browser as the author has them open, and what is asked
//! of the server goes over sockets. Nothing here waits for a fixed time but where nothing is to happen.

mod book;
mod client;
mod command;
mod tab;

mod clicks;
mod hostile;
mod kills;
mod law;
mod mistakes;
mod pages;
mod saving;
mod theme;
mod unseen;
mod ways;

use std::time::{Duration, Instant};

/// How long a condition may take to become true.
const PATIENCE: Duration = Duration::from_secs(60);

/// What `found` gives first; fails, saying for what it waited and why in vain, when it never gives anything.
#[track_caller]
fn wait<T>(what: &str, mut found: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match found() {
            Ok(value) => return value,
            Err(why) => assert!(start.elapsed() < PATIENCE, "waited in vain for {what}: {why}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
