//! Properties of single rules and of all rules.

use proptest::prelude::*;

use super::*;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::multiplier::quantize_multiplier;

/// Scales that every rule but (R7) accepts.
fn fixed() -> impl Strategy<Value = Scale> {
    let multiplier = prop_oneof![Just(0), Just(1 << 30), Just(i32::MAX), 1 << 30..=i32::MAX, 0..=i32::MAX];
    let shift = prop_oneof![Just(-31), Just(7), -31..=7, -12..=2];
    (multiplier, shift).prop_map(|(multiplier, shift)| Scale::Fixed { multiplier, shift })
}

fn power_of_two() -> impl Strategy<Value = Scale> {
    (0i32..=63).prop_map(|right| Scale::Real(2f64.powi(-right)))
}

fn rule_and_scale() -> impl Strategy<Value = (Rule, Scale)> {
    prop_oneof![
        (
            prop::sample::select(vec![
                Rule::Gemmlowp,
                Rule::Ruy,
                Rule::Single,
                Rule::F32,
                Rule::F64,
                Rule::Floor,
                Rule::Int16,
                Rule::F32AfterZeroPoint,
                Rule::F32Away,
            ]),
            fixed()
        ),
        (prop::sample::select(vec![Rule::Pow2, Rule::Pow2Floor]), power_of_two()),
    ]
}

fn output() -> impl Strategy<Value = OutputStage> {
    let bits = prop::sample::select(vec![2u32, 4, 8, 16]);
    (bits, any::<bool>(), any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(bits, signed, zero_point, relu)| {
            let low = if signed { -1 << (bits - 1) } else { 0 };
            let output = OutputStage::new(
                CodeFormat::new(bits, signed).unwrap(),
                low + zero_point.index(1 << bits) as i32,
            )
            .unwrap();
            if relu { output.relu().unwrap() } else { output }
        },
    )
}

/// Accumulators of `bits`, biased to limits, small values and powers of two.
fn accumulator(bits: u32) -> impl Strategy<Value = i64> {
    let max = i64::MAX >> (64 - bits);
    let near_power = (0..bits - 1, -2i64..=2).prop_map(move |(e, d)| ((1i64 << e) + d).clamp(-max - 1, max));
    prop_oneof![
        Just(max),
        Just(-max - 1),
        -1000i64..=1000,
        near_power.clone(),
        near_power.prop_map(|a| -a),
        any::<i64>().prop_map(move |a| a >> (64 - bits)),
    ]
    .prop_map(move |a| a.clamp(-max - 1, max))
}

fn int16_output() -> OutputStage {
    OutputStage::new(CodeFormat::new(16, true).unwrap(), 0).unwrap()
}

fn rescaler(rule: Rule, multiplier: i32, shift: i32) -> Rescaler {
    Rescaler::new(rule, 32, Scale::Fixed { multiplier, shift }, int16_output()).unwrap()
}

