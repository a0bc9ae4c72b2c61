//! Logistic function and hyperbolic tangent: in fixed point (T12), by a table from floats (T17).

use super::fixed_point::{ONE, divide_by_pot, exp, one_minus_over_one_plus, one_over_one_plus};
use super::lookup::Lookup;
use super::quantization::Quantization;
use crate::arithmetic::rescale::quantize_multiplier;
use crate::arithmetic::rescale::rules::{RegisterWidth, gemmlowp};

/// Integer bits of the scaled input.
const INPUT_BITS: u32 = 4;

/// `1 / (1 + exp(-x))` with output scale 1/256 and zero point -128.
pub fn logistic(input: Quantization) -> Lookup {
    let positive = |x: i32| one_over_one_plus(exp(-x, INPUT_BITS));
    let function = |x: i32| match x {
        0 => 1 << 30,
        1.. => positive(x),
        _ => ONE - positive(-x),
    };
    tabulate(input, |x| divide_by_pot(function(x), 31 - 8) - 128)
}

/// `tanh(x)` with output scale 1/128 and zero point 0.
pub fn tanh(input: Quantization) -> Lookup {
    // Twice a number of 4 integer bits is the same bits with 5 of them.
    let positive = |x: i32| one_minus_over_one_plus(exp(-x, INPUT_BITS + 1));
    let function = |x: i32| match x {
        0 => 0,
        1.. => positive(x),
        _ => -positive(-x),
    };
    tabulate(input, |x| divide_by_pot(function(x), 31 - 7))
}

/// `1 / (1 + exp(-x))` with output scale 1/256 and zero point -128, computed in binary32: (T17).
pub fn logistic_in_floats(input: Quantization) -> Lookup {
    let logistic = |x: f32| 1.0 / (1.0 + f64::from(-x).exp() as f32);
    Lookup::new(|code| steps(logistic(real(input, code)), 256.0) - 128)
}

/// `tanh(x)` with output scale 1/128 and zero point 0, computed in binary32: (T17).
pub fn tanh_in_floats(input: Quantization) -> Lookup {
    Lookup::new(|code| steps(f64::from(real(input, code)).tanh() as f32, 128.0))
}

/// Real of a code, in binary32.
fn real(input: Quantization, code: i32) -> f32 {
    input.scale * (code - input.zero_point) as f32
}

/// A real in steps of the output, rounded half away from zero.
fn steps(real: f32, per_one: f32) -> i32 {
    (real * per_one).round() as i32
}

/// Scales the input to 4 integer bits; codes beyond that saturate.
fn tabulate(input: Quantization, function: impl Fn(i32) -> i32) -> Lookup {
    let fraction_bits = 31 - INPUT_BITS as i32;
    let (multiplier, shift) = quantize_multiplier(input.wide_scale() * 2f64.powi(fraction_bits));
    let radius = (15.0 * 2f64.powi(fraction_bits) / 2f64.powi(shift)).floor();
    Lookup::new(|code| {
        let x = code - input.zero_point;
        if f64::from(x) <= -radius {
            return -128;
        }
        if f64::from(x) >= radius {
            return 127;
        }
        let scaled = gemmlowp(x.into(), multiplier, shift.clamp(-31, 30), RegisterWidth::Bits32);
        function(scaled as i32)
    })
}
