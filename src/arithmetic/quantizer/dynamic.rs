//! ONNX's DynamicQuantizeLinear.

use super::error::QuantizerError;
use super::format::CodeFormat;
use super::granularity::Granularity;
use super::parameters::{QuantizerParameters, Zero, check_finite};
use crate::arithmetic::rounding::Rounding;

/// The three outputs of DynamicQuantizeLinear.
#[derive(Debug, Clone, PartialEq)]
pub struct DynamicQuantization {
    /// Codes, in the order of the input.
    pub codes: Vec<u8>,
    /// `(max(0, max) - min(0, min)) / 255`, or 1 when every element is 0.
    pub scale: f32,
    /// `rint(clamp(-min(0, min) / scale, 0, 255))`.
    pub zero_point: u8,
}

/// The operator of ONNX opset 11: (Q2) on unsigned 8-bit codes with ties to even, its zero point clamped
/// before it is rounded.
///
/// # Errors
/// [`QuantizerError::Empty`], [`QuantizerError::NotFinite`]; [`QuantizerError::Scale`] or [`QuantizerError::Underflow`] when the range is so
/// wide or so small that an `f32` scale cannot describe it.
pub fn dynamic_quantize_linear(reals: &[f32]) -> Result<DynamicQuantization, QuantizerError> {
    check_finite(reals)?;
    let low = reals.iter().fold(0.0f32, |low, &real| low.min(real));
    let high = reals.iter().fold(0.0f32, |high, &real| high.max(real));
    let scale = if low == high { 1.0 } else { (high - low) / 255.0 };
    let zero_point = (-low / scale).clamp(0.0, 255.0).round_ties_even() as u8;
    let parameters = QuantizerParameters::new(
        CodeFormat::new(8, false)?,
        Granularity::Tensor,
        Rounding::HalfEven,
        vec![scale],
        Zero::Points(vec![zero_point.into()]),
    )?;
    let codes = parameters.quantize(reals, &[reals.len()])?.into_iter().map(|code| code as u8).collect();
    Ok(DynamicQuantization { codes, scale, zero_point })
}
