//! The quantizer against the recorded ONNX backend node cases, bit for bit.

use std::path::Path;

use serde::Deserialize;

use qrtl::arithmetic::Rounding;
use qrtl::arithmetic::quantizer::{CodeFormat, Granularity, TensorQuantizer, Zero, dynamic_quantize_linear};

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    nodes: Vec<Node>,
    data: Vec<Data>,
}

#[derive(Deserialize)]
struct Node {
    attrs: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    axis: Option<isize>,
    block_size: Option<usize>,
}

#[derive(Deserialize)]
struct Data {
    inputs: Vec<Array>,
    outputs: Vec<Array>,
}

#[derive(Deserialize)]
struct Array {
    dtype: String,
    shape: Vec<usize>,
    #[serde(default)]
    ints: Vec<i32>,
    #[serde(default)]
    bits: Vec<u32>,
}

impl Array {
    fn floats(&self) -> Vec<f32> {
        assert_eq!(self.dtype, "float32");
        self.bits.iter().map(|&bits| f32::from_bits(bits)).collect()
    }

    /// Integer format; `None` for float formats.
    fn format(&self) -> Option<CodeFormat> {
        let (signed, bits) = match self.dtype.strip_prefix("uint") {
            Some(bits) => (false, bits),
            None => (true, self.dtype.strip_prefix("int")?),
        };
        Some(CodeFormat::new(bits.parse().unwrap(), signed).unwrap())
    }
}

fn cases(operator: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/vectors/onnx/{operator}.json"));
    let text = std::fs::read_to_string(&path).unwrap();
    serde_json::from_str::<Cases>(&text).unwrap().cases
}

/// Parameters from the scale and zero point inputs of a node.
fn parameters(attributes: &Attributes, data: &Data, format: CodeFormat) -> TensorQuantizer<f32> {
    let scale = &data.inputs[1];
    // The default axis of ONNX is 1.
    let axis = attributes.axis.unwrap_or(1);
    let granularity = match attributes.block_size {
        Some(size) if size > 0 => Granularity::Block { axis, size },
        _ if scale.shape.is_empty() => Granularity::Tensor,
        _ => Granularity::Channel(axis),
    };
    let scales = scale.floats();
    let points = data.inputs.get(2).map_or(vec![0; scales.len()], |point| point.ints.clone());
    TensorQuantizer::new(format, granularity, Rounding::HalfEven, scales, Zero::Points(points)).unwrap()
}

/// Runs `compare` on every case with integer codes and returns their number and the names of the others.
fn compare_each(operator: &str, compare: impl Fn(&Case, &Data)) -> (usize, Vec<String>) {
    let (mut compared, mut others) = (0, Vec::new());
    for case in cases(operator) {
        let [data] = &case.data[..] else { panic!("{}: one data set", case.name) };
        let codes = if operator == "dequantizelinear" { &data.inputs[0] } else { &data.outputs[0] };
        if codes.format().is_some() {
            compare(&case, data);
            compared += 1;
        } else {
            others.push(case.name);
        }
    }
    (compared, others)
}

#[test]
fn quantize_linear_matches_onnx() {
    let (compared, others) = compare_each("quantizelinear", |case, data| {
        let (input, output) = (&data.inputs[0], &data.outputs[0]);
        let parameters = parameters(&case.nodes[0].attrs, data, output.format().unwrap());
        let codes = parameters.quantize(&input.floats(), &input.shape).unwrap();
        assert!(!codes.is_empty(), "{}", case.name);
        assert_eq!(codes, output.ints, "{}", case.name);
    });
    assert_eq!(compared, 10);
    // Codes of these are floats, not integers.
    assert_eq!(
        others,
        ["test_quantizelinear_e4m3fn", "test_quantizelinear_e5m2", "test_quantizelinear_float4e2m1"]
    );
}

#[test]
fn dequantize_linear_matches_onnx() {
    let (compared, others) = compare_each("dequantizelinear", |case, data| {
        let (input, output) = (&data.inputs[0], &data.outputs[0]);
        let parameters = parameters(&case.nodes[0].attrs, data, input.format().unwrap());
        let reals = parameters.dequantize(&input.ints, &input.shape).unwrap();
        let bits: Vec<u32> = reals.iter().map(|real| real.to_bits()).collect();
        assert!(!bits.is_empty(), "{}", case.name);
        assert_eq!(bits, output.bits, "{}", case.name);
    });
    assert_eq!(compared, 9);
    // Codes of these are floats, not integers.
    assert_eq!(
        others,
        [
            "test_dequantizelinear_e4m3fn",
            "test_dequantizelinear_e4m3fn_float16",
            "test_dequantizelinear_e4m3fn_zero_point",
            "test_dequantizelinear_e5m2",
            "test_dequantizelinear_float4e2m1"
        ]
    );
}

#[test]
fn dynamic_quantize_linear_matches_onnx() {
    let (compared, others) = compare_each("dynamicquantizelinear", |case, data| {
        let result = dynamic_quantize_linear(&data.inputs[0].floats()).unwrap();
        let codes: Vec<i32> = result.codes.iter().map(|&code| code.into()).collect();
        assert!(!codes.is_empty(), "{}", case.name);
        assert_eq!(codes, data.outputs[0].ints, "{}", case.name);
        assert_eq!([result.scale.to_bits()], data.outputs[1].bits[..], "{}", case.name);
        assert_eq!([i32::from(result.zero_point)], data.outputs[2].ints[..], "{}", case.name);
    });
    assert_eq!((compared, others), (3, vec![]));
}
