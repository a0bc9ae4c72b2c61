//! 8-bit floats nearest to a value.

use super::fp8_format::format;
use super::model::Model;
use crate::arithmetic::float8::{Float8, Float8Overflow};
use crate::catalogue::Fp8EncoderParameters;
use crate::unit::{Column, Values};

pub(crate) fn model(parameters: &Fp8EncoderParameters, _: usize) -> Box<dyn Model> {
    Box::new(Fp8EncoderModel::new(&parameters.values))
}

/// `code` is the 8-bit float nearest to `x`.
pub(crate) struct Fp8EncoderModel {
    format: Float8,
    overflow: Float8Overflow,
}

impl Fp8EncoderModel {
    pub(crate) fn new(values: &Values) -> Fp8EncoderModel {
        let overflow =
            if values.flag("saturate") { Float8Overflow::Saturate } else { Float8Overflow::Propagate };
        Fp8EncoderModel { format: format(values), overflow }
    }
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
