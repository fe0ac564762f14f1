//! When to tell: not while files are still being written, and not too late.
//!
//! Knows no files and no clock; it is told what time it is.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Change;

/// A change is told when nothing came for this long,
const QUIET: Duration = Duration::from_millis(20);
/// but no later than this after it began.
const LATEST: Duration = Duration::from_millis(200);
/// After a change was told, a look at everything waits for this long: somebody is at work with what was told,
const PAUSE: Duration = Duration::from_millis(200);
/// More places than this are everywhere.
const MANY: usize = 10_000;

/// Changes that are not told yet.
#[derive(Debug)]
pub(super) struct Settle {
    /// How often all is to be looked at.
    pub every: Duration,
    /// The places.
    paths: BTreeSet<PathBuf>,
    /// Whether they are not all of them.
    is_lossy: bool,
    /// When the first and the last of them came.
    pending: Option<(Instant, Instant)>,
    /// When a change was told last.
    told: Instant,
    /// When everything was told last.
    looked: Instant,
}

impl Settle {
    /// Nothing is pending `now`; everything is to be looked at `every` so often.
    pub(super) const fn new(every: Duration, now: Instant) -> Self {
        Self { every, paths: BTreeSet::new(), is_lossy: false, pending: None, told: now, looked: now }
    }

    /// Takes places where something came to pass `now`.
    pub(super) fn take(&mut self, paths: impl IntoIterator<Item = PathBuf>, now: Instant) {
        for path in paths {
            self.paths.insert(path);
            let (first, _) = self.pending.unwrap_or((now, now));
            self.pending = Some((first, now));
        }
        if self.paths.len() > MANY {
            self.lose(now);
        }
    }

    /// Forgets the places: events were lost, or there are too many.
    pub(super) fn lose(&mut self, now: Instant) {
        self.paths.clear();
        self.is_lossy = true;
        let (first, _) = self.pending.unwrap_or((now, now));
        self.pending = Some((first, now));
    }

    /// When there will be something to tell, if nothing comes in between.
    pub(super) fn due(&self) -> Instant {
        let settled = self.pending.map(|(first, last)| (last + QUIET).min(first + LATEST));
        settled.map_or(self.look_due(), |settled| settled.min(self.look_due()))
    }

    fn look_due(&self) -> Instant {
        let regular = self.looked + self.every;
        // Constant changes put it off, but not for ever.
        (self.told + PAUSE).clamp(regular, regular + PAUSE)
    }

    /// What is to be told `now`.
    pub(super) fn ready(&mut self, now: Instant) -> Option<Change> {
        if now < self.due() {
            return None;
        }
        if self.is_lossy || now >= self.look_due() {
            self.looked = now;
            // What came but did not settle is looked at now, and once more when it has settled.
            if self.pending.is_some_and(|(first, last)| now >= (last + QUIET).min(first + LATEST)) {
                self.clear();
            }
            return Some(Change::Everything);
        }
        self.told = now;
        let paths = std::mem::take(&mut self.paths);
        self.clear();
        Some(Change::Paths(paths))
    }

    fn clear(&mut self) {
        self.paths.clear();
        self.is_lossy = false;
        self.pending = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEALS: Duration = Duration::from_millis(800);

    /// What is told of files that are written at these times, in milliseconds, until a time.
    fn told(written: impl IntoIterator<Item = u64>, until: u64) -> Vec<(u64, Option<usize>)> {
        let start = Instant::now();
        let mut settle = Settle::new(HEALS, start);
        let mut written = written.into_iter().enumerate().peekable();
        let mut told = Vec::new();
        for milli in 0..=until {
            let now = start + Duration::from_millis(milli);
            while let Some((number, _)) = written.next_if(|(_, at)| *at == milli) {
                settle.take([PathBuf::from(number.to_string())], now);
            }
            match settle.ready(now) {
                Some(Change::Paths(paths)) => told.push((milli, Some(paths.len()))),
                Some(Change::Everything) => told.push((milli, None)),
                None => {}
            }
        }
        told
    }

    #[test]
    fn a_change_is_told_when_it_is_quiet() {
        assert_eq!(told([5], 100), [(25, Some(1))]);
        assert_eq!(told([5, 20, 35], 100), [(55, Some(3))]);
        assert_eq!(told([5, 50], 100), [(25, Some(1)), (70, Some(1))]);
    }

    #[test]
    fn a_long_burst_is_told_in_parts() {
        assert_eq!(told(0..300, 400), [(200, Some(201)), (319, Some(99))]);
        assert_eq!(told([7; 1_000], 100), [(27, Some(1_000))]);
        assert_eq!(told([7; MANY + 1], 100), [(27, None)]);
    }

    #[test]
    fn everything_is_told_now_and_then_but_not_while_somebody_is_at_work() {
        assert_eq!(told([], 1_700), [(800, None), (1_600, None)]);
        assert_eq!(told([730], 1_800), [(750, Some(1)), (950, None), (1_750, None)]);
        let often = told((0..100).map(|n| n * 50), 2_100);
        let looks: Vec<u64> = often.iter().filter(|(_, paths)| paths.is_none()).map(|(at, _)| *at).collect();
        assert_eq!(looks, [1_000, 2_000]);
    }

    #[test]
    fn what_has_not_settled_when_everything_is_told_is_told_again() {
        assert_eq!(told([790], 900), [(800, None), (810, Some(1))]);
    }
}
