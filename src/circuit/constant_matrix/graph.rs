//! A graph of shifts, additions and subtractions that computes linear forms of its inputs.

use super::range::Range;
use crate::unit::Integer;

/// The function of an operation on two nodes, of which `high` is shifted left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdderFunction {
    /// `low + high`; the bits of `low` below the shift pass unchanged.
    Add,
    /// `low - high`; these bits pass unchanged as well.
    Subtract,
    /// `high - low`.
    Reverse,
    /// `-low`; `high` is not read.
    Negate,
}

/// One adder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GraphAdder {
    pub(crate) function: AdderFunction,
    pub(crate) low: usize,
    pub(crate) high: usize,
    pub(crate) shift: u32,
}

impl GraphAdder {
    /// The nodes it reads.
    pub(crate) fn operands(&self) -> impl Iterator<Item = usize> {
        let second = (self.function != AdderFunction::Negate).then_some(self.high);
        [self.low].into_iter().chain(second)
    }

    /// The number of bits that pass without an adder.
    pub(crate) fn passed(&self) -> u32 {
        match self.function {
            AdderFunction::Add | AdderFunction::Subtract => self.shift,
            AdderFunction::Reverse | AdderFunction::Negate => 0,
        }
    }
}

/// The source of an output: a node, shifted left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tap {
    pub(crate) node: usize,
    pub(crate) shift: u32,
}

/// Nodes are numbered: the inputs, then the operations in topological order.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    pub(crate) inputs: usize,
    pub(crate) operations: Vec<GraphAdder>,
    /// `None` for an output that is always 0.
    pub(crate) outputs: Vec<Option<Tap>>,
}

impl Graph {
    /// The coefficients of every node as a linear form of the inputs.
    pub(crate) fn forms(&self) -> Vec<Vec<i64>> {
        let unit = |input| (0..self.inputs).map(|other| i64::from(input == other)).collect();
        let mut forms: Vec<Vec<i64>> = (0..self.inputs).map(unit).collect();
        for operation in &self.operations {
            let pairs = forms[operation.low].iter().zip(&forms[operation.high]);
            let form = pairs.map(|(&low, &high)| match operation.function {
                AdderFunction::Add => low + (high << operation.shift),
                AdderFunction::Subtract => low - (high << operation.shift),
                AdderFunction::Reverse => (high << operation.shift) - low,
                AdderFunction::Negate => -low,
            });
            forms.push(form.collect());
        }
        forms
    }

    /// The exact range of every node, for inputs of that range.
    pub(crate) fn ranges(&self, input: Range) -> Vec<Range> {
        self.forms().iter().map(|form| Range::of_form(form, input)).collect()
    }

    /// The narrowest type of every node that holds its range and truncates no operand.
    pub(crate) fn types(&self, input: Range) -> Vec<Integer> {
        let mut types: Vec<Integer> = self.ranges(input).into_iter().map(Range::integer).collect();
        for (operation, node) in self.operations.iter().zip(self.inputs..) {
            let shift = if operation.function == AdderFunction::Negate { 0 } else { operation.shift };
            let operands = types[operation.low].bits.max(types[operation.high].bits + shift);
            types[node].bits = types[node].bits.max(operands);
        }
        types
    }

    /// The number of adders on the longest path to every node, its own included.
    pub(crate) fn levels(&self) -> Vec<u32> {
        let mut levels = vec![0; self.inputs];
        for operation in &self.operations {
            let before = operation.operands().map(|node| levels[node]).max();
            levels.push(1 + before.expect("an operation reads a node"));
        }
        levels
    }
}
