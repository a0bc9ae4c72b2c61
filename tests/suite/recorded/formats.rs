//! FP8 tables of ml_dtypes: decoding of every code, encoding of every boundary and midpoint.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::array::{read, vectors};
use qrtl::arithmetic::float8::{Float8, Float8Overflow};

#[derive(Deserialize)]
struct DecodeTables {
    formats: BTreeMap<String, DecodeTable>,
}

#[derive(Deserialize)]
struct DecodeTable {
    #[serde(default)]
    f32_bits: Vec<u32>,
}

#[derive(Deserialize)]
struct EncodeTable {
    x_f32_bits: Vec<u32>,
    code: Vec<u8>,
}

const FLOAT8: [(Float8, &str); 2] = [(Float8::E4m3, "float8_e4m3fn"), (Float8::E5m2, "float8_e5m2")];

#[test]
fn decodes_every_code_as_ml_dtypes() {
    let mut tables: DecodeTables = read(&vectors().join("formats/decode_tables.json"));
    for (format, name) in FLOAT8 {
        let expected = tables.formats.remove(name).unwrap().f32_bits;
        let decoded: Vec<u32> = (0..=u8::MAX).map(|code| format.decode(code).to_bits()).collect();
        assert_eq!(decoded, expected, "{name}");
    }
    // Formats that no unit of this crate reads or writes; int4 to uint2 are two's complement and unsigned.
    assert_eq!(
        tables.formats.into_keys().collect::<Vec<_>>(),
        [
            "float4_e2m1fn",
            "float6_e2m3fn",
            "float6_e3m2fn",
            "float8_e3m4",
            "float8_e4m3",
            "float8_e4m3b11fnuz",
            "float8_e4m3fnuz",
            "float8_e5m2fnuz",
            "float8_e8m0fnu",
            "int2",
            "int4",
            "uint2",
            "uint4",
        ]
    );
}

#[test]
fn encodes_every_boundary_as_ml_dtypes() {
    for ((format, name), entries) in FLOAT8.into_iter().zip([1241, 1217]) {
        let table: EncodeTable = read(&vectors().join(format!("formats/encode_{name}.json")));
        assert_eq!((table.x_f32_bits.len(), table.code.len()), (entries, entries));
        for (&bits, &code) in table.x_f32_bits.iter().zip(&table.code) {
            let value = f32::from_bits(bits);
            let encoded = format.encode(value, Float8Overflow::Propagate);
            assert_eq!(encoded, code, "{name} {value} ({bits:#010x})");
            // Saturating differs where the table overflows, and nowhere else.
            let beyond = code & 0x7f > format.largest() && !value.is_nan();
            let saturated = if beyond { code & 0x80 | format.largest() } else { code };
            assert_eq!(format.encode(value, Float8Overflow::Saturate), saturated, "{name} {value}");
        }
    }
}