proptest! {
    #[test]
    fn slices_equal_single_accumulators(
        (rule, scale) in rule_and_scale(),
        output in output(),
        acc_bits in prop_oneof![Just(32u32), Just(8), 8..=32u32],
        acc in prop::collection::vec(prop_oneof![accumulator(32), any::<i64>()], 1..200),
    ) {
        let rescaler = Rescaler::new(rule, acc_bits, scale, output).unwrap();
        let mut codes = vec![0i32; acc.len()];
        rescaler.rescale_slice(&acc, &mut codes).unwrap();
        for (&acc, &code) in acc.iter().zip(&codes) {
            prop_assert_eq!(code, rescaler.rescale(acc, 0), "{:?} of {}", rescaler, acc);
        }
    }

    #[test]
    fn channels_are_the_last_axis(
        scales in prop::collection::vec(fixed(), 1..5),
        rows in prop::collection::vec(accumulator(32), 1..10),
        output in output(),
    ) {
        let acc: Vec<i64> = rows.iter().flat_map(|&a| vec![a; scales.len()]).collect();
        let mut codes = vec![0i32; acc.len()];
        let all = Rescaler::per_channel(Rule::Gemmlowp, 32, &scales, &[output]).unwrap();
        all.rescale_slice(&acc, &mut codes).unwrap();
        for (i, (&acc, &code)) in acc.iter().zip(&codes).enumerate() {
            let own = Rescaler::new(Rule::Gemmlowp, 32, scales[i % scales.len()], output).unwrap();
            prop_assert_eq!(code, own.rescale(acc, 0));
        }
    }

    /// Except where a left shift wraps.
    #[test]
    fn every_rule_is_monotone(
        (rule, scale) in rule_and_scale(),
        output in output(),
        a in accumulator(32),
        b in accumulator(32),
    ) {
        let wraps = matches!(rule, Rule::Gemmlowp | Rule::Ruy) && scale.to_fixed().1 > 0;
        prop_assume!(!wraps);
        let rescaler = Rescaler::new(rule, 32, scale, output).unwrap();
        prop_assert!(rescaler.rescale(a.min(b), 0) <= rescaler.rescale(a.max(b), 0));
    }

    /// (R3) is at most half a step away from the exact product, (R6) less than one.
    #[test]
    fn single_rounding_errs_by_at_most_half_a_step(
        acc in accumulator(48),
        multiplier in 1i32 << 30..=i32::MAX,
        shift in -31i32..=30,
    ) {
        let product = i128::from(acc) * i128::from(multiplier);
        let step = 1i128 << (31 - shift);
        let rounded = rules::single(acc, multiplier, shift);
        prop_assert!(rounded * step - product <= step / 2 && product - rounded * step < step / 2 + 1);
        let floored = rules::floor(acc, multiplier, shift);
        prop_assert!((0..step).contains(&(product - floored * step)));
    }

    /// Except where a left shift wraps.
    #[test]
    fn accumulator_width_does_not_change_codes(
        (rule, scale) in rule_and_scale(),
        acc in accumulator(32),
        acc_bits in 33u32..=48,
        output in output(),
    ) {
        let wraps = matches!(rule, Rule::Gemmlowp | Rule::Ruy) && scale.to_fixed().1 > 0;
        prop_assume!(!wraps);
        let narrow = Rescaler::new(rule, 32, scale, output).unwrap();
        let wide = Rescaler::new(rule, acc_bits, scale, output).unwrap();
        prop_assert_eq!(narrow.rescale(acc, 0), wide.rescale(acc, 0));
    }

    /// TOSA's `apply_scale_32` with `double_round`, from the published pseudocode: one 64-bit sum whose
    /// rounding constant is raised or lowered by 2^30 with the sign of the value.
    #[test]
    fn tosa_double_round_is_gemmlowp(
        acc in accumulator(32),
        multiplier in 1i32 << 30..=i32::MAX,
        shift in 2u32..=62,
    ) {
        let mut round = 1i64 << (shift - 1);
        if shift > 31 {
            round += if acc >= 0 { 1 << 30 } else { -(1 << 30) };
        }
        let tosa = (acc * i64::from(multiplier) + round) >> shift;
        let ours = rules::gemmlowp(acc, multiplier, 31 - shift as i32, RegisterWidth::Bits64);
        prop_assert_eq!(tosa, ours);
    }

    /// CMSIS-NN's default requantize: a 64-bit sum that starts at 2^30, divided by 2^31 as in C, then a
    /// division by a power of two that corrects the remainder of negative values.
    #[test]
    fn cmsis_nn_default_is_gemmlowp(
        acc in accumulator(32),
        multiplier in 0i32..=i32::MAX,
        shift in -31i32..=30,
    ) {
        let shifted = (acc as i32).wrapping_mul(1i32.wrapping_shl(shift.max(0) as u32));
        let product = i64::from(shifted) * i64::from(multiplier);
        let high = ((product + (1 << 30)) >> 31) as i32;
        let exponent = (-shift).max(0) as u32;
        let remainder_mask = ((1u32 << exponent) - 1) as i32;
        let remainder = remainder_mask & high;
        let mut result = high >> exponent;
        let mut threshold = remainder_mask >> 1;
        if result < 0 {
            threshold += 1;
        }
        if remainder > threshold {
            result += 1;
        }
        prop_assert_eq!(i64::from(result), rules::gemmlowp(acc, multiplier, shift, RegisterWidth::Bits32));
    }
}

