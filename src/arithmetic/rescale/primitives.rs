//! Fixed-point primitives of (R1) and (R2), under gemmlowp's names.

/// `SRDHM(a, b)`: twice the product's high word, rounded half up.
///
/// Saturates on `i32::MIN` squared.
///
/// `(a*b + nudge) / 2^31` truncated as in C, with a nudge of `2^30` for non-negative products and `1 - 2^30`
/// for negative ones: together they round half toward plus infinity.
pub fn saturating_rounding_doubling_high_mul(a: i32, b: i32) -> i32 {
    if a == i32::MIN && b == i32::MIN {
        return i32::MAX;
    }
    let product = i64::from(a) * i64::from(b);
    let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
    ((product + nudge) / (1 << 31)) as i32
}

/// `SRDHM` of a 64-bit first operand: `floor((a*b + 2^30) / 2^31)`.
///
/// Equals [`saturating_rounding_doubling_high_mul`] where that does not saturate. The result has at most one
/// bit more than `a`; `i64::MIN * i32::MIN`, the only one that does not fit 64 bits, saturates.
pub fn saturating_rounding_doubling_high_mul_wide(a: i64, b: i32) -> i64 {
    let rounded = (i128::from(a) * i128::from(b) + (1 << 30)) >> 31;
    rounded.min(i128::from(i64::MAX)) as i64
}

/// `RDBPOT(x, e)`: `x / 2^e` rounded half away from zero, for `e` in 0..=31.
pub fn rounding_divide_by_pot(x: i64, exponent: u32) -> i64 {
    debug_assert!(exponent <= 31, "gemmlowp divides by at most 2^31");
    let mask = (1i64 << exponent) - 1;
    let remainder = x & mask;
    let threshold = (mask >> 1) + i64::from(x < 0);
    (x >> exponent) + i64::from(remainder > threshold)
}

/// `(x + 2^(e-1)) >> e`: `x / 2^e` rounded half up, for `e` in 0..=63.
///
/// The sum is exact.
pub fn rounding_shift_right(x: i64, exponent: u32) -> i64 {
    debug_assert!(exponent <= 63, "a 64-bit number shifts by at most 63");
    let half = if exponent == 0 { 0 } else { 1i128 << (exponent - 1) };
    ((i128::from(x) + half) >> exponent) as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn high_multiply_rounds_half_up_and_saturates() {
        assert_eq!(saturating_rounding_doubling_high_mul(i32::MIN, i32::MIN), i32::MAX);
        assert_eq!(saturating_rounding_doubling_high_mul(1, 1 << 30), 1);
        assert_eq!(saturating_rounding_doubling_high_mul(-1, 1 << 30), 0);
        assert_eq!(saturating_rounding_doubling_high_mul(i32::MIN, i32::MAX), -i32::MAX);
        assert_eq!(saturating_rounding_doubling_high_mul_wide(i64::MIN, i32::MIN), i64::MAX);
    }

    #[test]
    fn power_of_two_divide_rounds_half_away_from_zero() {
        let halves = [(5, 3), (3, 2), (1, 1), (-1, -1), (-3, -2), (-5, -3)];
        for (x, rounded) in halves {
            assert_eq!(rounding_divide_by_pot(x, 1), rounded, "{x} / 2");
        }
        assert_eq!(rounding_divide_by_pot(i64::from(i32::MIN), 31), -1);
        assert_eq!(rounding_divide_by_pot(i64::from(i32::MAX), 31), 1);
    }

    #[test]
    fn rounding_shift_rounds_half_up() {
        let halves = [(5, 3), (3, 2), (1, 1), (-1, 0), (-3, -1), (-5, -2)];
        for (x, rounded) in halves {
            assert_eq!(rounding_shift_right(x, 1), rounded, "{x} >> 1");
        }
        assert_eq!(rounding_shift_right(i64::MAX, 63), 1);
        assert_eq!(rounding_shift_right(i64::MIN, 63), -1);
        assert_eq!(rounding_shift_right(-7, 0), -7);
    }

    proptest! {
        #[test]
        fn wide_high_multiply_equals_narrow_one(a: i32, b: i32) {
            prop_assume!(!(a == i32::MIN && b == i32::MIN));
            prop_assert_eq!(
                i64::from(saturating_rounding_doubling_high_mul(a, b)),
                saturating_rounding_doubling_high_mul_wide(i64::from(a), b)
            );
        }
    }
}
