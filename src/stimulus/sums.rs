//! Sums of more terms than a random episode has rows.

use super::Stimulus;
use crate::unit::{Column, Config, Port, Role};

/// Products of one sum at most: 2^17 of the smallest int8 value with itself are 2^31, which leaves 32 bits.
const MOST_PRODUCTS: u64 = 1 << 17;

/// Products of a sum that cannot leave its accumulator in as many.
const PRODUCTS_INSIDE: u64 = 1 << 14;

/// Rows of a sum after the one in which the accumulator is left.
const ROWS_AFTER: u64 = 1 << 10;

/// Sums: every pair of extremes.
const SUMS: u64 = 4;

/// One extreme pair of operands, held without pause or clear until wide accumulators overflow; every sum
/// begins with reset. Random episodes end before that. For a model of one lane.
pub struct LongSums {
    ports: Vec<Port>,
    /// Rows of each sum.
    rows: u64,
}

impl LongSums {
    /// The sums of a unit that has such; none for another.
    pub fn new(config: &Config) -> Option<LongSums> {
        let ports: Vec<Port> = config.ports().into_iter().filter(Port::is_driven).collect();
        let accumulates = ports.iter().any(|port| port.role == Role::Clear);
        accumulates.then(|| LongSums { rows: products(config, &ports) + ROWS_AFTER, ports })
    }
}

impl Stimulus for LongSums {
    fn transactions(&self) -> u64 {
        SUMS * self.rows
    }

    fn chunk(&self) -> u64 {
        self.rows
    }

    fn fill(&self, first: u64, inputs: &mut [Column]) {
        let sum = first / self.rows;
        let mut operands = 0;
        for (port, column) in self.ports.iter().zip(inputs) {
            match port.role {
                Role::Reset => column.fill(|i| (first + i as u64).is_multiple_of(self.rows).into()),
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

/// Products after which every sum has left the accumulator that can, in as many as are allowed at most.
fn products(config: &Config, driven: &[Port]) -> u64 {
    let results = config.ports().into_iter().filter(|port| !port.is_driven());
    let Some(accumulator) = results.map(|port| port.integer).max_by_key(|integer| integer.bits) else {
        return MOST_PRODUCTS;
    };
    let factors: Vec<&Port> = driven.iter().filter(|port| port.role == Role::Data).take(2).collect();
    if factors.iter().any(|port| port.float.is_some()) {
        return MOST_PRODUCTS;
    }
    let bound = accumulator.max().unsigned_abs() + 1;
    let leaves = (0..SUMS).filter_map(|sum| {
        let values = (0..).zip(&factors).map(|(operand, port)| value(port, operand, sum).unsigned_abs());
        let products = bound.div_ceil(values.product::<u128>().max(1));
        u64::try_from(products).ok().filter(|&products| products <= MOST_PRODUCTS)
    });
    leaves.max().unwrap_or(PRODUCTS_INSIDE)
}

/// Two operands take all four pairs of ends in turn, and what is subtracted from them is at the other.
fn value(port: &Port, operand: u64, sum: u64) -> i128 {
    let is_largest = ((sum >> (operand % 2)) ^ (operand / 2)) & 1 == 1;
    if is_largest { port.integer.max() } else { port.min() }
}

/// The smallest or the largest value in every element.
fn extreme(port: &Port, operand: u64, sum: u64) -> Vec<u64> {
    let (pattern, bits) = (port.integer.encode(value(port, operand, sum)), port.integer.bits);
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
