//! `qrtl quantize` with several files, npz files, packed codes and `--dequantize`.

use std::fs;

use crate::common::command::{command, run};
use crate::common::folder::{Folder, array};
use qrtl::{Array, read_npz, write_npz};

fn reals(array: Array) -> Vec<f32> {
    array.into_tensor::<f32>().unwrap().into_data()
}

#[test]
fn batches_share_parameters() {
    let folder = Folder::new();
    folder.save("a.npy", &[2], &[-1.0f32, 0.5]);
    folder.save("b.npy", &[1, 3], &[0.0f32, 1.0, 4.1]);
    let text =
        folder.quantize("a.npy b.npy --scheme affine --unsigned --calibrate minmax -o q.npz").product();
    assert!(text.starts_with("float32 [2], [1, 3] -> uint8\n"), "{text}");
    assert!(
        text.contains("calibrated by minmax, convention published") && text.contains("range -1e0 to 4.09"),
        "{text}"
    );
    assert_eq!(folder.member("q.npz", "scale"), array(&[], &[5.1f32 / 255.0]));
    assert_eq!(folder.member("q.npz", "zero_point"), array(&[], &[50u8]));
    assert_eq!(folder.member("q.npz", "codes_0"), array(&[2], &[0u8, 75]));
    assert_eq!(folder.member("q.npz", "codes_1"), array(&[1, 3], &[50u8, 100, 255]));
    // The loss is that of both.
    let json = folder.quantize("a.npy b.npy --scheme affine --unsigned -o q.npz --format json").product();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["batches"], serde_json::json!([[2], [1, 3]]));
    assert_eq!(json["calibration"], "minmax");
    folder.quantize("--dequantize q.npz:codes_1 -o r.npy").product();
    let restored = reals(folder.read("r.npy"));
    assert_eq!(folder.read("r.npy").shape(), [1, 3]);
    let errors = [0.0f32, 1.0, 4.1].iter().zip(&restored).map(|(x, y)| f64::from((x - y).abs()));
    let largest = errors.fold(0.0, f64::max);
    assert!(largest <= json["metrics"]["max_abs_error"].as_f64().unwrap(), "{restored:?}");
}

#[test]
fn npz_restores_channels_blocks_and_offsets() {
    let folder = Folder::new();
    let data: Vec<f32> = (0..24).map(|step| (step * step % 19) as f32 / 8.0 - 1.0).collect();
    folder.save("x.npy", &[2, 3, 4], &data);
    for (options, scales) in [
        ("--scheme symmetric", vec![]),
        ("--scheme affine --granularity channel:-1", vec![4]),
        ("--scheme affine --unsigned --granularity block:1:2", vec![2, 2, 4]),
        ("--scheme offset --bits 12 --granularity channel:0", vec![2]),
    ] {
        folder.quantize(&format!("x.npy {options} -o q.npz")).product();
        assert_eq!(folder.member("q.npz", "scale").shape(), scales, "{options}");
        folder.quantize("--dequantize q.npz -o r.npy").product();
        let restored = reals(folder.read("r.npy"));
        let step = reals(folder.member("q.npz", "scale")).into_iter().fold(0.0, f32::max);
        for (x, y) in data.iter().zip(&restored) {
            assert!((x - y).abs() <= step * 0.501, "{options}: {x} {y}");
        }
    }
}

#[test]
fn reals_have_the_type_of_the_scale() {
    let folder = Folder::new();
    folder.save("x.npy", &[2], &[0.1f64, 0.3]);
    folder.quantize("x.npy --bits 16 -o q.npz").product();
    folder.quantize("--dequantize q.npz -o r.npy").product();
    assert_eq!(folder.read("r.npy").dtype().name(), "float64");
    folder.save("c.npy", &[2], &[-2i8, 3]);
    folder.quantize("--dequantize c.npy --scale 0.5 --zero-point 1 -o r.npy").product();
    assert_eq!(folder.read("r.npy"), array(&[2], &[-1.5f32, 1.0]));
}

