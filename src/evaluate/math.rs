//! The functions that the formulas of worked examples may call, with the same bits on every machine.
//!
//! IEEE 754 settles the last bit of a square root and of rounding to whole numbers, so these are std's. It does not
//! settle exponentials and logarithms: std asks the platform's C library, whose last digits differ from system to
//! system and from release to release. Here they are those of the crate `libm`, at one exact version: Rust
//! throughout, nothing but IEEE operations in a fixed order, no instruction that only some processors have. The
//! theme's `scripts/math.js` is the same algorithms in JavaScript, bit for bit, so that a reader's browser computes
//! what the build computed: whoever changes one changes the other.
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

/// `x` to the power of `y`: 1 whenever `y` is 0 or `x` is 1, NaN for a broken power of a number below zero.
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

    /// Every line is the arguments, then the result, each as its sixteen hexadecimal digits.
    fn check(function: impl Fn(&[f64]) -> f64, table: &[&str]) {
        for line in table {
            let numbers: Vec<f64> = line
                .split_whitespace()
                .map(|bits| f64::from_bits(u64::from_str_radix(bits, 16).unwrap()))
                .collect();
            let (expected, arguments) = numbers.split_last().unwrap();
            let found = function(arguments);
            assert!(
                found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(),
                "{line}: found {:016x}",
                found.to_bits()
            );
        }
    }
}
