//! Truncation of low bits in additions, and the resulting deviation of the sums.

use super::form::AdditionTerm;
use crate::circuit::constant_matrix::{AdderFunction, Graph};

/// Range of bits that the additions keep.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits {
    /// The lowest bit of the last addition.
    pub(super) low: u32,
    /// Guard bits of the other additions below the lowest bit that it reads.
    pub(super) guard: u32,
}

/// Smallest and largest difference of an exact value and its approximation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Deviation {
    pub(super) min: i128,
    pub(super) max: i128,
}

/// The lowest bit that each node keeps.
pub(super) fn lowest(graph: &Graph, terms: &[AdditionTerm], Bits { low, guard }: Bits) -> Vec<u32> {
    let mut lowest = vec![u32::MAX; 1 + graph.operations.len()];
    let mut read = |node: usize, bit: u32| lowest[node] = lowest[node].min(bit);
    terms.iter().for_each(|term| read(term.node, low.saturating_sub(term.shift)));
    for (index, operation) in graph.operations.iter().enumerate().rev() {
        let own = lowest[index + 1].saturating_sub(guard);
        lowest[index + 1] = own;
        lowest[operation.low] = lowest[operation.low].min(own);
        let raised = own.saturating_sub(operation.shift);
        lowest[operation.high] = lowest[operation.high].min(raised);
    }
    lowest[0] = 0;
    lowest
}

/// Deviation of each node from its exact value.
pub(super) fn deviations(graph: &Graph, lowest: &[u32]) -> Vec<Deviation> {
    let mut deviations = vec![Deviation::default()];
    for (operation, node) in graph.operations.iter().zip(1..) {
        let at =
            |operand: usize, shift: u32| truncated(deviations[operand], lowest[operand], shift, lowest[node]);
        let (low, high) = (at(operation.low, 0), at(operation.high, operation.shift));
        deviations.push(match operation.function {
            AdderFunction::Add => sum(low, high),
            AdderFunction::Subtract => sum(low, negated(high)),
            AdderFunction::Reverse => sum(high, negated(low)),
            AdderFunction::Negate => negated(low),
        });
    }
    deviations
}

/// The deviation of a node shifted left, of which bits from `low` on are read.
fn truncated(own: Deviation, lowest: u32, shift: u32, low: u32) -> Deviation {
    let dropped = if lowest + shift < low { (1i128 << low) - (1 << (lowest + shift)) } else { 0 };
    Deviation { min: own.min << shift, max: (own.max << shift) + dropped }
}

fn sum(a: Deviation, b: Deviation) -> Deviation {
    Deviation { min: a.min + b.min, max: a.max + b.max }
}

fn negated(deviation: Deviation) -> Deviation {
    Deviation { min: -deviation.max, max: -deviation.min }
}

/// The deviation of the last sum without its constants.
pub(super) fn sum_deviation(
    terms: &[AdditionTerm],
    lowest: &[u32],
    deviations: &[Deviation],
    low: u32,
) -> Deviation {
    let of = |term: &AdditionTerm| {
        let deviation = truncated(deviations[term.node], lowest[term.node], term.shift, low);
        if term.is_negative { negated(deviation) } else { deviation }
    };
    terms.iter().map(of).fold(Deviation::default(), sum)
}
