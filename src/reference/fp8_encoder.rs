//! 8-bit floats nearest to a value.

use super::Model;
use super::fp8_format::format;
use super::float8::{Float8, Overflow};
use crate::catalogue::Values;
use crate::column::Column;

/// `code` is the 8-bit float nearest to `x`.
pub(super) struct Fp8EncoderModel {
    format: Float8,
    overflow: Overflow,
}

impl Fp8EncoderModel {
    pub(super) fn new(values: &Values) -> Fp8EncoderModel {
        let overflow = if values.flag("saturate") { Overflow::Saturate } else { Overflow::Propagate };
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
