//! Model of the H100 tensor core sum (P5), which reproduces every recorded result.

use super::code::SmallFloat;
use super::product::{ExactProduct, Magnitude};

/// Number of products of the recorded instruction.
pub(crate) const TERMS: usize = 32;

/// Fraction bits below the largest exponent, and below the leading bit of the sum.
const FRACTION_BITS: u32 = 13;

/// Sums finite products as an H100 does.
///
/// Aligns the products to the largest exponent, truncates each toward zero at 13 fraction bits below it, adds
/// exactly and truncates the sum to 13 fraction bits. A product's exponent is the sum of its operands'
/// exponents, before normalization: 1.5 * 1.5 has exponent 0 and significand 2.25. Zero products do not
/// affect the alignment and a zero sum is positive; the recordings decide neither.
pub(crate) fn sum(format: SmallFloat, products: &[ExactProduct]) -> f32 {
    let terms = products.iter().filter_map(|product| match product.magnitude {
        Magnitude::Finite { significand, exponent } if significand != 0 => {
            Some((product.negative, significand, exponent))
        }
        _ => None,
    });
    let Some(largest) = terms.clone().map(|(_, _, exponent)| exponent).max() else {
        return 0.0;
    };
    let sum: i64 = terms
        .map(|(negative, significand, exponent)| {
            let kept = align(significand, 2 * format.fraction_bits(), (largest - exponent) as u32);
            if negative { -kept } else { kept }
        })
        .sum();
    let truncated = truncate(sum.unsigned_abs()) as f32 * 2f32.powi(largest - FRACTION_BITS as i32);
    if sum < 0 { -truncated } else { truncated }
}

/// Shifts a significand right by `distance`, truncated at 13 fraction bits.
///
/// It has `point` fraction bits before.
fn align(significand: u32, point: u32, distance: u32) -> i64 {
    (i64::from(significand) << (FRACTION_BITS - point)) >> distance.min(63)
}

/// Keeps the leading one of `sum` and the 13 bits that follow it.
fn truncate(sum: u64) -> u64 {
    let dropped = (u64::BITS - sum.leading_zeros()).saturating_sub(FRACTION_BITS + 1);
    sum >> dropped << dropped
}

#[cfg(test)]
mod tests {
    use crate::arithmetic::small_float::code::SmallFloat;
    use crate::arithmetic::small_float::dot;
    use crate::arithmetic::small_float::dot::{Accumulation, DotProductError};

    /// Sum of 1.0 * 1.0, the products of `pairs` and zeros.
    fn beside_one(pairs: &[(u8, u8)]) -> f32 {
        let (mut a, mut b) = ([0u8; 32], [0u8; 32]);
        (a[0], b[0]) = (0x38, 0x38);
        for (i, &(x, y)) in pairs.iter().enumerate() {
            (a[i + 1], b[i + 1]) = (x, y);
        }
        dot(SmallFloat::E4M3, &a, &b, Accumulation::H100).unwrap()
    }

    #[test]
    fn truncates_each_product_at_13_fraction_bits() {
        let (tiny, half) = (0x01, 0x30); // 2^-9 and 2^-1
        let sixteenth = 0x18; // 2^-4
        assert_eq!(beside_one(&[(tiny, sixteenth)]), 1.0 + 2f32.powi(-13));
        // 2^-14 sixteen times is 2^-10 in real arithmetic.
        let thirty_second = 0x04; // 2^-7 * 4/8... a subnormal, 2^-7
        assert_eq!(SmallFloat::E4M3.decode(thirty_second), 2f32.powi(-7));
        assert_eq!(beside_one(&[(tiny, thirty_second); 16]), 1.0);
        assert_eq!(beside_one(&[(tiny, half)]), 1.0 + 2f32.powi(-10));
    }

    #[test]
    fn truncates_toward_zero_for_both_signs() {
        let minus = |code: u8| code | 0x80;
        // -(2^-9 * 2^-7 * 1.5) is cut to zero, not to -2^-13.
        assert_eq!(beside_one(&[(minus(0x01), 0x06)]), 1.0);
        assert_eq!(beside_one(&[(minus(0x38), 0x38)]).to_bits(), 0);
    }

    #[test]
    fn truncates_sum_to_13_fraction_bits() {
        // 32 * 1.875^2 = 112.5 exactly; 31 of these products and 2^-13 would need 19 bits.
        let mut a = [0x3f; 32];
        let mut b = [0x3f; 32];
        assert_eq!(dot(SmallFloat::E4M3, &a, &b, Accumulation::H100), Ok(112.5));
        (a[31], b[31]) = (0x01, 0x18);
        assert_eq!(dot(SmallFloat::E4M3, &a, &b, Accumulation::H100), Ok(108.984375));
        assert_eq!(dot(SmallFloat::E4M3, &a, &b, Accumulation::Exact), Ok(108.984375 + 2f32.powi(-13)));
    }

    #[test]
    fn rejects_other_lengths() {
        for terms in [4, 31, 33, 64] {
            let codes = vec![0; terms];
            let refused = dot(SmallFloat::E5M2, &codes, &codes, Accumulation::H100);
            assert_eq!(refused, Err(DotProductError::H100Terms(terms)));
        }
    }
}
