//! Codes by the reciprocal of the scale.

use super::model::Model;
use crate::arithmetic::quantize_by_reciprocal;
use crate::arithmetic::quantizer::CodeFormat;
use crate::catalogue::QuantizerParameters;
use crate::unit::{Column, Integer, Values};

pub(crate) fn model(parameters: &QuantizerParameters, _: usize) -> Box<dyn Model> {
    Box::new(QuantizerModel::new(&parameters.values))
}

/// `q` is the code of `x`.
pub(crate) struct QuantizerModel {
    code: Integer,
    format: CodeFormat,
}

impl QuantizerModel {
    pub(crate) fn new(values: &Values) -> QuantizerModel {
        let code = Integer { bits: values.count("bits"), signed: values.flag("signed") };
        let format =
            CodeFormat::new(code.bits, code.signed).expect("the catalogue offers widths that there are");
        QuantizerModel { code, format }
    }
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