#[test]
fn packed_codes_are_restored_with_any_length() {
    let folder = Folder::new();
    let data = [-0.7f32, 0.2, 0.7, -0.1, 0.4];
    folder.save("x.npy", &[5, 1], &data);
    for (bits, bytes) in [(4, 3), (2, 2)] {
        folder.quantize(&format!("x.npy --bits {bits} --pack -o p.npz")).product();
        folder.quantize(&format!("x.npy --bits {bits} -o q.npz")).product();
        let packed = folder.member("p.npz", "codes");
        assert_eq!((packed.dtype().name(), packed.shape()), ("uint8", &[bytes][..]));
        assert_eq!(folder.member("p.npz", "shape"), array(&[2], &[5i64, 1]));
        folder.quantize("--dequantize p.npz -o p.npy").product();
        folder.quantize("--dequantize q.npz -o q.npy").product();
        assert_eq!(folder.read("p.npy"), folder.read("q.npy"));
    }
    folder.quantize("x.npy --bits 4 --scale 0.1 --pack -o p.npy").product();
    // Codes -7, 2, 7, -1, 4, the first in the low half of its byte.
    assert_eq!(folder.read("p.npy"), array(&[3], &[0x29u8, 0xf7, 0x04]));
    folder.quantize("--dequantize p.npy --pack --bits 4 --shape 5,1 --scale 0.1 -o r.npy").product();
    assert_eq!(reals(folder.read("r.npy")), [-7.0f32, 2.0, 7.0, -1.0, 4.0].map(|code| code * 0.1));
}

/// The scale of an npz file is a number of `requantize`.
#[test]
fn requantize_reads_members_of_npz_files() {
    let folder = Folder::new();
    folder.save("x.npy", &[2, 2], &[0.5f32, -1.27, 2.54, 0.1]);
    folder.quantize("x.npy --granularity channel:1 -o q.npz").product();
    folder.save("acc.npy", &[1, 2], &[1000i32, -1000]);
    let words = "requantize acc.npy --rule f32 --scale q.npz:scale -o y.npy";
    run(command(&words.split(' ').collect::<Vec<_>>()).current_dir(folder.path(""))).product();
    // Scales 2.54/127 and 1.27/127.
    assert_eq!(folder.read("y.npy"), array(&[1, 2], &[20i8, -10]));
    let words = "requantize acc.npy --rule f32 --scale q.npz:scales -o z.npy";
    let refused = run(command(&words.split(' ').collect::<Vec<_>>()).current_dir(folder.path("")));
    refused.refused_with(&["q.npz: holds no array 'scales'", "use one of axis, bits, codes, scale"]);
}

