//! Tests of tensor files: round trips, and rejected files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;

/// A folder with one file in it.
fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// An npy file of format version 1.0 with this header and this much data.
fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(header.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), data].concat()
}

fn refusal(bytes: &[u8]) -> Cause {
    let (_folder, path) = file("x.npy", bytes);
    let error = read_npy(&path).unwrap_err();
    assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
    error.cause
}

fn refusal_of(descr: &str, fortran_order: &str, shape: &str) -> Cause {
    let header = format!("{{'descr': {descr}, 'fortran_order': {fortran_order}, 'shape': {shape}, }}\n");
    refusal(&npy(&header, &[0; 64]))
}

fn every_type() -> Vec<Array> {
    macro_rules! tensors {
        ($($values:expr),*) => { vec![$(Tensor::new(vec![1, 2], $values.to_vec()).unwrap().into()),*] };
    }
    tensors![
        [true, false],
        [i8::MIN, 1],
        [i16::MIN, 1],
        [i32::MIN, 1],
        [i64::MIN, 1],
        [u8::MAX, 1],
        [u16::MAX, 1],
        [u32::MAX, 1],
        [u64::MAX, 1],
        [f32::MIN_POSITIVE, -0.0],
        [f64::MIN_POSITIVE, -0.0]
    ]
}

#[test]
fn file_round_trip_keeps_every_type() {
    let folder = tempfile::tempdir().unwrap();
    let arrays = every_type();
    assert_eq!(arrays.iter().map(Array::dtype).collect::<Vec<_>>(), Dtype::ALL);
    for array in arrays {
        let path = folder.path().join(array.dtype().name());
        write_npy(&path, &array).unwrap();
        assert_eq!(read_npy(&path).unwrap(), array);
    }
}

#[test]
fn files_are_those_that_numpy_writes() {
    let (_folder, path) = file("x.npy", b"");
    let tensor = Tensor::new(vec![2], vec![1i16, -2]).unwrap();
    write_npy(&path, &tensor.into()).unwrap();
    // Bytes of np.save(..., np.array([1, -2], np.int16)), numpy 2: 118 bytes of header to a multiple of 64.
    let dict = "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }";
    let header = format!("{dict:<117}\n");
    assert_eq!(fs::read(&path).unwrap(), npy(&header, &[1, 0, 0xfe, 0xff]));
}

#[test]
fn scalars_and_empty_tensors_have_shapes_too() {
    for (shape, count) in [(vec![], 1), (vec![0, 7], 0), (vec![3], 3), (vec![2, 1, 70_000], 140_000)] {
        let tensor = Tensor::new(shape.clone(), vec![7u8; count]).unwrap();
        let (_folder, path) = file("x.npy", b"");
        write_npy(&path, &tensor.clone().into()).unwrap();
        assert_eq!(read_npy(&path).unwrap().into_tensor(), Ok(tensor));
    }
    assert!(Tensor::new(vec![2, 2], vec![0u8; 3]).is_err());
    assert!(Tensor::new(vec![usize::MAX, 2], vec![0u8; 3]).is_err());
}

#[test]
fn reads_alternative_header_spellings() {
    for header in [
        "{'shape':(2L,),'descr':\"<i2\",'fortran_order':False}",
        "{\"descr\": \"<i2\", \"fortran_order\": True, \"shape\": (2, 1)}   \n",
    ] {
        let (_folder, path) = file("x.npy", &npy(header, &[1, 0, 2, 0]));
        assert_eq!(read_npy(&path).unwrap().into_tensor::<i16>().unwrap().data(), [1, 2], "{header}");
    }
    for (descr, array) in [
        ("<i1", Array::from(Tensor { shape: vec![1], data: vec![-2i8] })),
        (">u1", Array::from(Tensor { shape: vec![1], data: vec![254u8] })),
    ] {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (1,)}}");
        let (_folder, path) = file("x.npy", &npy(&header, &[0xfe]));
        assert_eq!(read_npy(&path).unwrap(), array, "{descr}");
    }
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}";
    let length = (header.len() as u32).to_le_bytes();
    for version in [2, 3] {
        let bytes = [b"\x93NUMPY", &[version, 0][..], &length, header.as_bytes(), &[9]].concat();
        let (_folder, path) = file("x.npy", &bytes);
        assert_eq!(read_npy(&path).unwrap().into_tensor::<u8>().unwrap().data(), [9]);
    }
}

