//! Long sums: more terms than a random episode has rows.

use super::source::Stimulus;
use crate::unit::{Column, Config, Port, Role};

/// Maximum products per sum: 2^17 squares of the smallest int8 value overflow 32 bits.
const MAX_PRODUCTS: u64 = 1 << 17;

/// Products per sum when the accumulator cannot overflow within [`MAX_PRODUCTS`].
const PRODUCTS_WITHOUT_OVERFLOW: u64 = 1 << 14;

/// Rows of a sum after the accumulator overflows.
const ROWS_AFTER_OVERFLOW: u64 = 1 << 10;

/// Number of sums: one per pair of extreme operands.
const SUMS: u64 = 4;

/// Sums of one pair of extreme operands, without stalls or clears, until wide accumulators overflow.
///
/// Random episodes end before that. Every sum begins with a reset. For a model of one lane.
pub struct LongSums {
    ports: Vec<Port>,
    /// Rows per sum.
    rows: u64,
}

impl LongSums {
    /// The sums of a unit that accumulates; `None` for other units.
    pub fn new(config: &Config) -> Option<Self> {
        let ports: Vec<Port> = config.ports().into_iter().filter(Port::is_driven).collect();
        let accumulates = ports.iter().any(|port| port.role == Role::Clear);
        accumulates.then(|| Self { rows: products(config, &ports) + ROWS_AFTER_OVERFLOW, ports })
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

/// Number of products after which all sums that overflow within [`MAX_PRODUCTS`] have overflowed.
fn products(config: &Config, driven: &[Port]) -> u64 {
    let results = config.ports().into_iter().filter(|port| !port.is_driven());
    let Some(accumulator) = results.map(|port| port.integer).max_by_key(|integer| integer.bits) else {
        return MAX_PRODUCTS;
    };
    let factors: Vec<&Port> = driven.iter().filter(|port| port.role == Role::Data).take(2).collect();
    if factors.iter().any(|port| port.float.is_some()) {
        return MAX_PRODUCTS;
    }
    let bound = accumulator.max().unsigned_abs() + 1;
    let overflows = (0..SUMS).filter_map(|sum| {
        let values = (0..).zip(&factors).map(|(operand, port)| value(port, operand, sum).unsigned_abs());
        let products = bound.div_ceil(values.product::<u128>().max(1));
        u64::try_from(products).ok().filter(|&products| products <= MAX_PRODUCTS)
    });
    overflows.max().unwrap_or(PRODUCTS_WITHOUT_OVERFLOW)
}

/// An extreme value: two operands take all four pairs of ends, their zero points the opposite ends.
fn value(port: &Port, operand: u64, sum: u64) -> i128 {
    let is_largest = ((sum >> (operand % 2)) ^ (operand / 2)) & 1 == 1;
    if is_largest { port.integer.max() } else { port.min() }
}

/// The words of a value whose elements are all extreme.
fn extreme(port: &Port, operand: u64, sum: u64) -> Vec<u64> {
    let value = value(port, operand, sum);
    let mut words = vec![0u64; port.width().div_ceil(64) as usize];
    (0..port.elements).for_each(|element| port.integer.set_element(&mut words, element, value));
    words
}
