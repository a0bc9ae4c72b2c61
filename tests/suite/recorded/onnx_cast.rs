//! ONNX Cast and the 8-bit float cases of QuantizeLinear and DequantizeLinear.

use super::array::{Array, OnnxCase, onnx};
use qrtl::arithmetic::dequantize;
use qrtl::arithmetic::float8::{Float8, Float8Overflow};
use qrtl::arithmetic::quantizer::CodeFormat;
use qrtl::arithmetic::rescale::{OutputStage, Rescaler, Rule, Scale};

fn float8(array: &Array) -> Option<Float8> {
    match array.dtype.as_str() {
        "float8_e4m3fn" => Some(Float8::E4m3),
        "float8_e5m2" => Some(Float8::E5m2),
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
    let overflow = match case.nodes[0].attrs.saturate {
        Some(0) => Float8Overflow::Propagate,
        _ => Float8Overflow::Saturate,
    };
    if let Some(format) = float8(output) {
        let codes: Vec<u8> = input.floats().iter().map(|&x| format.encode(x, overflow)).collect();
        assert_eq!(codes, output.codes(), "{}", case.name);
        assert!(!codes.is_empty(), "{}", case.name);
        return true;
    }
    if let Some(format) = float8(input) {
        let values: Vec<f32> = input.codes().iter().map(|&code| format.decode(code)).collect();
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
    assert_eq!(compared, 24);
    let formats_of_no_unit = [
        "test_cast_FLOAT_to_FLOAT8E4M3FNUZ",
        "test_cast_FLOAT16_to_FLOAT8E4M3FNUZ",
        "test_cast_FLOAT8E4M3FNUZ_to_FLOAT",
        "test_cast_FLOAT8E4M3FNUZ_to_FLOAT16",
        "test_cast_FLOAT_to_FLOAT8E5M2FNUZ",
        "test_cast_FLOAT16_to_FLOAT8E5M2FNUZ",
        "test_cast_FLOAT8E5M2FNUZ_to_FLOAT",
        "test_cast_FLOAT8E5M2FNUZ_to_FLOAT16",
        "test_cast_FLOAT4E2M1_to_FLOAT",
        "test_cast_FLOAT4E2M1_to_FLOAT16",
        "test_cast_FLOAT_to_FLOAT4E2M1",
        "test_cast_FLOAT16_to_FLOAT4E2M1",
        "test_cast_no_saturate_FLOAT_to_FLOAT8E4M3FNUZ",
        "test_cast_no_saturate_FLOAT_to_FLOAT8E5M2FNUZ",
        "test_cast_no_saturate_FLOAT16_to_FLOAT8E4M3FNUZ",
        "test_cast_no_saturate_FLOAT16_to_FLOAT8E5M2FNUZ",
        "test_cast_e8m0_FLOAT_to_FLOAT8E8M0",
        "test_cast_e8m0_FLOAT16_to_FLOAT8E8M0",
        "test_cast_e8m0_FLOAT8E8M0_to_FLOAT",
        "test_cast_e8m0_FLOAT8E8M0_to_FLOAT16",
    ];
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
    let mut expected = [&formats_of_no_unit[..], &casts_that_wrap[..]].concat();
    expected.sort_unstable();
    others.sort_unstable();
    assert_eq!(others, expected);
}

#[test]
fn quantize_linear_to_float8_matches_onnx() {
    let mut compared = 0;
    for case in onnx("quantizelinear.json") {
        let (inputs, output) = (&case.data().inputs, &case.data().outputs[0]);
        let Some(format) = float8(output) else { continue };
        let scale = inputs[1].float();
        let codes =
            inputs[0].floats().iter().map(|&x| format.encode(x / scale, Float8Overflow::Saturate)).collect();
        assert_eq!(output.codes(), Vec::<u8>::from_iter::<Vec<u8>>(codes), "{}", case.name);
        compared += output.bits.len();
    }
    assert_eq!(compared, 10);
}

#[test]
fn dequantize_linear_from_float8_matches_onnx() {
    let mut compared = 0;
    for case in onnx("dequantizelinear.json") {
        let (inputs, output) = (&case.data().inputs, &case.data().outputs[0]);
        let Some(format) = float8(&inputs[0]) else { continue };
        let scale = inputs[1].float();
        let zero = inputs.get(2).map_or(0.0, |point| format.decode(point.codes()[0]));
        assert_eq!(zero, 0.0, "{}: these formats have no zero point", case.name);
        let values: Vec<f32> = inputs[0].codes().iter().map(|&code| format.decode(code) * scale).collect();
        assert_same(&values, &output.floats(), &case.name);
        compared += values.len();
    }
    assert_eq!(compared, 20);
}
