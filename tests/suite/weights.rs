//! Weight matrices from npy files.

use crate::common::command::qrtl;
use crate::common::folder::Folder;
use qrtl::catalogue::preset;
use qrtl::files::tensor::Element;
use qrtl::unit::Matrix;

fn generated(arguments: &[&str]) -> String {
    qrtl(&[&["generate", "constant_matrix"], arguments].concat()).product()
}

#[test]
fn accepts_every_integer_type() {
    fn text<T: Element>(folder: &Folder, data: [T; 6]) -> String
    where
        qrtl::files::tensor::Array: From<qrtl::files::tensor::Tensor<T>>,
    {
        generated(&["--weights", &folder.save("w.npy", &[2, 3], &data)])
    }
    let folder = Folder::new();
    let expected = generated(&["--set", "weights=1,2,3;4,0,6"]);
    let texts = [
        text(&folder, [1i8, 2, 3, 4, 0, 6]),
        text(&folder, [1i16, 2, 3, 4, 0, 6]),
        text(&folder, [1i32, 2, 3, 4, 0, 6]),
        text(&folder, [1i64, 2, 3, 4, 0, 6]),
        text(&folder, [1u8, 2, 3, 4, 0, 6]),
        text(&folder, [1u16, 2, 3, 4, 0, 6]),
        text(&folder, [1u32, 2, 3, 4, 0, 6]),
        text(&folder, [1u64, 2, 3, 4, 0, 6]),
    ];
    for text in texts {
        assert_eq!(text, expected);
    }
    assert!(expected.contains("qrtl generate constant_matrix --set weights=1,2,3;4,0,6\n"), "{expected}");
}

#[test]
fn rejects_arrays_that_are_not_integer_matrices() {
    let folder = Folder::new();
    let refused = |file: &str, texts: &[&str]| {
        qrtl(&["generate", "constant_matrix", "--weights", file]).refused_with(texts);
    };
    let line = folder.save("line.npy", &[4], &[1i8, 2, 3, 4]);
    refused(&line, &["line.npy: has shape [4]", "two axes", "reshape(outputs, inputs)"]);
    let cube = folder.save("cube.npy", &[1, 2, 2], &[1i8, 2, 3, 4]);
    refused(&cube, &["has shape [1, 2, 2]", "two axes"]);
    let half = folder.save("half.npy", &[2, 2], &[1f32, 2., 0.5, 4.]);
    refused(&half, &["half.npy: row 1, column 0 is 0.5, not an integer", "qrtl quantize"]);
    let nan = folder.save("nan.npy", &[1, 2], &[1f64, f64::NAN]);
    refused(&nan, &["row 0, column 1 is NaN", "qrtl quantize"]);
    let infinite = folder.save("inf.npy", &[1, 1], &[f32::NEG_INFINITY]);
    refused(&infinite, &["row 0, column 0 is -inf"]);
    let whole = folder.save("whole.npy", &[1, 2], &[1f32, -2.]);
    refused(&whole, &["holds integers of a float type", "astype(np.int16)"]);
    let empty = folder.save::<i8>("empty.npy", &[0, 3], &[]);
    refused(&empty, &["a matrix of 0 x 3 has no entries", "at least one row and one column"]);
    let tall = folder.save("tall.npy", &[65, 1], &[1i8; 65]);
    refused(&tall, &["a matrix of 65 x 1 is too large", "at most 64 rows", "split it"]);
    let wide = folder.save("wide.npy", &[1, 2], &[0i64, 128]);
    refused(&wide, &["the weight 128 in row 0, column 1", "weight_bits=8"]);
    let huge = folder.save("huge.npy", &[1, 1], &[u64::MAX]);
    refused(&huge, &["row 0, column 0 is '18446744073709551615'"]);
    refused(&folder.name("none.npy"), &["none.npy: cannot be opened"]);
    let twice = folder.save("one.npy", &[1, 1], &[1i8]);
    qrtl(&["generate", "constant_matrix", "--weights", &twice, "--set", "weights=2"])
        .refused_with(&["weights is set twice, to 2 and to 1"]);
    qrtl(&["generate", "mac", "--weights", &twice]).refused_with(&["mac has no parameter 'weights'"]);
}

/// The file has the header of a large array, but not its data.
#[test]
fn rejects_large_shapes_before_reading() {
    let folder = Folder::new();
    let saved = folder.save("w.npy", &[64, 64], &[1i8; 64 * 64]);
    let bytes = std::fs::read(&saved).unwrap();
    let header = String::from_utf8_lossy(&bytes[10..128]).replace("(64, 64), }      ", "(640000, 64), }  ");
    assert!(header.contains("(640000, 64)"), "{header}");
    std::fs::write(&saved, [&bytes[..10], header.as_bytes()].concat()).unwrap();
    qrtl(&["generate", "constant_matrix", "--weights", &saved])
        .refused_with(&["w.npy: a matrix of 640000 x 64 is too large", "at most 64 rows"]);
}

/// A 64 by 64 matrix of 16 bits; no line of the header is long.
#[test]
fn header_identifies_large_matrices_by_digest() {
    let folder = Folder::new();
    let entries: Vec<i16> = (0..64 * 64i32).map(|place| ((place * 40_503) >> 3) as i16 >> 9).collect();
    let file = folder.save("w.npy", &[64, 64], &entries);
    let verilog = generated(&["--weights", &file]);
    assert!(verilog.contains("with: qrtl generate constant_matrix --weights weights.npy\n"), "{verilog}");
    let matrix = Matrix::new(64, 64, entries.iter().map(|&entry| entry.into()).collect()).unwrap();
    assert!(
        verilog
            .contains(&format!("// Weights: 64 x 64; SHA-256 of their text:\n//     {}\n", matrix.digest()))
    );
    assert!(verilog.lines().take_while(|line| !line.starts_with("module")).all(|line| line.len() < 200));
}

/// SplitMix64 from state 0, whose first output is 0xe220a8397b1dcdaf.
#[test]
fn preset_is_the_documented_matrix() {
    let mut state = 0u64;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::from(((z ^ z >> 31) >> 56) as i8)
    };
    let entries: Vec<i64> = (0..64).map(|_| next()).collect();
    assert_eq!(entries[0], i64::from(0xe2u8 as i8));
    let expected = Matrix::new(8, 8, entries).unwrap();
    for name in ["int8_matrix8x8", "int8_matrix8x8_p4"] {
        assert_eq!(preset(name).unwrap().values().matrix("weights"), &expected);
    }
}
