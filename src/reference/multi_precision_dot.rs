//! Exact dot products of integers of 8, 4 or 2 bits.

use super::model::Model;
use crate::catalogue::MultiPrecisionDotParameters;
use crate::unit::{Column, Integer};

/// The reference of a dot product whose mode selects the width of its numbers, in place.
pub(crate) fn model(parameters: &MultiPrecisionDotParameters, _: usize) -> Box<dyn Model> {
    let &MultiPrecisionDotParameters { a_signed, lanes, .. } = parameters;
    let sum_bits = 16 + lanes.next_power_of_two().trailing_zeros();
    Box::new(MultiPrecisionDotModel { a_signed, lanes, mask: u64::MAX >> (64 - sum_bits) })
}

struct MultiPrecisionDotModel {
    a_signed: bool,
    lanes: u32,
    /// Mask of the bits of a sum.
    mask: u64,
}

impl Model for MultiPrecisionDotModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([modes, a, b], [sums]) = (inputs, outputs) else {
            unreachable!("a mode, two vectors and a sum")
        };
        for index in 0..modes.len() {
            let bits = match modes.get(index) {
                0 => 8,
                1 => 4,
                _ => 2,
            };
            let (left, right) = (Integer { bits, signed: self.a_signed }, Integer { bits, signed: true });
            let (a, b) = (a.words(index), b.words(index));
            let products = (0..self.lanes * 8 / bits)
                .map(|element| left.element(&a, element) * right.element(&b, element));
            sums.set(index, products.sum::<i128>() as u64 & self.mask);
        }
    }
}
