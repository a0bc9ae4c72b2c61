//! Networks of a folder against the recordings beside them.
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

fn int8(array: &Array) -> Vec<u8> {
    array.integers().unwrap().map(|value| value as u8).collect()
}

/// Compares the outputs of all inputs and the tensors of the first with recordings.
fn compare(path: &Path, profile: Profile, outputs: &str, tensors: &str, tally: &mut Tally) {
    let network = Network::open(path, Some(profile)).unwrap();
    network.require_supported().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let arrays = read_npz(&path.with_extension("npz")).unwrap();
    let (x, y) = (int8(&arrays["x"]), int8(&arrays[outputs]));
    let frames = arrays["x"].shape()[0];
    let (x_length, y_length) = (x.len() / frames, y.len() / frames);
    let name = path.file_name().unwrap().to_str().unwrap();
    for frame in 0..frames {
        let codes: Vec<i8> = x[frame * x_length..][..x_length].iter().map(|&code| code as i8).collect();
        let mut seen: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let found = network.infer(&codes, |id, codes| {
            let bytes = codes.iter().map(|&code| code as u8).collect();
            seen.insert(network.tensors[id].label.clone(), bytes);
        });
        let found: Vec<u8> = found.iter().map(|&code| code as u8).collect();
        tally.add(&found, &y[frame * y_length..][..y_length], &format!("{name} {profile} frame {frame}"));
        if frame == 0 && !tensors.is_empty() {
            for (key, recorded) in &arrays {
                let Some(label) = key.strip_prefix("tensor_").and_then(|rest| rest.strip_suffix(tensors))
                else {
                    continue;
                };
                let found = seen.get(label).unwrap_or_else(|| panic!("{name} has no tensor {label}"));
                tally.add(found, &int8(recorded), &format!("{name} {profile} tensor {label}"));
            }
        }
    }
}

/// The folder that `QRTL_MODELS` names.
fn models() -> PathBuf {
    match std::env::var_os("QRTL_MODELS") {
        Some(folder) => folder.into(),
        None => panic!(
            "QRTL_MODELS is not set: point it to a folder of networks and recordings, or leave out --ignored"
        ),
    }
}

fn model(name: &str, profile: Profile, outputs: &str, tensors: &str) {
    let mut tally = Tally::default();
    compare(&models().join(name), profile, outputs, tensors, &mut tally);
    println!("{name} {profile}: {tally:?}");
    assert!(tally.compared >= 64, "{tally:?}");
    assert_eq!(tally.different, 0);
}

macro_rules! models {
    ($($test:ident: $file:literal, $profile:expr, $outputs:literal, $tensors:literal;)*) => {$(
        #[test]
        #[ignore = "needs the networks in the folder named by QRTL_MODELS"]
        fn $test() {
            model($file, $profile, $outputs, $tensors);
        }
    )*};
}

models! {
    ad01_equals_tflm: "ad01_int8.tflite", Profile::Tflm, "y_tflm", "_input_0";
    hello_world_equals_tflm: "hello_world_int8.tflite", Profile::Tflm, "y_tflm", "_input_0";
    kws_equals_tflm: "kws_int8.tflite", Profile::Tflm, "y_tflm", "_input_0";
    resnet8_equals_tflm: "resnet8_int8.tflite", Profile::Tflm, "y_tflm", "_input_0";
    vww_equals_tflm: "vww_96_int8.tflite", Profile::Tflm, "y_tflm", "_input_0";
    ad01_equals_litert_reference: "ad01_int8.tflite", Profile::LitertReference, "y_litert_reference", "";
    hello_world_equals_litert_reference:
        "hello_world_int8.tflite", Profile::LitertReference, "y_litert_reference", "";
    kws_equals_litert_reference: "kws_int8.tflite", Profile::LitertReference, "y_litert_reference", "";
    resnet8_equals_litert_reference:
        "resnet8_int8.tflite", Profile::LitertReference, "y_litert_reference", "";
    vww_equals_litert_reference: "vww_96_int8.tflite", Profile::LitertReference, "y_litert_reference", "";
    ad01_equals_litert_optimized: "ad01_int8.tflite", Profile::LitertOptimized, "y_litert_optimized", "";
    hello_world_equals_litert_optimized:
        "hello_world_int8.tflite", Profile::LitertOptimized, "y_litert_optimized", "";
}