#[test]
fn rejects_requests_that_contradict_or_lack_something() {
    let folder = Folder::new();
    folder.save("x.npy", &[4], &[0.5f32, -1.0, 1.0, 0.25]);
    folder.save("y.npy", &[2, 2], &[0.5f32, -1.0, 1.0, 0.25]);
    folder.save("double.npy", &[1], &[0.5f64]);
    folder.save::<f32>("empty.npy", &[0], &[]);
    folder.save("nan.npy", &[1], &[f32::NAN]);
    folder.save("codes.npy", &[3], &[1i8, 2, 3]);
    folder.save("bytes.npy", &[3], &[1u8, 2, 3]);
    folder.save("tiny.npy", &[2], &[f32::MIN_POSITIVE, 0.0]);
    folder.quantize("x.npy --granularity channel:0 -o q.npz").product();
    folder.quantize("x.npy --bits 4 --pack -o p.npz").product();
    let mut arrays = read_npz(&folder.path("p.npz")).unwrap();
    arrays.insert("shape".to_string(), array(&[2], &[i64::MAX, 4]));
    write_npz(&folder.path("huge.npz"), &arrays).unwrap();
    arrays.insert("shape".to_string(), array(&[1], &[-4i64]));
    write_npz(&folder.path("negative.npz"), &arrays).unwrap();
    arrays.insert("shape".to_string(), array(&[1], &[4i64]));
    arrays.remove("scale");
    arrays.insert("bits".to_string(), array(&[2], &[4i64, 4]));
    write_npz(&folder.path("twobits.npz"), &arrays).unwrap();
    for (words, texts) in [
        ("x.npy y.npy", &["holds the codes of one tensor, not of 2", "npz file"][..]),
        (
            "x.npy --scale 1 --calibrate mse",
            &["--calibrate derives the parameters that --scale gives", "omit one"],
        ),
        ("x.npy --scale 1 --convention torch", &["--convention derives"]),
        (
            "x.npy --calibrate percentile:0",
            &["percentile 0 is not above 0 and at most 100", "percentile:99.99"],
        ),
        ("x.npy --calibrate percentile:100.5", &["percentile 100.5 is not above 0"]),
        ("x.npy --calibrate median", &["unknown calibration 'median': use minmax, percentile:P"]),
        (
            "x.npy --calibrate mse --granularity channel:0",
            &["x.npy: --calibrate mse observes whole tensors, not channel:0"],
        ),
        ("x.npy --scheme offset --convention torch", &["torch has no scheme offset", "--scheme affine"]),
        ("x.npy --convention tflite", &["unknown convention 'tflite'"]),
        ("empty.npy --calibrate entropy", &["empty.npy: the tensor is empty"]),
        ("double.npy --calibrate entropy", &["double.npy: entropy of one sample", "--calibrate minmax"]),
        ("tiny.npy", &["tiny.npy: scale 0 is", "below the smallest normal float32"]),
        ("x.npy --bits 3 --pack", &["codes of 3 bits are not packed: use 2 or 4 bits"]),
        ("--dequantize codes.npy", &["codes.npy: comes without a scale: add --scale"]),
        ("--dequantize x.npy --scale 1", &["x.npy: holds float32, accepted: int8"]),
        ("--dequantize q.npz --scale 1", &["q.npz contains scale: omit --scale"]),
        ("--dequantize q.npz --unsigned", &["q.npz contains signed codes: omit --unsigned"]),
        ("--dequantize q.npz --bits 4", &["contains bits: omit --bits"]),
        ("--dequantize q.npz --granularity channel:1", &["contains axis: omit --granularity"]),
        ("--dequantize p.npz --pack --shape 4", &["contains shape: omit --shape"]),
        ("--dequantize q.npz:codes_1", &["q.npz: holds no array 'codes_1': use one of axis"]),
        ("--dequantize q.npz codes.npy", &["--dequantize restores one tensor"]),
        ("--dequantize codes.npy --bits 2 --scale 1", &["codes.npy: code 2 at element 1 is outside -2 to 1"]),
        ("--dequantize bytes.npy --pack --bits 4 --scale 1", &["packed codes need --shape"]),
        ("--dequantize bytes.npy --pack --shape 5 --scale 1", &["packed codes need --bits"]),
        (
            "--dequantize bytes.npy --pack --bits 4 --shape 7 --scale 1",
            &["3 byte(s) instead of 4 for 7 packed code(s)"],
        ),
        ("--dequantize bytes.npy --pack --bits 8 --shape 3 --scale 1", &["codes of 8 bits are not packed"]),
        (
            "--dequantize codes.npy --pack --bits 4 --shape 5 --scale 1",
            &["codes.npy: holds int8, accepted: uint8"],
        ),
        ("--dequantize bytes.npy --shape 3 --scale 1", &["--pack"]),
        ("--dequantize q.npz --calibrate mse", &["--dequantize", "--calibrate"]),
        ("--dequantize huge.npz", &["huge.npz: 2 byte(s) instead of"]),
        ("--dequantize negative.npz", &["array 'shape' is not a whole number that describes codes"]),
        ("--dequantize twobits.npz --scale 1", &["array 'bits' is not a whole number"]),
    ] {
        folder.quantize(&format!("{words} -o out.npy")).refused_with(texts);
        assert!(!folder.path("out.npy").exists(), "{words}");
    }
    for (words, texts) in [
        ("x.npy double.npy", &["double.npy: holds float64, the first tensor float32"][..]),
        ("x.npy nan.npy --calibrate percentile:99", &["nan.npy: element 0 is NaN"]),
        ("x.npy y.npy --granularity channel:0", &["y.npy: batch 1 has 2 part(s), the first one 4"]),
        (
            "tiny.npy x.npy --calibrate entropy",
            &["x.npy: batch 1 is so much wider", "give the widest batch first"],
        ),
    ] {
        folder.quantize(&format!("{words} -o out.npz")).refused_with(texts);
        assert!(!folder.path("out.npz").exists(), "{words}");
    }
    folder
        .quantize("--dequantize q.npz -o out.npz")
        .refused_with(&["out.npz: dequantized reals are one array"]);
    let huge = "{'descr': '<f2', 'fortran_order': True, 'shape': (1000000000, 1000000), }\n";
    let header =
        [b"\x93NUMPY\x01\x00", &(huge.len() as u16).to_le_bytes()[..], huge.as_bytes(), &[0; 64]].concat();
    fs::write(folder.path("claim.npy"), header).unwrap();
    folder.quantize("claim.npy -o out.npy").refused_with(&["claim.npy: is truncated", "but it has 64"]);
}
