//! Files without a supported network are rejected with the reason and the fix.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::command::qrtl;
use crate::common::folder::Folder;
use qrtl::network::{FileFormat, Network, NetworkCause};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/networks").join(name)
}

/// File name and texts of its error: node or tensor, reason, fix.
const REFUSED: [(&str, &[&str]); 31] = [
    ("float_network.tflite", &["float network", "node t2", "representative_dataset"]),
    ("dynamic_range.tflite", &["weights only", "node t2", "representative_dataset"]),
    ("unknown_operator.tflite", &["node t1", "SVDF", "convolutions over time"]),
    ("int16_activations.tflite", &["node t2", "'t0' holds int16", "quantize the network to int8"]),
    ("uint8_activations.tflite", &["node t2", "'t0' holds uint8", "quantize the network to int8"]),
    ("no_scale.tflite", &["node t2", "'t0' has no usable scale", "representative data set"]),
    ("weight_zero_point.tflite", &["node t3", "'t1' has zero point 7", "symmetrically"]),
    ("activation_scales.tflite", &["node t3", "'t3' has 3 scales, supported: 1", "per tensor"]),
    ("weight_scales.tflite", &["node t3", "'t1' has 3 scales, supported: 4", "per output channel"]),
    ("bias_scale.tflite", &["node t3", "scale of bias 't2'", "quantize again"]),
    ("pool_rescales.tflite", &["node t1", "'t0' and 't1' have different scales", "QUANTIZE"]),
    ("softmax_scale.tflite", &["node t1", "SOFTMAX needs scale 1/256 and zero point -128"]),
    ("unknown_dimension.tflite", &["'t0' has an unknown dimension 1", "fixed input shape"]),
    ("zero_dimension.tflite", &["'t0' has shape [1, 0, 4]", "lengths of 1 or more"]),
    ("large_tensor.tflite", &["268435456 elements", "67108864", "split the network"]),
    ("two_outputs.tflite", &["2 outputs", "one", "split the network"]),
    ("two_inputs.tflite", &["2 inputs", "one", "concatenate them outside"]),
    ("batch_of_two.tflite", &["'t0' has a batch of 2", "batch size 1"]),
    ("several_alphas.tflite", &["node t2", "number of alphas = 3", "LEAKY_RELU"]),
    ("fused_tanh.tflite", &["node t3", "fused_activation_function = 4", "RELU6"]),
    ("reads_before_writing.tflite", &["node t2 reads tensor 't1'", "export the file again"]),
    ("wrong_output_shape.tflite", &["node t3", "does not follow from input, window and stride", "export"]),
    ("window_too_large.tflite", &["node t3", "the window does not fit", "export"]),
    ("control_flow.tflite", &["2 subgraphs", "without IF, WHILE or CALL"]),
    ("future_version.tflite", &["schema version 4", "supported: 3"]),
    ("float.onnx", &["float network", "node matmul", "quantize_static"]),
    ("dynamic.onnx", &["weights only", "node quantize", "quantize_static"]),
    ("left_in_float.onnx", &["node softmax", "computes in float", "QuantizeLinear"]),
    ("unknown_operator.onnx", &["node sigmoid", "QLinearSigmoid", "use Relu"]),
    ("weight_zero_point.onnx", &["'c4' has zero point 4", "QInt8"]),
    ("unknown_dimension.onnx", &["'x' has an unknown dimension 1", "fixed input shape"]),
];

#[test]
fn reports_each_refusal_reason_with_fix() {
    let folder = Folder::new();
    let (inputs, output) = (folder.save("x.npy", &[1, 4], &[0i8; 4]), folder.name("y.npy"));
    for (name, texts) in REFUSED {
        let path = data(&format!("refused/{name}"));
        let path = path.to_str().unwrap();
        let arguments = ["simulate", path, "--inputs", &inputs, "--output", &output, "--engine", "reference"];
        qrtl(&arguments).refused_with(&[&[path], texts].concat());
        assert!(!folder.path("y.npy").exists(), "{name}");
    }
    let files = fs::read_dir(data("refused")).unwrap().count();
    // One more file is of an old operator set.
    assert_eq!(files, REFUSED.len() + 1);
}

