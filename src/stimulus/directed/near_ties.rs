//! Products of two binary32 significands that end beside the middle between two codes.
//!
//! A quantizer rounds twice: the product to 24 bits, those to an integer. Only where the first rounding
//! decides the second does every bit of the product count, and chance never goes there.

use std::sync::LazyLock;

/// Two significands of 24 bits, and the first 9 bits of the product, the rest of whose 24 are 0 before or
/// after the rounding.
pub(crate) struct NearTie {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) code: u32,
}

/// Bits of a product of 48, behind the 9 of a code and its half.
const BEHIND: u32 = 39;

/// How many of each kind are kept, of some dozens.
const KEPT: usize = 32;

/// The ties, and those that miss one by a single bit of the product.
pub(crate) static NEAR_TIES: LazyLock<Vec<NearTie>> = LazyLock::new(|| {
    let mut found = Vec::new();
    let half = 1u64 << 23;
    for below in [false, true] {
        let tie = if below { half.wrapping_neg() } else { half };
        found.extend(products(tie).take(KEPT));
        for place in 0..16 {
            found.extend(products(tie.wrapping_add(1 << place)).take(KEPT));
            found.extend(products(tie.wrapping_sub(1 << place)).take(KEPT));
        }
    }
    found
});

/// Pairs whose product is this, modulo 2^39.
fn products(end: u64) -> impl Iterator<Item = NearTie> {
    let zeros = end.trailing_zeros();
    // The left operand takes half of the zeros, the right one the others.
    let [left_zeros, right_zeros] = [zeros / 2, zeros - zeros / 2];
    let (modulus, odd) = (BEHIND - zeros, end >> zeros);
    let lefts = (1u64 << (23 - left_zeros)..1 << (24 - left_zeros)).rev().filter(|left| left & 1 == 1);
    lefts.filter_map(move |left| {
        let right = (inverse(left).wrapping_mul(odd) & ((1 << modulus) - 1)) << right_zeros;
        let left = left << left_zeros;
        let product = left.checked_mul(right)?;
        let code = (product.wrapping_add(1 << 38) >> BEHIND) as u32;
        let is_pair = right >> 23 == 1 && product >> 47 == 1 && code < 512;
        is_pair.then_some(NearTie { left: left as u32, right: right as u32, code })
    })
}

/// What an odd number has to be multiplied by for 1, modulo 2^64.
pub(crate) fn inverse(odd: u64) -> u64 {
    // Every step doubles the bits that are right, of which the first guess has five.
    (0..4).fold(odd.wrapping_mul(3) ^ 2, |guess, _| {
        guess.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(guess)))
    })
}

/// Two significands of 24 bits whose product has its highest bit alone: whoever counts leading zeros must
/// see that bit.
pub(crate) static HIGHEST_ALONE: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
    let least = 1u64 << 47;
    // Every 97th, so that they are spread over the octave.
    let lefts = ((1 << 23) + 1..1u64 << 24).step_by(97);
    let pairs = lefts.map(|left| (left, least.div_ceil(left)));
    let alone = pairs.filter(|(left, right)| (left * right - least) >> 15 == 0);
    alone.take(KEPT).map(|(left, right)| (left as u32, right as u32)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bit_of_a_product_stands_alone() {
        assert_eq!(HIGHEST_ALONE.len(), KEPT);
        for &(left, right) in HIGHEST_ALONE.iter() {
            assert_eq!((u64::from(left) * u64::from(right)) >> 15, 1 << 32, "{left} * {right}");
        }
    }

    #[test]
    fn every_pair_is_beside_a_tie() {
        let mut kinds = std::collections::BTreeSet::new();
        for &NearTie { left, right, code } in NEAR_TIES.iter() {
            assert!(left >> 23 == 1 && right >> 23 == 1 && (256..512).contains(&code));
            let product = i128::from(left) * i128::from(right);
            let missed = product - (i128::from(code) << BEHIND);
            assert!(missed.abs() <= (1 << 23) + (1 << 15), "{left} * {right}");
            kinds.insert(missed);
        }
        // Both sides, exactly and by a bit more or less of 16 places.
        assert!(kinds.len() > 2 * 30, "{}", kinds.len());
    }
}
