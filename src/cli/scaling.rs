//! Arguments of a rescaling, shared by `requantize` and `rules`.

use super::CliError;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::MultiplierForm;
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
        conflicts_with_all = ["scale", "input_scale"],
        allow_hyphen_values = true
    )]
    multiplier: Option<NumberSource>,
    /// Set the left shift, negative to shift right: a number or an npy file
    #[arg(long, value_name = "NUMBER|NPY", requires = "multiplier", allow_hyphen_values = true)]
    shift: Option<NumberSource>,
    /// Set a real scale instead of multiplier and shift: a number or an npy file
    #[arg(long, value_name = "NUMBER|NPY", conflicts_with = "input_scale", allow_hyphen_values = true)]
    scale: Option<NumberSource>,
    /// Set the scale of the input, as stored in the model file, instead of the ratio: a number or an npy file
    #[arg(
        long,
        value_name = "NUMBER|NPY",
        requires_all = ["weight_scale", "output_scale"],
        allow_hyphen_values = true
    )]
    input_scale: Option<NumberSource>,
    /// Set the scale of the weights: a number, or an npy file with one per output channel
    #[arg(long, value_name = "NUMBER|NPY", requires = "input_scale", allow_hyphen_values = true)]
    weight_scale: Option<NumberSource>,
    /// Set the scale of the output: a number or an npy file
    #[arg(long, value_name = "NUMBER|NPY", requires = "input_scale", allow_hyphen_values = true)]
    output_scale: Option<NumberSource>,
    /// Form the ratio of the three scales in this arithmetic: f64, f32, f32_reciprocal or f32_product [default: f64]
    #[arg(long, value_name = "FORM", requires = "input_scale")]
    pub(super) multiplier_from: Option<MultiplierForm>,
    /// Set the bias that rule f32_bias adds, in accumulator steps: a number, or an npy file with one per channel
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    bias: Option<NumberSource>,
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
        let tensors = (&self.input_scale, &self.weight_scale, &self.output_scale);
        let scale = match (&self.multiplier, &self.shift, &self.scale) {
            (_, _, Some(scale)) => ScaleSource::Real(scale.clone()),
            (Some(multiplier), Some(shift), None) => {
                ScaleSource::Fixed { multiplier: multiplier.clone(), shift: shift.clone() }
            }
            _ => match tensors {
                (Some(input), Some(weight), Some(output)) => ScaleSource::Tensors {
                    input: input.clone(),
                    weight: weight.clone(),
                    output: output.clone(),
                    form: self.multiplier_from.unwrap_or(MultiplierForm::F64),
                },
                _ => return Err(requantize::RequantizeError::NoScale.into()),
            },
        };
        let zero_point = self.zero_point.clone().unwrap_or_else(|| NumberSource::Number("0".into()));
        Ok(RescaleSources { scale, zero_point, bias: self.bias.clone(), min: self.min, max: self.max })
    }

    /// Format of the codes.
    pub(super) fn format(&self) -> Result<CodeFormat, CliError> {
        Ok(CodeFormat::new(self.bits.unwrap_or(8), !self.unsigned)?)
    }
}
