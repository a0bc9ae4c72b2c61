//! Exact sum of products of blocks in fixed point.

/// Words of 64 bits.
const WORDS: usize = 10;

/// Weight of the lowest bit: 2^-288.
///
/// The smallest product is (2^-16 * 2^-127)^2 = 2^-286, of E5M2. The largest are below 2^286, so 2^64 of them stay below
/// 2^350, and 640 bits hold the sum and its sign.
const LEAST: i32 = -288;

/// Exponent of the smallest binary32.
const SMALLEST: i32 = -149;

/// Bits of the significand of a binary32.
const SIGNIFICAND_BITS: i32 = 24;

/// A sum of products in two's complement, low word first.
#[derive(Debug, Clone, Default)]
pub(super) struct ExactSum([u64; WORDS]);

impl ExactSum {
    /// Adds or subtracts `significand * 2^exponent`, a multiple of 2^-288.
    pub fn add(&mut self, is_negative: bool, significand: u64, exponent: i32) {
        let position = (exponent - LEAST) as usize;
        let shifted = u128::from(significand) << (position % 64);
        let mut addend = [0; WORDS];
        addend[position / 64] = shifted as u64;
        addend[position / 64 + 1] = (shifted >> 64) as u64;
        if is_negative {
            negate(&mut addend);
        }
        let mut carry = false;
        for (word, addend) in self.0.iter_mut().zip(addend) {
            let (sum, first) = word.overflowing_add(addend);
            let (sum, second) = sum.overflowing_add(carry.into());
            (*word, carry) = (sum, first || second);
        }
    }

    /// The sum in binary32, rounded once, ties to even; zero is positive.
    pub fn rounded(&self) -> f32 {
        let mut magnitude = self.0;
        let is_negative = magnitude[WORDS - 1] >> 63 == 1;
        if is_negative {
            negate(&mut magnitude);
        }
        let Some(top) = (0..WORDS).rev().find(|&word| magnitude[word] != 0) else { return 0.0 };
        let length = 64 * top as i32 + 64 - magnitude[top].leading_zeros() as i32;
        let dropped = (length - SIGNIFICAND_BITS).max(SMALLEST - LEAST) as usize;
        let bit = |index: usize| magnitude[index / 64] >> (index % 64) & 1;
        let kept = (dropped..length.max(dropped as i32) as usize)
            .rev()
            .fold(0, |kept, index| kept << 1 | bit(index));
        let half = bit(dropped - 1) == 1;
        let rest = (0..dropped - 1).any(|index| bit(index) == 1);
        let is_up = half && (rest || kept & 1 == 1);
        // At most 2^24 times a power of two: exact in binary64, and in binary32 unless it is infinite.
        let value = ((kept + u64::from(is_up)) as f64 * 2f64.powi(dropped as i32 + LEAST)) as f32;
        if is_negative { -value } else { value }
    }
}

fn negate(words: &mut [u64; WORDS]) {
    let mut carry = true;
    for word in words {
        (*word, carry) = (!*word).overflowing_add(carry.into());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rounds_ties_to_even_and_subnormals_once() {
        let sum = |terms: &[(u64, i32)]| {
            let mut sum = ExactSum::default();
            terms.iter().for_each(|&(significand, exponent)| sum.add(false, significand, exponent));
            sum.rounded()
        };
        let tie = 1.0 + 2f32.powi(-23);
        assert_eq!(sum(&[(1, 0), (1, -24)]), 1.0);
        assert_eq!(sum(&[(1, 0), (3, -24)]), 1.0 + 2f32.powi(-22));
        assert_eq!(sum(&[(1, 0), (1, -24), (1, -280)]), tie);
        assert_eq!(sum(&[(1, -150)]), 0.0);
        assert_eq!(sum(&[(1, -150), (1, -286)]).to_bits(), 1);
        assert_eq!(sum(&[(3, -150)]).to_bits(), 2);
        assert_eq!(sum(&[(0xff_ffff, 104)]), f32::MAX);
        assert_eq!(sum(&[(0xff_ffff, 104), (1, 103)]), f32::INFINITY);
    }

    proptest! {
        /// Terms within 100 bits, whose sum an `i128` holds.
        #[test]
        fn equals_wide_integer(terms in prop::collection::vec((any::<bool>(), 0u64..1 << 20, 0i32..80), 1..50)) {
            let mut sum = ExactSum::default();
            let mut expected = 0i128;
            for (is_negative, significand, exponent) in terms {
                sum.add(is_negative, significand, exponent - 60);
                let magnitude = i128::from(significand) << exponent;
                expected += if is_negative { -magnitude } else { magnitude };
            }
            prop_assert_eq!(sum.rounded(), expected as f32 * 2f32.powi(-60));
        }
    }
}
