//! Adders as they are made, with what is known of their sums.

use super::graph::{Function, Operation};
use super::range::Range;

/// The nodes of a graph that grows. Ranges are bounds: an input that comes in twice counts twice.
#[derive(Debug)]
pub(crate) struct Adders {
    pub(crate) operations: Vec<Operation>,
    pub(crate) ranges: Vec<Range>,
    pub(crate) levels: Vec<u32>,
}

impl Adders {
    /// Inputs, and nothing made of them.
    pub(crate) fn new(inputs: usize, input: Range) -> Adders {
        Adders { operations: Vec::new(), ranges: vec![input; inputs], levels: vec![0; inputs] }
    }

    /// One more; returns its node.
    pub(crate) fn push(&mut self, operation: Operation) -> usize {
        self.ranges.push(self.range(operation));
        self.levels.push(1 + self.level(operation));
        self.operations.push(operation);
        self.ranges.len() - 1
    }

    /// The bits of the adder that an operation takes.
    pub(crate) fn bits(&self, operation: Operation) -> u32 {
        self.range(operation).integer().bits - operation.passed()
    }

    /// How many adders stand before an operation.
    pub(crate) fn level(&self, operation: Operation) -> u32 {
        operation.operands().map(|node| self.levels[node]).max().unwrap_or(0)
    }

    pub(crate) fn range(&self, operation: Operation) -> Range {
        let low = self.ranges[operation.low];
        let high = self.ranges[operation.high].shifted(operation.shift);
        match operation.function {
            Function::Add => low.plus(high),
            Function::Subtract => low.plus(high.negated()),
            Function::Reverse => high.plus(low.negated()),
            Function::Negate => low.negated(),
        }
    }
}
