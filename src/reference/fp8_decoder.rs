//! Values of 8-bit floats.

use super::fp8_format::arithmetic;
use super::model::Model;
use crate::catalogue::Fp8DecoderParameters;
use crate::unit::Column;

/// The reference of a decoder, which has no state.
pub(crate) fn model(parameters: &Fp8DecoderParameters, _: usize) -> Box<dyn Model> {
    let format = arithmetic(parameters.format);
    Box::new(Fp8DecoderModel { values: (0..=u8::MAX).map(|code| format.decode(code).to_bits()).collect() })
}

/// Computes `x`, the binary32 value of `code`.
struct Fp8DecoderModel {
    /// The bit pattern of `x`, by code.
    values: Vec<u32>,
}

impl Model for Fp8DecoderModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([Column::U8(codes)], [Column::U32(values)]) = (inputs, outputs) else {
            unreachable!("codes have 8 bits and values 32")
        };
        codes.iter().zip(values).for_each(|(&code, value)| *value = self.values[usize::from(code)]);
    }
}