#[test]
fn two_roundings_can_err_by_more_than_half_a_step() {
    let exact = 387.0 * 1_185_020_333.0 / 2f64.powi(33);
    assert!((53.388..53.389).contains(&exact));
    assert_eq!(rescaler(Rule::Gemmlowp, 1_185_020_333, -2).rescale(387, 0), 54);
    assert_eq!(rescaler(Rule::Single, 1_185_020_333, -2).rescale(387, 0), 53);
}

#[test]
fn ties_distinguish_the_rules() {
    // Factor 1/4 (q = 2^30, s = -1): accumulators 2 and -2 are exact ties at +-0.5, 1 is 0.25.
    let expected = [
        (Rule::Gemmlowp, [0, 1, 1, -1, -2]),
        (Rule::Ruy, [0, 1, 1, 0, -1]),
        (Rule::Single, [0, 0, 1, 0, -1]),
        (Rule::F32, [0, 0, 0, 0, -2]),
        (Rule::F64, [0, 0, 1, -1, -2]),
        (Rule::Floor, [0, 0, 0, -1, -2]),
        (Rule::Pow2, [0, 0, 1, 0, -1]),
        (Rule::Pow2Floor, [0, 0, 0, -1, -2]),
        (Rule::Int16, [0, 0, 1, 0, -1]),
    ];
    for (rule, codes) in expected {
        let rescaler = rescaler(rule, 1 << 30, -1);
        assert_eq!([0, 1, 2, -2, -6].map(|acc| rescaler.rescale(acc, 0)), codes, "{rule}");
    }
}

#[test]
fn left_shift_wraps_and_other_rules_saturate() {
    // Factor 2: 2^30 * 2^2 leaves a 32-bit register, and (2^30 + 7) * 4 keeps 28, half of which is 14.
    let codes = |rule, acc_bits| {
        let scale = Scale::fixed(1 << 30, 2).unwrap();
        let rescaler = Rescaler::new(rule, acc_bits, scale, int16_output()).unwrap();
        [1 << 30, (1 << 30) + 7].map(|acc| rescaler.rescale(acc, 0))
    };
    for rule in [Rule::Gemmlowp, Rule::Ruy] {
        assert_eq!(codes(rule, 32), [0, 14], "{rule}");
        assert_eq!(codes(rule, 40), [32767, 32767], "{rule}");
    }
    for rule in [Rule::Single, Rule::F32, Rule::F64, Rule::Floor] {
        assert_eq!(codes(rule, 32), [32767, 32767], "{rule}");
    }
}

#[test]
fn accumulators_wrap_to_their_width() {
    let scale = Scale::real(1.0).unwrap();
    let rescaler = Rescaler::new(Rule::Single, 8, scale, int16_output()).unwrap();
    assert_eq!(rescaler.rescale(128, 0), -128);
    assert_eq!(rescaler.rescale(257, 0), 1);
}

#[test]
fn f32_rounds_accumulator_first() {
    // 2^24 + 1 is a tie of binary32 and rounds to 2^24: 32766.5 would be the real result above.
    let scale = Scale::real(0.5f64.powi(11)).unwrap();
    let rescaler = Rescaler::new(Rule::F32, 32, scale, int16_output()).unwrap();
    assert_eq!(rescaler.rescale((1 << 24) + 1, 0), 1 << 13);
    assert_eq!(rescaler.rescale((1 << 10) + (1 << 11), 0), 2);
    assert_eq!(rescaler.rescale(1 << 10, 0), 0);
}

