//! Convolution: (T3), (N2).

use multiversion::multiversion;

use super::products::{AccumulatorRange, Products, dot, extreme_code, weight_sum};
use super::window::Window;

/// A two-dimensional convolution, of one group of channels or of several.
///
/// Weights are ordered by output channel, row, column and input channel of the group.
#[derive(Debug, Clone, PartialEq)]
pub struct Convolution {
    /// Window over rows and columns.
    pub window: Window,
    /// Channels of the input, a multiple of `groups`.
    pub input_channels: usize,
    /// Groups of channels; each output channel reads one of them.
    pub groups: usize,
    /// Weights, biases and rescaling.
    pub products: Products,
}

impl Convolution {
    /// Channels of the output.
    pub fn output_channels(&self) -> usize {
        self.products.biases.len()
    }

    /// Input channels that an output channel reads.
    fn group_channels(&self) -> usize {
        self.input_channels / self.groups
    }

    /// Products of one output code.
    pub fn depth(&self) -> usize {
        self.window.taps() * self.group_channels()
    }

    /// Sums before rescaling, by pixel and output channel.
    pub fn sums(&self, x: &[i8]) -> Vec<i32> {
        sums(self, x)
    }

    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        self.products.rescale(&self.sums(x)).collect()
    }

    fn weights_of(&self, channel: usize) -> &[i8] {
        let depth = self.depth();
        &self.products.weights[channel * depth..][..depth]
    }

    /// Range of the sums of an output channel; taps that are always in the padding do not count.
    pub fn range(&self, channel: usize) -> AccumulatorRange {
        let (window, group) = (&self.window, self.group_channels());
        let columns = window.columns.kernel;
        let is_used = |tap: usize| window.rows.uses(tap / columns) && window.columns.uses(tap % columns);
        let taps = self.weights_of(channel).chunks_exact(group).enumerate();
        let weights = taps.filter(|&(tap, _)| is_used(tap)).flat_map(|(_, weights)| weights.iter().copied());
        AccumulatorRange::new(self.products.biases[channel], self.products.input_zero_point, weights)
    }

    /// Input with the largest or smallest sum of a channel at an output pixel.
    pub fn extreme_input(&self, channel: usize, position: (usize, usize), is_largest: bool) -> Vec<i8> {
        let group = self.group_channels();
        let start = channel / (self.output_channels() / self.groups) * group;
        let mut x = vec![0; self.window.input_pixels() * self.input_channels];
        for (tap, pixel) in self.window.sources(position) {
            let weights = &self.weights_of(channel)[tap * group..][..group];
            let codes = &mut x[pixel * self.input_channels + start..][..group];
            codes.iter_mut().zip(weights).for_each(|(code, &w)| *code = extreme_code(w, is_largest));
        }
        x
    }
}

/// All callees are inlined here, so that each version is vectorised as a whole.
#[multiversion(targets("x86_64+avx2"))]
fn sums(layer: &Convolution, x: &[i8]) -> Vec<i32> {
    let (group, depth) = (layer.group_channels(), layer.depth());
    let outputs = layer.output_channels();
    let outputs_of_group = outputs / layer.groups;
    let weights = &layer.products.weights;
    let biases: Vec<i32> = (0..outputs)
        .map(|channel| layer.products.folded_bias(channel, weight_sum(layer.weights_of(channel))))
        .collect();
    let mut sums = Vec::with_capacity(layer.window.output_pixels() * outputs);
    let mut patch = vec![0; depth];
    for position in layer.window.positions() {
        for index in 0..layer.groups {
            // The zero point in the padding contributes what a tap outside the input does: nothing.
            patch.fill(layer.products.input_zero_point as i8);
            for (tap, pixel) in layer.window.sources(position) {
                let source = pixel * layer.input_channels + index * group;
                patch[tap * group..][..group].copy_from_slice(&x[source..][..group]);
            }
            let channels = index * outputs_of_group..(index + 1) * outputs_of_group;
            let rows = weights[channels.start * depth..].chunks_exact(depth);
            let own = biases[channels].iter().zip(rows);
            sums.extend(own.map(|(bias, weights)| bias.wrapping_add(dot(weights, &patch))));
        }
    }
    sums
}
