//! Sums of more terms than a random episode has rows.

use super::Stimulus;
use crate::catalogue::{Config, Port, Role};
use crate::column::Column;

/// Rows of one sum: 2^17 products of the largest int8 values are 2^31, which leaves 32 bits.
const ROWS: u64 = (1 << 17) + (1 << 10);

/// Sums: every pair of extremes.
const SUMS: u64 = 4;

/// One extreme pair of operands, held without pause or clear until wide accumulators overflow; every sum
/// begins with reset. Random episodes end before that. For a model of one lane.
pub struct LongSums {
    ports: Vec<Port>,
}

impl LongSums {
    /// The sums of a unit that has such; none for another.
    pub fn new(config: &Config) -> Option<LongSums> {
        let ports: Vec<Port> = config.ports().into_iter().filter(Port::is_driven).collect();
        let accumulates = ports.iter().any(|port| port.role == Role::Clear);
        accumulates.then_some(LongSums { ports })
    }
}

impl Stimulus for LongSums {
    fn transactions(&self) -> u64 {
        SUMS * ROWS
    }

    fn chunk(&self) -> u64 {
        ROWS
    }

    fn fill(&self, first: u64, inputs: &mut [Column]) {
        let sum = first / ROWS;
        let mut operands = 0;
        for (port, column) in self.ports.iter().zip(inputs) {
            match port.role {
                Role::Reset => column.fill(|i| (first + i as u64).is_multiple_of(ROWS).into()),
                Role::Data => {
                    let words = extreme(port, operands, sum);
                    (0..column.len()).for_each(|i| column.set_words(i, &words));
                    operands += 1;
                }
                _ => column.fill(|_| port.idle()),
            }
        }
    }
}

/// The smallest or the largest value in every element: two operands take all four pairs in turn, and what
/// is subtracted from them is at the other end.
fn extreme(port: &Port, operand: u64, sum: u64) -> Vec<u64> {
    let is_largest = ((sum >> (operand % 2)) ^ (operand / 2)) & 1 == 1;
    let value = if is_largest { port.integer.max() } else { port.min() };
    let (pattern, bits) = (port.integer.encode(value), port.integer.bits);
    let mut words = vec![0u64; port.width().div_ceil(64) as usize];
    for element in 0..port.elements {
        let (word, offset) = ((element * bits / 64) as usize, element * bits % 64);
        words[word] |= pattern << offset;
        if offset + bits > 64 {
            words[word + 1] |= pattern >> (64 - offset);
        }
    }
    words
}
