//! Table of the small float formats in `docs/formats.md`.

use std::fmt::Write;

use crate::arithmetic::small_float::{SmallFloat, Specials};

/// Standards, runtimes and processors that use a format.
const USERS: [(SmallFloat, &str); SmallFloat::ALL.len()] = [
    (SmallFloat::E4M3, "OCP FP8, MXFP8, scales of NVFP4; NVIDIA from Hopper on, AMD CDNA 4; ONNX, PyTorch"),
    (SmallFloat::E5M2, "OCP FP8, MXFP8; NVIDIA from Hopper on, AMD CDNA 4; ONNX, PyTorch"),
    (SmallFloat::E4M3FNUZ, "AMD CDNA 3, Graphcore; ONNX, PyTorch"),
    (SmallFloat::E5M2FNUZ, "AMD CDNA 3, Graphcore; ONNX, PyTorch"),
    (SmallFloat::E4M3B11FNUZ, "XLA"),
    (SmallFloat::E3M4, "XLA"),
    (SmallFloat::E8M0, "scales of MX blocks; NVIDIA Blackwell, AMD CDNA 4; ONNX, PyTorch"),
    (SmallFloat::E2M3, "MXFP6; NVIDIA Blackwell, AMD CDNA 4"),
    (SmallFloat::E3M2, "MXFP6; NVIDIA Blackwell, AMD CDNA 4"),
    (SmallFloat::E2M1, "MXFP4, NVFP4; NVIDIA Blackwell, AMD CDNA 4; ONNX"),
];

/// Table of all formats: fields, ranges, special codes and users.
pub(crate) fn formats_table() -> String {
    let mut text =
        "| format | bits | exponent, fraction | bias | largest | least normal | least subnormal | infinity \
                    | NaN | -0 | used by |\n|---|---|---|---|---|---|---|---|---|---|---|\n"
            .to_string();
    for (format, users) in USERS {
        let infinity = format.infinity().map_or("none".to_string(), |code| format!("{code:02x}"));
        let negative_zero = if format.has_negative_zero() { "yes" } else { "no" };
        let subnormal = if format.is_signed() { power_of_two(format.smallest()) } else { "none".to_string() };
        writeln!(
            text,
            "| `{format}` | {} | {}, {} | {} | {} | {} | {subnormal} | {infinity} | {} | {negative_zero} | {users} |",
            format.bits(),
            format.exponent_bits(),
            format.fraction_bits(),
            format.bias(),
            number(format.largest_value()),
            power_of_two(format.smallest_normal()),
            nans(format),
        )
        .expect("memory");
    }
    text
}

/// Codes of NaN without their sign.
fn nans(format: SmallFloat) -> String {
    let Some(nan) = format.nan() else { return "none".to_string() };
    match format.specials() {
        Specials::Ieee => {
            let last = (1u32 << (format.exponent_bits() + format.fraction_bits())) - 1;
            format!("{:02x} to {last:02x}", format.largest() + 2)
        }
        Specials::AllOnes | Specials::NegativeZero | Specials::None => format!("{nan:02x}"),
    }
}

fn number(value: f32) -> String {
    if value < 1e6 { value.to_string() } else { power_of_two(value) }
}

/// A power of two as `2^-9`, or 1.
fn power_of_two(value: f32) -> String {
    match value.log2().round() as i32 {
        0 => "1".to_string(),
        exponent => format!("2^{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_lists_every_format_once() {
        assert_eq!(USERS.map(|(format, _)| format), SmallFloat::ALL);
        let least = SmallFloat::ALL.map(|format| [format.smallest_normal(), format.smallest()]);
        for value in least.into_iter().flatten() {
            assert_eq!(f64::from(value), 2f64.powi(value.log2().round() as i32), "not a power of two");
        }
        let table = formats_table();
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows.len(), 2 + SmallFloat::ALL.len());
        assert!(
            rows[2].starts_with("| `e4m3` | 8 | 4, 3 | 7 | 448 | 2^-6 | 2^-9 | none | 7f | yes |"),
            "{}",
            rows[2]
        );
        assert!(rows[3].contains("| 57344 | 2^-14 | 2^-16 | 7c | 7d to 7f | yes |"), "{}", rows[3]);
        assert!(rows[8].contains("| 127 | 2^127 | 2^-127 | none | none | ff | no |"), "{}", rows[8]);
    }
}
