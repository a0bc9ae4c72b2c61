//! Calibration against recorded ranges, scales and zero points of torch and ONNX Runtime, bit for bit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use qrtl::arithmetic::Rounding;
use qrtl::arithmetic::calibration::{
    Calibration, CalibrationBatch, CalibrationError, calibrate, observed_ranges,
};
use qrtl::arithmetic::quantizer::{
    CodeFormat, Convention, Division, Granularity, QuantizerConfig, QuantizerError, Scheme, Zero,
};
use qrtl::{Tensor, read_npz};

#[derive(Deserialize)]
struct Recording {
    cases: Vec<Case>,
    online_mse_differences: Vec<f64>,
    packed: Vec<Packed>,
}

#[derive(Deserialize)]
struct Case {
    tool: String,
    calibration: String,
    batches: Vec<String>,
    scheme: String,
    bits: u32,
    signed: bool,
    granularity: String,
    low: Vec<u32>,
    high: Vec<u32>,
    scale: Vec<u32>,
    zero_point: Vec<i32>,
}

#[derive(Deserialize)]
struct Packed {
    bits: u32,
    signed: bool,
    codes: Vec<i32>,
    bytes: Vec<u8>,
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/calibration")
}

fn recording() -> Recording {
    serde_json::from_str(&std::fs::read_to_string(vectors().join("expected.json")).unwrap()).unwrap()
}

fn batches() -> BTreeMap<String, Tensor<f32>> {
    let arrays = read_npz(&vectors().join("batches.npz")).unwrap();
    arrays.into_iter().map(|(name, array)| (name, array.into_tensor().unwrap())).collect()
}

fn config(format: CodeFormat, scheme: Scheme, granularity: Granularity) -> QuantizerConfig {
    QuantizerConfig { format, scheme, granularity, rounding: Rounding::HalfEven, division: Division::Exact }
}

fn bits(reals: impl IntoIterator<Item = f32>) -> Vec<u32> {
    reals.into_iter().map(f32::to_bits).collect()
}

/// Compares every case of one tool and one method, and returns their number.
fn compare(tool: &str, method: &str) -> usize {
    let tensors = batches();
    let convention: Convention = tool.parse().unwrap();
    let of_method = |case: &Case| case.tool == tool && case.calibration.starts_with(method);
    let mut compared = 0;
    for case in recording().cases.into_iter().filter(of_method) {
        let named = format!(
            "{tool} {} {:?} {} {} bits signed {} {}",
            case.calibration, case.batches, case.scheme, case.bits, case.signed, case.granularity
        );
        let format = CodeFormat::new(case.bits, case.signed).unwrap();
        let config = config(format, case.scheme.parse().unwrap(), case.granularity.parse().unwrap());
        let observed: Vec<CalibrationBatch<f32>> = case
            .batches
            .iter()
            .map(|name| CalibrationBatch { reals: tensors[name].data(), shape: tensors[name].shape() })
            .collect();
        let calibration: Calibration = case.calibration.parse().unwrap();
        let ranges = observed_ranges(&config, calibration, &observed).unwrap();
        let (low, high) = (ranges.iter().map(|range| range.low), ranges.iter().map(|range| range.high));
        // The runtimes widen the range of minmax to be symmetric themselves, or with the scale.
        if !(tool == "onnxruntime" && method == "minmax" && case.scheme == "symmetric") {
            assert_eq!((bits(low), bits(high)), (case.low, case.high), "{named}");
        }
        let parameters = calibrate(&config, calibration, convention, &observed).unwrap();
        assert_eq!(bits(parameters.scales().iter().copied()), case.scale, "{named}");
        assert_eq!(parameters.zero(), &Zero::Points(case.zero_point), "{named}");
        compared += 1;
    }
    compared
}

#[test]
fn minmax_matches_torch() {
    assert_eq!(compare("torch", "minmax"), 45);
}

#[test]
fn moving_average_matches_torch() {
    assert_eq!(compare("torch", "moving-average"), 35);
}

#[test]
fn mse_matches_torch_histogram_observer() {
    assert_eq!(compare("torch", "mse"), 21);
    // One by one, the observer found the same ranges as from all batches at once.
    assert_eq!(recording().online_mse_differences, [0.0; 3]);
}

#[test]
fn minmax_matches_onnx_runtime() {
    assert_eq!(compare("onnxruntime", "minmax"), 17);
}

#[test]
fn percentile_matches_onnx_runtime() {
    assert_eq!(compare("onnxruntime", "percentile"), 68);
}

#[test]
fn entropy_matches_onnx_runtime() {
    assert_eq!(compare("onnxruntime", "entropy"), 51);
}

#[test]
fn packing_matches_onnx() {
    let recorded = recording().packed;
    assert_eq!(recorded.len(), 4);
    for Packed { bits, signed, codes, bytes } in recorded {
        let format = CodeFormat::new(bits, signed).unwrap();
        assert_eq!(format.pack(&codes).unwrap(), bytes, "{bits} bits, signed {signed}");
        assert_eq!(format.unpack(&bytes, codes.len()).unwrap(), codes);
    }
}

