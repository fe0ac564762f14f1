//! A line that says how far a long build has come, on a terminal and nowhere else.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bilayer::pipeline::{Progress, Stage};

/// A build that is over sooner says nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// The line is drawn anew at most this often.
const INTERVAL: Duration = Duration::from_millis(80);

/// The progress line.
pub struct Line {
    shown: bool,
    start: Instant,
    total: AtomicUsize,
    done: AtomicUsize,
    state: Mutex<State>,
}

struct State {
    stage: Stage,
    drawn: Option<Instant>,
}

impl Line {
    /// A line on standard error; a silent one when that is no terminal, or `quiet` is asked for.
    pub fn new(quiet: bool) -> Self {
        Self {
            shown: !quiet && std::io::stderr().is_terminal(),
            start: Instant::now(),
            total: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            state: Mutex::new(State { stage: Stage::Parse, drawn: None }),
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        let drawn = self.state.lock().is_ok_and(|state| state.drawn.is_some());
        if drawn {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    fn draw(&self) {
        // A thread that finds another one drawing goes on with its work.
        let Ok(mut state) = self.state.try_lock() else { return };
        if state.drawn.is_some_and(|drawn| drawn.elapsed() < INTERVAL) {
            return;
        }
        state.drawn = Some(Instant::now());
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let what = match state.stage {
            Stage::Parse => "reading",
            Stage::Link => "linking",
            Stage::Render => "writing",
        };
        let _ = write!(std::io::stderr(), "\r\x1b[K{what} {done}/{total}");
    }
}

impl Progress for Line {
    fn begin(&self, stage: Stage, total: usize) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        if let Ok(mut state) = self.state.lock() {
            state.stage = stage;
        }
    }

    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown && done.is_multiple_of(64) && self.start.elapsed() > PATIENCE {
            self.draw();
        }
    }
}
