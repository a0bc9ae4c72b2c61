//! Networks of a folder compared with their recordings.
//!
//! `NAME.npz` beside a network holds `x`, inputs; `y_tflm`, `y_litert_reference` and `y_litert_optimized`, or `y`
//! of an ONNX network, outputs; and `tensor_T_input_0`, or `tensor_T`, the tensor of label T for the first input.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use qrtl::files::tensor::{Array, read_npz};
use qrtl::network::{Network, Profile};

/// Bytes compared and different.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub compared: usize,
    pub different: usize,
}

impl Tally {
    fn add(&mut self, found: &[u8], expected: &[u8], what: &str) {
        assert_eq!(found.len(), expected.len(), "{what}");
        let different = found.iter().zip(expected).filter(|(found, expected)| found != expected).count();
        if different > 0 {
            println!("{what}: {different} of {} bytes differ", found.len());
        }
        self.compared += found.len();
        self.different += different;
    }
}

/// The networks of a folder, by name.
pub fn networks(folder: &Path) -> Vec<PathBuf> {
    let is_network = |path: &PathBuf| path.extension().is_some_and(|end| end == "tflite" || end == "onnx");
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(is_network).collect();
    paths.sort();
    paths
}

/// Bytes of an array, floats by their bit patterns.
pub fn bytes(array: &Array) -> Vec<u8> {
    match array {
        Array::Float32(tensor) => tensor.data().iter().flat_map(|real| real.to_le_bytes()).collect(),
        _ => array.integers().unwrap().map(|value| value as u8).collect(),
    }
}

/// Compares the outputs of all inputs with the array `outputs`, and the tensors of the first input with the arrays
/// `tensor_T` of the ending `tensors`.
pub fn compare(path: &Path, profile: Profile, outputs: &str, tensors: Option<&str>) -> Tally {
    let network = Network::open(path, Some(profile)).unwrap();
    network.require_supported().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let arrays = read_npz(&path.with_extension("npz")).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let found = network.run(arrays["x"].clone(), tensors.is_some()).unwrap();
    let mut tally = Tally::default();
    tally.add(&bytes(&found.output), &bytes(&arrays[outputs]), &format!("{name} {profile} {outputs}"));
    let seen: BTreeMap<String, Array> = found.tensors.into_iter().collect();
    for (key, recorded) in &arrays {
        let label = key.strip_prefix("tensor_").zip(tensors).and_then(|(rest, end)| rest.strip_suffix(end));
        // The input is no tensor that a layer computes.
        let Some(label) = label.filter(|label| *label != network.tensors[network.input.tensor].label) else {
            continue;
        };
        let array = seen.get(label).unwrap_or_else(|| panic!("{name} has no tensor {label}"));
        let first = bytes(array).len() / array.shape()[0];
        tally.add(&bytes(array)[..first], &bytes(recorded), &format!("{name} {profile} tensor {label}"));
    }
    tally
}

/// The folder that `QRTL_MODELS` names.
pub fn models() -> PathBuf {
    match std::env::var_os("QRTL_MODELS") {
        Some(folder) => folder.into(),
        None => panic!(
            "QRTL_MODELS is not set: point it to a folder of networks and recordings, or leave out --ignored"
        ),
    }
}

fn model(name: &str, profile: Profile, outputs: &str, tensors: Option<&str>) {
    let tally = compare(&models().join(name), profile, outputs, tensors);
    println!("{name} {profile}: {tally:?}");
    assert!(tally.compared >= 64, "{tally:?}");
    assert_eq!(tally.different, 0);
}

macro_rules! models {
    ($($test:ident: $file:literal, $profile:expr, $outputs:literal, $tensors:expr;)*) => {$(
        #[test]
        #[ignore = "needs the networks in the folder named by QRTL_MODELS"]
        fn $test() {
            model($file, $profile, $outputs, $tensors);
        }
    )*};
}

