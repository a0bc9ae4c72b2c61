//! Arguments of a rescaling, shared by `requantize` and `rules`.

use super::CliError;
use crate::arithmetic::quantizer::CodeFormat;
use crate::quantization::quantize::NumberSource;
use crate::quantization::requantize;
use crate::quantization::requantize::{RescaleSources, ScaleSource};

/// Scale, zero point, clamp and code format.
#[derive(clap::Args, Clone, Debug, Default, PartialEq)]
pub(super) struct Scaling {
    /// Set the Q0.31 multiplier, 0 to 2147483647: a number, or an npy file with one number per channel (last axis)
    #[arg(
        long,
        value_name = "NUMBER|NPY",
        requires = "shift",
        conflicts_with = "scale",
        allow_hyphen_values = true
    )]
    multiplier: Option<NumberSource>,
    /// Set the left shift, negative to shift right: a number or an npy file
    #[arg(long, value_name = "NUMBER|NPY", requires = "multiplier", allow_hyphen_values = true)]
    shift: Option<NumberSource>,
    /// Set a real scale instead of multiplier and shift: a number or an npy file
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    scale: Option<NumberSource>,
    /// Set the zero point, the code of real 0: a number or an npy file [default: 0]
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    zero_point: Option<NumberSource>,
    /// Set the smallest code; the zero point for a fused ReLU [default: smallest code of the type]
    #[arg(long, allow_hyphen_values = true)]
    min: Option<i32>,
    /// Set the largest code [default: largest code of the type]
    #[arg(long, allow_hyphen_values = true)]
    max: Option<i32>,
    /// Set the width of a code in bits, 2 to 16 [default: 8]
    #[arg(long)]
    pub(super) bits: Option<u32>,
    /// Use unsigned codes instead of two's complement
    #[arg(long)]
    pub(super) unsigned: bool,
}

impl Scaling {
    /// Sources of the numbers; the zero point defaults to 0.
    pub(super) fn sources(&self) -> Result<RescaleSources, CliError> {
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

    /// Format of the codes.
    pub(super) fn format(&self) -> Result<CodeFormat, CliError> {
        Ok(CodeFormat::new(self.bits.unwrap_or(8), !self.unsigned)?)
    }
}
