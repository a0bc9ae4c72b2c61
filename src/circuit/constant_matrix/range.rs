//! Intervals of whole numbers, and the narrowest type that holds one.

use crate::unit::Integer;

/// All numbers from `min` to `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) min: i64,
    pub(crate) max: i64,
}

impl Range {
    /// The values of a type of at most 32 bits.
    pub(crate) fn of(integer: Integer) -> Self {
        Self { min: integer.min() as i64, max: integer.max() as i64 }
    }

    /// The values of a linear form of independent numbers in that range.
    pub(crate) fn of_form(coefficients: &[i64], input: Self) -> Self {
        let terms = coefficients.iter().map(|&coefficient| input.times(coefficient));
        terms.fold(Self { min: 0, max: 0 }, Self::plus)
    }

    fn times(self, factor: i64) -> Self {
        let (one, other) = (self.min * factor, self.max * factor);
        Self { min: one.min(other), max: one.max(other) }
    }

    pub(crate) fn shifted(self, shift: u32) -> Self {
        self.times(1 << shift)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { min: self.min + other.min, max: self.max + other.max }
    }

    pub(crate) fn negated(self) -> Self {
        self.times(-1)
    }

    /// The smallest interval that holds both.
    pub(crate) fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// The narrowest type that holds it: unsigned where no number is negative, otherwise of at least two
    /// bits.
    pub(crate) fn integer(self) -> Integer {
        let magnitude = self.max.max(!self.min).max(1) as u64;
        let signed = self.min < 0;
        Integer { bits: 64 - magnitude.leading_zeros() + u32::from(signed), signed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrowest_type_holds_range() {
        let mut seen = 0;
        for min in -70..=70 {
            for max in min..=70 {
                let integer = Range { min, max }.integer();
                assert!(integer.holds(min.into()) && integer.holds(max.into()), "{min}..={max}");
                let narrower = Integer { bits: integer.bits - 1, ..integer };
                let too_narrow = narrower.bits <= u32::from(narrower.signed)
                    || !(narrower.holds(min.into()) && narrower.holds(max.into()));
                assert!(too_narrow, "{min}..={max} fits {narrower:?}");
                seen += 1;
            }
        }
        assert_eq!(seen, 141 * 142 / 2);
    }
}
