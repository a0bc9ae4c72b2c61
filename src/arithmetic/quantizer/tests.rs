//! Worked numbers of `docs/arithmetic.md` and properties of all tensors.

use proptest::prelude::*;

use super::*;
use crate::arithmetic::rounding::Rounding;
use crate::arithmetic::rounding::Rounding::{HalfAway, HalfEven, Truncate};

fn config(bits: u32, signed: bool, scheme: Scheme) -> QuantizerConfig {
    let format = CodeFormat::new(bits, signed).unwrap();
    QuantizerConfig {
        format,
        scheme,
        granularity: Granularity::Tensor,
        rounding: HalfEven,
        division: Division::Exact,
    }
}

fn tensor_parameters<T: crate::arithmetic::real::Real>(
    bits: u32,
    signed: bool,
    scale: T,
    zero: Zero<T>,
) -> TensorQuantizer<T> {
    let format = CodeFormat::new(bits, signed).unwrap();
    TensorQuantizer::new(format, Granularity::Tensor, HalfEven, vec![scale], zero).unwrap()
}

#[test]
fn symmetric_codes_span_plus_minus_127() {
    let weights = [-0.5f32, -0.2, 0.1, 0.3, 0.5];
    let parameters = config(8, true, Scheme::Symmetric).derive(&weights, &[5]).unwrap();
    assert_eq!(parameters.scales(), [0.5f32 / 127.0]);
    assert_eq!(parameters.zero(), &Zero::Points(vec![0]));
    assert_eq!(parameters.quantize(&weights, &[5]).unwrap(), [-127, -51, 25, 76, 127]);
}

#[test]
fn quantizes_with_explicit_scale() {
    let parameters = tensor_parameters(8, true, 1.0f32 / 512.0, Zero::Points(vec![0]));
    assert_eq!(parameters.quantize(&[0.023_456_7], &[1]).unwrap(), [12]);
}

#[test]
fn product_of_dequantized_codes_is_exact_in_f32() {
    let operand = |code, scale| {
        tensor_parameters(8, true, scale, Zero::Points(vec![0])).dequantize(&[code], &[]).unwrap()[0]
    };
    let product = operand(42, 1.0 / 2048.0) * operand(38, 1.0f32 / 4096.0);
    assert_eq!(product, 1596.0 / 8_388_608.0);
    assert_eq!(format!("{product:.10e}"), "1.9025802612e-4");
}

#[test]
fn tie_of_real_offset_depends_on_float_type() {
    let offset = config(8, false, Scheme::Offset);
    let narrow = [0.1f32, 0.3, 0.5];
    let codes = offset.derive(&narrow, &[3]).unwrap().quantize(&narrow, &[3]);
    assert_eq!(codes.unwrap(), [0, 128, 255]);
    let wide = [0.1f64, 0.3, 0.5];
    let parameters = offset.derive(&wide, &[3]).unwrap();
    assert_eq!(parameters.quantize(&wide, &[3]).unwrap(), [0, 127, 255]);
    assert_eq!((0.3 - 0.1) / parameters.scales()[0], 127.499_999_999_999_97);
}

#[test]
fn real_offset_differs_from_integer_zero_point() {
    let data = [0.1f64, 0.5];
    let offset = config(8, false, Scheme::Offset).derive(&data, &[2]).unwrap();
    assert_eq!(offset.zero(), &Zero::Offsets(vec![0.1]));
    // -min / s would be the zero point, and u8 does not hold it: (Q2) widens the range to 0..0.5 instead.
    assert_eq!((-0.1 / offset.scales()[0]).round(), -64.0);
    let affine = config(8, false, Scheme::Affine).derive(&data, &[2]).unwrap();
    assert_eq!((affine.scales(), affine.zero()), (&[0.5 / 255.0][..], &Zero::Points(vec![0])));
}

#[test]
fn true_division_differs_from_torch_reciprocal() {
    let [real, scale]: [f32; 2] = ["0.273939937", "0.00214854861"].map(|digits| digits.parse().unwrap());
    let divided = tensor_parameters(8, false, scale, Zero::Points(vec![0])).quantize(&[real], &[1]).unwrap();
    assert_eq!(divided, [127]);
    let multiplied =
        tensor_parameters(8, false, scale, Zero::Points(vec![0])).with_division(Division::Reciprocal);
    assert_eq!(multiplied.quantize(&[real], &[1]).unwrap(), [128]);
}

#[test]
fn adds_zero_point_after_rounding() {
    // 0.5 rounds to 0 and then moves to 1; rounding the sum 1.5 would give 2.
    let parameters = tensor_parameters(8, false, 1.0f32, Zero::Points(vec![1]));
    assert_eq!(parameters.quantize(&[0.5, 1.5], &[2]).unwrap(), [1, 3]);
}

