//! Codes by the reciprocal of the scale.

use super::model::Model;
use crate::arithmetic::quantize_by_reciprocal;
use crate::arithmetic::quantizer::CodeFormat;
use crate::catalogue::QuantizerParameters;
use crate::unit::{Column, Integer};

/// The reference of a quantizer, in place.
pub(crate) fn model(parameters: &QuantizerParameters, _: usize) -> Box<dyn Model> {
    let code = parameters.code;
    let format = CodeFormat::new(code.bits, code.signed).expect("the catalogue offers legal widths only");
    Box::new(QuantizerModel { code, format })
}

/// Computes `q`, the code of `x`.
struct QuantizerModel {
    code: Integer,
    format: CodeFormat,
}

impl Model for QuantizerModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([Column::U32(x), Column::U32(inverse), zero_point], [q]) = (inputs, outputs) else {
            unreachable!("two floats and a code, and a code")
        };
        q.fill(|index| {
            let zero_point = self.code.decode(zero_point.get(index)) as i32;
            let (x, inverse) = (f32::from_bits(x[index]), f32::from_bits(inverse[index]));
            self.code.encode(quantize_by_reciprocal(x, inverse, zero_point, self.format).into())
        });
    }
}
