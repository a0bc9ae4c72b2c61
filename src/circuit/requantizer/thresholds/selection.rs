//! Constants selected by the highest bits of the accumulator.

use crate::circuit::{Net, concatenation};

pub(super) const ZERO: &str = "1'b0";
pub(super) const ONE: &str = "1'b1";

/// The lowest address bit on which a table depends.
pub(super) fn first_address_bit(constants: &[i128]) -> u32 {
    let is_even =
        |bit: &u32| constants.chunks(2 << bit).all(|chunk| chunk.iter().all(|own| *own == chunk[0]));
    (0..constants.len().trailing_zeros()).find(|bit| !is_even(bit)).unwrap_or(u32::MAX)
}

/// The low bits of the constant selected by the segment; `constants` are in the order of accumulators.
pub(super) fn constant_bits(constants: &[i128], bits: u32, segment: &Net) -> String {
    let table = |index: u32| -> Vec<bool> {
        // The sign of the lowest segment is 1.
        let (below_zero, others) = constants.split_at(constants.len() / 2);
        others.iter().chain(below_zero).map(|constant| constant >> index & 1 == 1).collect()
    };
    let parts: Vec<String> = (0..bits).rev().map(|index| selected(&table(index), segment)).collect();
    if parts.is_empty() { String::new() } else { concatenation(&parts) }
}

/// The bit of a table at the address in the highest bits of a vector.
fn selected(table: &[bool], address: &Net) -> String {
    let (low, high) = table.split_at(table.len() / 2);
    if table.iter().all(|bit| *bit == table[0]) {
        return (if table[0] { ONE } else { ZERO }).to_string();
    }
    let bit = address.bit(address.hi);
    if low == high {
        return selected(low, &address.sub(address.hi - 1, address.lo));
    }
    if low.iter().zip(high).all(|(low, high)| low != high) && low.iter().all(|bit| *bit == low[0]) {
        return if low[0] { format!("~{bit}") } else { bit };
    }
    let rest = address.sub(address.hi - 1, address.lo);
    format!("({bit} ? {} : {})", selected(high, &rest), selected(low, &rest))
}
