//! Line form of a constant requantizer: the product by additions or a multiplier, its bits, and constants.

use super::constants::Carrier;
use super::line::Slope;
use super::selection::first_address_bit;
use crate::circuit::constant_matrix::{AdderFunction, Graph, GraphAdder, Polarity, Range, Tap};
use crate::unit::{Integer, Target};

/// One of the two operands of the last addition.
#[derive(Clone, Copy, Debug)]
pub(super) struct AdditionTerm {
    pub(super) node: usize,
    pub(super) shift: u32,
    pub(super) is_negative: bool,
}

/// Additions, and the bits that are computed of each.
#[derive(Clone, Debug)]
pub(crate) struct LineForm {
    /// The type of the window of accumulators.
    pub(super) window: Integer,
    /// Every addition but the last.
    pub(super) graph: Graph,
    /// The type of each node.
    pub(super) types: Vec<Integer>,
    /// The lowest bit that each node keeps.
    pub(super) lowest: Vec<u32>,
    /// A multiplier whose product replaces the additions.
    pub(super) factor: Option<i128>,
    /// The operands of the last addition, the second with the constant above it.
    pub(super) terms: Vec<AdditionTerm>,
    /// The lowest bit of the last addition.
    pub(super) low: u32,
    /// Constant above the second term in each segment, as a multiple of the weight of its sign.
    pub(super) upper: Vec<i128>,
    /// Constant below the first term in each segment.
    pub(super) lower: Vec<i128>,
    /// The node with a constant in the empty bits of its shifted operand, if any.
    pub(super) carrier: Option<Carrier>,
    /// Constants of a separate addition by segment, if they fit no other addition.
    pub(super) addend: Option<Vec<i128>>,
    /// The slope of the line.
    pub(super) slope: Slope,
    /// The type of a code before it is clamped.
    pub(super) code: Integer,
    /// The smallest and the largest code before the clamp of the accumulators -1 and 0.
    pub(super) levels_at_sign: [i128; 4],
}

impl LineForm {
    /// Whether a constant depends on the segment.
    pub(super) fn segment_selects(&self) -> bool {
        let carried = self.carrier.as_ref().map(|carrier| &carrier.constants);
        let lists = [Some(&self.upper), Some(&self.lower), carried, self.addend.as_ref()];
        lists.into_iter().flatten().any(|constants| first_address_bit(constants) != u32::MAX)
    }

    /// The slope of the line.
    pub(in super::super) fn slope(&self) -> Slope {
        self.slope
    }

    /// Approximate number of LUTs.
    pub(in super::super) fn luts(&self, target: Target) -> u32 {
        self.adder_bits(target) + self.inverters(target) + self.selections()
    }

    /// Bits of adders, in whole cells of the target.
    fn adder_bits(&self, target: Target) -> u32 {
        // A cell of the ECP5 holds two bits of one adder.
        let granule = if target == Target::Ecp5 { 2 } else { 1 };
        let inner = self.graph.operations.iter().zip(1..).map(|(operation, node)| {
            let carried = self.carrier.as_ref().filter(|carrier| carrier.node == node);
            let own = carried.map_or(0, |carrier| carrier.cost(operation));
            let passed = operation.passed().saturating_sub(own);
            self.types[node].bits.saturating_sub(self.lowest[node].max(passed))
        });
        let last = self.slope.fraction + self.code.bits - self.low;
        let added = self.addend.as_ref().map(|_| last);
        inner.chain([last]).chain(added).map(|bits| bits.next_multiple_of(granule)).sum()
    }

    /// Number of constant bits that depend on more than the sign, one LUT each.
    fn selections(&self) -> u32 {
        let carried = self.carrier.as_ref().map(|carrier| &carrier.constants);
        let lists = [&self.upper, &self.lower].into_iter().chain(carried).chain(&self.addend);
        lists
            .map(|constants| (0..64).filter(|&bit| depends_on_more_than_sign(constants, bit)).count() as u32)
            .sum()
    }

    /// LUTs that only invert.
    fn inverters(&self, target: Target) -> u32 {
        if target != Target::Ice40 {
            return 0;
        }
        let graph = self.whole_graph();
        let types = graph.types(Range::of(self.window));
        Polarity::choose(&graph, &types).inverters(&graph, &types)
    }

    /// The graph with the last addition.
    pub(super) fn whole_graph(&self) -> Graph {
        let mut graph = self.graph.clone();
        if let [first, second] = self.terms[..] {
            let (high, low) = if first.shift >= second.shift { (first, second) } else { (second, first) };
            let function = match (low.is_negative, high.is_negative) {
                (true, _) => AdderFunction::Reverse,
                (_, true) => AdderFunction::Subtract,
                _ => AdderFunction::Add,
            };
            graph.operations.push(GraphAdder {
                function,
                low: low.node,
                high: high.node,
                shift: high.shift - low.shift,
            });
        }
        graph.outputs = vec![Some(Tap { node: graph.operations.len(), shift: 0 })];
        graph
    }
}

/// Whether a bit of a constant differs between segments of the same sign.
fn depends_on_more_than_sign(constants: &[i128], bit: u32) -> bool {
    let differs = |half: &[i128]| half.iter().any(|constant| constant >> bit & 1 != half[0] >> bit & 1);
    constants.chunks(constants.len() / 2).any(differs)
}
