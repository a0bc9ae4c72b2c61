//! Exact products of 8-bit floats.

use super::fp8_format::arithmetic;
use super::model::Model;
use crate::arithmetic::small_float::SmallFloat;
use crate::catalogue::Fp8MultiplierParameters;
use crate::unit::Column;

/// The reference of a multiplier of 8-bit floats, which has no state.
pub(crate) fn model(parameters: &Fp8MultiplierParameters, _: usize) -> Box<dyn Model> {
    Box::new(Fp8MultiplierModel { format: arithmetic(parameters.format) })
}

/// `product = a * b` in binary32.
struct Fp8MultiplierModel {
    format: SmallFloat,
}

impl Model for Fp8MultiplierModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([Column::U8(a), Column::U8(b)], [Column::U32(products)]) = (inputs, outputs) else {
            unreachable!("codes have 8 bits and products 32")
        };
        let pairs = a.iter().zip(b);
        pairs.zip(products).for_each(|((&a, &b), slot)| *slot = self.format.multiply(a, b).to_bits());
    }
}
