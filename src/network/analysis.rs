//! Cost of a layer and width of its accumulator.

use super::graph::Layer;
use super::operation::Operation;
use crate::arithmetic::network::{AccumulatorRange, Products, Window};

/// Widest accumulator of the runtimes: wider sums wrap.
const WIDEST: u32 = 32;

/// Narrowest accumulator of a layer that cannot overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeastAccumulator {
    /// Bits, at most 32.
    pub bits: u32,
    /// First channel that needs this width.
    pub channel: usize,
    /// The extreme sum of that channel: the largest or the smallest.
    pub sum: i64,
}

impl Layer {
    /// Products of weights and codes in a frame.
    pub fn macs(&self, outputs: usize) -> u64 {
        let per_output = match &self.operation {
            Ok(Operation::Convolution(layer)) => layer.depth(),
            Ok(Operation::Depthwise(layer)) => layer.window.taps(),
            Ok(Operation::Dense(layer)) => layer.inputs,
            _ => 0,
        };
        (per_output as u64).saturating_mul(outputs as u64)
    }

    /// Steps of the reference per frame: products, or codes that are read.
    pub(super) fn steps(&self, outputs: usize) -> u64 {
        let taps = match &self.operation {
            Ok(Operation::AveragePool(layer)) => layer.window.taps(),
            Ok(Operation::MaxPool(layer)) => layer.window.taps(),
            _ => 1,
        };
        self.macs(outputs).max((taps as u64).saturating_mul(outputs as u64))
    }

    /// Bytes of the weights, packed as in the file.
    pub fn weight_bytes(&self) -> u64 {
        self.products().map_or(0, |products| {
            (products.weights.len() as u64 * u64::from(products.weight_bits)).div_ceil(8)
        })
    }

    fn products(&self) -> Option<&Products> {
        match &self.operation {
            Ok(Operation::Convolution(layer)) => Some(&layer.products),
            Ok(Operation::Depthwise(layer)) => Some(&layer.products),
            Ok(Operation::Dense(layer)) => Some(&layer.products),
            _ => None,
        }
    }

    /// Range of the sums of a channel; `None` for layers without weights.
    fn range(&self, channel: usize) -> Option<AccumulatorRange> {
        match &self.operation {
            Ok(Operation::Convolution(layer)) => Some(layer.range(channel)),
            Ok(Operation::Depthwise(layer)) => Some(layer.range(channel)),
            Ok(Operation::Dense(layer)) => Some(layer.range(channel)),
            _ => None,
        }
    }

    /// Narrowest accumulator that no input overflows, from the actual weights; `None` for layers without weights.
    pub fn accumulator(&self) -> Option<LeastAccumulator> {
        let channels = self.products()?.biases.len();
        let ranges = (0..channels).filter_map(|channel| Some((channel, self.range(channel)?)));
        // The last of equal keys would win: count channels down.
        let (channel, range) = ranges.max_by_key(|(channel, range)| (range.bits(), usize::MAX - channel))?;
        let sum = if range.is_widest_at_max() { range.max } else { range.min };
        Some(LeastAccumulator { bits: range.bits().min(WIDEST), channel, sum })
    }

    /// Codes of the layer's input, of `elements` elements, at which its widest sum occurs.
    ///
    /// `None` for layers without weights, and if no output position uses all weights that any position uses.
    pub fn widest_input(&self, elements: usize) -> Option<Vec<i8>> {
        let LeastAccumulator { channel, .. } = self.accumulator()?;
        let is_largest = self.range(channel)?.is_widest_at_max();
        match &self.operation {
            Ok(Operation::Convolution(layer)) => {
                Some(layer.extreme_input(channel, widest_position(&layer.window)?, is_largest))
            }
            Ok(Operation::Depthwise(layer)) => {
                Some(layer.extreme_input(channel, widest_position(&layer.window)?, is_largest))
            }
            Ok(Operation::Dense(layer)) => {
                Some(layer.extreme_input(channel, is_largest).repeat(elements / layer.inputs))
            }
            _ => None,
        }
    }
}

/// Output position that has every used tap inside the input.
fn widest_position(window: &Window) -> Option<(usize, usize)> {
    let position = [window.rows, window.columns].map(|axis| {
        let first = (0..axis.kernel).find(|&tap| axis.uses(tap))?;
        let last = (0..axis.kernel).rfind(|&tap| axis.uses(tap))?;
        axis.output_using(first, last)
    });
    Some((position[0]?, position[1]?))
}
