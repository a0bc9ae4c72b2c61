//! Quantization of a bias to steps of the accumulator.

use super::error::QuantizerError;
use super::parameters::normal_scale;
use crate::arithmetic::real::Real;
use crate::arithmetic::rounding::Rounding;

/// Quantizes one bias per output channel: `bias_q = round(b / (sx * sw))` (Q4).
///
/// `weight_scales` holds one scale, or one per bias. Product and quotient are computed in the type of the
/// bias.
///
/// # Errors
/// [`QuantizerError::Empty`], [`QuantizerError::NotFinite`], [`QuantizerError::Count`]; [`QuantizerError::Scale`] for a
/// scale that is not a positive number; [`QuantizerError::Underflow`] or [`QuantizerError::Overflow`] for a product of
/// scales outside the normal numbers; [`QuantizerError::Bias`] if the result does not fit 32 bits.
pub fn quantize_bias<T: Real>(
    bias: &[T],
    input_scale: T,
    weight_scales: &[T],
    rounding: Rounding,
) -> Result<Vec<i32>, QuantizerError> {
    if bias.is_empty() {
        return Err(QuantizerError::Empty);
    }
    super::parameters::check_finite(bias)?;
    if weight_scales.len() != 1 && weight_scales.len() != bias.len() {
        return Err(QuantizerError::Count {
            what: "weight scale",
            found: weight_scales.len(),
            expected: bias.len(),
        });
    }
    let convert = |(index, (&bias, &weight_scale)): (usize, (&T, &T))| {
        let scale = accumulator_scale(index, input_scale, weight_scale)?;
        let value = rounding.round(bias / scale).to_f64();
        // In f64 both ends of i32 are exact; in f32 the upper one is not.
        if (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value) {
            Ok(value as i32)
        } else {
            Err(QuantizerError::Bias { index, value })
        }
    };
    bias.iter().zip(weight_scales.iter().cycle()).enumerate().map(convert).collect()
}

fn accumulator_scale<T: Real>(index: usize, input_scale: T, weight_scale: T) -> Result<T, QuantizerError> {
    for scale in [input_scale, weight_scale] {
        if !scale.is_finite() || scale <= T::ZERO {
            return Err(QuantizerError::Scale { index, value: scale.to_f64() });
        }
    }
    normal_scale(index, input_scale * weight_scale)
}
