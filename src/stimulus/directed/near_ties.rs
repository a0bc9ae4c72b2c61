//! Products of two binary32 significands near a tie between two codes.
//!
//! A quantizer rounds twice: the product to 24 bits, those to an integer. Every bit of the product counts only
//! where the first rounding decides the second, which random operands practically never hit.

use std::sync::LazyLock;

/// Two significands of 24 bits and the upper 9 bits of their product.
///
/// The other 15 bits of the rounded product are 0, before or after the rounding.
pub(crate) struct NearTie {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) code: u32,
}

/// Bits of a 48-bit product below the 9 of a code and its half.
pub(super) const BELOW_CODE: u32 = 39;

/// Maximum number of pairs of each kind.
const KEPT: usize = 32;

/// Ties, and pairs that miss a tie by a single bit of the product.
pub(crate) static NEAR_TIES: LazyLock<Vec<NearTie>> = LazyLock::new(|| {
    let mut found = Vec::new();
    let half = 1u64 << 23;
    for below in [false, true] {
        let tie = if below { half.wrapping_neg() } else { half };
        found.extend(products(tie).take(KEPT));
        for index in 0..16 {
            found.extend(products(tie.wrapping_add(1 << index)).take(KEPT));
            found.extend(products(tie.wrapping_sub(1 << index)).take(KEPT));
        }
    }
    found
});

/// Pairs whose product is `end` modulo 2^39.
fn products(end: u64) -> impl Iterator<Item = NearTie> {
    let zeros = end.trailing_zeros();
    // The left operand takes half of the zeros, the right one the others.
    let [left_zeros, right_zeros] = [zeros / 2, zeros - zeros / 2];
    let (modulus, odd) = (BELOW_CODE - zeros, end >> zeros);
    let lefts = (1u64 << (23 - left_zeros)..1 << (24 - left_zeros)).rev().filter(|left| left & 1 == 1);
    lefts.filter_map(move |left| {
        let right = (inverse(left).wrapping_mul(odd) & ((1 << modulus) - 1)) << right_zeros;
        let left = left << left_zeros;
        let product = left.checked_mul(right)?;
        let code = (product.wrapping_add(1 << 38) >> BELOW_CODE) as u32;
        let is_pair = right >> 23 == 1 && product >> 47 == 1 && code < 512;
        is_pair.then_some(NearTie { left: left as u32, right: right as u32, code })
    })
}

/// A significand without its hidden bit, one with it, and the exponent field of the latter.
///
/// As operands of a quantizer, a subnormal and a large number, they are near a tie between codes up to 4.
pub(crate) struct SubnormalTie {
    pub(crate) subnormal: u32,
    pub(crate) normal: u32,
    pub(crate) exponent: u32,
}

/// Maximum distance of such a product from the boundary, in units of its last bit.
const NEAR: u64 = 64;

/// Products with a subnormal operand, close to the boundary of the numbers that are rounded to a tie.
///
/// The leading one of these products is at bit 44, 45 or 46.
pub(crate) static SUBNORMAL_TIES: LazyLock<Vec<SubnormalTie>> = LazyLock::new(|| {
    let mut found = Vec::new();
    // The code in halves, and the bit of the product that weighs a half; the exponent would not fit below 44.
    for (halves, position) in [(1u64, 44), (1, 45), (1, 46), (3, 44), (3, 45), (5, 44), (7, 44)] {
        let leading = halves.ilog2() + position;
        let missed = 1i64 << (leading - 24);
        for missed in [missed, -missed] {
            let boundary = (halves << position).wrapping_add_signed(missed);
            let pairs = (1u64 << 23..1 << 24).rev().filter_map(move |normal| {
                let subnormal = (boundary + normal / 2) / normal;
                let is_near = (subnormal * normal).abs_diff(boundary) <= NEAR;
                (is_near && subnormal >> 23 == 0).then_some((subnormal as u32, normal as u32))
            });
            found.extend(pairs.take(KEPT / 2).map(|(subnormal, normal)| SubnormalTie {
                subnormal,
                normal,
                exponent: 298 - position,
            }));
        }
    }
    found
});

/// Inverse of an odd number modulo 2^64.
pub(crate) fn inverse(odd: u64) -> u64 {
    // Newton iteration: the first guess has five correct bits, and every step doubles them.
    (0..4).fold(odd.wrapping_mul(3) ^ 2, |guess, _| {
        guess.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(guess)))
    })
}

/// Two significands of 24 bits whose product has an isolated MSB.
///
/// It exercises the leading-zero counter.
pub(crate) static ISOLATED_MSB: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
    let least = 1u64 << 47;
    // Every 97th, so that they are spread over the octave.
    let lefts = ((1 << 23) + 1..1u64 << 24).step_by(97);
    let pairs = lefts.map(|left| (left, least.div_ceil(left)));
    let isolated = pairs.filter(|(left, right)| (left * right - least) >> 15 == 0);
    isolated.take(KEPT).map(|(left, right)| (left as u32, right as u32)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isolated_msb_products_have_one_leading_bit() {
        assert_eq!(ISOLATED_MSB.len(), KEPT);
        for &(left, right) in ISOLATED_MSB.iter() {
            assert_eq!((u64::from(left) * u64::from(right)) >> 15, 1 << 32, "{left} * {right}");
        }
    }

    #[test]
    fn products_with_a_subnormal_are_on_both_sides_of_boundaries() {
        let mut kinds = std::collections::BTreeSet::new();
        for tie in SUBNORMAL_TIES.iter() {
            assert!(tie.subnormal >> 23 == 0 && tie.normal >> 23 == 1 && tie.exponent < 255);
            let product = u64::from(tie.subnormal) * u64::from(tie.normal);
            let position = 298 - tie.exponent;
            let halves = (product + (1 << (position - 1))) >> position;
            let missed = product as i64 - (halves << position) as i64;
            let limit = 1i64 << ((halves << position).ilog2() - 24);
            let beyond = missed.abs() - limit;
            assert!(halves % 2 == 1 && beyond.unsigned_abs() <= NEAR, "{halves} halves, {missed}");
            kinds.insert((halves, position, missed > 0, beyond > 0));
        }
        assert_eq!(kinds.len(), 7 * 4);
    }

    #[test]
    fn every_pair_is_near_a_tie() {
        let mut kinds = std::collections::BTreeSet::new();
        for &NearTie { left, right, code } in NEAR_TIES.iter() {
            assert!(left >> 23 == 1 && right >> 23 == 1 && (256..512).contains(&code));
            let product = i128::from(left) * i128::from(right);
            let missed = product - (i128::from(code) << BELOW_CODE);
            assert!(missed.abs() <= (1 << 23) + (1 << 15), "{left} * {right}");
            kinds.insert(missed);
        }
        // Both sides: the tie, and one bit above or below it at 16 indices.
        assert!(kinds.len() > 2 * 30, "{}", kinds.len());
    }
}
