//! Means over axes: (T10).

use super::quantization::Quantization;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, RescaleError, Rescaler, Rule, Scale, quantize_multiplier};

/// A mean over some axes, in fixed point.
#[derive(Debug, Clone, PartialEq)]
pub struct Mean {
    /// Lengths of the input's axes.
    pub shape: Vec<usize>,
    /// Whether each axis is averaged away.
    pub is_reduced: Vec<bool>,
    /// Zero point of the input.
    pub zero_point: i32,
    /// Rescaling of the sums.
    pub rescaler: Rescaler,
}

impl Mean {
    /// Folds the number of elements into the multiplier: (T10).
    ///
    /// # Errors
    /// [`RescaleError`] if the scales cannot be applied.
    pub fn new(
        shape: Vec<usize>,
        is_reduced: Vec<bool>,
        input: Quantization,
        output: Quantization,
    ) -> Result<Self, RescaleError> {
        let lengths = shape.iter().zip(&is_reduced).filter(|(_, reduced)| **reduced);
        let count: u64 = lengths.map(|(&length, _)| length as u64).product::<u64>().max(1);
        let (multiplier, shift) = quantize_multiplier(input.ratio(output));
        let extra = (count.ilog2() as i32).min(32).min(31 + shift).max(0);
        let multiplier = ((i128::from(multiplier) << extra) / i128::from(count)) as i64;
        let int8 = CodeFormat::new(8, true).expect("8 bits");
        let stage = OutputStage::new(int8, output.zero_point)?;
        let rescaler = Rescaler::new(Rule::Gemmlowp, 32, Scale::fixed(multiplier, shift - extra)?, stage)?;
        Ok(Self { shape, is_reduced, zero_point: input.zero_point, rescaler })
    }

    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        let mut strides = vec![0; self.shape.len()];
        let mut outputs = 1;
        for axis in (0..self.shape.len()).rev().filter(|&axis| !self.is_reduced[axis]) {
            strides[axis] = outputs;
            outputs *= self.shape[axis];
        }
        let mut sums = vec![0i64; outputs];
        let mut index = vec![0; self.shape.len()];
        for &code in x {
            let output: usize = index.iter().zip(&strides).map(|(index, stride)| index * stride).sum();
            sums[output] += i64::from(i32::from(code) - self.zero_point);
            advance(&mut index, &self.shape);
        }
        sums.iter().map(|&sum| self.rescaler.rescale(sum, 0) as i8).collect()
    }
}

/// Moves a multi-dimensional index to the next element in row-major order.
pub(super) fn advance(index: &mut [usize], shape: &[usize]) {
    for (index, &length) in index.iter_mut().zip(shape).rev() {
        *index += 1;
        if *index < length {
            return;
        }
        *index = 0;
    }
}
