//! `qrtl bound`: the input that it writes needs the last bit of the accumulator, on the RTL.

use std::path::Path;

use serde_json::Value as Json;

use crate::common::command::{Run, qrtl};
use crate::common::folder::Folder;
use qrtl::files::tensor::{Array, Tensor, read_npy, read_npz, write_npz};

fn bound(arguments: &str) -> Run {
    qrtl(&[&["bound"], &arguments.split_whitespace().collect::<Vec<_>>()[..]].concat())
}

fn json_of(arguments: &str) -> Json {
    serde_json::from_str(&bound(&format!("{arguments} --format json")).product()).unwrap()
}

const WEIGHTS: [i8; 8] = [100, -128, 127, 127, -128, -7, 64, -100];

/// The sum of weights and input by the simulated mac with an accumulator of that width.
fn sum_on_rtl(folder: &Folder, input: &[i8], acc_bits: u64, sets: &[&str]) -> i64 {
    let column = |data: Vec<i8>| Array::from(Tensor::new(vec![data.len()], data).unwrap());
    // Idle rows let the last product reach the sum.
    let rows = |data: &[i8]| column(data.iter().copied().chain([0; 4]).collect());
    let clear = (0..input.len() + 4).map(|row| u8::from(row == 0)).collect::<Vec<_>>();
    let arrays = [
        ("a".to_string(), rows(input)),
        ("b".to_string(), rows(&WEIGHTS)),
        ("clear".to_string(), Tensor::new(vec![clear.len()], clear).unwrap().into()),
    ];
    write_npz(&folder.path("x.npz"), &arrays.into_iter().collect()).unwrap();
    let acc_bits = format!("acc_bits={acc_bits}");
    let (x, y) = (folder.name("x.npz"), folder.name("y.npz"));
    let mut arguments = vec!["simulate", "mac", "--inputs", &x, "--output", &y, "--set", &acc_bits];
    arguments.extend(sets);
    qrtl(&arguments).product();
    let accum = read_npz(&folder.path("y.npz")).unwrap()["accum"].clone();
    accum.integers().unwrap().last().unwrap() as i64
}

fn input(path: &Path) -> Vec<i8> {
    read_npy(path).unwrap().into_tensor::<i8>().unwrap().into_data()
}

#[test]
fn input_needs_the_last_bit_on_rtl() {
    let folder = Folder::new();
    let weights = folder.save("w.npy", &[8], &WEIGHTS);
    let found = json_of(&format!("--weights {weights} --input-bits 8 --output {}", folder.name("x.npy")));
    let (bits, sum) = (found["bits"].as_u64().unwrap(), found["sum"].as_i64().unwrap());
    let codes = input(&folder.path("x.npy"));
    let exact: i64 = WEIGHTS.iter().zip(&codes).map(|(&w, &x)| i64::from(w) * i64::from(x)).sum();
    assert_eq!(exact, sum);
    assert_eq!(sum_on_rtl(&folder, &codes, bits, &[]), sum);
    let wrapped = sum_on_rtl(&folder, &codes, bits - 1, &[]);
    assert_ne!(wrapped, sum);
    assert_eq!((wrapped - sum).rem_euclid(1 << (bits - 1)), 0);
}

#[test]
fn saturation_shows_on_rtl() {
    let folder = Folder::new();
    let weights = folder.save("w.npy", &[8], &WEIGHTS);
    let found = json_of(&format!("--weights {weights} --saturate 16 --output {}", folder.name("x.npy")));
    let shown = &found["saturation"];
    let codes = input(&folder.path("x.npy"));
    let saturate = ["--set", "overflow=saturate"];
    assert_eq!(sum_on_rtl(&folder, &codes, 32, &[]), shown["exact"].as_i64().unwrap());
    let saturated = sum_on_rtl(&folder, &codes, 16, &saturate);
    assert_eq!(saturated, shown["saturated"].as_i64().unwrap());
    assert_ne!(shown["exact"], shown["saturated"]);
    // An accumulator that holds every sum never saturates.
    let wide = bound(&format!("--weights {weights} --saturate 40"));
    assert_eq!(wide.code, 1);
    assert!(wide.stderr.contains("no input shows the saturation"), "{}", wide.stderr);
}

#[test]
fn layers_of_a_network_are_bounded() {
    let folder = Folder::new();
    let network = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/networks/dense.tflite");
    let network = network.to_str().unwrap();
    let listed = json_of(&format!("{network} --output {}", folder.name("worst")));
    let layers = listed["layers"].as_array().unwrap();
    assert!(layers.len() >= 3, "{listed}");
    for layer in layers {
        let label = layer["tensor"].as_str().unwrap();
        let input = read_npy(&folder.path("worst").join(format!("tensor_{label}.npy"))).unwrap();
        assert!(input.shape()[0] == 1 && layer["bits"].as_u64().unwrap() > 8, "{layer}");
    }
}

#[test]
fn rejects_what_has_no_bound() {
    let folder = Folder::new();
    let weights = folder.save("w.npy", &[8], &WEIGHTS);
    let biases = folder.save("b.npy", &[2], &[1i32, 2]);
    let reals = folder.save("r.npy", &[2], &[0.5f32, 1.0]);
    let cases: &[(String, &[&str])] = &[
        (String::new(), &["nothing to bound", "--weights"]),
        (format!("--weights {weights} --input-range 5"), &["such as -8..7"]),
        (format!("--weights {weights} --input-range 5..4"), &["input codes 5..=4 are no range"]),
        (format!("--weights {weights} --bias {biases}"), &["2 biases but 1 rows", "one bias per row"]),
        (format!("--weights {reals}"), &["holds float32"]),
        (format!("{weights} --input-bits 8"), &["--weights"]),
        (weights.clone(), &["is no .tflite or .onnx file", "--weights"]),
    ];
    for (arguments, texts) in cases {
        bound(arguments).refused_with(texts);
    }
}
