//! Softmax in integers: (T11).

use super::fixed_point::{divide_by_pot, exp, one_over_one_plus};
use crate::arithmetic::rescale::primitives::saturating_rounding_doubling_high_mul as multiply;
use crate::arithmetic::rescale::quantize_multiplier;

/// Integer bits of the scaled difference to the largest code.
const DIFFERENCE_BITS: u32 = 5;

/// Integer bits of the sum of exponentials.
const SUM_BITS: u32 = 12;

/// Softmax of each row in integers, with output scale 1/256 and zero point -128: (T11).
#[derive(Debug, Clone, PartialEq)]
pub struct Softmax {
    /// Codes of a row.
    pub depth: usize,
    /// Exponential in Q0.31 of a code `d` below the largest of the row, at index `d`; `None` if the runtime skips
    /// the code.
    pub exponentials: [Option<i32>; 256],
}

impl Softmax {
    /// Derives the table of exponentials; `beta` multiplies the input.
    ///
    /// `None` unless `beta * scale` is over 2^-26, which the runtime requires.
    pub fn new(depth: usize, beta: f32, scale: f32) -> Option<Self> {
        let factor = f64::from(beta) * f64::from(scale) * 2f64.powi(31 - DIFFERENCE_BITS as i32);
        let factor = factor.min(2f64.powi(31) - 1.0);
        if factor.is_nan() || factor <= 1.0 {
            return None;
        }
        let (multiplier, shift) = quantize_multiplier(factor);
        Some(Self::from_multiplier(depth, multiplier, shift))
    }

    /// Derives the table of exponentials; `multiplier` in Q0.31 times `2^shift`, for a shift from 1 to 31, takes
    /// a difference of codes to Q5.26.
    pub fn from_multiplier(depth: usize, multiplier: i32, shift: i32) -> Self {
        let radius = 31f64 * 2f64.powi(26) / 2f64.powi(shift);
        let exponentials = std::array::from_fn(|distance| {
            let difference = -(distance as i64);
            let scaled = || multiply((difference << shift) as i32, multiplier);
            (difference >= -(radius.floor() as i64)).then(|| exp(scaled(), DIFFERENCE_BITS))
        });
        Self { depth, exponentials }
    }

    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        x.chunks_exact(self.depth).flat_map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &[i8]) -> Vec<i8> {
        let largest = row.iter().copied().max().unwrap_or_default();
        let exponential = |code: i8| self.exponentials[usize::from(largest.abs_diff(code))];
        let parts = row.iter().filter_map(|&code| exponential(code));
        let sum = parts.fold(0i32, |sum, part| sum.wrapping_add(divide_by_pot(part, SUM_BITS)));
        let headroom = sum.leading_zeros();
        let fraction = ((sum as u32) << (headroom & 31)).wrapping_sub(1 << 31) as i32;
        let reciprocal = one_over_one_plus(fraction);
        let right = (SUM_BITS as i32 - headroom as i32 + 31 - 8).clamp(0, 31) as u32;
        let code = |part: i32| {
            let scaled = divide_by_pot(multiply(reciprocal, part), right);
            (i64::from(scaled) - 128).clamp(-128, 127) as i8
        };
        row.iter().map(|&own| exponential(own).map_or(-128, code)).collect()
    }
}