#[test]
fn rejects_scales_and_widths_a_rule_cannot_apply() {
    let output = int16_output();
    let refused = |rule, acc_bits, scale| Rescaler::new(rule, acc_bits, scale, output).unwrap_err();
    let shift = |shift| Scale::Fixed { multiplier: 1 << 30, shift };
    for rule in [Rule::Gemmlowp, Rule::Ruy, Rule::Single, Rule::Floor] {
        assert_eq!(refused(rule, 32, shift(31)), RescaleError::Shift { rule, shift: 31, min: -31, max: 30 });
        assert_eq!(
            refused(rule, 32, shift(-32)),
            RescaleError::Shift { rule, shift: -32, min: -31, max: 30 }
        );
        assert!(Rescaler::new(rule, 32, shift(30), output).is_ok());
        assert!(Rescaler::new(rule, 32, shift(-31), output).is_ok());
    }
    let rule = Rule::Int16;
    assert_eq!(refused(rule, 48, shift(8)), RescaleError::Shift { rule, shift: 8, min: -31, max: 7 });
    assert_eq!(refused(rule, 49, shift(0)), RescaleError::AccBits { rule, bits: 49, max: 48 });
    let rule = Rule::Single;
    assert_eq!(refused(rule, 7, shift(0)), RescaleError::AccBits { rule, bits: 7, max: 64 });
    assert_eq!(refused(rule, 65, shift(0)), RescaleError::AccBits { rule, bits: 65, max: 64 });
    assert_eq!(
        refused(Rule::F32, 32, Scale::Real(1e300)),
        RescaleError::ScaleNotF32 { rule: Rule::F32, scale: 1e300 }
    );
    assert_eq!(
        refused(Rule::F32, 32, Scale::Real(1e-300)),
        RescaleError::ScaleNotF32 { rule: Rule::F32, scale: 1e-300 }
    );
    assert_eq!(refused(Rule::Pow2, 32, Scale::Real(0.3)), RescaleError::NotPowerOfTwo(0.3));
    assert_eq!(refused(Rule::Pow2Floor, 32, Scale::Real(2.0)), RescaleError::NotPowerOfTwo(2.0));
    assert_eq!(Rescaler::per_channel(rule, 32, &[], &[output]), Err(RescaleError::NoChannels));
}

#[test]
fn zero_points_can_differ_by_channel() {
    let int8 = CodeFormat::new(8, true).unwrap();
    let outputs = [-5, 0, 7].map(|zero_point| OutputStage::new(int8, zero_point).unwrap());
    let scales = [Scale::Real(0.5), Scale::Real(0.25)];
    let shared = Rescaler::per_channel(Rule::Single, 32, &scales[..1], &outputs).unwrap();
    let mut codes = [0i8; 6];
    shared.rescale_slice(&[100i32, 100, 100, -2, -2, -2], &mut codes).unwrap();
    assert_eq!(codes, [45, 50, 57, -6, -1, 6]);
    let unequal = Rescaler::per_channel(Rule::Single, 32, &scales, &outputs);
    assert_eq!(unequal, Err(RescaleError::UnequalOutputs { scales: 2, outputs: 3 }));
}

#[test]
fn rejects_mismatched_slices() {
    let scales = [Scale::Real(0.5), Scale::Real(0.25)];
    let output = OutputStage::new(CodeFormat::new(8, false).unwrap(), 0).unwrap();
    let rescaler = Rescaler::per_channel(Rule::Single, 32, &scales, &[output]).unwrap();
    let mut bytes = [0u8; 3];
    assert_eq!(
        rescaler.rescale_slice(&[1i32; 2], &mut bytes),
        Err(RescaleError::UnequalLengths { acc: 2, out: 3 })
    );
    assert_eq!(
        rescaler.rescale_slice(&[1i32; 3], &mut bytes),
        Err(RescaleError::PartialRow { len: 3, channels: 2 })
    );
    assert_eq!(
        rescaler.rescale_slice(&[1i32; 2], &mut [0i8; 2]),
        Err(RescaleError::CodeType { min: 0, max: 255 })
    );
}

#[test]
fn real_scale_becomes_quantize_multiplier() {
    let d = 0.0014402703931413053;
    let (multiplier, shift) = quantize_multiplier(d);
    let real = Rescaler::new(Rule::Gemmlowp, 32, Scale::Real(d), int16_output()).unwrap();
    assert_eq!(real, rescaler(Rule::Gemmlowp, multiplier, shift));
}
