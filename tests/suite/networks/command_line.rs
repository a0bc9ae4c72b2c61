//! `qrtl list` and `qrtl simulate` on network files.

use std::path::Path;

use crate::common::command::{Run, qrtl};
use crate::common::folder::Folder;
use qrtl::files::tensor::{read_npy, read_npz, write_npy};

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/networks").join(name);
    path.to_str().unwrap().to_string()
}

fn simulate(folder: &Folder, network: &str, others: &[&str]) -> Run {
    let (network, x, y) = (data(network), folder.name("x.npy"), folder.name("y.npy"));
    qrtl(&[&["simulate", &network, "--inputs", &x, "--output", &y], others].concat())
}

const REFERENCE: [&str; 2] = ["--engine", "reference"];

#[test]
fn lists_layers_with_their_costs() {
    let text = qrtl(&["list", &data("small_maps.tflite")]).product();
    let expected = [
        "profile tflm",
        "input   1x9x1x4 of int8, scale 0.05, zero point -3: t0",
        "    0  CONV_2D                   1x3x1x8          864        288   18",
        "total                                            1536        960   19",
        "largest activation 36 bytes",
    ];
    for line in expected {
        assert!(text.lines().any(|own| own == line), "no '{line}' in\n{text}");
    }
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/networks.md");
    assert!(
        std::fs::read_to_string(document).unwrap().contains(&text),
        "docs/networks.md shows another list"
    );
}

#[test]
fn lists_as_json() {
    let text = qrtl(&["list", &data("onnx_residual.onnx"), "--format", "json"]).product();
    let listing: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(listing["profile"], "ort");
    assert_eq!(listing["input"]["element"], "float32");
    assert_eq!(listing["layers"][0]["operator"], "QLinearConv");
    assert_eq!(listing["layers"][0]["macs"], 36 * 36 * 4);
    assert_eq!(listing["layers"][0]["weight_bytes"], 144);
    assert_eq!(listing["totals"]["refused"], 0);
    let softmax = listing["layers"].as_array().unwrap().last().unwrap();
    assert_eq!((&softmax["operator"], &softmax["host"]), (&"QLinearSoftmax".into(), &true.into()));
}

#[test]
fn simulates_frames_and_writes_every_tensor() {
    let folder = Folder::new();
    let recorded = read_npz(Path::new(&data("convolutions.npz"))).unwrap();
    write_npy(&folder.path("x.npy"), &recorded["x"]).unwrap();
    let tensors = folder.name("tensors");
    let run = simulate(&folder, "convolutions.tflite", &[&REFERENCE[..], &["--tensors", &tensors]].concat());
    assert_eq!(run.product(), "");
    assert_eq!(read_npy(&folder.path("y.npy")).unwrap(), recorded["y_tflm"]);
    let mut compared = 0;
    for (key, array) in &recorded {
        let label = key.strip_prefix("tensor_").and_then(|rest| rest.strip_suffix("_tflm"));
        let Some(label) = label else { continue };
        let found = read_npy(&folder.path(&format!("tensors/tensor_{label}.npy"))).unwrap();
        assert_eq!(found.shape()[0], 5);
        let first = found.integers().unwrap().take(array.integers().unwrap().count());
        assert!(first.eq(array.integers().unwrap()), "{key}");
        compared += 1;
    }
    assert_eq!(compared, 5);
}

#[test]
fn float_boundaries_convert_inputs_and_outputs() {
    let folder = Folder::new();
    let recorded = read_npz(Path::new(&data("onnx_unsigned.npz"))).unwrap();
    write_npy(&folder.path("x.npy"), &recorded["x"]).unwrap();
    simulate(&folder, "onnx_unsigned.onnx", &REFERENCE).product();
    assert_eq!(read_npy(&folder.path("y.npy")).unwrap(), recorded["y_ort"]);
}

#[test]
fn rejects_inputs_of_wrong_shape_or_type() {
    let folder = Folder::new();
    let refused = |network: &str, texts: &[&str]| {
        simulate(&folder, network, &REFERENCE).refused_with(&[&["x.npy"], texts].concat());
        assert!(!folder.path("y.npy").exists());
    };
    folder.save("x.npy", &[2, 7, 6, 4], &[0i8; 336]);
    refused("convolutions.tflite", &["has shape [2, 7, 6, 4]", "reshape it to [N, 7, 6, 3]"]);
    folder.save("x.npy", &[0, 7, 6, 3], &[0i8; 0]);
    refused("convolutions.tflite", &["holds no frames"]);
    folder.save("x.npy", &[1, 7, 6, 3], &[0u8; 126]);
    refused("convolutions.tflite", &["holds uint8", "takes int8", "astype(np.int8)"]);
    folder.save("x.npy", &[1, 2, 5, 5], &[0i8; 50]);
    refused("onnx_unsigned.onnx", &["holds int8", "takes float32"]);
    folder.save("x.npy", &[1, 2, 5, 5], &[f32::NAN; 50]);
    refused("onnx_unsigned.onnx", &["NaN in frame 0"]);
}

#[test]
fn rejects_unit_options_for_networks_and_vice_versa() {
    let folder = Folder::new();
    folder.save("x.npy", &[1, 7, 6, 3], &[0i8; 126]);
    let set = [&REFERENCE[..], &["--set", "a_bits=4"]].concat();
    simulate(&folder, "convolutions.tflite", &set).refused_with(&["apply to units only"]);
    simulate(&folder, "moves.tflite", &[]).refused_with(&["has no engine", "--engine reference"]);
    let arguments = ["simulate", "int8_mac", "--inputs", "x", "--output", "y", "--profile", "tflm"];
    qrtl(&arguments).refused_with(&["applies to networks only"]);
}
