//! Rules (R1) to (R10) in exact integer arithmetic: the readable reference.
//!
//! Each returns the rescaled value before zero point and clamp; the output stage saturates it. Only (R1) and
//! (R2) can wrap, in the left shift before the multiplication, because the runtimes that define them shift in
//! a 32-bit register.

use super::primitives::{
    rounding_divide_by_pot, rounding_shift_right, saturating_rounding_doubling_high_mul,
    saturating_rounding_doubling_high_mul_wide,
};

/// Width of the register for `acc * 2^max(s, 0)` of (R1) and (R2), which wraps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterWidth {
    /// 32 bits, for accumulators of up to 32 bits, as in every runtime.
    Bits32,
    /// 64 bits, for wider accumulators.
    Bits64,
}

impl RegisterWidth {
    /// Register width for accumulators of `acc_bits`.
    pub fn for_acc_bits(acc_bits: u32) -> Self {
        if acc_bits <= 32 { Self::Bits32 } else { Self::Bits64 }
    }

    /// Computes `SRDHM(acc * 2^left, multiplier)`; the shift wraps in the register.
    fn high_mul(self, acc: i64, left: u32, multiplier: i32) -> i64 {
        match self {
            Self::Bits32 => {
                let shifted = (acc as i32).wrapping_shl(left);
                i64::from(saturating_rounding_doubling_high_mul(shifted, multiplier))
            }
            Self::Bits64 => saturating_rounding_doubling_high_mul_wide(acc.wrapping_shl(left), multiplier),
        }
    }
}

/// (R1) `RDBPOT(SRDHM(acc * 2^max(s,0), q), max(-s,0))`, for `s` in -31..=30.
pub fn gemmlowp(acc: i64, multiplier: i32, shift: i32, register: RegisterWidth) -> i64 {
    let (left, right) = split(shift);
    rounding_divide_by_pot(register.high_mul(acc, left, multiplier), right)
}

/// (R2) `v = SRDHM(acc * 2^max(s,0), q)`, then `(v + 2^(r-1)) >> r`.
///
/// `r = max(-s,0)`, for `s` in -31..=30.
pub fn ruy(acc: i64, multiplier: i32, shift: i32, register: RegisterWidth) -> i64 {
    let (left, right) = split(shift);
    rounding_shift_right(register.high_mul(acc, left, multiplier), right)
}

/// (R3) `(acc*q + 2^(30-s)) >> (31-s)`, for `s` in -31..=30.
pub fn single(acc: i64, multiplier: i32, shift: i32) -> i128 {
    (i128::from(acc) * i128::from(multiplier) + (1i128 << (30 - shift))) >> (31 - shift)
}

/// (R4) `rint_even(clamp(f32(acc) * m, min, max))`.
///
/// The zero point is already subtracted from the bounds.
///
/// `f32(acc)` rounds half to even above 2^24, the product is rounded again; nothing is fused.
pub fn f32(acc: i64, scale: f32, bounds: (i32, i32)) -> i32 {
    let product = acc as f32 * scale;
    product.clamp(bounds.0 as f32, bounds.1 as f32).round_ties_even() as i32
}

/// (R8) `rint_even(clamp(f32(f32(f32(acc) * m) + zp), min, max))`, a code.
///
/// The sum is a binary32 too: it rounds half to even, so that an odd zero point changes which way ties go.
pub fn f32_after_zero_point(acc: i64, scale: f32, zero_point: i32, codes: (i32, i32)) -> i32 {
    let sum = acc as f32 * scale + zero_point as f32;
    sum.clamp(codes.0 as f32, codes.1 as f32).round_ties_even() as i32
}

/// (R9) `rint_even(clamp(f32(f32(acc) + b) * m, min, max))`.
///
/// The bias `b` is a real number of accumulator steps; the zero point is already subtracted from the bounds.
pub fn f32_bias(acc: i64, bias: f32, scale: f32, bounds: (i32, i32)) -> i32 {
    let product = (acc as f32 + bias) * scale;
    product.clamp(bounds.0 as f32, bounds.1 as f32).round_ties_even() as i32
}

/// (R10) `round_half_away(clamp(f32(acc) * m, min, max))`.
///
/// The zero point is already subtracted from the bounds.
pub fn f32_away(acc: i64, scale: f32, bounds: (i32, i32)) -> i32 {
    let product = acc as f32 * scale;
    product.clamp(bounds.0 as f32, bounds.1 as f32).round() as i32
}

/// (R5) `round_half_away(f64(acc) * d)`; `f64(acc)` rounds half to even above 2^53.
pub fn f64(acc: i64, scale: f64) -> i128 {
    (acc as f64 * scale).round() as i128
}

/// (R6) `(acc*q) >> (31-s)`, for `s` in -31..=30.
pub fn floor(acc: i64, multiplier: i32, shift: i32) -> i128 {
    (i128::from(acc) * i128::from(multiplier)) >> (31 - shift)
}

/// (R7) `(acc + 2^(r-1)) >> r`, for `r` in 0..=63; nothing is added when `r` is 0.
pub fn pow2(acc: i64, right: u32) -> i64 {
    rounding_shift_right(acc, right)
}

/// (R7) without rounding: `acc >> r`, for `r` in 0..=63.
pub fn pow2_floor(acc: i64, right: u32) -> i64 {
    acc >> right
}

/// The int16 form of (R3): `(acc*q16 + 2^(14-s)) >> (15-s)`.
///
/// For `s` in -31..=7 and 48-bit accumulators.
pub fn int16(acc: i64, multiplier: i32, shift: i32) -> i64 {
    (acc * i64::from(reduced_multiplier(multiplier)) + (1 << (14 - shift))) >> (15 - shift)
}

/// `q16`: the Q0.31 multiplier rounded half up to Q0.15 and clamped below one.
pub fn reduced_multiplier(multiplier: i32) -> i32 {
    if multiplier < 0x7fff_0000 { (multiplier + (1 << 15)) >> 16 } else { 0x7fff }
}

/// Splits a signed left shift into a left and a right shift.
fn split(shift: i32) -> (u32, u32) {
    (shift.max(0) as u32, shift.min(0).unsigned_abs())
}
