//! What values measure, as powers of base dimensions. Knows no unit.

use std::collections::BTreeMap;

/// One of the things that can be measured: time, data, gas, one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Base(pub(super) u16);

/// What a value measures, as powers of base dimensions. Empty for a plain number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dimension(pub(super) Vec<(Base, i32)>);

/// Powers are kept in twelfths: roots up to the fourth, and of roots, stay exact.
pub(super) const TWELFTHS: i32 = 12;
/// Powers beyond this one are a slip, and refused before they overflow.
const MAX_POWER: f64 = 100.0;

impl Dimension {
    /// Whether this is a plain number.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.is_empty()
    }

    /// The dimension of a product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        self.combine(other, 1)
    }

    /// The dimension of a quotient.
    #[must_use]
    pub fn per(&self, other: &Self) -> Self {
        self.combine(other, -1)
    }

    /// The dimension of a power; none where it is no whole number of twelfths or too large.
    #[must_use]
    pub fn power(&self, exponent: f64) -> Option<Self> {
        let raised = |&(base, power): &(Base, i32)| {
            let power = f64::from(power) * exponent;
            let is_exact = power.fract() == 0.0 && power.abs() <= MAX_POWER * f64::from(TWELFTHS);
            is_exact.then_some((base, power as i32))
        };
        let powers: Option<Vec<_>> = self.0.iter().map(raised).collect();
        Some(Self(powers?.into_iter().filter(|&(_, power)| power != 0).collect()))
    }

    fn combine(&self, other: &Self, sign: i32) -> Self {
        let mut powers: BTreeMap<Base, i32> = self.0.iter().copied().collect();
        for &(base, power) in &other.0 {
            *powers.entry(base).or_default() += sign * power;
        }
        Self(powers.into_iter().filter(|&(_, power)| power != 0).collect())
    }
}
