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
    /// The stages that have begun, with the time at which they did.
    stages: Vec<(Stage, Instant)>,
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
            state: Mutex::new(State { stages: Vec::new(), drawn: None }),
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        let drawn = self.state.lock().is_ok_and(|state| state.drawn.is_some());
        if drawn {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    /// How long each stage took, from the start of the program to now, in milliseconds.
    pub fn times(&self) -> String {
        let Ok(state) = self.state.lock() else { return String::new() };
        let begun = state.stages.iter().map(|(stage, at)| (format!("{stage:?}").to_lowercase(), *at));
        let marks: Vec<_> = std::iter::once(("load".to_owned(), self.start)).chain(begun).collect();
        let ends = marks.iter().skip(1).map(|(_, at)| *at).chain([Instant::now()]);
        let times = marks.iter().zip(ends).map(|((stage, at), end)| {
            format!("{stage} {:.0} ms", end.duration_since(*at).as_secs_f64() * 1000.0)
        });
        times.collect::<Vec<_>>().join(", ")
    }

    fn draw(&self) {
        // A thread that finds another one drawing goes on with its work.
        let Ok(mut state) = self.state.try_lock() else { return };
        if state.drawn.is_some_and(|drawn| drawn.elapsed() < INTERVAL) {
            return;
        }
        state.drawn = Some(Instant::now());
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let what = match state.stages.last() {
            None | Some((Stage::Parse, _)) => "reading",
            Some((Stage::Link, _)) => "linking",
            Some((Stage::Render, _)) => "writing",
        };
        let _ = write!(std::io::stderr(), "\r\x1b[K{what} {done}/{total}");
    }
}

impl Progress for Line {
    fn begin(&self, stage: Stage, total: usize) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        if let Ok(mut state) = self.state.lock() {
            state.stages.push((stage, Instant::now()));
        }
    }

    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown && done.is_multiple_of(64) && self.start.elapsed() > PATIENCE {
            self.draw();
        }
    }
}
