use crate::arithmetic::rescale::RescaleError;

/// The accumulators that rules are compared on, produced a chunk at a time.
#[derive(Debug, Clone, Copy)]
pub enum AccumulatorSource<'a> {
    /// Those of a file, row-major.
    List(&'a [i64]),
    /// `first`, `first + 1` and so on.
    Range {
        /// The least accumulator.
        first: i64,
        /// How many there are.
        len: u64,
    },
}

impl AccumulatorSource<'_> {
    /// Every accumulator of `acc_bits`.
    ///
    /// # Errors
    /// [`RescaleError::NotExhaustible`] above 32 bits.
    pub fn exhaustive(acc_bits: u32) -> Result<Self, RescaleError> {
        match acc_bits {
            1..=32 => Ok(Self::Range { first: -1 << (acc_bits - 1), len: 1 << acc_bits }),
            _ => Err(RescaleError::NotExhaustible(acc_bits)),
        }
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        match *self {
            Self::List(list) => list.len() as u64,
            Self::Range { len, .. } => len,
        }
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the accumulators from index `start` on.
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