#[test]
fn rejects_files_that_are_no_tensors() {
    assert!(matches!(refusal(b""), Cause::NotNpy));
    assert!(matches!(refusal(b"PK something else"), Cause::NotNpy));
    let several = refusal(b"PK\x03\x04 something else");
    assert!(
        matches!(several, Cause::Npz) && several.to_string().contains("np.load(file)[name]"),
        "{several}"
    );
    assert!(matches!(refusal(b"\x93NUMPY\x04\x00"), Cause::Version(4, 0)));
    assert!(matches!(refusal(b"\x93NUMPY\x01\x00\xff"), Cause::Header("it ends early")));
    assert!(matches!(refusal(b"\x93NUMPY\x02\x00\xff\xff\xff\xff"), Cause::Header(_)));
    let nested = format!("{{'descr': {}", "(".repeat(9000));
    assert!(matches!(refusal(&npy(&nested, &[])), Cause::Header(_)));
    for damaged in
        ["", "{", "{}", "{'descr'", "{'descr': '<i2', 'fortran_order': False, 'shape': (2 3)}", "{'a': 1}"]
    {
        assert!(matches!(refusal(&npy(damaged, &[0; 64])), Cause::Header(_)), "{damaged}");
    }
    let missing = read_npy(Path::new("no/such/file.npy")).unwrap_err();
    assert!(matches!(missing.cause, Cause::Open(_)), "{missing}");
}

#[test]
fn reports_unsupported_types() {
    let number = "array.astype(np.int64), or np.float64";
    for (descr, found, fix) in [
        ("'|O'", "Python objects", number),
        ("[('a', '<i2')]", "a structured type", "each of its fields"),
        ("'>f2'", "'>f2'", "array.astype(np.float32)"),
        ("'<V1'", "'<V1'", number),
        ("'<f16'", "'<f16'", "array.astype(np.float64)"),
        ("'<c8'", "'<c8'", "array.real and array.imag"),
        ("'<U5'", "'<U5'", number),
        ("'<M8[ns]'", "'<M8[ns]'", "array.astype(np.int64)"),
        ("'|i2'", "'|i2'", number),
        ("'é'", "'é'", number),
    ] {
        let cause = refusal_of(descr, "False", "(2,)");
        let text = cause.to_string();
        assert!(matches!(&cause, Cause::Foreign { found: name, .. } if name == found), "{text}");
        assert!(text.contains("accepted: bool, int8") && text.contains(fix), "{text}");
        assert!(!text.contains("np.bool"), "{text}");
    }
    assert!(matches!(refusal_of("'>f4'", "False", "(2,)"), Cause::BigEndian(Dtype::Float32)));
}

