//! `qrtl quantize --float`: codes, scales and blocks, and what is rejected.

use crate::common::folder::{Folder, array};
use qrtl::Tensor;

#[test]
fn scale_maps_largest_magnitude_to_largest_number() {
    let folder = Folder::new();
    folder.save("x.npy", &[2, 2], &[1.0f32, -0.5, 896.0, 0.0]);
    let text = folder.quantize("x.npy --float e4m3 -o y.npz").product();
    assert!(text.starts_with("float32 [2, 2] -> e4m3, 1 scale(s)\n"), "{text}");
    assert_eq!(folder.member("y.npz", "scale"), array(&[], &[2f32]));
    // 0.5, -0.25, 448 and 0.
    assert_eq!(folder.member("y.npz", "codes"), array(&[2, 2], &[0x30u8, 0xa8, 0x7e, 0]));
    folder.quantize("--dequantize y.npz --float e4m3 -o z.npy").product();
    assert_eq!(folder.read("z.npy"), array(&[2, 2], &[1.0f32, -0.5, 896.0, 0.0]));

    folder.quantize("x.npy --float e4m3 --granularity channel:0 -o y.npz").product();
    assert_eq!(folder.member("y.npz", "scale"), array(&[2], &[1f32 / 448.0, 2.0]));
    folder.quantize("--dequantize y.npz --float e4m3 --granularity channel:0 -o z.npy").product();
    assert_eq!(folder.read("z.npy"), array(&[2, 2], &[1.0f32, -0.5, 896.0, 0.0]));
}

#[test]
fn given_scale_overflow_and_nan_choose_codes() {
    let folder = Folder::new();
    folder.save("x.npy", &[4], &[500.0f32, f32::NEG_INFINITY, -f32::NAN, 2.5]);
    let codes = |words: &str| {
        folder.quantize(&format!("x.npy --scale 1 -o y.npy {words}")).product();
        folder.read("y.npy")
    };
    assert_eq!(codes("--float e4m3"), array(&[4], &[0x7eu8, 0xfe, 0xff, 0x42]));
    assert_eq!(codes("--float e4m3 --propagate --nan positive"), array(&[4], &[0x7fu8, 0xff, 0x7f, 0x42]));
    assert_eq!(codes("--float e2m1"), array(&[4], &[0x7u8, 0xf, 0x0, 0x4]));
    assert_eq!(codes("--float e2m1 --rounding away --nan positive"), array(&[4], &[0x7u8, 0xf, 0x7, 0x5]));
    let json = folder.quantize("x.npy --scale 1 --float e5m2 --format json -o y.npy").product();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["number_format"], &json["not_finite"]), (&"e5m2".into(), &2.into()));
    assert_eq!((&json["rounding"], &json["overflow"]), (&"even".into(), &"saturate".into()));
}

#[test]
fn blocks_lie_along_the_last_axis() {
    let folder = Folder::new();
    // Two rows of a block of 32 and one of 8.
    let reals: Vec<f32> = (0..80).map(|index| (index % 40) as f32 / 8.0).collect();
    folder.save("x.npy", &[2, 40], &reals);
    let text = folder.quantize("x.npy --float mxfp4 -o y.npz").product();
    assert!(text.starts_with("float32 [2, 40] -> mxfp4, 4 scale(s)\n"), "{text}");
    // 31/8 has the exponent 1 and 39/8 the exponent 2; that of 6 is 2.
    assert_eq!(folder.member("y.npz", "scale"), array(&[2, 2], &[126u8, 127, 126, 127]));
    folder.quantize("--dequantize y.npz --float mxfp4 -o z.npy").product();
    let restored: Tensor<f32> = folder.read("z.npy").into_tensor().unwrap();
    assert_eq!(restored.shape(), [2, 40]);
    // Beyond 3, the largest number of the first block; 4.125 is next to 4, and 4.875 and 5 are ties or below.
    assert_eq!(restored.data()[31], 3.0);
    assert_eq!(restored.data()[33], 4.0);
    assert_eq!(restored.data()[..4], [0.0, 0.0, 0.25, 0.5]);
    assert_eq!(restored.data()[..40], restored.data()[40..]);
}

#[test]
fn rejects_what_does_not_fit_a_float_format() {
    let folder = Folder::new();
    folder.save("x.npy", &[3], &[0.5f32, 1.0, 2.0]);
    folder.save("wide.npy", &[1], &[0.5f64]);
    folder.save("codes.npy", &[2], &[7u8, 16]);
    let refused = |words: &str, texts: &[&str]| folder.quantize(words).refused_with(texts);
    refused(
        "x.npy --float mxfp4 -o y.npy",
        &["codes without the scales of their blocks", "write an npz file"],
    );
    refused("x.npy --float mxfp5 -o y.npz", &["unknown float format 'mxfp5'", "mxfp4, mxint8, nvfp4"]);
    refused("x.npy --float mxfp4 --scale 1 -o y.npz", &["mxfp4 has a scale for each block"]);
    refused("wide.npy --float e4m3 -o y.npz", &["wide.npy", "float64", "float32"]);
    refused("x.npy --float e4m3 --bits 4 -o y.npz", &["cannot be used with"]);
    refused("x.npy x.npy --float e4m3 -o y.npz", &["--float takes one tensor"]);
    refused("x.npy --nan positive -o y.npz", &["--float"]);
    refused("--dequantize codes.npy --float e2m1 --scale 1 -o y.npy", &["0x10 is not a code of e2m1"]);
    refused("--dequantize codes.npy --float e4m3 -o y.npy", &["comes without a scale"]);
    refused("--dequantize codes.npy --float mxint8 -o y.npy", &["comes without a scale"]);
    refused("--dequantize codes.npy --float e4m3 --scale 1 -o y.npz", &["write them to an npy file"]);
    assert!(!folder.path("y.npz").exists() && !folder.path("y.npy").exists());
}
