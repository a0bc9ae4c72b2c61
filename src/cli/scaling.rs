//! The arguments that say how accumulators become codes, the same for every verb.

use super::CliError;
use crate::arithmetic::quantizer::CodeFormat;
use crate::quantization::quantize::NumberSource;
use crate::quantization::requantize;
use crate::quantization::requantize::{RescaleSources, ScaleSource};

/// The numbers beside the accumulator.
#[derive(clap::Args, Clone, Debug, Default, PartialEq)]
pub(super) struct Scaling {
    /// Q0.31 multiplier, 0 to 2147483647: a number, or an npy file with one per channel of the last axis
    #[arg(
        long,
        value_name = "NUMBER|NPY",
        requires = "shift",
        conflicts_with = "scale",
        allow_hyphen_values = true
    )]
    multiplier: Option<NumberSource>,
    /// Left shift, negative to the right: a number, or an npy file
    #[arg(long, value_name = "NUMBER|NPY", requires = "multiplier", allow_hyphen_values = true)]
    shift: Option<NumberSource>,
    /// The real factor in place of both, which each rule takes in its own form: a number, or an npy file
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    scale: Option<NumberSource>,
    /// Code of real zero: a number, or an npy file
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    zero_point: Option<NumberSource>,
    /// Least code; a fused ReLU is the zero point [default: least code of the type]
    #[arg(long, allow_hyphen_values = true)]
    min: Option<i32>,
    /// Largest code [default: largest code of the type]
    #[arg(long, allow_hyphen_values = true)]
    max: Option<i32>,
    /// Bits of a code, 2 to 16 [default: 8]
    #[arg(long)]
    pub(super) bits: Option<u32>,
    /// Codes from 0 up instead of two's complement
    #[arg(long)]
    pub(super) unsigned: bool,
}

impl Scaling {
    /// The numbers that are given; zero points are 0 when left out.
    pub(super) fn given(&self) -> Result<RescaleSources, CliError> {
        let scale = match (&self.multiplier, &self.shift, &self.scale) {
            (_, _, Some(scale)) => ScaleSource::Real(scale.clone()),
            (Some(multiplier), Some(shift), None) => {
                ScaleSource::Fixed { multiplier: multiplier.clone(), shift: shift.clone() }
            }
            _ => return Err(requantize::RequantizeError::NoScale.into()),
        };
        let zero_point = self.zero_point.clone().unwrap_or_else(|| NumberSource::Number("0".into()));
        Ok(RescaleSources { scale, zero_point, min: self.min, max: self.max })
    }

    /// The codes that are asked for.
    pub(super) fn format(&self) -> Result<CodeFormat, CliError> {
        Ok(CodeFormat::new(self.bits.unwrap_or(8), !self.unsigned)?)
    }
}
