//! The functions that the formulas of worked examples may call, with the same bits on every machine.
//!
//! IEEE 754 settles the last bit of a square root and of rounding to whole numbers, so these are std's. It does not
//! settle exponentials and logarithms: std asks the platform's C library, and the last digits differ from system to
//! system and from release to release. Here they come from the crate `libm` at one exact version: Rust throughout,
//! nothing but IEEE operations in a fixed order. (32-bit x86 without SSE2 is out: it rounds otherwise.) The theme's
//! `scripts/math.js` is the same algorithms in JavaScript, bit for bit, so that a reader's browser computes what the
//! build computed: whoever changes one, or the version of `libm`, changes the other.
//!
//! No function panics: outside its domain it gives NaN or an infinity, as IEEE 754 says. Nothing here knows of
//! expressions, units or examples.

/// *e* to the power of `x`.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm of `x`: −∞ for zero, NaN below zero.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// The logarithm of `x` to base 10: −∞ for zero, NaN below zero.
#[must_use]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// `x` to the power of `y`: 1 whenever `y` is 0 or `x` is 1, NaN for a broken power of a finite number below zero.
///
/// The last digit may be one off, here as in the other three: `pow(10.0, -5.0)` is not `1e-5`.
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// The square root of `x`, correctly rounded: NaN below zero.
#[must_use]
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// The greatest whole number that is not above `x`.
#[must_use]
pub fn floor(x: f64) -> f64 {
    x.floor()
}

/// The least whole number that is not below `x`.
#[must_use]
pub fn ceil(x: f64) -> f64 {
    x.ceil()
}

/// The whole number nearest to `x`; halves go away from zero. JavaScript's `Math.round` takes them upward.
#[must_use]
pub fn round(x: f64) -> f64 {
    x.round()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line has the arguments, then the result in the shortest decimals that mean these bits alone.
    fn check(function: impl Fn(&[f64]) -> f64, lines: &[&str]) {
        for line in lines {
            let numbers: Vec<f64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
            let (expected, arguments) = numbers.split_last().unwrap();
            let found = function(arguments);
            let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
            assert!(same, "{line}: found {found:?}");
        }
    }

    // In each table of libm's results the first two lines are some that glibc rounds otherwise.

    #[test]
    fn exponentials_are_libms() {
        check(
            |x| exp(x[0]),
            &[
                "0.27 1.3099644507332475",
                "0.28 1.323129812337437",
                "-0 1",
                "1 2.7182818284590455",
                "1e-9 1.000000001",
                "709.782712893384 1.7976931348622732e308",
                "709.7827128933841 inf",
                "-708.5 2.006132305331306e-308",
                "-745.1332191019411 5e-324",
                "-745.1332191019412 0",
                "-inf 0",
                "nan nan",
            ],
        );
    }

    #[test]
    fn logarithms_are_libms() {
        check(
            |x| ln(x[0]),
            &[
                "1.4 0.33647223662121284",
                "1.6 0.4700036292457356",
                "1 0",
                "1.0000000000000002 2.2204460492503128e-16",
                "5e-324 -744.4400719213812",
                "1.7976931348623157e308 709.782712893384",
                "inf inf",
                "-0 -inf",
                "-1 nan",
            ],
        );
        check(
            |x| log10(x[0]),
            &[
                "0.6 -0.2218487496163564",
                "1.1 0.04139268515822508",
                "1 0",
                "1000000 6",
                "5e-324 -323.3062153431158",
                "inf inf",
                "0 -inf",
                "-1 nan",
            ],
        );
    }

    #[test]
    fn powers_are_libms() {
        check(
            |x| pow(x[0], x[1]),
            &[
                "1.02 12 1.2682417945625457",
                "1.03 12 1.4257608868461795",
                "1.0025 480 3.315148752969847",
                "10 22 1e22",
                "10 -5 9.999999999999999e-6",
                "2 0.5 1.4142135623730951",
                "0.999999999 3e9 0.04978707251740688",
                "5e-324 0.3 1.018908996936868e-97",
                "2 -1074 5e-324",
                "2 1024 inf",
                "-2 3 -8",
                "-8 0.3333333333333333 nan",
                "-0 -3 -inf",
                "-1 inf 1",
                "1 nan 1",
                "nan 0 1",
            ],
        );
    }

    #[test]
    fn rounding_is_exact_and_halves_go_away_from_zero() {
        check(
            |x| round(x[0]),
            &[
                "0.49999999999999994 0",
                "0.5 1",
                "-0.5 -1",
                "-0.4 -0",
                "2.5 3",
                "-2.5 -3",
                "2251799813685248.5 2251799813685249",
                "4503599627370495.5 4503599627370496",
                "4503599627370497 4503599627370497",
                "-0 -0",
                "inf inf",
            ],
        );
        check(|x| floor(x[0]), &["-0.5 -1", "0.9999999999999999 0", "4503599627370495.5 4503599627370495"]);
        check(|x| ceil(x[0]), &["-0.5 -0", "5e-324 1", "4503599627370495.5 4503599627370496"]);
        check(|x| sqrt(x[0]), &["2 1.4142135623730951", "5e-324 2.2227587494850775e-162", "-0 -0", "-1 nan"]);
    }
}
