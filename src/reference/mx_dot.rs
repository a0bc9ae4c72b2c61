//! Dot products of two blocks of MX (P9).

use super::model::Model;
use crate::arithmetic::small_float::{BlockFormat, ScaledBlock};
use crate::catalogue::MxDotParameters;
use crate::unit::{Column, Integer};

/// The reference of a dot product of two blocks, in place.
pub(crate) fn model(parameters: &MxDotParameters, _: usize) -> Box<dyn Model> {
    let format = BlockFormat::from_name(parameters.format.word()).expect("the catalogue offers no other");
    let code_bits = u32::BITS - u32::from(*format.element().codes().end()).leading_zeros();
    Box::new(MxDotModel { format, code: Integer::unsigned(code_bits), elements: parameters.elements })
}

/// Computes `sum`, the dot product of `a` and `b` with their scales.
struct MxDotModel {
    format: BlockFormat,
    /// The type of a code.
    code: Integer,
    elements: u32,
}

impl MxDotModel {
    fn block(&self, codes: &Column, scales: &Column, index: usize) -> ScaledBlock {
        let words = codes.words(index);
        let codes = (0..self.elements).map(|element| self.code.element(&words, element) as u8).collect();
        ScaledBlock { scale: scales.get(index) as u8, codes }
    }
}

impl Model for MxDotModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([a, b, a_scales, b_scales], [sums]) = (inputs, outputs) else {
            unreachable!("two blocks, their scales and a sum")
        };
        for index in 0..a_scales.len() {
            let (a, b) = (self.block(a, a_scales, index), self.block(b, b_scales, index));
            let sum = self.format.dot(&[a], &[b]).expect("both blocks have as many elements");
            sums.set(index, sum.to_bits().into());
        }
    }
}
