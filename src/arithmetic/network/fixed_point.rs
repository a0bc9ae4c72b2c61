//! Fixed-point exponential and reciprocals of gemmlowp, which (T11) and (T12) use.
//!
//! A number in Qm.n has `m` integer and `n` fraction bits and a sign: `m + n = 31`.

use crate::arithmetic::rescale::primitives::{
    rounding_divide_by_pot, saturating_rounding_doubling_high_mul as multiply,
};

/// The largest number in Q0.31, which approximates 1.
pub const ONE: i32 = i32::MAX;

/// `exp(-1/8)` in Q0.31.
const EXP_MINUS_EIGHTH: i32 = 1_895_147_668;

/// One third in Q0.31.
const THIRD: i32 = 715_827_883;

/// `exp(-2^k)` in Q0.31, rounded to nearest, for `k` from -2 to 4.
const EXP_MINUS_POWERS: [i32; 7] =
    [1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242];

/// First estimate of a reciprocal at 0 in Q2.29: 48/17.
pub const RECIPROCAL_START: i32 = 1_515_870_810;

/// Slope of the first estimate of a reciprocal in Q2.29: -32/17.
pub const RECIPROCAL_SLOPE: i32 = -1_010_580_540;

/// `x / 2^e`, rounded half away from zero.
pub fn divide_by_pot(x: i32, exponent: u32) -> i32 {
    rounding_divide_by_pot(x.into(), exponent) as i32
}

/// `x * 2^e`, saturated.
fn multiply_by_pot(x: i32, exponent: u32) -> i32 {
    (i64::from(x) << exponent).clamp(i32::MIN.into(), i32::MAX.into()) as i32
}

/// `exp(a)` in Q0.31, for `a` at most 0 in the format of `integer_bits` integer bits, 4 or 5.
pub fn exp(a: i32, integer_bits: u32) -> i32 {
    if a == 0 {
        return ONE;
    }
    let fraction_bits = 31 - integer_bits;
    let quarter = 1 << (fraction_bits - 2);
    let rest = (a & (quarter - 1)) - quarter;
    let quarters = rest.wrapping_sub(a);
    let mut result = exp_of_rest(multiply_by_pot(rest, integer_bits));
    for (bit, factor) in (fraction_bits - 2..31).zip(EXP_MINUS_POWERS) {
        if quarters & 1 << bit != 0 {
            result = multiply(result, factor);
        }
    }
    result
}

/// `exp(rest)` for `rest` from -1/4 to 0, both in Q0.31: a polynomial around -1/8.
fn exp_of_rest(rest: i32) -> i32 {
    let x = rest + (1 << 28);
    let square = multiply(x, x);
    let cube = multiply(square, x);
    let fourth = divide_by_pot(multiply(square, square), 2);
    let tail = divide_by_pot(multiply(fourth + cube, THIRD) + square, 1);
    EXP_MINUS_EIGHTH.saturating_add(multiply(EXP_MINUS_EIGHTH, x + tail))
}

/// Reciprocal of `(1 + x) / 2` in Q2.29, for `x` from 0 to 1 in Q0.31: three Newton steps.
fn reciprocal_of_half(x: i32) -> i32 {
    let half = ((i64::from(x) + i64::from(ONE) + 1) / 2) as i32;
    let mut y = RECIPROCAL_START.wrapping_add(multiply(half, RECIPROCAL_SLOPE));
    for _ in 0..3 {
        let error = (1 << 29) - multiply(half, y);
        y = y.wrapping_add(multiply_by_pot(multiply(y, error), 2));
    }
    y
}

/// `1 / (1 + x)` for `x` from 0 to 1, both in Q0.31.
pub fn one_over_one_plus(x: i32) -> i32 {
    multiply_by_pot(reciprocal_of_half(x), 1)
}

/// `(1 - x) / (1 + x)` for `x` from 0 to 1, both in Q0.31.
pub fn one_minus_over_one_plus(x: i32) -> i32 {
    multiply_by_pot(reciprocal_of_half(x).wrapping_sub(1 << 29), 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_is_close_over_its_range() {
        for integer_bits in [4, 5] {
            let scale = f64::from(1 << (31 - integer_bits));
            let steps = 0..=1000;
            let largest = steps.map(|step| {
                let a = -(f64::from(step) / 1000.0 * ((1 << integer_bits) - 1) as f64 * scale) as i32;
                let exact = (f64::from(a) / scale).exp();
                (f64::from(exp(a, integer_bits)) / 2f64.powi(31) - exact).abs()
            });
            assert!(largest.fold(0.0, f64::max) < 2e-6);
        }
    }

    #[test]
    fn reciprocals_are_close_over_their_range() {
        for step in 0..=1000 {
            let x = (f64::from(step) / 1000.0 * f64::from(ONE)) as i32;
            let real = f64::from(x) / 2f64.powi(31);
            let close = |fixed: i32, exact: f64| (f64::from(fixed) / 2f64.powi(31) - exact).abs() < 1e-7;
            assert!(close(one_over_one_plus(x), 1.0 / (1.0 + real)), "{x}");
            assert!(close(one_minus_over_one_plus(x), (1.0 - real) / (1.0 + real)), "{x}");
        }
    }
}
