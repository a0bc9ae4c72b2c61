//! Accumulators of a comparison.

use crate::arithmetic::rescale::RescaleError;

/// Accumulators that rules are compared on, produced in chunks.
#[derive(Debug, Clone, Copy)]
pub enum AccumulatorSource<'a> {
    /// A list, row-major.
    List(&'a [i64]),
    /// `first`, `first + 1` and so on.
    Range {
        /// Smallest accumulator.
        first: i64,
        /// Number of accumulators.
        len: u64,
    },
}

impl AccumulatorSource<'_> {
    /// All accumulators of `acc_bits`.
    ///
    /// # Errors
    /// [`RescaleError::NotExhaustible`] above 32 bits.
    pub fn exhaustive(acc_bits: u32) -> Result<Self, RescaleError> {
        match acc_bits {
            1..=32 => Ok(Self::Range { first: -1 << (acc_bits - 1), len: 1 << acc_bits }),
            _ => Err(RescaleError::NotExhaustible(acc_bits)),
        }
    }

    /// Number of accumulators.
    pub fn len(&self) -> u64 {
        match *self {
            Self::List(list) => list.len() as u64,
            Self::Range { len, .. } => len,
        }
    }

    /// Whether there are no accumulators.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `chunk` with the accumulators from index `start` on.
    pub(crate) fn fill(&self, start: u64, chunk: &mut [i64]) {
        match *self {
            Self::List(list) => {
                let start = start as usize;
                chunk.copy_from_slice(&list[start..start + chunk.len()]);
            }
            Self::Range { first, .. } => {
                for (acc, index) in chunk.iter_mut().zip(start as i64..) {
                    *acc = first + index;
                }
            }
        }
    }
}