#[test]
fn symmetric_2_bit_codes_are_ternary() {
    let data: Vec<f32> = (-100..=100).map(|step| step as f32 / 100.0).collect();
    let parameters = config(2, true, Scheme::Symmetric).derive(&data, &[201]).unwrap();
    let mut codes = parameters.quantize(&data, &[201]).unwrap();
    codes.dedup();
    assert_eq!(codes, [-1, 0, 1]);
}

#[test]
fn each_channel_has_its_own_range() {
    let mut config = config(4, true, Scheme::Symmetric);
    config.granularity = Granularity::Channel(1);
    let data = [1.0f32, 70.0, -7.0, 10.0];
    let parameters = config.derive(&data, &[2, 2]).unwrap();
    assert_eq!(parameters.scales(), [1.0, 10.0]);
    assert_eq!(parameters.quantize(&data, &[2, 2]).unwrap(), [1, 7, -7, 1]);
}

#[test]
fn tensors_without_range_have_scale_1() {
    for scheme in Scheme::ALL {
        let parameters = config(8, false, scheme).derive(&[0.0f32; 3], &[3]).unwrap();
        assert_eq!(parameters.scales(), [1.0]);
        let codes = parameters.quantize(&[0.0; 3], &[3]).unwrap();
        assert_eq!(parameters.dequantize(&codes, &[3]).unwrap(), [0.0; 3]);
        for value in [-3.5f32, 1e-3, 7.25] {
            let parameters = config(8, true, scheme).derive(&[value; 2], &[2]).unwrap();
            let codes = parameters.quantize(&[value; 2], &[2]).unwrap();
            let restored = parameters.dequantize(&codes, &[2]).unwrap();
            assert!((restored[0] - value).abs() <= 1e-6 * value.abs(), "{scheme} {value} {restored:?}");
        }
    }
}

#[test]
fn bias_is_in_steps_of_the_accumulator() {
    let quantized = quantize_bias(&[1.0f32, -0.75], 0.5, &[0.5, 0.125], HalfEven);
    assert_eq!(quantized.unwrap(), [4, -12]);
    let rounded = |rounding| quantize_bias(&[0.5f64, 1.5, -2.5], 1.0, &[1.0], rounding).unwrap();
    assert_eq!(rounded(HalfEven), [0, 2, -2]);
    assert_eq!(rounded(HalfAway), [1, 2, -3]);
    assert_eq!(rounded(Truncate), [0, 1, -2]);
    let ends = [f64::from(i32::MIN), f64::from(i32::MAX)];
    assert_eq!(quantize_bias(&ends, 1.0, &[1.0], HalfEven).unwrap(), [i32::MIN, i32::MAX]);
}

#[test]
fn rejects_bias_beyond_32_bits() {
    let refused =
        |bias: &[f32], input, weights: &[f32]| quantize_bias(bias, input, weights, HalfEven).unwrap_err();
    let beyond = 2_147_483_648.0;
    assert_eq!(refused(&[0.0, beyond], 1.0, &[1.0]), QuantizerError::Bias { index: 1, value: beyond.into() });
    let count = QuantizerError::Count { what: "weight scale", found: 0, expected: 1 };
    assert_eq!(refused(&[1.0], 1.0, &[]), count);
    assert_eq!(refused(&[], 1.0, &[1.0]), QuantizerError::Empty);
    assert_eq!(refused(&[1.0], -1.0, &[-1.0]), QuantizerError::Scale { index: 0, value: -1.0 });
    assert!(matches!(refused(&[1.0], 1e-30, &[1e-30]), QuantizerError::Underflow { index: 0, .. }));
    assert!(matches!(refused(&[1.0], 1e30, &[1e30]), QuantizerError::Overflow { index: 0, .. }));
    assert!(matches!(refused(&[f32::NAN], 1.0, &[1.0]), QuantizerError::NotFinite { index: 0, .. }));
}

#[test]
fn rejects_tensors_without_codes() {
    let affine = config(8, true, Scheme::Affine);
    assert_eq!(affine.derive::<f32>(&[], &[0]), Err(QuantizerError::Empty));
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let data = [0.0, value];
        assert!(matches!(affine.derive(&data, &[2]), Err(QuantizerError::NotFinite { index: 1, .. })));
        let parameters = tensor_parameters(8, true, 1.0, Zero::Points(vec![0]));
        assert!(matches!(parameters.quantize(&data, &[2]), Err(QuantizerError::NotFinite { index: 1, .. })));
        assert!(matches!(parameters.metrics(&data, &[2]), Err(QuantizerError::NotFinite { index: 1, .. })));
    }
    let parameters = tensor_parameters(4, true, 1.0f32, Zero::Points(vec![0]));
    let refused = parameters.dequantize(&[0, 8], &[2]);
    assert_eq!(refused, Err(QuantizerError::Code { index: 1, value: 8, min: -8, max: 7 }));
}

