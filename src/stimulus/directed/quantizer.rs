//! Products of two binary32 numbers near a rounding boundary of the quantizer.

use super::near_ties::{BELOW_CODE, ISOLATED_MSB, NEAR_TIES, SUBNORMAL_TIES};
use crate::catalogue::QuantizerParameters;
use crate::unit::Float;

/// Operands whose product is near a code or a tie, or has an isolated MSB.
///
/// It misses the code or the tie by a few units in the last place at most, by one bit, or by less than one. One
/// of the operands may be subnormal.
pub(crate) fn directed_inputs(parameters: &QuantizerParameters, random: u64) -> Vec<(&'static str, u64)> {
    let code = parameters.code;
    let zero_point = ("zero_point", code.encode(i128::from(random >> 52 & 1)));
    if random >> 53 & 1 == 0 {
        let is_subnormal = random >> 54 & 3 == 0;
        let (x, inverse) = if is_subnormal { subnormal_tie(random) } else { near_tie(code.bits, random) };
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
fn near_tie(bits: u32, random: u64) -> (u64, u64) {
    if random >> 49 & 7 == 0 {
        let (left, right) = ISOLATED_MSB[(random % ISOLATED_MSB.len() as u64) as usize];
        let [left, right] = [left, right].map(|significand| significand as f32 * f32::exp2(-23.0));
        return ((left * f32::exp2((random >> 40 & 7) as f32)).to_bits().into(), right.to_bits().into());
    }
    let (left, right, half) = if random >> 56 & 1 == 0 {
        run_of_ones(bits, random.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    } else {
        let tie = &NEAR_TIES[(random % NEAR_TIES.len() as u64) as usize];
        // The last bit of the code's nine that is set counts a half.
        (tie.left, tie.right, BELOW_CODE + tie.code.trailing_zeros())
    };
    let inverse_exponent = -27 + (random >> 40 & 7) as i32;
    let x_exponent = -1 - half as i32 - inverse_exponent;
    let number =
        |significand: u32, exponent: i32| (f64::from(significand) * f64::from(exponent).exp2()) as f32;
    let x = number(left, x_exponent) * if random >> 48 & 1 == 0 { 1.0 } else { -1.0 };
    (x.to_bits().into(), number(right, inverse_exponent).to_bits().into())
}

/// A subnormal and a large number, in either order, whose product is near a tie between two codes.
fn subnormal_tie(random: u64) -> (u64, u64) {
    let tie = &SUBNORMAL_TIES[(random % SUBNORMAL_TIES.len() as u64) as usize];
    let sign = (random >> 48 & 1) << 31;
    let hidden = 1 << Float::F32.fraction_bits;
    let normal = tie.exponent << Float::F32.fraction_bits | tie.normal & (hidden - 1);
    let (subnormal, normal) = (u64::from(tie.subnormal), u64::from(normal));
    if random >> 49 & 1 == 0 { (sign | subnormal, normal) } else { (sign | normal, subnormal) }
}

/// Two significands of 24 bits, and the bit of their product that weighs a half.
///
/// Below an odd code of `bits` bits at most, a run of ones reaches from below the half to bit 23 in many of these
/// products. The rounding to binary32 makes a tie of them, which is rounded up. A single 0 in the run prevents it.
fn run_of_ones(bits: u32, random: u64) -> (u32, u32, u32) {
    let half = 46 - (random & 31) as u32 % (bits + 1);
    // Every position of the 0 down to bit 24, those next to the half more often.
    let positions = if random >> 5 & 1 == 0 { half - 24 } else { bits.min(half - 24) };
    let zero = half - 1 - (random >> 6 & 31) as u32 % positions;
    let odd = 1 | 1 << (46 - half) | (random >> 11) & ((1 << (46 - half)) - 1);
    let zero = if random >> 30 & 3 == 0 { 0 } else { 1 << zero };
    let end = (odd << (half + 1)) + (1 << half) - zero;
    // Any factor for which the other one has 24 bits as well.
    let least = (end >> 24) + 1;
    let left = least + (random >> 32) % ((1 << 24) - least).max(1);
    (left as u32, ((end - 1) / left) as u32, half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_ones_are_whole_or_have_a_zero_at_any_position() {
        for bits in [2, 8, 16] {
            let mut whole = std::collections::BTreeSet::new();
            let mut zeros = std::collections::BTreeSet::new();
            for random in 0..1u64 << 14 {
                let (left, right, half) = run_of_ones(bits, random.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                assert!(left >> 23 == 1 && right >> 23 == 1, "{left} * {right}");
                let product = u64::from(left) * u64::from(right);
                let below = !(product >> 23) & ((1 << (half - 23)) - 1);
                match below {
                    _ if product >> half & 3 != 2 => {}
                    0 => drop(whole.insert(half)),
                    _ if below.is_power_of_two() => {
                        zeros.insert((half, 23 + below.trailing_zeros()));
                    }
                    _ => {}
                }
            }
            assert_eq!(whole, (46 - bits..=46).collect(), "{bits} bits");
            for half in 46 - bits..=46 {
                assert!((24..half).all(|zero| zeros.contains(&(half, zero))), "{bits} bits, half at {half}");
            }
        }
    }
}
