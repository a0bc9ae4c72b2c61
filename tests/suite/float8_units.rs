//! Directed tests of the units of 8-bit floats, in addition to the sweeps of `exhaustive.rs`.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::common::rtl::{equals_reference, floats, results};
use qrtl::arithmetic::small_float::SmallFloat;
use qrtl::files::tensor::read_npz;
use qrtl::unit::Column;

/// Formats of presets whose conversions are recorded in `conversions_*.json`.
const OTHERS: [(&str, &str, usize); 2] =
    [("e4m3fnuz", "float8_e4m3fnuz", 3546), ("e2m1", "float4_e2m1fn", 1386)];
const FORMATS: [(SmallFloat, &str); 2] = [(SmallFloat::E4M3, "e4m3"), (SmallFloat::E5M2, "e5m2")];
const DOTS: [(SmallFloat, &str); 3] = [
    (SmallFloat::E4M3, "fp8_dot_e4m3_h100"),
    (SmallFloat::E5M2, "fp8_dot_e5m2_h100"),
    (SmallFloat::E4M3, "fp8_dot_e4m3_exact"),
];
const PRODUCTS: usize = 32;

fn table(path: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/formats").join(path);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn numbers(list: &Json) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

#[test]
fn decoder_equals_ml_dtypes_for_all_codes() {
    let tables = table("decode_tables.json");
    for (_, name) in FORMATS {
        let recorded = if name == "e4m3" { "float8_e4m3fn" } else { "float8_e5m2" };
        let expected = numbers(&tables["formats"][recorded]["f32_bits"]);
        assert_eq!(expected.len(), 256);
        let codes = Column::U8((0..=u8::MAX).collect());
        assert_eq!(results(&format!("fp8_decoder_{name}"), vec![codes]), expected);
    }
}

#[test]
fn encoder_equals_ml_dtypes_at_all_boundaries() {
    for ((_, name), entries) in FORMATS.into_iter().zip([1241, 1217]) {
        let recorded = if name == "e4m3" { "float8_e4m3fn" } else { "float8_e5m2" };
        let table = table(&format!("encode_{recorded}.json"));
        let values = numbers(&table["x_f32_bits"]).into_iter().map(|bits| f32::from_bits(bits as u32));
        let codes = results(&format!("fp8_encoder_{name}"), vec![floats(values)]);
        assert_eq!(codes, numbers(&table["code"]));
        assert_eq!(codes.len(), entries);
    }
}

fn bytes(hexadecimal: &Json) -> Vec<u8> {
    let digits = hexadecimal.as_str().unwrap().as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn other_formats_convert_as_in_ml_dtypes() {
    let tables = table("decode_tables.json");
    for (name, recorded, entries) in OTHERS {
        let expected = numbers(&tables["formats"][recorded]["f32_bits"]);
        let codes = Column::U8((0..expected.len()).map(|code| code as u8).collect());
        assert_eq!(results(&format!("fp8_decoder_{name}"), vec![codes]), expected, "{name}");

        let table = table(&format!("conversions_{recorded}.json"));
        let patterns = bytes(&table["x_f32_bits"]);
        let patterns: Vec<u32> =
            patterns.chunks(4).map(|bytes| u32::from_le_bytes(bytes.try_into().unwrap())).collect();
        let codes = results(&format!("fp8_encoder_{name}"), vec![Column::U32(patterns)]);
        let expected: Vec<u64> = bytes(&table["codes"]["propagate"]).into_iter().map(u64::from).collect();
        assert_eq!(codes, expected, "{name}");
        assert_eq!(codes.len(), entries, "{name}");
    }
}

/// Every finite code, every midpoint of two neighbours, what follows the largest, and the binary32
/// on either side of each; both signs.
fn boundaries(format: SmallFloat) -> Vec<f32> {
    let codes: Vec<f32> = (0..=format.largest()).map(|code| format.decode(code)).collect();
    let midpoints = codes.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
    let largest = codes[codes.len() - 1];
    let step = largest - codes[codes.len() - 2];
    let beyond = [largest + step / 2.0, largest + step, f32::MAX, f32::INFINITY, f32::NAN];
    let near = |value: f32| [value.next_down(), value, value.next_up()];
    let all = codes.iter().copied().chain(midpoints).chain(beyond).flat_map(near);
    all.flat_map(|value| [value, -value]).collect()
}

fn from_f16(bits: u16) -> f32 {
    let (field, fraction) = (u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    let magnitude = match field {
        0 => fraction as f32 * 2f32.powi(-24),
        31 => f32::from_bits(0x7f80_0000 | fraction << 13),
        _ => f32::from_bits((field + 112) << 23 | fraction << 13),
    };
    f32::from_bits(magnitude.to_bits() | u32::from(bits >> 15) << 31)
}

#[test]
fn boundaries_halves_and_brain_floats_encode_as_the_reference() {
    for (format, name) in FORMATS {
        for suffix in ["", "_sat"] {
            let unit = format!("fp8_encoder_{name}{suffix}");
            let values = boundaries(format);
            assert!(values.len() > 6 * 2 * usize::from(format.largest()), "codes and midpoints, thrice");
            equals_reference(&unit, vec![floats(values)]);
            let halves = (0..=u16::MAX).map(from_f16);
            assert_eq!(equals_reference(&unit, vec![floats(halves)]), 65_536);
            let brain_floats = (0..=u16::MAX).map(|bits| f32::from_bits(u32::from(bits) << 16));
            assert_eq!(equals_reference(&unit, vec![floats(brain_floats)]), 65_536);
        }
    }
}

/// Rows of codes as the packed columns of `a` and `b`.
fn packed(rows: &[[[u8; PRODUCTS]; 2]]) -> Vec<Column> {
    let column = |operand: usize| {
        let mut column = Column::zeros(8 * PRODUCTS as u32, rows.len());
        for (index, row) in rows.iter().enumerate() {
            let words = row[operand].chunks(8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap()));
            column.set_words(index, &words.collect::<Vec<_>>());
        }
        column
    };
    vec![column(0), column(1)]
}

/// Pseudo-random codes, the same in every run.
fn scrambled(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
}

/// Finite codes with the exponent fields up to `field`.
fn finite(format: SmallFloat, seed: u64, field: u8) -> impl Iterator<Item = u8> {
    let top = (field << format.fraction_bits() | ((1 << format.fraction_bits()) - 1)).min(format.largest());
    scrambled(seed).map(move |code| (code & 0x80) | ((code & 0x7f) % (top + 1)))
}

fn row(mut codes: impl Iterator<Item = u8>) -> [u8; PRODUCTS] {
    std::array::from_fn(|_| codes.next().unwrap())
}

#[test]
fn sums_of_cancelling_products_equal_the_reference() {
    for (format, unit) in DOTS {
        let rows: Vec<_> = (0..4096)
            .map(|seed| {
                let field = [31, 3, 0][seed as usize % 3];
                let (a, b) = (row(finite(format, seed, field)), row(finite(format, seed + 10_000, 31)));
                let (mut a, mut b) = (a, b);
                // The second half takes the first away again, but for a few products.
                for i in 0..PRODUCTS / 2 {
                    if !(seed + i as u64).is_multiple_of(2 + seed % 13) {
                        (a[i + PRODUCTS / 2], b[i + PRODUCTS / 2]) = (a[i] ^ 0x80, b[i]);
                    }
                }
                [a, b]
            })
            .collect();
        assert_eq!(equals_reference(unit, packed(&rows)), 4096);
    }
}

#[test]
fn sums_of_the_smallest_and_the_largest_are_those_of_the_reference() {
    for (format, unit) in DOTS {
        let largest = format.largest();
        let mut rows = Vec::new();
        for (x, y) in [(largest, largest), (1, 1), (1, largest), (0, 0), (0x80, 0), (0x80, 1), (7, 3)] {
            for signs in [0, 0x80] {
                rows.push([[x; PRODUCTS], [y ^ signs; PRODUCTS]]);
                // One product apart from the others.
                for (place, other) in [(0, largest), (31, 1), (15, 0x81)] {
                    let mut a = [x; PRODUCTS];
                    a[place] = other;
                    rows.push([a, [y ^ signs; PRODUCTS]]);
                }
            }
        }
        for seed in 0..2048 {
            // Subnormals among themselves, and beside normal numbers.
            rows.push([row(finite(format, seed, 0)), row(finite(format, seed + 5000, (seed % 8) as u8))]);
        }
        assert_eq!(equals_reference(unit, packed(&rows)), 56 + 2048);
    }
}

#[test]
fn single_nan_or_infinity_determines_sum() {
    let specials = |format: SmallFloat| (format.largest() + 1..=0x7f).flat_map(|code| [code, code | 0x80]);
    for (format, unit) in DOTS {
        let mut rows = Vec::new();
        for (seed, special) in specials(format).enumerate() {
            for (other, factor) in [(0, 0x38), (special ^ 0x80, 0x38), (special, 0x38), (0, 0), (0x38, 0xb8)]
            {
                for place in [0, 17, 30] {
                    let (mut a, mut b) = (row(finite(format, seed as u64, 31)), row(finite(format, 99, 31)));
                    (a[place], b[place]) = (special, factor);
                    (a[place + 1], b[place + 1]) = (other, 0x38);
                    rows.push([a, b]);
                }
            }
        }
        assert_eq!(equals_reference(unit, packed(&rows)), 15 * specials(format).count());
        let sums = results(unit, packed(&rows));
        let count = |bits: u64| sums.iter().filter(|&&sum| sum == bits).count();
        assert!(count(0x7fc0_0000) > 0);
        let infinite = count(0x7f80_0000).min(count(0xff80_0000)) > 0;
        assert_eq!(infinite, format == SmallFloat::E5M2, "{unit}");
    }
}

fn recordings() -> PathBuf {
    match std::env::var_os("QRTL_VECTORS") {
        Some(folder) => PathBuf::from(folder),
        None => panic!(
            "QRTL_VECTORS is not set: point it to a folder with h100_fp8/h100_mma_k32_e4m3.npz, or leave out --ignored"
        ),
    }
}

#[test]
#[ignore = "needs the H100 recordings in the folder named by QRTL_VECTORS"]
fn rtl_equals_all_recorded_h100_results() {
    let mut arrays = read_npz(&recordings().join("h100_fp8/h100_mma_k32_e4m3.npz")).unwrap();
    let mut codes = |name: &str| arrays.remove(name).unwrap().into_tensor::<u8>().unwrap().into_data();
    let (a, b) = (codes("a"), codes("b"));
    let rows: Vec<[[u8; PRODUCTS]; 2]> = a
        .chunks_exact(PRODUCTS)
        .zip(b.chunks_exact(PRODUCTS))
        .map(|(a, b)| [a.try_into().unwrap(), b.try_into().unwrap()])
        .collect();
    let mut sums = |name: &str| -> Vec<u64> {
        let bits = arrays.remove(name).unwrap().into_tensor::<u32>().unwrap().into_data();
        bits.into_iter().map(u64::from).collect()
    };
    let (hardware, rounded) = (sums("d_f32_bits"), sums("exact_rne_f32_bits"));
    assert_eq!(hardware.len(), 5000);
    assert_eq!(results("fp8_dot_e4m3_h100", packed(&rows)), hardware);
    assert_eq!(results("fp8_dot_e4m3_exact", packed(&rows)), rounded);
}
