//! Sums of products with a zero point, shared by convolution, depthwise and dense layers.

use std::sync::Arc;

use crate::arithmetic::rescale::Rescaler;

/// Weights, biases, zero point and rescaling of a layer of sums of products.
#[derive(Debug, Clone, PartialEq)]
pub struct Products {
    /// Weights, in the order of the layer.
    pub weights: Arc<[i8]>,
    /// Width of a weight in the file: 8, 4 or 2 bits.
    pub weight_bits: u32,
    /// Bias of each output channel.
    pub biases: Arc<[i32]>,
    /// Zero point of the input.
    pub input_zero_point: i32,
    /// Rescaling of the sums.
    pub rescaler: ChannelRescaler,
}

/// A rescaling by channel; the last channels may have another rule.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelRescaler {
    /// Rescaling of the channels before `tail`.
    pub rescaler: Rescaler,
    /// First channel of another rescaling, and that rescaling.
    pub tail: Option<(usize, Rescaler)>,
}

impl ChannelRescaler {
    /// Rescales one sum of a channel.
    pub fn rescale(&self, sum: i32, channel: usize) -> i8 {
        let rescaler = match &self.tail {
            Some((start, tail)) if channel >= *start => tail,
            _ => &self.rescaler,
        };
        rescaler.rescale(sum.into(), channel) as i8
    }
}

impl From<Rescaler> for ChannelRescaler {
    fn from(rescaler: Rescaler) -> Self {
        Self { rescaler, tail: None }
    }
}

impl Products {
    /// Rescales whole rows of sums, one per output channel.
    pub(super) fn rescale(&self, sums: &[i32]) -> impl Iterator<Item = i8> {
        let channels = self.biases.len();
        sums.iter().enumerate().map(move |(i, &sum)| self.rescaler.rescale(sum, i % channels))
    }

    /// Bias of an output channel minus zero point times the sum of its weights.
    ///
    /// `bias + sum w*(x - zx)` equals `this + sum w*x` in wrapping arithmetic.
    pub(super) fn folded_bias(&self, channel: usize, weight_sum: i32) -> i32 {
        self.biases[channel].wrapping_sub(self.input_zero_point.wrapping_mul(weight_sum))
    }
}

/// Smallest and largest sum of a channel, over all inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccumulatorRange {
    /// Smallest sum.
    pub min: i64,
    /// Largest sum.
    pub max: i64,
}

impl AccumulatorRange {
    /// Range of `bias + sum w*(x - zero_point)` over inputs of -128 to 127.
    pub fn new(bias: i32, zero_point: i32, weights: impl IntoIterator<Item = i8>) -> Self {
        let start = Self { min: bias.into(), max: bias.into() };
        let ends = [-128, 127].map(|code| i64::from(code - zero_point));
        weights.into_iter().fold(start, |range, weight| {
            let products = ends.map(|x| i64::from(weight) * x);
            Self {
                min: range.min + products[0].min(products[1]),
                max: range.max + products[0].max(products[1]),
            }
        })
    }

    /// Width of the narrowest two's complement number that holds every sum.
    pub fn bits(self) -> u32 {
        let bits = |value: i64| 65 - (value ^ (value >> 63)).leading_zeros();
        bits(self.min).max(bits(self.max))
    }

    /// Whether the largest sum needs at least as many bits as the smallest.
    pub fn is_widest_at_max(self) -> bool {
        Self { min: 0, max: self.max }.bits() >= Self { min: self.min, max: 0 }.bits()
    }
}

/// Input code that makes the product with a weight largest, or smallest.
pub(super) fn extreme_code(weight: i8, is_largest: bool) -> i8 {
    if (weight >= 0) == is_largest { i8::MAX } else { i8::MIN }
}

/// Dot product of equally long vectors, modulo 2^32.
#[inline(always)]
pub(super) fn dot(a: &[i8], b: &[i8]) -> i32 {
    let products = a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b));
    products.fold(0, i32::wrapping_add)
}

/// Sum of weights, modulo 2^32.
pub(super) fn weight_sum(weights: &[i8]) -> i32 {
    weights.iter().fold(0, |sum, &weight| sum.wrapping_add(weight.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_bits_of_the_widest_sum() {
        let range = |min, max| AccumulatorRange { min, max };
        assert_eq!(range(0, 0).bits(), 1);
        assert_eq!(range(-1, 1).bits(), 2);
        assert_eq!(range(-128, 127).bits(), 8);
        assert_eq!(range(-129, 127).bits(), 9);
        assert_eq!(range(-128, 128).bits(), 9);
    }

    #[test]
    fn extreme_inputs_reach_the_range() {
        let weights = [3, -2, 0, 127, -128];
        for zero_point in [-128, -1, 127] {
            let range = AccumulatorRange::new(5, zero_point, weights);
            let sum = |is_largest| {
                let products = weights
                    .map(|w| i64::from(w) * i64::from(i32::from(extreme_code(w, is_largest)) - zero_point));
                5 + products.iter().sum::<i64>()
            };
            assert_eq!(range, AccumulatorRange { min: sum(false), max: sum(true) });
        }
    }
}