models! {
    ad01_equals_tflm: "ad01_int8.tflite", Profile::Tflm, "y_tflm", Some("_input_0");
    hello_world_equals_tflm: "hello_world_int8.tflite", Profile::Tflm, "y_tflm", Some("_input_0");
    kws_equals_tflm: "kws_int8.tflite", Profile::Tflm, "y_tflm", Some("_input_0");
    resnet8_equals_tflm: "resnet8_int8.tflite", Profile::Tflm, "y_tflm", Some("_input_0");
    vww_equals_tflm: "vww_96_int8.tflite", Profile::Tflm, "y_tflm", Some("_input_0");
    ad01_equals_litert_reference: "ad01_int8.tflite", Profile::LitertReference, "y_litert_reference", None;
    hello_world_equals_litert_reference:
        "hello_world_int8.tflite", Profile::LitertReference, "y_litert_reference", None;
    kws_equals_litert_reference: "kws_int8.tflite", Profile::LitertReference, "y_litert_reference", None;
    resnet8_equals_litert_reference:
        "resnet8_int8.tflite", Profile::LitertReference, "y_litert_reference", None;
    vww_equals_litert_reference: "vww_96_int8.tflite", Profile::LitertReference, "y_litert_reference", None;
    ad01_equals_litert_optimized: "ad01_int8.tflite", Profile::LitertOptimized, "y_litert_optimized", None;
    hello_world_equals_litert_optimized:
        "hello_world_int8.tflite", Profile::LitertOptimized, "y_litert_optimized", None;
    kws_equals_litert_optimized: "kws_int8.tflite", Profile::LitertOptimized, "y_litert_optimized", None;
    resnet8_equals_litert_optimized:
        "resnet8_int8.tflite", Profile::LitertOptimized, "y_litert_optimized", None;
    vww_equals_litert_optimized: "vww_96_int8.tflite", Profile::LitertOptimized, "y_litert_optimized", None;
    kws_qoperator_equals_onnx_runtime: "kws_qop_s8.onnx", Profile::Ort, "y", Some("");
    resnet8_qoperator_equals_onnx_runtime: "resnet8_qop_s8.onnx", Profile::Ort, "y", Some("");
    kws_qdq_equals_onnx_runtime: "kws_qdq_s8.onnx", Profile::Ort, "y", Some("");
}

/// Runtimes from which the small networks of the project were recorded.
const RECORDED: [(Profile, &str); 3] = [
    (Profile::Tflm, "_tflm"),
    (Profile::LitertReference, "_litert_reference"),
    (Profile::LitertOptimized, "_litert_optimized"),
];

/// Small networks that a profile refuses although the runtime computes them.
const REFUSED: [(&str, Profile); 6] = [
    ("gates", Profile::LitertOptimized),
    ("means", Profile::LitertOptimized),
    ("multiplications", Profile::LitertOptimized),
    ("rectifiers", Profile::LitertOptimized),
    ("sigmoids", Profile::LitertOptimized),
    ("unsigned_ends", Profile::LitertOptimized),
];

#[test]
fn small_networks_equal_their_recordings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/networks");
    let mut refused = Vec::new();
    let mut compared = 0;
    for path in networks(&folder) {
        let arrays = read_npz(&path.with_extension("npz")).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let profiles: Vec<(Profile, &str)> = match path.extension().unwrap().to_str() {
            Some("onnx") => vec![(Profile::Ort, "_ort")],
            _ => RECORDED.to_vec(),
        };
        for (profile, end) in profiles {
            let is_supported = Network::open(&path, Some(profile)).unwrap().require_supported().is_ok();
            let outputs = format!("y{end}");
            let is_recorded = arrays.contains_key(&outputs);
            if !is_supported {
                if is_recorded {
                    refused.push((name.to_owned(), profile));
                }
                continue;
            }
            assert!(is_recorded, "{name} is supported under {profile}, which refused it");
            let tally = compare(&path, profile, &outputs, Some(end));
            assert_eq!(tally.different, 0, "{name} {profile}");
            compared += tally.compared;
        }
    }
    assert!(compared > 40_000, "{compared}");
    let expected: Vec<(String, Profile)> =
        REFUSED.iter().map(|(name, profile)| ((*name).to_owned(), *profile)).collect();
    assert_eq!(refused, expected);
}
