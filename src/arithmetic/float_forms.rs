//! Quantize and dequantize in binary32, (F1) to (F3): the float units' reference.

use super::quantizer::CodeFormat;

/// Quantizes by the reciprocal `inverse = 1.0f32 / s`, as torch does (F1).
///
/// `clamp(rint_even(x * inverse) + zp)`: the product is rounded to binary32, then to an integer, ties to even.
/// Infinities saturate; NaN, including zero times an infinite reciprocal, becomes `qmin`. The result can
/// differ from (Q2), which divides: x = 0.273939937, s = 0.00214854861 gives 128 here and 127 by division.
pub fn quantize_by_reciprocal(x: f32, inverse: f32, zero_point: i32, format: CodeFormat) -> i32 {
    let product = x * inverse;
    if product.is_nan() {
        return format.min();
    }
    // The cast saturates, and a binary32 beyond 2^24 is outside every format.
    let rounded = product.round_ties_even() as i32;
    rounded.saturating_add(zero_point).clamp(format.min(), format.max())
}

/// Dequantizes with one rounding to binary32, half to even: `(q - zp) * s` (F2).
///
/// Runtimes convert `q - zp` to binary32 first; the results are equal for magnitudes of up to 2^24.
pub fn dequantize(q: i32, zero_point: i32, scale: f32) -> f32 {
    let difference = i64::from(q) - i64::from(zero_point);
    if difference == 0 || scale == 0.0 || !scale.is_finite() {
        return difference as f32 * scale;
    }
    let (significand, exponent) = unpack(scale.abs());
    let magnitude = (to_odd(difference.unsigned_abs() * significand) * 2f64.powi(exponent)) as f32;
    if (difference < 0) == (scale < 0.0) { magnitude } else { -magnitude }
}

/// Dequantizes an accumulator and adds a bias: `acc * s + b` (F3).
///
/// Product and sum are each rounded to binary32; they are never fused.
pub fn dequantize_with_bias(acc: i32, scale: f32, bias: f32) -> f32 {
    dequantize(acc, 0, scale) + bias
}

/// Splits a non-negative finite binary32 into a 24-bit significand and an exponent.
fn unpack(value: f32) -> (u64, i32) {
    let field = value.to_bits() >> 23;
    let fraction = u64::from(value.to_bits() & 0x7f_ffff);
    if field == 0 { (fraction, -149) } else { (1 << 23 | fraction, field as i32 - 150) }
}

/// Rounds a 57-bit product to odd in the 53 bits of a binary64.
///
/// Rounding the result to the 24 bits of a binary32 then equals rounding the exact product once.
fn to_odd(product: u64) -> f64 {
    if product < 1 << 53 {
        return product as f64;
    }
    let sticky = u64::from(product & 63 != 0);
    (product >> 6 | sticky) as f64 * 64.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn int8() -> CodeFormat {
        CodeFormat::new(8, true).unwrap()
    }

    #[test]
    fn reciprocal_differs_from_division_at_published_value() {
        let uint8 = CodeFormat::new(8, false).unwrap();
        let [x, scale] = ["0.273939937", "0.00214854861"].map(|number| number.parse::<f32>().unwrap());
        assert_eq!(quantize_by_reciprocal(x, 1.0 / scale, 0, uint8), 128);
        assert_eq!((x / scale).round_ties_even(), 127.0);
    }

    #[test]
    fn rounds_ties_to_even_before_adding_zero_point_and_saturates() {
        let quantize = |x| quantize_by_reciprocal(x, 2.0, 3, int8());
        assert_eq!([0.25, 0.75, 1.25, -0.25, -0.75].map(quantize), [3, 5, 5, 3, 1]);
        assert_eq!(
            [f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN].map(quantize),
            [127, -128, 127, -128]
        );
        assert_eq!(quantize(f32::NAN), -128);
        assert_eq!(quantize_by_reciprocal(0.0, f32::INFINITY, 3, int8()), -128);
    }

    #[test]
    fn rounds_wide_accumulator_once() {
        // 2^24 + 1 would become 2^24 in binary32; times 3 it is 50331651, a tie that rounds to 50331652.
        assert_eq!(dequantize((1 << 24) + 1, 0, 3.0), 50_331_652.0);
        assert_eq!(((1 << 24) + 1) as f32 * 3.0, 50_331_648.0);
        assert_eq!(dequantize(i32::MIN, i32::MAX, -1.0), 4_294_967_296.0);
        assert_eq!(dequantize(5, 5, -1.0).to_bits(), (-0.0f32).to_bits());
        assert_eq!(dequantize(3, 0, f32::from_bits(1)).to_bits(), 3);
    }

    #[test]
    fn rounds_product_and_sum_separately() {
        assert_eq!(dequantize_with_bias(42 * 38, 1.0 / (2048.0 * 4096.0), 0.0), 1596.0 / 8_388_608.0);
        // A fused multiply-add would keep the 2^-24 that the product loses: (2^12 + 1)^2 = 2^24 + 2^13 + 1.
        let s = 4097.0 / 16_777_216.0;
        assert_eq!(dequantize_with_bias(4097, s, -1.0), 8192.0 / 16_777_216.0);
    }

    /// Whether `result` is the binary32 nearest to the exact product.
    fn is_nearest(result: f32, difference: i64, scale: f32) -> bool {
        let fixed = |value: f32| {
            let (significand, exponent) = unpack(value.abs());
            i128::from(significand) << (exponent + 149)
        };
        let (significand, exponent) = unpack(scale);
        let exact = (i128::from(difference.unsigned_abs()) * i128::from(significand)) << (exponent + 149);
        let error = |value: f32| (fixed(value) - exact).abs();
        let magnitude = result.abs();
        let even = magnitude.to_bits().is_multiple_of(2);
        [magnitude.next_up(), magnitude.next_down().max(0.0)]
            .into_iter()
            .all(|neighbour| neighbour == magnitude || error(magnitude) < error(neighbour) + i128::from(even))
    }

    proptest! {
        #[test]
        fn dequantizes_to_nearest_binary32(
            q: i32,
            zero_point in prop_oneof![Just(0), any::<i32>()],
            // Scales up to 2^-88, subnormals included, so that the product fits 128 bits of fixed point.
            bits in 1u32..(40 << 23),
        ) {
            let scale = f32::from_bits(bits);
            let difference = i64::from(q) - i64::from(zero_point);
            let result = dequantize(q, zero_point, scale);
            prop_assert!(is_nearest(result, difference, scale), "{} for {} * {}", result, difference, scale);
            prop_assert!(difference == 0 || result == 0.0 || (result < 0.0) == (difference < 0));
        }

        #[test]
        fn equals_runtimes_for_differences_up_to_2_to_24(q in -(1i32 << 24)..=1 << 24, scale: f32) {
            prop_assume!(!scale.is_nan());
            let ours = dequantize(q, 0, scale);
            let runtime = q as f32 * scale;
            prop_assert!(ours.to_bits() == runtime.to_bits() || ours.is_nan() && runtime.is_nan());
        }
    }
}
