//! Tables of ml_dtypes and onnx: decoding of every code, encoding of every boundary and midpoint.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::array::{read, vectors};
use qrtl::arithmetic::small_float::{
    BlockFormat, ScaledBlock, SmallFloat, SmallFloatEncoding, SmallFloatOverflow, SmallFloatRounding,
};

#[derive(Deserialize)]
struct DecodeTables {
    formats: BTreeMap<String, DecodeTable>,
}

#[derive(Deserialize)]
struct DecodeTable {
    #[serde(default)]
    n: usize,
    #[serde(default)]
    max: f64,
    #[serde(default)]
    tiny: f64,
    #[serde(default)]
    smallest_subnormal: f64,
    #[serde(default)]
    f32_bits: Vec<u32>,
}

#[derive(Deserialize)]
struct EncodeTable {
    x_f32_bits: Vec<u32>,
    code: Vec<u8>,
}

/// Bytes are in hexadecimal.
#[derive(Deserialize)]
struct Conversions {
    x_f32_bits: String,
    codes: BTreeMap<String, String>,
}

/// Every format under its name in ml_dtypes.
const FORMATS: [(SmallFloat, &str); 10] = [
    (SmallFloat::E4M3, "float8_e4m3fn"),
    (SmallFloat::E5M2, "float8_e5m2"),
    (SmallFloat::E4M3FNUZ, "float8_e4m3fnuz"),
    (SmallFloat::E5M2FNUZ, "float8_e5m2fnuz"),
    (SmallFloat::E4M3B11FNUZ, "float8_e4m3b11fnuz"),
    (SmallFloat::E3M4, "float8_e3m4"),
    (SmallFloat::E8M0, "float8_e8m0fnu"),
    (SmallFloat::E2M3, "float6_e2m3fn"),
    (SmallFloat::E3M2, "float6_e3m2fn"),
    (SmallFloat::E2M1, "float4_e2m1fn"),
];

