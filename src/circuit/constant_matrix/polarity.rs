//! Which nodes are kept as their complement. The carries of iCE40 read the same bits as the LUTs
//! beside them, so that a subtraction needs the complement of what it subtracts, a LUT a bit; the LUT
//! that makes a sum makes its complement for nothing. With `~n = -n - 1` and a carry in, an adder of
//! operands of which just one is a complement subtracts, and of none or both adds.

use super::graph::{Function, Graph, Operation};
use super::sharing::mix;
use crate::unit::Integer;

/// An assignment from random ones that no single change makes cheaper; the best of so many.
const STARTS: u64 = 8;

/// An operand of an adder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The one that is not shifted.
    Low,
    /// The other.
    High,
}

/// Whether each node is kept as its complement: no input or output is.
#[derive(Clone, Debug)]
pub(crate) struct Polarity {
    complemented: Vec<bool>,
}

impl Polarity {
    /// All nodes as they are.
    pub(crate) fn plain(graph: &Graph) -> Polarity {
        Polarity { complemented: vec![false; graph.inputs + graph.operations.len()] }
    }

    /// One that needs few inverters.
    pub(crate) fn choose(graph: &Graph, types: &[Integer]) -> Polarity {
        let plain = Polarity::plain(graph);
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

    /// The operand of which an adder needs the other polarity, the narrower one; none where both fit.
    pub(crate) fn misfit(&self, operation: &Operation, types: &[Integer]) -> Option<Side> {
        let Operation { function, low, high, .. } = *operation;
        let differ = self.complemented[low] != self.complemented[high];
        let fits = match function {
            Function::Add => !differ,
            Function::Subtract | Function::Reverse => differ,
            Function::Negate => true,
        };
        (!fits).then(|| if types[low].bits <= types[high].bits { Side::Low } else { Side::High })
    }

    /// LUTs that do nothing but invert: one copy of an operand serves all who need it, and bits that
    /// pass an adder are not inverted by it.
    fn inverters(&self, graph: &Graph, types: &[Integer]) -> u32 {
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

    /// Turns nodes over, one after another, as long as that saves inverters.
    fn improve(&mut self, graph: &Graph, types: &[Integer], free: &[usize]) {
        let mut best = self.inverters(graph, types);
        loop {
            let before = best;
            for &node in free {
                self.complemented[node] ^= true;
                let inverters = self.inverters(graph, types);
                match inverters < best {
                    true => best = inverters,
                    false => self.complemented[node] ^= true,
                }
            }
            if best == before {
                return;
            }
        }
    }
}