#[test]
fn rejects_ranges_beyond_the_float_type() {
    let extremes = [f32::MIN, f32::MAX];
    for scheme in Scheme::ALL {
        let refused = config(8, true, scheme).derive(&extremes, &[2]).unwrap_err();
        assert!(matches!(refused, QuantizerError::Overflow { index: 0, .. }), "{scheme}: {refused}");
        let tiny = [0.0, f32::from_bits(100)];
        let refused = config(8, true, scheme).derive(&tiny, &[2]).unwrap_err();
        assert!(matches!(refused, QuantizerError::Underflow { index: 0, .. }), "{scheme}: {refused}");
        let as_wide = extremes.map(f64::from);
        assert!(config(8, true, scheme).derive(&as_wide, &[2]).is_ok());
    }
}

#[test]
fn rejects_illegal_parameters() {
    let format = CodeFormat::new(8, false).unwrap();
    let refused = |scales: &[f32], zero| {
        TensorQuantizer::new(format, Granularity::Tensor, HalfEven, scales.to_vec(), zero).unwrap_err()
    };
    let points = |points: &[i32]| Zero::Points(points.to_vec());
    for scale in [0.0, -1.0, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(refused(&[scale], points(&[0])), QuantizerError::Scale { index: 0, value: scale.into() });
    }
    assert!(matches!(refused(&[f32::NAN], points(&[0])), QuantizerError::Scale { index: 0, .. }));
    assert!(matches!(
        refused(&[f32::from_bits(1)], points(&[0])),
        QuantizerError::Underflow { index: 0, .. }
    ));
    assert!(matches!(refused(&[1.0, 1e37], points(&[0, 0])), QuantizerError::Overflow { index: 1, .. }));
    for value in [-1, 256] {
        assert_eq!(
            refused(&[1.0], points(&[value])),
            QuantizerError::ZeroPoint { index: 0, value, min: 0, max: 255 }
        );
    }
    let offset = Zero::Offsets(vec![f32::INFINITY]);
    assert_eq!(refused(&[1.0], offset), QuantizerError::Offset { index: 0, value: f64::INFINITY });
    let count = QuantizerError::Count { what: "zero point", found: 1, expected: 2 };
    assert_eq!(refused(&[1.0, 1.0], points(&[0])), count);
    let parameters =
        TensorQuantizer::new(format, Granularity::Channel(0), HalfEven, vec![1.0f32; 2], points(&[0, 0]))
            .unwrap();
    let count = QuantizerError::Count { what: "scale", found: 2, expected: 3 };
    assert_eq!(parameters.quantize(&[0.0; 3], &[3]), Err(count));
}

fn any_format() -> impl Strategy<Value = CodeFormat> {
    (2u32..=16, any::<bool>()).prop_map(|(bits, signed)| CodeFormat::new(bits, signed).unwrap())
}

fn any_tensor() -> impl Strategy<Value = Vec<f64>> {
    (prop::collection::vec(-1.0f64..=1.0, 1..40), -30i32..30)
        .prop_map(|(data, exponent)| data.iter().map(|real| real * 2f64.powi(exponent)).collect())
}

fn round_to_nearest() -> impl Strategy<Value = Rounding> {
    prop_oneof![Just(HalfEven), Just(HalfAway)]
}

fn any_scheme() -> impl Strategy<Value = Scheme> {
    prop::sample::select(Scheme::ALL.to_vec())
}

