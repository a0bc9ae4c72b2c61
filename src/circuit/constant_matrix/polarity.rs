//! Choice of the nodes that are represented by their complement.
//!
//! The carry of an iCE40 cell reads the same bits as its LUT, so that a subtraction needs the complement of the
//! subtrahend, one LUT per bit; a LUT that computes a sum computes its complement at no cost. With
//! `~n = -n - 1` and a carry in, an adder subtracts if exactly one operand is a complement, and adds otherwise.

use super::graph::{AdderFunction, Graph, GraphAdder};
use super::sharing::mix;
use crate::unit::Integer;

/// The number of random assignments from which the local search starts.
const STARTS: u64 = 8;

/// An operand of an adder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The operand that is not shifted.
    Low,
    /// The shifted operand.
    High,
}

/// Whether each node is represented by its complement; inputs and outputs never are.
#[derive(Clone, Debug)]
pub(crate) struct Polarity {
    complemented: Vec<bool>,
}

impl Polarity {
    /// No complements.
    pub(crate) fn plain(graph: &Graph) -> Self {
        Self { complemented: vec![false; graph.inputs + graph.operations.len()] }
    }

    /// An assignment with few inverters.
    pub(crate) fn choose(graph: &Graph, types: &[Integer]) -> Self {
        let plain = Self::plain(graph);
        let mut is_free = vec![true; types.len()];
        is_free[..graph.inputs].fill(false);
        graph.outputs.iter().flatten().for_each(|tap| is_free[tap.node] = false);
        let free: Vec<usize> = (0..types.len()).filter(|&node| is_free[node]).collect();
        let starts = (0..STARTS).map(|start| {
            let mut polarity = plain.clone();
            for &node in &free {
                polarity.complemented[node] = mix(start << 32 | node as u64) & 1 == 1;
            }
            polarity.improve(graph, types, &free);
            (polarity.inverters(graph, types), polarity)
        });
        starts.min_by_key(|(inverters, _)| *inverters).map_or(plain, |(_, polarity)| polarity)
    }

    pub(crate) fn is_complement(&self, node: usize) -> bool {
        self.complemented[node]
    }

    /// The operand that an adder needs in the other polarity (the narrower one); `None` if both fit.
    pub(crate) fn misfit(&self, operation: &GraphAdder, types: &[Integer]) -> Option<Side> {
        let GraphAdder { function, low, high, .. } = *operation;
        let differ = self.complemented[low] != self.complemented[high];
        let fits = match function {
            AdderFunction::Add => !differ,
            AdderFunction::Subtract | AdderFunction::Reverse => differ,
            AdderFunction::Negate => true,
        };
        (!fits).then(|| if types[low].bits <= types[high].bits { Side::Low } else { Side::High })
    }

    /// Number of LUTs that only invert. Adders share the inverted copy of an operand, and bits that pass an adder
    /// unchanged are not inverted.
    pub(crate) fn inverters(&self, graph: &Graph, types: &[Integer]) -> u32 {
        let mut has_copy = vec![false; types.len()];
        let mut inverters = 0;
        for (operation, node) in graph.operations.iter().zip(graph.inputs..) {
            let mut low = self.complemented[operation.low];
            if let Some(side) = self.misfit(operation, types) {
                low ^= side == Side::Low;
                let operand = if side == Side::Low { operation.low } else { operation.high };
                if !std::mem::replace(&mut has_copy[operand], true) {
                    inverters += types[operand].bits;
                }
            }
            if low != self.complemented[node] {
                inverters += operation.passed();
            }
        }
        inverters
    }

    /// Flips nodes one after another, as long as that saves inverters.
    fn improve(&mut self, graph: &Graph, types: &[Integer], free: &[usize]) {
        let mut best = self.inverters(graph, types);
        loop {
            let before = best;
            for &node in free {
                self.complemented[node] ^= true;
                let inverters = self.inverters(graph, types);
                if inverters < best {
                    best = inverters;
                } else {
                    self.complemented[node] ^= true;
                }
            }
            if best == before {
                return;
            }
        }
    }
}
