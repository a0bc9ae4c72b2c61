//! 8-bit floats nearest to a value.

use super::fp8_format::arithmetic;
use super::model::Model;
use crate::arithmetic::small_float::{SmallFloat, SmallFloatOverflow};
use crate::catalogue::Fp8EncoderParameters;
use crate::unit::Column;

/// The reference of an encoder, which has no state.
pub(crate) fn model(parameters: &Fp8EncoderParameters, _: usize) -> Box<dyn Model> {
    let overflow =
        if parameters.saturate { SmallFloatOverflow::Saturate } else { SmallFloatOverflow::Propagate };
    Box::new(Fp8EncoderModel { format: arithmetic(parameters.format), overflow })
}

/// Computes `code`, the 8-bit float nearest to `x`.
struct Fp8EncoderModel {
    format: SmallFloat,
    overflow: SmallFloatOverflow,
}

impl Model for Fp8EncoderModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([Column::U32(values)], [Column::U8(codes)]) = (inputs, outputs) else {
            unreachable!("values have 32 bits and codes 8")
        };
        let encode = |value| self.format.encode(f32::from_bits(value), self.overflow);
        values.iter().zip(codes).for_each(|(&value, code)| *code = encode(value));
    }
}
