//! ONNX Cast and the 8-bit float cases of QuantizeLinear and DequantizeLinear.

use super::array::{Array, OnnxCase, onnx};
use qrtl::arithmetic::dequantize;
use qrtl::arithmetic::quantizer::CodeFormat;
use qrtl::arithmetic::rescale::{OutputStage, Rescaler, Rule, Scale};
use qrtl::arithmetic::small_float::{SmallFloat, SmallFloatEncoding, SmallFloatOverflow, SmallFloatRounding};

fn small_float(array: &Array) -> Option<SmallFloat> {
    match array.dtype.as_str() {
        "float8_e4m3fn" => Some(SmallFloat::E4M3),
        "float8_e5m2" => Some(SmallFloat::E5M2),
        "float8_e4m3fnuz" => Some(SmallFloat::E4M3FNUZ),
        "float8_e5m2fnuz" => Some(SmallFloat::E5M2FNUZ),
        "float8_e8m0fnu" => Some(SmallFloat::E8M0),
        "float4_e2m1fn" => Some(SmallFloat::E2M1),
        _ => None,
    }
}

/// Compares floats except for the payload of NaNs, which binary16 cannot represent.
fn assert_same(computed: &[f32], recorded: &[f32], name: &str) {
    assert!(!computed.is_empty(), "{name}");
    let bits = |values: &[f32]| -> Vec<u32> {
        values
            .iter()
            .map(|v| if v.is_nan() { v.signum().to_bits() | 0x7fc0_0000 } else { v.to_bits() })
            .collect()
    };
    assert_eq!(bits(computed), bits(recorded), "{name}");
}

/// Compares a case; returns `false` if no unit computes it.
fn compare(case: &OnnxCase) -> bool {
    let (input, output) = (&case.data().inputs[0], &case.data().outputs[0]);
    let attributes = &case.nodes[0].attrs;
    let overflow = match attributes.saturate {
        Some(0) => SmallFloatOverflow::Propagate,
        _ => SmallFloatOverflow::Saturate,
    };
    let rounding = match attributes.round_mode.as_deref() {
        Some("up") => SmallFloatRounding::Up,
        None => SmallFloatRounding::Even,
        Some(other) => panic!("unknown round_mode {other}"),
    };
    let encoding = SmallFloatEncoding { rounding, ..overflow.into() };
    if let Some(format) = small_float(output) {
        let codes: Vec<u8> = input.floats().iter().map(|&x| format.encode(x, encoding)).collect();
        assert_eq!(codes, output.codes(), "{}", case.name);
        assert!(!codes.is_empty(), "{}", case.name);
        return true;
    }
    if let Some(format) = small_float(input) {
        // Half of the smallest binary16 and less is zero there; the other numbers are exact.
        let is_lost = |value: f32| output.dtype == "float16" && value.abs() <= 2f32.powi(-25);
        let decoded = input.codes().into_iter().map(|code| format.decode(code));
        let values: Vec<f32> =
            decoded.map(|value| if is_lost(value) { 0f32.copysign(value) } else { value }).collect();
        assert_same(&values, &output.floats(), &case.name);
        return true;
    }
    if input.ints.is_empty() {
        return false;
    }
    if matches!(output.dtype.as_str(), "float32" | "float16") {
        let values: Vec<f32> = input.ints.iter().map(|&q| dequantize(q as i32, 0, 1.0)).collect();
        assert_same(&values, &output.floats(), &case.name);
    } else {
        let format = CodeFormat::new(8, output.dtype == "int8").unwrap();
        let unit =
            Rescaler::new(Rule::Pow2, 8, Scale::Real(1.0), OutputStage::new(format, 0).unwrap()).unwrap();
        let codes: Vec<i64> = input.ints.iter().map(|&q| unit.rescale(q, 0).into()).collect();
        assert_eq!(codes, output.ints, "{}", case.name);
    }
    true
}

#[test]
fn cast_matches_onnx() {
    let mut compared = 0;
    let mut others = Vec::new();
    for case in onnx("cast_lowbit.json") {
        assert_eq!(case.nodes[0].op, "Cast");
        if compare(&case) { compared += 1 } else { others.push(case.name) }
    }
    assert_eq!(compared, 44);
    // Cast keeps the low bits of an integer out of range, -9 becoming 7; every quantizer here saturates.
    let casts_that_wrap = [
        "test_cast_FLOAT_to_UINT4",
        "test_cast_FLOAT16_to_UINT4",
        "test_cast_FLOAT_to_INT4",
        "test_cast_FLOAT16_to_INT4",
        "test_cast_FLOAT_to_UINT2",
        "test_cast_FLOAT16_to_UINT2",
        "test_cast_FLOAT_to_INT2",
        "test_cast_FLOAT16_to_INT2",
    ];
    let mut expected = casts_that_wrap;
    expected.sort_unstable();
    others.sort_unstable();
    assert_eq!(others, expected);
}

#[test]
fn quantize_linear_to_float8_matches_onnx() {
    let mut compared = 0;
    for case in onnx("quantizelinear.json") {
        let (inputs, output) = (&case.data().inputs, &case.data().outputs[0]);
        let Some(format) = small_float(output) else { continue };
        // One scale, or one for each row.
        let (reals, scales) = (inputs[0].floats(), inputs[1].floats());
        let row = reals.len() / scales.len();
        let encode = |(index, &x): (usize, &f32)| {
            format.encode(x / scales[index / row] + 0.0, SmallFloatOverflow::Saturate)
        };
        let codes: Vec<u8> = reals.iter().enumerate().map(encode).collect();
        assert_eq!(output.codes(), codes, "{}", case.name);
        compared += output.bits.len();
    }
    assert_eq!(compared, 22);
}

#[test]
fn dequantize_linear_from_float8_matches_onnx() {
    let mut compared = 0;
    for case in onnx("dequantizelinear.json") {
        let (inputs, output) = (&case.data().inputs, &case.data().outputs[0]);
        let Some(format) = small_float(&inputs[0]) else { continue };
        let scale = inputs[1].float();
        let zero = inputs.get(2).map_or(0.0, |point| format.decode(point.codes()[0]));
        assert_eq!(zero, 0.0, "{}: these formats have no zero point", case.name);
        let values: Vec<f32> = inputs[0].codes().iter().map(|&code| format.decode(code) * scale).collect();
        assert_same(&values, &output.floats(), &case.name);
        compared += values.len();
    }
    assert_eq!(compared, 25);
}
