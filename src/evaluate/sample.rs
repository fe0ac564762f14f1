//! Where invariants are tried: corners and edges of the inputs' domains, and points spread between.
//!
//! The points in between are a Kronecker sequence, multiples of the square roots of primes modulo one: the
//! same on every machine, and no region of the range is left out (Niederreiter 1992, ch. 3.1).

use super::math;

/// The range of one input, in base units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Domain {
    /// Its value where it is not moved.
    pub value: f64,
    /// Its least value.
    pub min: f64,
    /// Its greatest value.
    pub max: f64,
    /// Its values are this far apart, counted from the least, where given.
    pub step: Option<f64>,
    /// Whether points are spread by ratio and not by difference.
    pub is_log: bool,
}

impl Domain {
    /// The value at a part of the way from the least (0) to the greatest (1).
    #[must_use]
    pub fn at(&self, part: f64) -> f64 {
        let value = if self.is_log {
            let ln = math::ln(self.min);
            math::exp(ln + part * (math::ln(self.max) - ln))
        } else {
            self.min + part * (self.max - self.min)
        };
        self.snapped(value)
    }

    /// The nearest value that is a whole number of steps from the least, perhaps beyond the ends.
    #[must_use]
    pub fn stepped(&self, value: f64) -> f64 {
        match self.step {
            Some(step) => self.min + math::round((value - self.min) / step) * step,
            None => value,
        }
    }

    /// The nearest value that the input can have.
    #[must_use]
    pub fn snapped(&self, value: f64) -> f64 {
        let value = self.stepped(value);
        if value < self.min {
            self.min
        } else if value > self.max {
            self.max
        } else {
            value
        }
    }
}

/// How many points are spread between the corners.
pub const SPREAD: usize = 1_000;
/// Of more than this many inputs, not all corners are tried.
const MAX_CORNERS: usize = 10;

const PRIMES: [f64; 24] = [
    2., 3., 5., 7., 11., 13., 17., 19., 23., 29., 31., 37., 41., 43., 47., 53., 59., 61., 67., 71., 73., 79.,
    83., 89.,
];

/// The values where nothing is moved, corners and edges: each input at an end while the others stay, and all
/// of the first ten at their ends.
pub fn ends(domains: &[Domain]) -> Vec<Vec<f64>> {
    let usual: Vec<f64> = domains.iter().map(|range| range.value).collect();
    let mut points = vec![usual.clone()];
    for (at, range) in domains.iter().enumerate() {
        for end in [range.min, range.max] {
            let mut point = usual.clone();
            point[at] = end;
            points.push(point);
        }
    }
    let moved = domains.len().min(MAX_CORNERS);
    for corner in 0..1usize << moved {
        let mut point = usual.clone();
        for (at, range) in domains.iter().enumerate().take(moved) {
            point[at] = if corner >> at & 1 == 1 { range.max } else { range.min };
        }
        points.push(point);
    }
    points
}

/// The `n`th point of the spread.
#[must_use]
pub fn spread(domains: &[Domain], n: usize) -> Vec<f64> {
    let part = |at: usize| {
        let multiple = n as f64 * math::sqrt(PRIMES[at % PRIMES.len()]);
        multiple - math::floor(multiple)
    };
    domains.iter().enumerate().map(|(at, range)| range.at(part(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINEAR: Domain = Domain { value: 2.0, min: 0.0, max: 10.0, step: Some(1.0), is_log: false };
    const LOG: Domain = Domain { value: 100.0, min: 1.0, max: 1e4, step: None, is_log: true };

    #[test]
    fn ends_hold_every_corner_and_edge() {
        let points = ends(&[LINEAR, LOG]);
        for point in [[2.0, 100.0], [0.0, 100.0], [2.0, 1e4], [0.0, 1.0], [10.0, 1e4]] {
            assert!(points.contains(&point.to_vec()), "{point:?} in {points:?}");
        }
        assert_eq!(ends(&[LINEAR; 24]).len(), 1 + 48 + 1024);
    }

    #[test]
    fn the_spread_stays_inside_and_fills_the_range() {
        let points: Vec<_> = (1..=SPREAD).map(|n| spread(&[LINEAR, LOG], n)).collect();
        assert!(points.iter().all(|point| (0.0..=10.0).contains(&point[0]) && point[0].fract() == 0.0));
        assert!(points.iter().all(|point| (1.0..=1e4).contains(&point[1])));
        for decade in [1.0, 10.0, 100.0, 1000.0] {
            let inside = points.iter().filter(|point| (decade..decade * 10.0).contains(&point[1])).count();
            assert!((200..300).contains(&inside), "{inside} of 1,000 points in a quarter of the range");
        }
    }
}
