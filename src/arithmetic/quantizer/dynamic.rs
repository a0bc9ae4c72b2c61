//! ONNX's DynamicQuantizeLinear.

use super::error::QuantizerError;
use super::format::CodeFormat;
use super::granularity::Granularity;
use super::parameters::{TensorQuantizer, Zero, check_finite};
use crate::arithmetic::rounding::Rounding;

/// Outputs of DynamicQuantizeLinear.
#[derive(Debug, Clone, PartialEq)]
pub struct DynamicQuantization {
    /// Codes in the order of the input.
    pub codes: Vec<u8>,
    /// `(max(0, max) - min(0, min)) / 255`, or 1 when every element is 0.
    pub scale: f32,
    /// `rint(clamp(-min(0, min) / scale, 0, 255))`.
    pub zero_point: u8,
}

/// Quantizes as the ONNX operator of opset 11 does.
///
/// (Q2) with unsigned 8-bit codes and ties to even; the zero point is clamped before it is rounded.
///
/// # Errors
/// [`QuantizerError::Empty`], [`QuantizerError::NotFinite`]; [`QuantizerError::Scale`] or
/// [`QuantizerError::Underflow`] if the range is too wide or too narrow for an `f32` scale.
pub fn dynamic_quantize_linear(reals: &[f32]) -> Result<DynamicQuantization, QuantizerError> {
    check_finite(reals)?;
    let low = reals.iter().fold(0.0f32, |low, &real| low.min(real));
    let high = reals.iter().fold(0.0f32, |high, &real| high.max(real));
    let scale = if low == high { 1.0 } else { (high - low) / 255.0 };
    let zero_point = (-low / scale).clamp(0.0, 255.0).round_ties_even() as u8;
    let parameters = TensorQuantizer::new(
        CodeFormat::new(8, false)?,
        Granularity::Tensor,
        Rounding::HalfEven,
        vec![scale],
        Zero::Points(vec![zero_point.into()]),
    )?;
    let codes = parameters.quantize(reals, &[reals.len()])?.into_iter().map(|code| code as u8).collect();
    Ok(DynamicQuantization { codes, scale, zero_point })
}
