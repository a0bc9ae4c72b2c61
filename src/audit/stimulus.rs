//! Operands as a pure function of the transaction's index.

use crate::stimulus::mix;
use crate::unit::Integer;

/// A source of operands.
pub(crate) trait Stimulus: Sync {
    /// How many transactions there are.
    fn len(&self) -> u64;

    /// Whether these are all that there are.
    fn is_exhaustive(&self) -> bool;

    /// Whether errors of that transaction count towards their mean: it was not chosen for being a tie.
    fn is_fair(&self, _index: u64) -> bool {
        true
    }

    /// The operands of `len` transactions from `first` on, by element.
    fn fill(&self, first: u64, len: usize) -> Vec<Vec<u64>>;
}

/// Every combination of operands, in an order that is as good as random, so that its beginning is a
/// fair sample.
pub(crate) struct Whole {
    widths: Vec<u32>,
    bits: u32,
}

impl Whole {
    /// All operands of elements of these widths.
    pub fn new(widths: &[u32]) -> Whole {
        Whole { widths: widths.to_vec(), bits: widths.iter().sum() }
    }
}

impl Stimulus for Whole {
    fn len(&self) -> u64 {
        1 << self.bits
    }

    fn is_exhaustive(&self) -> bool {
        true
    }

    fn fill(&self, first: u64, len: usize) -> Vec<Vec<u64>> {
        let mask = (1u64 << self.bits) - 1;
        // An odd factor permutes the indices; the exclusive or lets high bits reach the low fields.
        let index = |at: usize| {
            let x = (first + at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) & mask;
            let y = x ^ x >> self.bits.div_ceil(2);
            y.wrapping_mul(0xbf58_476d_1ce4_e5b9) & mask
        };
        let indices: Vec<u64> = (0..len).map(index).collect();
        let mut offset = 0;
        let field = |&width: &u32| {
            let shift = offset;
            offset += width;
            indices.iter().map(|index| index >> shift & ((1 << width) - 1)).collect()
        };
        self.widths.iter().map(field).collect()
    }
}

/// Random operands, a quarter of the elements at a corner, a quarter of any magnitude.
pub(crate) struct Random {
    pub widths: Vec<u32>,
    pub seed: u64,
    pub len: u64,
}

impl Stimulus for Random {
    fn len(&self) -> u64 {
        self.len
    }

    fn is_exhaustive(&self) -> bool {
        false
    }

    fn fill(&self, first: u64, len: usize) -> Vec<Vec<u64>> {
        let element = |(place, &width): (usize, &u32)| {
            let salt = mix(self.seed ^ (place as u64) << 40);
            (0..len as u64).map(|at| operand(mix(salt.wrapping_add(first + at)), width)).collect()
        };
        self.widths.iter().enumerate().map(element).collect()
    }
}

/// A pattern of that width from random bits.
pub(crate) fn operand(random: u64, width: u32) -> u64 {
    let mask = u64::MAX >> (64 - width);
    let top = 1u64 << (width - 1);
    let value = match random >> 60 {
        0 => top,
        1 => top - 1,
        2 => [0, mask, 1, top + 1][(random >> 58 & 3) as usize],
        3 => mask,
        // Of any magnitude and either sign.
        4..=7 => ((mix(random) << (64 - width)) as i64 >> (64 - width) >> (random % u64::from(width))) as u64,
        _ => mix(random),
    };
    value & mask
}

/// The value of a pattern.
pub(crate) fn decode(pattern: u64, bits: u32, signed: bool) -> i64 {
    Integer { bits, signed }.decode(pattern) as i64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_combination_comes_once() {
        for widths in [vec![3, 4, 2], vec![8], vec![1, 1], vec![5, 5, 3]] {
            let whole = Whole::new(&widths);
            let columns = whole.fill(0, whole.len() as usize);
            let rows: BTreeSet<Vec<u64>> = (0..whole.len() as usize)
                .map(|row| columns.iter().map(|column| column[row]).collect())
                .collect();
            assert_eq!(rows.len() as u64, whole.len());
            assert!(
                rows.iter().all(|row| row.iter().zip(&widths).all(|(&value, &width)| value < 1 << width))
            );
        }
    }

    #[test]
    fn operands_fit_and_reach_the_corners() {
        for width in [1, 2, 8, 33, 64] {
            let drawn: BTreeSet<u64> = (0..4000).map(|at| operand(mix(at), width)).collect();
            let mask = u64::MAX >> (64 - width);
            assert!(drawn.iter().all(|&value| value & !mask == 0));
            assert!(drawn.contains(&0) && drawn.contains(&mask) && drawn.contains(&(1 << (width - 1))));
        }
    }
}
