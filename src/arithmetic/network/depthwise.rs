//! Depthwise convolution: (T4).

use multiversion::multiversion;

use super::products::{AccumulatorRange, Products, extreme_code};
use super::window::Window;

/// A depthwise convolution: output channel `c` reads input channel `c / multiplier`.
///
/// Weights are ordered by row, column and output channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Depthwise {
    /// Window over rows and columns.
    pub window: Window,
    /// Output channels per input channel.
    pub multiplier: usize,
    /// Weights, biases and rescaling.
    pub products: Products,
}

impl Depthwise {
    /// Channels of the output.
    pub fn output_channels(&self) -> usize {
        self.products.biases.len()
    }

    /// Channels of the input.
    pub fn input_channels(&self) -> usize {
        self.output_channels() / self.multiplier
    }

    /// Sums before rescaling, by pixel and output channel.
    pub fn sums(&self, x: &[i8]) -> Vec<i32> {
        sums(self, x)
    }

    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        self.products.rescale(&self.sums(x)).collect()
    }

    /// Range of the sums of an output channel; taps that are always in the padding do not count.
    pub fn range(&self, channel: usize) -> AccumulatorRange {
        let window = &self.window;
        let columns = window.columns.kernel;
        let is_used = |tap: usize| window.rows.uses(tap / columns) && window.columns.uses(tap % columns);
        let weights = self.products.weights[channel..].iter().step_by(self.output_channels());
        let used = weights.copied().enumerate().filter(|&(tap, _)| is_used(tap)).map(|(_, weight)| weight);
        AccumulatorRange::new(self.products.biases[channel], self.products.input_zero_point, used)
    }

    /// Input with the largest or smallest sum of a channel at an output pixel.
    pub fn extreme_input(&self, channel: usize, position: (usize, usize), is_largest: bool) -> Vec<i8> {
        let (inputs, outputs) = (self.input_channels(), self.output_channels());
        let mut x = vec![0; self.window.input_pixels() * inputs];
        for (tap, pixel) in self.window.sources(position) {
            let weight = self.products.weights[tap * outputs + channel];
            x[pixel * inputs + channel / self.multiplier] = extreme_code(weight, is_largest);
        }
        x
    }
}

/// All callees are inlined here, so that each version is vectorised as a whole.
#[multiversion(targets("x86_64+avx2"))]
fn sums(layer: &Depthwise, x: &[i8]) -> Vec<i32> {
    let (inputs, outputs) = (layer.input_channels(), layer.output_channels());
    let zero_point = layer.products.input_zero_point;
    let mut sums = Vec::with_capacity(layer.window.output_pixels() * outputs);
    for position in layer.window.positions() {
        let start = sums.len();
        sums.extend_from_slice(&layer.products.biases);
        let own: &mut [i32] = &mut sums[start..];
        for (tap, pixel) in layer.window.sources(position) {
            let weights = &layer.products.weights[tap * outputs..][..outputs];
            let codes = &x[pixel * inputs..][..inputs];
            add_products(own, weights, codes, layer.multiplier, zero_point);
        }
    }
    sums
}

/// Adds `w * (x - zero_point)` of one tap to the sum of each output channel.
#[inline(always)]
fn add_products(sums: &mut [i32], weights: &[i8], codes: &[i8], multiplier: usize, zero_point: i32) {
    let product = |weight: i8, code: i8| i32::from(weight) * (i32::from(code) - zero_point);
    if multiplier == 1 {
        for ((sum, &weight), &code) in sums.iter_mut().zip(weights).zip(codes) {
            *sum = sum.wrapping_add(product(weight, code));
        }
        return;
    }
    let groups = sums.chunks_exact_mut(multiplier).zip(weights.chunks_exact(multiplier));
    for ((sums, weights), &code) in groups.zip(codes) {
        for (sum, &weight) in sums.iter_mut().zip(weights) {
            *sum = sum.wrapping_add(product(weight, code));
        }
    }
}
