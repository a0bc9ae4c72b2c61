//! Dot products of 8-bit floats.

use super::fp8_format::arithmetic;
use super::model::Model;
use crate::arithmetic::small_float::{Accumulation, SmallFloat, dot};
use crate::catalogue::{Fp8DotParameters, SumRounding};
use crate::unit::Column;

/// The reference of a dot product of 8-bit floats, in place.
pub(crate) fn model(parameters: &Fp8DotParameters, _: usize) -> Box<dyn Model> {
    let accumulate = match parameters.accumulate {
        SumRounding::Exact => Accumulation::Exact,
        SumRounding::H100 => Accumulation::H100,
    };
    let format = arithmetic(parameters.format);
    Box::new(Fp8DotModel { format, accumulate, products: parameters.products as usize })
}

/// Computes `sum`, the sum of the products of `a` and `b`, element by element.
struct Fp8DotModel {
    format: SmallFloat,
    accumulate: Accumulation,
    products: usize,
}

impl Fp8DotModel {
    fn codes(&self, column: &Column, index: usize) -> Vec<u8> {
        let bytes = column.words(index).into_iter().flat_map(u64::to_le_bytes);
        bytes.take(self.products).collect()
    }
}

impl Model for Fp8DotModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([a, b], [Column::U32(sums)]) = (inputs, outputs) else {
            unreachable!("two operands, and a sum of 32 bits")
        };
        for (index, slot) in sums.iter_mut().enumerate() {
            let (a, b) = (self.codes(a, index), self.codes(b, index));
            let sum = dot(self.format, &a, &b, self.accumulate).expect("the catalogue checks the length");
            *slot = sum.to_bits();
        }
    }
}