/// The conventions differ on purpose, as `docs/quantization.md` says.
#[test]
fn conventions_differ_on_symmetric_and_empty_ranges() {
    let signed = CodeFormat::new(8, true).unwrap();
    let derived = |scheme, convention, reals: &[f32]| {
        let config = config(signed, scheme, Granularity::Tensor);
        let batch = CalibrationBatch { reals, shape: &[reals.len()] };
        calibrate(&config, Calibration::MinMax, convention, &[batch]).unwrap()
    };
    let scale = |scheme, convention, reals| derived(scheme, convention, reals).scales()[0];
    let symmetric = Scheme::Symmetric;
    assert_eq!(scale(symmetric, Convention::Published, &[-1.0, 0.5]), 1.0 / 127.0);
    assert_eq!(scale(symmetric, Convention::OnnxRuntime, &[-1.0, 0.5]), 1.0 / 127.0);
    assert_eq!(scale(symmetric, Convention::Torch, &[-1.0, 0.5]), 1.0 / 127.5);
    let empty = |convention| derived(Scheme::Affine, convention, &[0.0, 0.0]);
    assert_eq!(
        (empty(Convention::Torch).scales()[0], empty(Convention::Torch).zero()),
        (f32::EPSILON, &Zero::Points(vec![-128]))
    );
    assert_eq!(
        (empty(Convention::OnnxRuntime).scales()[0], empty(Convention::OnnxRuntime).zero()),
        (1.0, &Zero::Points(vec![0]))
    );
    assert_eq!(
        (empty(Convention::Published).scales()[0], empty(Convention::Published).zero()),
        (1.0, &Zero::Points(vec![-128]))
    );
    let unsigned = config(CodeFormat::new(8, false).unwrap(), symmetric, Granularity::Tensor);
    let batch = CalibrationBatch { reals: &[1.0f32], shape: &[1] };
    let refused = calibrate(&unsigned, Calibration::MinMax, Convention::Torch, &[batch]);
    assert!(
        matches!(refused, Err(CalibrationError::Quantizer(QuantizerError::NoConvention { .. }))),
        "{refused:?}"
    );
}

#[test]
fn rejects_batches_that_cannot_be_calibrated() {
    let signed = CodeFormat::new(8, true).unwrap();
    let refusal = |calibration: &str, granularity, batches: &[&[f32]]| {
        let batches: Vec<CalibrationBatch<f32>> = batches
            .iter()
            .map(|reals| CalibrationBatch {
                reals,
                shape: std::slice::from_ref(Box::leak(Box::new(reals.len()))),
            })
            .collect();
        let config = config(signed, Scheme::Affine, granularity);
        calibrate(&config, calibration.parse().unwrap(), Convention::Published, &batches).unwrap_err()
    };
    let tensor = Granularity::Tensor;
    assert_eq!(refusal("minmax", tensor, &[]), CalibrationError::NoBatch);
    assert_eq!(
        refusal("minmax", tensor, &[&[1.0], &[]]),
        CalibrationError::Batch { batch: 1, rule: QuantizerError::Empty }
    );
    assert_eq!(refusal("entropy", tensor, &[&[1.0]]), CalibrationError::OneSample);
    assert!(matches!(refusal("mse", Granularity::Channel(0), &[&[1.0]]), CalibrationError::Parts { .. }));
    let unequal = refusal("minmax", Granularity::Channel(0), &[&[1.0], &[1.0, 2.0]]);
    assert_eq!(unequal, CalibrationError::Count { batch: 1, found: 2, expected: 1 });
    for calibration in ["entropy", "percentile:99", "mse"] {
        let wide = refusal(calibration, tensor, &[&[f32::MAX, -f32::MAX]]);
        assert!(matches!(wide, CalibrationError::Quantizer(QuantizerError::Overflow { .. })), "{wide:?}");
    }
    for (first, second) in [(1e-30, 1e30), (f32::from_bits(1), 1.0), (1.0, 1e6)] {
        for calibration in ["entropy", "percentile:99"] {
            let grown = refusal(calibration, tensor, &[&[first, -first], &[second]]);
            assert_eq!(grown, CalibrationError::Bins { batch: 1 }, "{calibration} {first}");
        }
    }
    for word in [
        "percentile:0",
        "percentile:101",
        "percentile:nan",
        "percentile",
        "entropy:127",
        "entropy:99999999",
        "moving-average:0",
        "moving-average:2",
        "max",
        "",
    ] {
        assert!(word.parse::<Calibration>().is_err(), "{word}");
    }
}

/// Ranges that no calibration can divide do not stop the program.
#[test]
fn extreme_ranges_are_parameters_or_errors() {
    let format = CodeFormat::new(8, true).unwrap();
    let tiny = f32::from_bits(1);
    let sets: [&[f32]; 7] = [
        &[0.0, 0.0],
        &[tiny, 0.0],
        &[-tiny, tiny],
        &[1.0, 1.0],
        &[1.0, 1.000_000_1],
        &[1e-20, 3e-20],
        &[f32::MIN_POSITIVE, 1.0],
    ];
    for calibration in ["minmax", "percentile:50", "mse", "entropy:256", "moving-average:0.5"] {
        for scheme in Scheme::ALL {
            for convention in [Convention::Published, Convention::Torch, Convention::OnnxRuntime] {
                for set in sets {
                    for other in sets {
                        let batches = [
                            CalibrationBatch { reals: set, shape: &[2] },
                            CalibrationBatch { reals: other, shape: &[2] },
                        ];
                        let config = config(format, scheme, Granularity::Tensor);
                        if let Ok(parameters) =
                            calibrate(&config, calibration.parse().unwrap(), convention, &batches)
                        {
                            assert!(parameters.scales()[0].is_normal(), "{calibration} {scheme} {set:?}");
                        }
                    }
                }
            }
        }
    }
}