#[test]
fn reads_fortran_order_as_row_major() {
    let read = |shape: &str, data: &[u8]| {
        let header = format!("{{'descr': '|u1', 'fortran_order': True, 'shape': {shape}, }}\n");
        let (_folder, path) = file("x.npy", &npy(&header, data));
        read_npy(&path).unwrap().into_tensor::<u8>().unwrap()
    };
    // np.asfortranarray(np.arange(6).reshape(2, 3)) holds its columns one after the other.
    let matrix = read("(2, 3)", &[0, 3, 1, 4, 2, 5]);
    assert_eq!((matrix.shape(), matrix.data()), (&[2, 3][..], &[0, 1, 2, 3, 4, 5][..]));
    // np.arange(12).reshape(2, 1, 3, 2), raveled with order='F'.
    let cube = read("(2, 1, 3, 2)", &[0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
    assert_eq!(cube.data(), (0..12).collect::<Vec<u8>>());
    assert_eq!(read("(1, 3)", &[7, 8, 9]).data(), [7, 8, 9]);
    assert_eq!(read("(0, 3)", &[]).shape(), [0, 3]);
}

#[test]
fn reads_16_bit_floats_as_float32() {
    let read = |descr: &str, halves: &[u16]| {
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({},)}}\n", halves.len());
        let data: Vec<u8> = halves.iter().flat_map(|half| half.to_le_bytes()).collect();
        let (_folder, path) = file("x.npy", &npy(&header, &data));
        read_npy(&path).unwrap().into_tensor::<f32>().unwrap().into_data()
    };
    // 1, -2, the largest, the smallest normal and subnormal number, -0.
    let float16 = read("<f2", &[0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000]);
    assert_eq!(float16, [1.0, -2.0, 65504.0, 2f32.powi(-14), 2f32.powi(-24), 0.0]);
    assert!(float16[5].is_sign_negative());
    let special = read("<f2", &[0x7c00, 0xfc00, 0x7e00]);
    assert!(special[..2] == [f32::INFINITY, f32::NEG_INFINITY] && special[2].is_nan(), "{special:?}");
    for descr in ["<V2", "|V2"] {
        assert_eq!(read(descr, &[0x3f80, 0xc000, 0x0001]), [1.0, -2.0, f32::from_bits(1 << 16)]);
    }
    let short = refusal_of("'<f2'", "False", "(33,)");
    assert!(matches!(short, Cause::Truncated { expected: 66, found: 64 }), "{short}");
}

#[test]
fn sources_name_members_of_npz_files() {
    let (folder, path) = file("x.npz", b"");
    let array = Array::from(Tensor::new(vec![1], vec![3u8]).unwrap());
    write_npz(&path, &BTreeMap::from([("a".into(), array.clone())])).unwrap();
    let member = |name: &str| folder.path().join(format!("x.npz:{name}"));
    assert_eq!(read_array(&member("a")).unwrap(), array);
    let missing = read_array(&member("b")).unwrap_err().to_string();
    assert!(missing.contains("x.npz: holds no array 'b': use one of a"), "{missing}");
    // A file of that very name is a file.
    write_npy(&member("b"), &array).unwrap();
    assert_eq!(read_array(&member("b")).unwrap(), array);
}

#[test]
fn header_size_claims_allocate_no_memory() {
    let claimed = refusal_of("'<f4'", "False", "(1000000000000000,)");
    let text = claimed.to_string();
    assert!(text.contains("needs 4000000000000000 bytes of data, but it has 64"), "{text}");
    let overflow = refusal_of("'<f4'", "False", "(4294967296, 4294967296)");
    assert!(matches!(&overflow, Cause::Shape(shape) if shape == &[1 << 32, 1 << 32]), "{overflow}");
    assert!(matches!(refusal_of("'<f4'", "False", "(4611686018427387904,)"), Cause::Shape(_)));
    assert!(matches!(refusal_of("'<f4'", "False", "(99999999999999999999,)"), Cause::Header(_)));
    assert!(matches!(refusal_of("'<f4'", "False", "(-1,)"), Cause::Header(_)));
}

#[test]
fn detects_file_truncated_by_one_byte() {
    let (_folder, path) = file("x.npy", b"");
    write_npy(&path, &Tensor::new(vec![50_000], vec![1i32; 50_000]).unwrap().into()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let cause = refusal(&bytes[..bytes.len() - 1]);
    assert!(matches!(cause, Cause::Truncated { expected: 200_000, found: 199_999 }), "{cause}");
}

#[test]
fn rejects_conversion_to_other_type() {
    let array = Array::from(Tensor::new(vec![1], vec![1.0f64]).unwrap());
    let refused = array.into_tensor::<f32>().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "holds float64, but float32 is needed: convert it with array.astype(np.float32)"
    );
}

