//! Hard swish in 16-bit fixed point: (T13).

use super::fixed_point::divide_by_pot;
use super::lookup::Lookup;
use super::quantization::Quantization;
use crate::arithmetic::rescale::quantize_multiplier;
use crate::arithmetic::rescale::rules::reduced_multiplier;

/// `x * clamp(x + 3, 0, 6) / 6`.
///
/// `None` where the runtime refuses: an output scale of less than 1/128 of the input's.
pub fn hard_swish(input: Quantization, output: Quantization) -> Option<Lookup> {
    let fine_scale = 1.0 / 128.0 * input.scale;
    let (multiplier, exponent) = quantize_multiplier((fine_scale / output.scale).into());
    let (gate_multiplier, gate_exponent) = quantize_multiplier((fine_scale / (3.0 / 32768.0)).into());
    let [multiplier, gate_multiplier] = [multiplier, gate_multiplier].map(reduced_multiplier);
    if exponent > 0 {
        return None;
    }
    Some(Lookup::new(|code| {
        let fine = (code - input.zero_point) * 128;
        let linear = high_mul_rounding(fine, multiplier);
        let gate = (scaled_gate(fine, gate_multiplier, gate_exponent) + (1 << 15)) >> 1;
        let product = (gate * linear) / (1 << 15);
        divide_by_pot(product, right(exponent)) + output.zero_point
    }))
}

/// The input in steps of 3/32768, saturated to 16 bits.
fn scaled_gate(fine: i32, multiplier: i32, exponent: i32) -> i32 {
    let left = |value: i32, amount: i32| saturate(i64::from(value) << amount.min(31));
    if exponent <= 0 {
        return divide_by_pot(high_mul_rounding(fine, multiplier), right(exponent));
    }
    left(high_mul_rounding(left(fine, exponent - 1), multiplier), 1)
}

/// Right shift of an exponent of at most 0, limited to 31.
fn right(exponent: i32) -> u32 {
    exponent.unsigned_abs().min(31)
}

fn saturate(value: i64) -> i32 {
    value.clamp(i16::MIN.into(), i16::MAX.into()) as i32
}

/// Twice the high half of a product of 16-bit numbers, rounded half up.
fn high_mul_rounding(a: i32, b: i32) -> i32 {
    let product = i64::from(a) * i64::from(b);
    let nudge = if product >= 0 { 1 << 14 } else { 1 - (1 << 14) };
    saturate((product + nudge) / (1 << 15))
}
