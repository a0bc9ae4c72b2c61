//! Products of two binary32 numbers near a rounding boundary of the quantizer.

use super::near_ties::{ISOLATED_MSB, NEAR_TIES};
use crate::catalogue::QuantizerParameters;
use crate::unit::Float;

/// Operands whose product is near a code or a tie, or has an isolated MSB.
///
/// It misses the code or the tie by a few units in the last place at most, by one bit, or by less than one.
pub(crate) fn directed_inputs(parameters: &QuantizerParameters, random: u64) -> Vec<(&'static str, u64)> {
    let code = parameters.code;
    let zero_point = ("zero_point", code.encode(i128::from(random >> 52 & 1)));
    if random >> 53 & 1 == 0 {
        let (x, inverse) = near_tie(random);
        return vec![("x", x), ("inverse_scale", inverse), zero_point];
    }
    // A power of two leaves every bit of x in the product.
    let is_exact = random >> 54 & 3 == 0;
    let fraction = if is_exact { 0 } else { (random >> 4) as u32 & 0x7f_ffff };
    let inverse = f32::from_bits((119 + (random & 15) as u32) << 23 | fraction);
    let magnitude = (random >> 27 & 0xffff) >> (random >> 43 & 15);
    let target = magnitude as f64 + 0.5 * (random >> 47 & 1) as f64;
    let signed = if random >> 48 & 1 == 0 { target } else { -target };
    let near = (signed / f64::from(inverse)) as f32;
    let x = if is_exact {
        near.to_bits() ^ 1 << ((random >> 56 & 31) % u64::from(Float::F32.fraction_bits))
    } else {
        near.to_bits().wrapping_add((random >> 49 & 7) as u32).saturating_sub(3)
    };
    vec![("x", x.into()), ("inverse_scale", inverse.to_bits().into()), zero_point]
}

/// Two numbers whose product is near a tie between two codes.
fn near_tie(random: u64) -> (u64, u64) {
    if random >> 49 & 7 == 0 {
        let (left, right) = ISOLATED_MSB[(random % ISOLATED_MSB.len() as u64) as usize];
        let [left, right] = [left, right].map(|significand| significand as f32 * f32::exp2(-23.0));
        return ((left * f32::exp2((random >> 40 & 7) as f32)).to_bits().into(), right.to_bits().into());
    }
    let tie = &NEAR_TIES[(random % NEAR_TIES.len() as u64) as usize];
    // The last bit of the code's nine that is set counts a half.
    let half = -1 - tie.code.trailing_zeros() as i32;
    let inverse_exponent = -27 + (random >> 40 & 7) as i32;
    let x_exponent = half - 39 - inverse_exponent;
    let number =
        |significand: u32, exponent: i32| (f64::from(significand) * f64::from(exponent).exp2()) as f32;
    let x = number(tie.left, x_exponent) * if random >> 48 & 1 == 0 { 1.0 } else { -1.0 };
    (x.to_bits().into(), number(tie.right, inverse_exponent).to_bits().into())
}
