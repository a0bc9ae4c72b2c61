//! Rescaled codes and leaky rectifiers: (T13), (T14).

use super::activation::Activation;
use super::lookup::Lookup;
use super::quantization::Quantization;
use crate::arithmetic::rescale::quantize_multiplier;
use crate::arithmetic::rescale::rules::{RegisterWidth, gemmlowp};

/// The same reals with another scale and zero point: (T14).
pub fn rescaled(input: Quantization, output: Quantization) -> Lookup {
    let scale = input.ratio(output);
    leaky_relu(input, output, scale, scale, 1)
}

/// The same reals, clamped by an activation, with another scale and zero point; the ratio of the scales is computed
/// in binary32: (T13).
pub fn rectified(input: Quantization, output: Quantization, activation: Activation) -> Lookup {
    let scale = f64::from(input.scale / output.scale);
    let (min, max) = activation.range(output);
    let rescaled = leaky_relu(input, output, scale, scale, 1);
    Lookup::new(|code| i32::from(rescaled.get(code as i8)).max(min).min(max))
}

/// `x` where positive, else `factor * x` for a factor of codes: (T13).
///
/// `scale` and `negative_scale` rescale the two halves.
pub fn leaky_relu(
    input: Quantization,
    output: Quantization,
    scale: f64,
    negative_scale: f64,
    factor: i32,
) -> Lookup {
    let [positive, negative] = [scale, negative_scale].map(quantize_multiplier);
    let rescale = |x: i32, (multiplier, shift): (i32, i32)| {
        gemmlowp(x.into(), multiplier, shift.clamp(-31, 30), RegisterWidth::Bits32)
    };
    Lookup::new(|code| {
        let x = code - input.zero_point;
        let rescaled = if x >= 0 { rescale(x, positive) } else { rescale(x * factor, negative) };
        rescaled.clamp(-65536, 65536) as i32 + output.zero_point
    })
}
