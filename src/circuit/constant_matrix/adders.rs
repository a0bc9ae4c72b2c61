//! The adders of a graph under construction, with the ranges of their sums.

use super::graph::{AdderFunction, GraphAdder};
use super::range::Range;

/// The nodes of a graph under construction. Ranges are bounds: an input that is used twice counts twice.
#[derive(Debug)]
pub(crate) struct Adders {
    pub(crate) operations: Vec<GraphAdder>,
    pub(crate) ranges: Vec<Range>,
    pub(crate) levels: Vec<u32>,
}

impl Adders {
    /// Inputs without adders.
    pub(crate) fn new(inputs: usize, input: Range) -> Self {
        Self { operations: Vec::new(), ranges: vec![input; inputs], levels: vec![0; inputs] }
    }

    /// Adds an operation and returns its node.
    pub(crate) fn push(&mut self, operation: GraphAdder) -> usize {
        self.ranges.push(self.range(operation));
        self.levels.push(1 + self.level(operation));
        self.operations.push(operation);
        self.ranges.len() - 1
    }

    /// Width in bits of the adder of an operation.
    pub(crate) fn bits(&self, operation: GraphAdder) -> u32 {
        self.range(operation).integer().bits - operation.passed()
    }

    /// The number of adders on the longest path to an operation.
    pub(crate) fn level(&self, operation: GraphAdder) -> u32 {
        operation.operands().map(|node| self.levels[node]).max().unwrap_or(0)
    }

    pub(crate) fn range(&self, operation: GraphAdder) -> Range {
        let low = self.ranges[operation.low];
        let high = self.ranges[operation.high].shifted(operation.shift);
        match operation.function {
            AdderFunction::Add => low.plus(high),
            AdderFunction::Subtract => low.plus(high.negated()),
            AdderFunction::Reverse => high.plus(low.negated()),
            AdderFunction::Negate => low.negated(),
        }
    }
}