#[test]
fn rejects_old_operator_sets() {
    let error = Network::open(&data("refused/opset_9.onnx"), None).unwrap_err().to_string();
    assert!(error.contains("operator set version 9") && error.contains("10 to 24"), "{error}");
}

#[test]
fn lists_refused_layers_beside_the_others() {
    let path = data("refused/several_alphas.tflite");
    let text = qrtl(&["list", path.to_str().unwrap()]).product();
    assert!(text.contains("PRELU") && text.contains("refused: layer 0, node t2"), "{text}");
}

fn read(bytes: &[u8]) -> Result<Network, NetworkCause> {
    Network::read(bytes, Some(FileFormat::Tflite), None)
}

#[test]
fn rejects_every_truncation_of_a_file() {
    let bytes = fs::read(data("dense_rows.tflite")).unwrap();
    read(&bytes).unwrap();
    let mut damaged = 0;
    for length in 0..bytes.len() {
        match read(&bytes[..length]) {
            Err(NetworkCause::NotNetwork) => assert!(length < 8, "{length}"),
            Err(NetworkCause::Damaged(_)) => damaged += 1,
            Err(other) => panic!("{length}: {other}"),
            // Trailing padding carries nothing.
            Ok(_) => assert!(bytes.len() - length < 8, "{length}"),
        }
    }
    assert!(damaged > 1000, "{damaged}");
}

#[test]
fn rejects_files_that_are_not_networks() {
    let folder = Folder::new();
    for (name, reason) in [("a.tflite", "is not a network"), ("a.onnx", "is damaged or truncated")] {
        fs::write(folder.path(name), "hello, hello, hello").unwrap();
        qrtl(&["list", &folder.name(name)]).refused_with(&[name, reason]);
        qrtl(&["list", &folder.name(&format!("missing_{name}"))]).refused_with(&["cannot be read"]);
    }
}

#[test]
fn rejects_profiles_of_other_formats() {
    let path = data("softmax.tflite");
    let path = path.to_str().unwrap();
    qrtl(&["list", path, "--profile", "ort"]).refused_with(&["profile ort", ".onnx files only"]);
    qrtl(&["list", path, "--profile", "tflmm"])
        .refused_with(&["unknown profile 'tflmm' (did you mean 'tflm'?)"]);
    qrtl(&["list", "mac", "--profile", "tflm"]).refused_with(&["--profile applies to networks only"]);
}

/// A file whose vectors all point to one table expands to far more than its size.
#[test]
fn overlapping_vectors_exhaust_the_budget() {
    let bytes = fs::read(data("dense_rows.tflite")).unwrap();
    // Appends a vector of 200,000 offsets that all lead to the first tensor, and lets the graph use it.
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let field = |table: usize, number: usize| {
        let vtable = table - i32::from_le_bytes(bytes[table..table + 4].try_into().unwrap()) as usize;
        let entry = vtable + 4 + 2 * number;
        table + usize::from(u16::from_le_bytes(bytes[entry..entry + 2].try_into().unwrap()))
    };
    let follow = |at: usize| at + word(at);
    let graphs = follow(field(word(0), 2));
    let graph = follow(graphs + 4);
    let tensors = field(graph, 0);
    let first = follow(follow(tensors) + 4);
    let mut hostile = bytes.clone();
    hostile.resize(bytes.len().next_multiple_of(4), 0);
    let vector = hostile.len();
    let count = 200_000u32;
    hostile.extend(count.to_le_bytes());
    // Offsets count forward only: a copy of the tensors follows the vector.
    let shift = vector + 4 + 4 * count as usize;
    for index in 0..count as usize {
        let entry = vector + 4 + 4 * index;
        hostile.extend(((shift + first - entry) as u32).to_le_bytes());
    }
    hostile.extend(&bytes);
    hostile[tensors..tensors + 4].copy_from_slice(&((vector - tensors) as u32).to_le_bytes());
    match read(&hostile) {
        Err(NetworkCause::Unpacked) => {}
        other => panic!("{:?}", other.map(|network| network.layers.len())),
    }
}