#[test]
fn npz_files_hold_arrays_by_name() {
    let arrays: BTreeMap<String, Array> =
        every_type().into_iter().map(|array| (array.dtype().name().into(), array)).collect();
    let (_folder, path) = file("x.npz", b"");
    write_npz(&path, &arrays).unwrap();
    assert_eq!(read_npz(&path).unwrap(), arrays);
}

#[test]
fn compressed_npz_files_of_numpy_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/numpy");
    for name in ["plain.npz", "compressed.npz"] {
        let mut arrays = read_npz(&folder.join(name)).unwrap();
        assert_eq!(arrays.len(), 2);
        let a: Tensor<i8> = arrays.remove("a").unwrap().into_tensor().unwrap();
        assert_eq!((a.shape(), a.data()), (&[2, 3][..], &[-128, -1, 0, 1, 2, 127][..]));
        let b: Tensor<f64> = arrays.remove("b").unwrap().into_tensor().unwrap();
        assert_eq!((b.shape(), b.data()), (&[1000][..], &[0.25; 1000][..]));
    }
}

/// An npz file of the arrays `a` and `b`, 1 and 2, whose names in the archive are changed to others as long.
fn renamed(names: [&str; 2]) -> (TempDir, PathBuf) {
    let (folder, path) = file("x.npz", b"");
    let array = |value: u8| Array::from(Tensor::new(vec![1], vec![value]).unwrap());
    write_npz(&path, &BTreeMap::from([("a".into(), array(1)), ("b".into(), array(2))])).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    for (from, to) in ["a.npy", "b.npy"].iter().zip(names) {
        let offsets: Vec<usize> =
            (0..bytes.len() - 5).filter(|&offset| bytes[offset..].starts_with(from.as_bytes())).collect();
        assert_eq!(offsets.len(), 2, "one in the archive, one in its directory");
        offsets.iter().for_each(|&offset| bytes[offset..offset + 5].copy_from_slice(to.as_bytes()));
    }
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

#[test]
fn rejects_duplicate_array_names() {
    let (_folder, path) = renamed(["b.npz", "b.npz"]);
    let error = read_npz(&path).unwrap_err();
    assert!(matches!(error.cause, Cause::Twice), "{error}");
    assert!(error.to_string().contains("array 'b.npz': occurs twice"), "{error}");
    let (_folder, path) = renamed(["c.npy", "c.npy"]);
    assert!(read_npz(&path).unwrap_err().to_string().contains("array 'c': occurs twice"));
}

#[test]
fn members_without_extension_are_arrays_too() {
    let (_folder, path) = renamed(["a_npy", "b.npy"]);
    let arrays = read_npz(&path).unwrap();
    assert_eq!(arrays.keys().collect::<Vec<_>>(), ["a_npy", "b"]);
    assert_eq!(arrays["a_npy"].integers().unwrap().collect::<Vec<_>>(), [1]);
}

#[test]
fn rejects_damaged_npz_files() {
    let (_folder, path) = file("x.npz", b"not a zip");
    assert!(matches!(read_npz(&path).unwrap_err().cause, Cause::NotNpz(_)));
    let array: Array = Tensor::new(vec![3], vec![1u8, 2, 3]).unwrap().into();
    write_npz(&path, &BTreeMap::from([("a".into(), array.clone())])).unwrap();
    let bytes = fs::read(&path).unwrap();
    for length in 0..bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        assert!(read_npz(&path).is_err(), "{length} bytes");
    }
    for position in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[position] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        // Names and dates have no checksum, data has.
        if let Ok(arrays) = read_npz(&path) {
            assert!(arrays.values().all(|found| *found == array), "byte {position}");
        }
    }
}