proptest! {
    /// Half a step, and one part in 2^40 for the roundings of f64 itself.
    #[test]
    fn error_is_at_most_half_a_step(
        data in any_tensor(), format in any_format(), scheme in any_scheme(), rounding in round_to_nearest()
    ) {
        // An unsigned symmetric code has nothing below 0, an integer zero point may be half a step off.
        let negative_is_lost = scheme == Scheme::Symmetric && !format.signed();
        let data: Vec<f64> = data.iter().map(|x| if negative_is_lost { x.abs() } else { *x }).collect();
        let config = QuantizerConfig { format, scheme, granularity: Granularity::Tensor, rounding, division: Division::Exact };
        let shape = [data.len()];
        let parameters = config.derive(&data, &shape).unwrap();
        let metrics = parameters.metrics(&data, &shape).unwrap();
        let steps = if scheme == Scheme::Affine { 1.0 } else { 0.5 };
        let largest = data.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
        let bound = steps * parameters.scales()[0] + largest * 2f64.powi(-40);
        prop_assert!(metrics.max_abs_error <= bound, "{} > {bound}", metrics.max_abs_error);
        if scheme != Scheme::Affine {
            prop_assert_eq!(metrics.clipped, 0.0);
        }
    }

    #[test]
    fn unclipped_values_are_restored_within_half_a_step(
        data in prop::collection::vec(-200.0f64..200.0, 1..40), scale in 0.01f64..2.0, point in -128i32..=127
    ) {
        let parameters = tensor_parameters(8, true, scale, Zero::Points(vec![point]));
        for real in data {
            let codes = parameters.quantize(&[real], &[]).unwrap();
            let restored = parameters.dequantize(&codes, &[]).unwrap()[0];
            let clipped = parameters.metrics(&[real], &[]).unwrap().clipped;
            let inside = (restored - real).abs() <= 0.5 * scale * (1.0 + 1e-12);
            prop_assert!(inside || clipped == 1.0);
            prop_assert!(!inside || clipped == 0.0);
        }
    }

    #[test]
    fn every_code_round_trips_in_f32(
        data in any_tensor(), format in any_format(), rounding in round_to_nearest(), affine in any::<bool>()
    ) {
        let scheme = if affine { Scheme::Affine } else { Scheme::Symmetric };
        let config = QuantizerConfig { format, scheme, granularity: Granularity::Tensor, rounding, division: Division::Exact };
        let data: Vec<f32> = data.iter().map(|&real| real as f32).collect();
        let parameters = config.derive(&data, &[data.len()]).unwrap();
        let codes: Vec<i32> = (format.min()..=format.max()).collect();
        let reals = parameters.dequantize(&codes, &[codes.len()]).unwrap();
        prop_assert_eq!(parameters.quantize(&reals, &[codes.len()]).unwrap(), codes);
    }

    #[test]
    fn codes_are_monotone(
        mut data in any_tensor(), format in any_format(), scheme in any_scheme(),
        rounding in prop::sample::select(Rounding::ALL.to_vec())
    ) {
        data.sort_by(f64::total_cmp);
        let config = QuantizerConfig { format, scheme, granularity: Granularity::Tensor, rounding, division: Division::Exact };
        let shape = [data.len()];
        let codes = config.derive(&data, &shape).unwrap().quantize(&data, &shape).unwrap();
        prop_assert!(codes.is_sorted());
        prop_assert!(codes.iter().all(|code| (format.min()..=format.max()).contains(code)));
    }

    #[test]
    fn real_zero_is_exactly_representable(data in any_tensor(), format in any_format(), affine in any::<bool>()) {
        let scheme = if affine { Scheme::Affine } else { Scheme::Symmetric };
        let config = QuantizerConfig { format, scheme, granularity: Granularity::Tensor, rounding: HalfEven, division: Division::Exact };
        let parameters = config.derive(&data, &[data.len()]).unwrap();
        let codes = parameters.quantize(&[0.0], &[]).unwrap();
        prop_assert_eq!(parameters.zero(), &Zero::Points(codes.clone()));
        prop_assert_eq!(parameters.dequantize(&codes, &[]).unwrap()[0].to_bits(), 0);
    }

    #[test]
    fn blocks_and_channels_equal_separate_tensors(rows in 1usize..5, columns in 1usize..9, seed in any::<u32>()) {
        let data: Vec<f32> = (0..rows * columns)
            .map(|index| ((index as u32).wrapping_mul(2_654_435_761) ^ seed) as i32 as f32)
            .collect();
        let mut config = config(8, true, Scheme::Affine);
        let whole: Vec<i32> = data
            .chunks(columns)
            .flat_map(|row| config.derive(row, &[columns]).unwrap().quantize(row, &[columns]).unwrap())
            .collect();
        for granularity in [Granularity::Channel(0), Granularity::Block { axis: 1, size: columns }] {
            config.granularity = granularity;
            let shape = [rows, columns];
            let codes = config.derive(&data, &shape).unwrap().quantize(&data, &shape).unwrap();
            prop_assert_eq!(&codes, &whole);
        }
    }

    #[test]
    fn dynamic_quantize_linear_is_the_affine_scheme(data in any_tensor()) {
        let data: Vec<f32> = data.iter().map(|&real| real as f32).collect();
        let dynamic = dynamic_quantize_linear(&data).unwrap();
        let shape = [data.len()];
        let parameters = config(8, false, Scheme::Affine).derive(&data, &shape).unwrap();
        prop_assert_eq!(parameters.scales(), [dynamic.scale]);
        prop_assert_eq!(parameters.zero(), &Zero::Points(vec![dynamic.zero_point.into()]));
        let codes: Vec<i32> = dynamic.codes.iter().map(|&code| code.into()).collect();
        prop_assert_eq!(parameters.quantize(&data, &shape).unwrap(), codes);
    }
}
