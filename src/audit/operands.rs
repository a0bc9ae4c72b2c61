//! Sources of operands: each is a pure function of the transaction index.

use super::error::AuditError;
use super::request::StimulusEffort;
use crate::stimulus::mix;
use crate::unit::Integer;

/// Operand bits that are enumerated by default.
const EXHAUSTIVE_BITS: u32 = 24;

/// Operands of a run of transactions.
pub(crate) trait OperandSource: Sync {
    /// Number of transactions.
    fn len(&self) -> u64;

    /// Whether the transactions cover every combination of operands.
    fn is_exhaustive(&self) -> bool;

    /// Whether the error of a transaction counts for the mean error.
    ///
    /// Operands chosen near ties would bias the mean.
    fn counts_for_bias(&self, _index: u64) -> bool {
        true
    }

    /// The operands of `len` transactions from `first` on, one column per element.
    fn fill(&self, first: u64, len: usize) -> Vec<Vec<u64>>;
}

/// Every combination of operands, in a pseudo-random order.
///
/// The first transactions are therefore a representative sample.
pub(crate) struct ExhaustiveOperands {
    widths: Vec<u32>,
    bits: u32,
}

impl ExhaustiveOperands {
    /// All combinations of elements with these widths.
    pub fn new(widths: &[u32]) -> Self {
        Self { widths: widths.to_vec(), bits: widths.iter().sum() }
    }

    /// All combinations, `None` if there are too many to enumerate unless `--exhaustive` asks for it.
    ///
    /// # Errors
    /// [`AuditError::TooManyOperandBits`] if more than `requested` bits are to be enumerated.
    pub fn if_few(
        widths: &[u32],
        effort: &StimulusEffort,
        requested: u32,
    ) -> Result<Option<Self>, AuditError> {
        let bits: u32 = widths.iter().sum();
        if effort.exhaustive && bits > requested {
            return Err(AuditError::TooManyOperandBits { bits, most: requested });
        }
        let limit = if effort.exhaustive { requested } else { EXHAUSTIVE_BITS };
        Ok((bits <= limit).then(|| Self::new(widths)))
    }
}

impl OperandSource for ExhaustiveOperands {
    fn len(&self) -> u64 {
        1 << self.bits
    }

    fn is_exhaustive(&self) -> bool {
        true
    }

    fn fill(&self, first: u64, len: usize) -> Vec<Vec<u64>> {
        let mask = (1u64 << self.bits) - 1;
        // Multiplying by an odd number and XOR with the high half are both permutations of the indices.
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

/// Random operands with corner values.
///
/// A quarter are corner values, a quarter are spread over all magnitudes, the rest is uniform.
pub(crate) struct RandomOperands {
    /// Width of each element.
    pub widths: Vec<u32>,
    pub seed: u64,
    /// Number of transactions.
    pub len: u64,
}

impl OperandSource for RandomOperands {
    fn len(&self) -> u64 {
        self.len
    }

    fn is_exhaustive(&self) -> bool {
        false
    }

    fn fill(&self, first: u64, len: usize) -> Vec<Vec<u64>> {
        let element = |(index, &width): (usize, &u32)| {
            let salt = mix(self.seed ^ (index as u64) << 40);
            (0..len as u64).map(|at| operand(mix(salt.wrapping_add(first + at)), width)).collect()
        };
        self.widths.iter().enumerate().map(element).collect()
    }
}

/// Bit pattern of a random operand with the distribution of [`RandomOperands`].
pub(crate) fn operand(random: u64, width: u32) -> u64 {
    let mask = u64::MAX >> (64 - width);
    let top = 1u64 << (width - 1);
    let value = match random >> 60 {
        0 => top,
        1 => top - 1,
        2 => [0, mask, 1, top + 1][(random >> 58 & 3) as usize],
        3 => mask,
        // A uniform exponent and either sign.
        4..=7 => ((mix(random) << (64 - width)) as i64 >> (64 - width) >> (random % u64::from(width))) as u64,
        _ => mix(random),
    };
    value & mask
}

/// Bit pattern of a corner value: 0, 1, the ends of both ranges and their neighbours.
pub(crate) fn corner(random: u64, width: u32) -> u64 {
    let mask = u64::MAX >> (64 - width);
    let top = 1u64 << (width - 1);
    let corners = [0, 1, top.wrapping_sub(2), top - 1, top, top + 1, mask - 1, mask];
    corners[(random >> 61) as usize] & mask
}

/// The integer that a bit pattern encodes.
pub(crate) fn decode(pattern: u64, bits: u32, signed: bool) -> i64 {
    Integer { bits, signed }.decode(pattern) as i64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn exhaustive_operands_contain_every_combination_once() {
        for widths in [vec![3, 4, 2], vec![8], vec![1, 1], vec![5, 5, 3]] {
            let source = ExhaustiveOperands::new(&widths);
            let columns = source.fill(0, source.len() as usize);
            let rows: BTreeSet<Vec<u64>> = (0..source.len() as usize)
                .map(|row| columns.iter().map(|column| column[row]).collect())
                .collect();
            assert_eq!(rows.len() as u64, source.len());
            assert!(
                rows.iter().all(|row| row.iter().zip(&widths).all(|(&value, &width)| value < 1 << width))
            );
        }
    }

    #[test]
    fn random_operands_fit_their_width_and_reach_the_corners() {
        for width in [1, 2, 8, 33, 64] {
            let drawn: BTreeSet<u64> = (0..4000).map(|at| operand(mix(at), width)).collect();
            let mask = u64::MAX >> (64 - width);
            assert!(drawn.iter().all(|&value| value & !mask == 0));
            assert!(drawn.contains(&0) && drawn.contains(&mask) && drawn.contains(&(1 << (width - 1))));
        }
    }
}
