//! Values of 8-bit floats.

use super::fp8_format::format;
use super::model::Model;
use crate::catalogue::Fp8DecoderParameters;
use crate::unit::{Column, Values};

pub(crate) fn model(parameters: &Fp8DecoderParameters, _: usize) -> Box<dyn Model> {
    Box::new(Fp8DecoderModel::new(&parameters.values))
}

/// `x` is the binary32 that `code` stands for.
pub(crate) struct Fp8DecoderModel {
    values: Vec<u32>,
}

impl Fp8DecoderModel {
    pub(crate) fn new(values: &Values) -> Fp8DecoderModel {
        let format = format(values);
        Fp8DecoderModel { values: (0..=u8::MAX).map(|code| format.decode(code).to_bits()).collect() }
    }
}

impl Model for Fp8DecoderModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let ([Column::U8(codes)], [Column::U32(values)]) = (inputs, outputs) else {
            unreachable!("codes have 8 bits and values 32")
        };
        codes.iter().zip(values).for_each(|(&code, value)| *value = self.values[usize::from(code)]);
    }
}
