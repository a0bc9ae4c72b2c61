//! Constants of a line, placed in free bits of its additions or in a separate addition.

use super::form::AdditionTerm;
use super::line::Interval;
use super::truncation::Deviation;
use crate::circuit::constant_matrix::{AdderFunction, Graph, GraphAdder};
use crate::unit::Integer;

/// Maximum number of constants tried for an inner addition.
const CONSTANTS: i128 = 1 << 6;

/// A constant in the bits of an inner addition that its shifted operand leaves empty.
#[derive(Clone, Debug)]
pub(super) struct Carrier {
    pub(super) node: usize,
    /// Constant of each segment.
    pub(super) constants: Vec<i128>,
}

/// Constants of all segments.
#[derive(Clone, Debug)]
pub(super) struct FittedConstants {
    pub(super) offsets: Vec<i128>,
    pub(super) upper: Vec<i128>,
    pub(super) lower: Vec<i128>,
    pub(super) carrier: Option<Carrier>,
    pub(super) addend: Option<Vec<i128>>,
}

/// A constant that fits the free bits of the last addition.
#[derive(Clone, Copy, Debug)]
struct PlacedConstant {
    offset: i128,
    upper: i128,
    lower: i128,
}

/// The bits of the last addition that are free for constants.
pub(super) struct FreeBits {
    deviation: Deviation,
    /// The lowest bit of the sum.
    low: u32,
    /// Free bits of the first term end here.
    below: u32,
    /// Free bits of the second term begin here.
    above: u32,
    /// Difference between the negatives of terms and their complements.
    complement: i128,
}

impl FreeBits {
    pub(super) fn new(terms: &[AdditionTerm], types: &[Integer], deviation: Deviation, low: u32) -> Self {
        let negative = terms.iter().filter(|term| term.is_negative);
        let above = match terms {
            [_, second] => (types[second.node].bits - 1 + second.shift).max(low),
            _ => low,
        };
        Self {
            deviation,
            low,
            below: if terms.len() > 1 { terms[0].shift } else { 0 },
            above,
            complement: negative.map(|term| 1i128 << term.shift.max(low)).sum(),
        }
    }

    /// The constants that give an offset of the interval, the complements of terms included.
    fn constants(&self, offsets: Interval, elsewhere: i128) -> Interval {
        // The sum and the weight of a code are multiples of this.
        let unit = 1i128 << self.low;
        let shift = self.complement - elsewhere;
        let min = offsets.min + self.deviation.max - (unit - 1) + shift;
        Interval { min, max: offsets.max + self.deviation.min + shift }
    }

    /// An offset of the interval minus a number that is added elsewhere.
    fn fit(&self, offsets: Interval, elsewhere: i128) -> Option<PlacedConstant> {
        let Interval { min, max } = self.constants(offsets, elsewhere);
        let shift = self.complement - elsewhere;
        let upper = max >> self.above;
        let base = upper << self.above;
        if base >= min {
            return Some(PlacedConstant { offset: base - shift, upper, lower: 0 });
        }
        // The number with the most zeros at its end.
        let lower = (self.low..self.below).rev().map(|bit| (max - base) >> bit << bit);
        let lower = lower.into_iter().find(|&lower| lower >= min - base)?;
        (lower < 1 << self.below).then_some(PlacedConstant { offset: base + lower - shift, upper, lower })
    }
}

/// Constants for all segments, if they fit free bits of the additions.
pub(super) fn fit(
    offsets: &[Interval],
    room: &FreeBits,
    graph: &Graph,
    lowest: &[u32],
    terms: &[AdditionTerm],
) -> Option<FittedConstants> {
    if let Some(placed) = offsets.iter().map(|&interval| room.fit(interval, 0)).collect() {
        return Some(FittedConstants::new(placed, None));
    }
    let weights = weights(graph, terms);
    let nodes = graph.operations.iter().zip(1..);
    let carried = nodes.filter_map(|(operation, node)| {
        let weight =
            if operation.function == AdderFunction::Subtract { -weights[node] } else { weights[node] };
        let find = |&interval: &Interval| {
            (lowest[node]..operation.shift).rev().find_map(|bit| {
                let count = (1i128 << (operation.shift - bit)).min(CONSTANTS);
                let mut constants = (0..count).map(|number| number << bit);
                constants.find_map(|constant| Some((constant, room.fit(interval, weight * constant)?)))
            })
        };
        let found: Vec<(i128, PlacedConstant)> = offsets.iter().map(find).collect::<Option<_>>()?;
        let (constants, placed) = found.into_iter().unzip();
        let carrier = Carrier { node, constants };
        Some((carrier.cost(operation), FittedConstants::new(placed, Some(carrier))))
    });
    carried.min_by_key(|(cost, _)| *cost).map(|(_, fitted)| fitted)
}

/// Constants for all segments in a separate addition.
pub(super) fn fit_addend(offsets: &[Interval], room: &FreeBits) -> Option<FittedConstants> {
    let constant = |&interval: &Interval| {
        let Interval { min, max } = room.constants(interval, 0);
        // The number with the most zeros at its end.
        (room.low..120).rev().map(|bit| max >> bit << bit).find(|&constant| constant >= min)
    };
    let constants: Vec<i128> = offsets.iter().map(constant).collect::<Option<_>>()?;
    let none = vec![0; constants.len()];
    let offsets = constants.iter().map(|constant| constant - room.complement).collect();
    Some(FittedConstants {
        offsets,
        upper: none.clone(),
        lower: none,
        carrier: None,
        addend: Some(constants),
    })
}

impl FittedConstants {
    fn new(placed: Vec<PlacedConstant>, carrier: Option<Carrier>) -> Self {
        Self {
            offsets: placed.iter().map(|constant| constant.offset).collect(),
            upper: placed.iter().map(|constant| constant.upper).collect(),
            lower: placed.iter().map(|constant| constant.lower).collect(),
            carrier,
            addend: None,
        }
    }
}

impl Carrier {
    /// Number of bits that no longer pass the addition unchanged.
    pub(super) fn cost(&self, operation: &GraphAdder) -> u32 {
        let lowest = self.constants.iter().map(|constant| constant.trailing_zeros()).min().expect("two");
        operation.shift.saturating_sub(lowest)
    }
}

/// Number of occurrences of each node in the last sum.
fn weights(graph: &Graph, terms: &[AdditionTerm]) -> Vec<i128> {
    let mut weights = vec![0; 1 + graph.operations.len()];
    for term in terms {
        weights[term.node] += if term.is_negative { -(1i128 << term.shift) } else { 1 << term.shift };
    }
    for (index, operation) in graph.operations.iter().enumerate().rev() {
        let own = weights[index + 1];
        let (low, high) = match operation.function {
            AdderFunction::Add => (own, own),
            AdderFunction::Subtract => (own, -own),
            AdderFunction::Reverse => (-own, own),
            AdderFunction::Negate => (-own, 0),
        };
        weights[operation.low] += low;
        weights[operation.high] += high << operation.shift;
    }
    weights
}
