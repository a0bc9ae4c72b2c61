//! Recordings that are not part of this repository because of licence or origin, read from `QRTL_VECTORS`.

use std::path::PathBuf;

use serde::Deserialize;

use super::array::read;
use qrtl::arithmetic::quantizer::{CodeFormat, Granularity, TensorQuantizer, Zero};
use qrtl::arithmetic::rescale::{quantize_multiplier, rules};
use qrtl::arithmetic::small_float::{Accumulation, SmallFloat, dot};
use qrtl::arithmetic::{Rounding, quantize_by_reciprocal};
use qrtl::files::tensor::read_npz;

fn folder() -> PathBuf {
    match std::env::var_os("QRTL_VECTORS") {
        Some(folder) => folder.into(),
        None => panic!(
            "QRTL_VECTORS is not set: point it to a folder with h100_fp8/h100_mma_k32_e4m3.npz and \
             tflite_unit_tests/quantization_util.json, or leave out --ignored"
        ),
    }
}

#[test]
#[ignore = "needs the H100 recordings in the folder named by QRTL_VECTORS"]
fn h100_model_reproduces_recorded_dot_products() {
    let mut arrays = read_npz(&folder().join("h100_fp8/h100_mma_k32_e4m3.npz")).unwrap();
    let mut take = |name: &str| arrays.remove(name).unwrap();
    let [a, b] = ["a", "b"].map(|name| take(name).into_tensor::<u8>().unwrap().into_data());
    let [hardware, rounded] =
        ["d_f32_bits", "exact_rne_f32_bits"].map(|name| take(name).into_tensor::<u32>().unwrap().into_data());
    let sums = |accumulate| -> Vec<u32> {
        let rows = a.chunks_exact(32).zip(b.chunks_exact(32));
        rows.map(|(a, b)| dot(SmallFloat::E4M3, a, b, accumulate).unwrap().to_bits()).collect()
    };
    assert_eq!(sums(Accumulation::H100), hardware);
    assert_eq!(sums(Accumulation::Exact), rounded);
    assert_eq!(hardware.len(), 5000);
    // The two models differ often enough to be distinguished.
    assert_eq!(hardware.iter().zip(&rounded).filter(|(h100, exact)| h100 == exact).count(), 2011);
}

#[derive(Deserialize)]
struct UnitTests {
    #[serde(rename = "QuantizeMultiplier")]
    quantize_multiplier: Vec<Multiplier>,
    #[serde(rename = "MultiplyByQuantizedMultiplier_int32")]
    multiply_int32: Vec<Product>,
    #[serde(rename = "MultiplyByQuantizedMultiplier_int64")]
    multiply_int64: Vec<Product>,
    #[serde(rename = "QUANTIZE_op")]
    quantize: Vec<Quantize>,
    fbgemm_inv_scale_example: Reciprocal,
}

#[derive(Deserialize)]
struct Multiplier {
    d: f64,
    q: i32,
    shift: i32,
}

/// A multiplier, as a real `mult` or as `q` and `shift`.
#[derive(Deserialize)]
struct Product {
    x: i64,
    mult: Option<f64>,
    q: Option<i32>,
    shift: Option<i32>,
    y: i64,
    modes: Option<String>,
}

#[derive(Deserialize)]
struct Quantize {
    #[serde(rename = "type")]
    dtype: String,
    scale: f32,
    zp: i32,
    x: Vec<f32>,
    y: Vec<i32>,
}

#[derive(Deserialize)]
struct Reciprocal {
    scale: f32,
    zp: i32,
    x: f32,
    q_mul_inverse: i32,
}

impl Product {
    fn multiplier(&self) -> (i32, i32) {
        match (self.mult, self.q, self.shift) {
            (Some(real), None, None) => quantize_multiplier(real),
            (None, Some(q), Some(shift)) => (q, shift),
            _ => panic!("a multiplier in one form"),
        }
    }
}

fn unit_tests() -> UnitTests {
    read(&folder().join("tflite_unit_tests/quantization_util.json"))
}

#[test]
#[ignore = "needs TFLite's unit-test literals in the folder named by QRTL_VECTORS"]
fn tflite_quantize_multiplier() {
    let cases = unit_tests().quantize_multiplier;
    for Multiplier { d, q, shift } in &cases {
        assert_eq!(quantize_multiplier(*d), (*q, *shift), "{d}");
    }
    assert_eq!(cases.len(), 30);
}

#[test]
#[ignore = "needs TFLite's unit-test literals in the folder named by QRTL_VECTORS"]
fn tflite_multiply_by_quantized_multiplier() {
    let UnitTests { multiply_int32, multiply_int64, .. } = unit_tests();
    let mut compared = (0, 0, 0);
    for case in &multiply_int32 {
        let (q, shift) = case.multiplier();
        let gemmlowp = rules::gemmlowp(case.x, q, shift, rules::RegisterWidth::Bits32);
        assert_eq!(gemmlowp, case.y, "double rounding of {} by {q}, {shift}", case.x);
        compared.0 += 1;
        if case.modes.as_deref() == Some("both") {
            let single = rules::single(case.x, q, shift);
            assert_eq!(single, case.y.into(), "single rounding of {} by {q}, {shift}", case.x);
            compared.1 += 1;
        }
    }
    for case in &multiply_int64 {
        let (q, shift) = case.multiplier();
        assert_eq!(rules::int16(case.x, q, shift), case.y, "int16 form of {} by {q}, {shift}", case.x);
        compared.2 += 1;
    }
    assert_eq!(compared, (12, 8, 8));
}

#[test]
#[ignore = "needs TFLite's unit-test literals in the folder named by QRTL_VECTORS"]
fn tflite_quantize_and_fbgemm_reciprocal() {
    let UnitTests { quantize, fbgemm_inv_scale_example: fbgemm, .. } = unit_tests();
    for Quantize { dtype, scale, zp, x, y } in &quantize {
        let (signed, bits) = dtype.strip_prefix('u').map_or((true, dtype.as_str()), |rest| (false, rest));
        let format = CodeFormat::new(bits.strip_prefix("int").unwrap().parse().unwrap(), signed).unwrap();
        let zero = Zero::Points(vec![*zp]);
        let parameters =
            TensorQuantizer::new(format, Granularity::Tensor, Rounding::HalfAway, vec![*scale], zero)
                .unwrap();
        assert_eq!(parameters.quantize(x, &[x.len()]).unwrap(), *y, "{dtype}");
    }
    assert_eq!(quantize.len(), 4);
    let uint8 = CodeFormat::new(8, false).unwrap();
    let code = quantize_by_reciprocal(fbgemm.x, 1.0 / fbgemm.scale, fbgemm.zp, uint8);
    assert_eq!(code, fbgemm.q_mul_inverse);
}