#[test]
fn decodes_every_code_as_ml_dtypes() {
    let mut tables: DecodeTables = read(&vectors().join("formats/decode_tables.json"));
    for (format, name) in FORMATS {
        let expected = tables.formats.remove(name).unwrap();
        let decoded: Vec<u32> = format.codes().map(|code| format.decode(code).to_bits()).collect();
        assert_eq!(decoded.len(), expected.n, "{name}");
        assert_eq!(decoded, expected.f32_bits, "{name}");
        let figures = [format.largest_value(), format.smallest_normal(), format.smallest()].map(f64::from);
        assert_eq!(figures, [expected.max, expected.tiny, expected.smallest_subnormal], "{name}");
    }
    // IEEE's E4M3 is no runtime's; int4 to uint2 are two's complement and unsigned.
    assert_eq!(
        tables.formats.into_keys().collect::<Vec<_>>(),
        ["float8_e4m3", "int2", "int4", "uint2", "uint4"]
    );
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits = hexadecimal.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Mode of a recording.
fn encoding(mode: &str) -> SmallFloatEncoding {
    let with = |rounding| SmallFloatEncoding { rounding, ..SmallFloatOverflow::Saturate.into() };
    match mode {
        "propagate" => SmallFloatOverflow::Propagate.into(),
        "saturate" | "saturate_nearest" => SmallFloatOverflow::Saturate.into(),
        "saturate_up" => with(SmallFloatRounding::Up),
        "saturate_down" => with(SmallFloatRounding::Zero),
        other => panic!("unknown mode {other}"),
    }
}

#[test]
fn converts_every_boundary_as_ml_dtypes_and_onnx() {
    let mut compared = Vec::new();
    for (format, name) in &FORMATS[2..] {
        let recorded: Conversions = read(&vectors().join(format!("formats/conversions_{name}.json")));
        let inputs = bytes(&recorded.x_f32_bits);
        let inputs: Vec<f32> =
            inputs.chunks(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect();
        for (mode, codes) in recorded.codes {
            let codes = bytes(&codes);
            assert_eq!(codes.len(), inputs.len(), "{name}");
            for (&value, &code) in inputs.iter().zip(&codes) {
                let encoded = format.encode(value, encoding(&mode));
                assert_eq!(encoded, code, "{name} {mode} {value:e} ({:#010x})", value.to_bits());
            }
            compared.push(codes.len());
        }
    }
    let e8m0 = [5844; 4];
    let expected = [&[3546; 6][..], &[3258; 2], &e8m0, &[1818; 4], &[1386; 2]].concat();
    assert_eq!(compared, expected);
}

#[test]
fn encodes_every_boundary_as_ml_dtypes() {
    for ((format, name), entries) in FORMATS.into_iter().zip([1241, 1217]) {
        let table: EncodeTable = read(&vectors().join(format!("formats/encode_{name}.json")));
        assert_eq!((table.x_f32_bits.len(), table.code.len()), (entries, entries));
        for (&bits, &code) in table.x_f32_bits.iter().zip(&table.code) {
            let value = f32::from_bits(bits);
            let encoded = format.encode(value, SmallFloatOverflow::Propagate);
            assert_eq!(encoded, code, "{name} {value} ({bits:#010x})");
            // Saturating differs where the table overflows, and nowhere else.
            let beyond = code & 0x7f > format.largest() && !value.is_nan();
            let saturated = if beyond { code & 0x80 | format.largest() } else { code };
            assert_eq!(format.encode(value, SmallFloatOverflow::Saturate), saturated, "{name} {value}");
        }
    }
}

#[derive(Deserialize)]
struct RecordedBlocks {
    x_f32_bits: String,
    results: Vec<RecordedFormat>,
}

/// Scales and codes of all blocks.
#[derive(Deserialize)]
struct RecordedFormat {
    format: String,
    rounding: String,
    scales: String,
    codes: String,
    dot_f32_bits: Vec<u32>,
}

#[test]
fn quantizes_blocks_by_the_rules_of_microxcaling() {
    let recorded: RecordedBlocks = read(&vectors().join("formats/blocks.json"));
    let reals = bytes(&recorded.x_f32_bits);
    let reals: Vec<f32> =
        reals.chunks(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect();
    assert_eq!(reals.len(), 56 * 32);
    let mut compared = Vec::new();
    for RecordedFormat { format: name, rounding, scales, codes, .. } in recorded.results {
        let format = BlockFormat::from_name(&name).unwrap();
        let mode = if rounding == "even" { SmallFloatRounding::Even } else { SmallFloatRounding::Away };
        let (scales, codes) = (bytes(&scales), bytes(&codes));
        let blocks = reals.chunks(format.size());
        assert_eq!((blocks.len(), reals.len()), (scales.len(), codes.len()), "{name}");
        for (index, (reals, codes)) in blocks.zip(codes.chunks(format.size())).enumerate() {
            let expected = ScaledBlock { scale: scales[index], codes: codes.to_vec() };
            assert_eq!(format.quantize(reals, mode), expected, "block {index} of {name}, {rounding}");
            compared.push(index);
        }
    }
    assert_eq!(compared.len(), 12 * 56 + 112);
}

#[test]
fn dot_products_of_blocks_are_rounded_once() {
    let recorded: RecordedBlocks = read(&vectors().join("formats/blocks.json"));
    let (mut compared, mut special) = (0, 0);
    for RecordedFormat { format: name, scales, codes, dot_f32_bits, .. } in recorded.results {
        let format = BlockFormat::from_name(&name).unwrap();
        let (scales, codes) = (bytes(&scales), bytes(&codes));
        let codes = codes.chunks(format.size());
        let blocks: Vec<ScaledBlock> =
            codes.zip(scales).map(|(codes, scale)| ScaledBlock { scale, codes: codes.to_vec() }).collect();
        assert_eq!(blocks.len(), dot_f32_bits.len(), "{name}");
        for (index, expected) in dot_f32_bits.into_iter().enumerate() {
            let next = &blocks[(index + 1) % blocks.len()];
            let sum = format.dot(&blocks[index..=index], std::slice::from_ref(next)).unwrap();
            assert_eq!(sum.to_bits(), expected, "blocks from {index} of {name}: {sum:e}");
            compared += 1;
            special += usize::from(!sum.is_finite());
        }
    }
    assert_eq!(compared, 12 * 56 + 112);
    assert!(special > 12 * 4 && special < compared / 4, "{special} of {compared}");
}
