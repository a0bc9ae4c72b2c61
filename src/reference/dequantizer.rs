//! Real numbers of codes and accumulators.

use super::model::Model;
use crate::arithmetic::small_float::NAN;
use crate::arithmetic::{dequantize, dequantize_with_bias};
use crate::catalogue::DequantizerParameters;
use crate::unit::Column;

/// The reference of a dequantizer, in place.
pub(crate) fn model(parameters: &DequantizerParameters, _: usize) -> Box<dyn Model> {
    Box::new(DequantizerModel(*parameters))
}

/// Computes `y`, the real number of `q`, or of `acc` with its bias.
struct DequantizerModel(DequantizerParameters);

impl DequantizerModel {
    fn value(&self, column: &Column, index: usize) -> i32 {
        self.0.input.decode(column.get(index)) as i32
    }
}

impl Model for DequantizerModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let float = |column: &Column, index| f32::from_bits(column.get(index) as u32);
        outputs[0].fill(|index| {
            let number = self.value(&inputs[0], index);
            let y = if self.0.has_bias {
                dequantize_with_bias(number, float(&inputs[1], index), float(&inputs[2], index))
            } else {
                dequantize(number, self.value(&inputs[1], index), float(&inputs[2], index))
            };
            // Processors give different NaNs; the unit has a single one.
            if y.is_nan() { NAN.to_bits() } else { y.to_bits() }.into()
        });
    }
}
