//! From binary32 to an 8-bit float.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::unit::{Behaviour, ConfigError, Float, Kind, Parameter, Port, Preset, Unit, Value, Values};

/// `code = x`, rounded to nearest even.
pub(crate) struct Fp8Encoder;

impl Unit for Fp8Encoder {
    fn name(&self) -> &'static str {
        "fp8_encoder"
    }

    fn summary(&self) -> &'static str {
        "nearest 8-bit float to a binary32, ties to even"
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[
            fp8::FORMAT,
            Parameter {
                name: "saturate",
                kind: Kind::Flag,
                default: Value::Flag(false),
                help: "numbers beyond the largest finite one become it, infinities too",
            },
        ]
    }

    fn presets(&self) -> &'static [Preset] {
        &[
            Preset { name: "fp8_encoder_e4m3", sets: &[] },
            Preset { name: "fp8_encoder_e4m3_sat", sets: &["saturate=true"] },
            Preset { name: "fp8_encoder_e5m2", sets: &["format=e5m2"] },
            Preset { name: "fp8_encoder_e5m2_sat", sets: &["format=e5m2", "saturate=true"] },
        ]
    }

    fn check(&self, _: &Values) -> Result<(), ConfigError> {
        Ok(())
    }

    fn module_name(&self, values: &Values) -> String {
        let overflow = if values.flag("saturate") { "_sat" } else { "" };
        format!("fp8_encoder_{}{overflow}", fp8::float(values).name)
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        vec![
            Port::input("x", Float::F32, "binary32"),
            Port::output("code", fp8::float(values), "the nearest 8-bit float"),
        ]
    }

    fn signals(&self) -> &'static [&'static str] {
        &[
            "exponent",
            "fraction",
            "is_nan",
            "is_normal",
            "below",
            "distance",
            "window",
            "guard",
            "sticky",
            "round_up",
            "steps",
            "magnitude",
            "is_beyond",
        ]
    }

    /// The middle between two codes, or a number that misses it by one bit.
    fn telling(&self, values: &Values, random: u64) -> Option<Vec<(&'static str, u64)>> {
        let float = fp8::float(values);
        let code = random % (float.largest() + 1);
        let middle = u64::from(middle(float, code).to_bits());
        let bit = 1 << ((random >> 8) % u64::from(Float::F32.fraction_bits));
        let magnitude = match random >> 16 & 3 {
            0 => middle,
            1 => middle - bit,
            _ => middle + bit,
        };
        Some(vec![("x", (random >> 18 & 1) << 31 | magnitude)])
    }

    fn behaviour(&self, _: &Values) -> Behaviour {
        Behaviour::FeedForward { latency: 0 }
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        let overflow = match (values.flag("saturate"), fp8::float(values).infinity) {
            (true, _) => "Numbers beyond the largest finite one become it, infinities too.",
            (false, true) => "Numbers beyond the largest finite one become infinite.",
            (false, false) => "Numbers beyond the largest one become NaN: there is no infinity.",
        };
        vec!["Combinational. Round to nearest, ties to even; NaN keeps its sign.".into(), overflow.into()]
    }

    fn context(&self, values: &Values) -> Json {
        let float = fp8::float(values);
        let (fraction_bits, saturate) = (float.fraction_bits, values.flag("saturate"));
        let seven_bits = |pattern: u64| format!("7'h{pattern:02x}");
        // The quiet bit alone is the NaN of a format with infinity; all ones that of one without.
        let nan = if float.infinity {
            float.largest() + 1 + (1 << (fraction_bits - 1))
        } else {
            float.magnitude_mask()
        };
        // So far down a number is below half the smallest subnormal code.
        let farthest = fraction_bits + 2;
        let lsb = Float::F32.fraction_bits - fraction_bits + farthest;
        let magnitude_bits = 8 + fraction_bits + 1;
        json!({
            "least": Float::F32.bias() - float.bias() + 1,
            "farthest": farthest,
            "padding": format!("{farthest}'d0"),
            "window_msb": Float::F32.fraction_bits + farthest,
            "lsb": lsb,
            "guard": lsb - 1,
            "sticky_msb": lsb - 2,
            "fraction_zero": format!("{fraction_bits}'d0"),
            "magnitude_msb": magnitude_bits - 1,
            "magnitude_zero": format!("{}'d0", magnitude_bits - 1),
            "largest": format!("{magnitude_bits}'d{}", float.largest()),
            "nan": seven_bits(nan),
            "beyond": seven_bits(float.largest() + u64::from(!saturate)),
        })
    }
}

/// Halfway from a code to the one above it.
fn middle(float: Float, code: u64) -> f32 {
    let bits = float.fraction_bits + 1;
    let (exponent, fraction) = ((2 * code + 1) >> bits, (2 * code + 1) & ((1 << bits) - 1));
    let significand = if exponent == 0 { fraction } else { fraction | 1 << bits };
    let place = exponent.max(1) as i32 - float.bias() as i32 - bits as i32;
    significand as f32 * f32::exp2(place as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_as_far_from_the_code_below_as_from_the_one_above() {
        // E4M3: 1/512 is the least subnormal code, 448 the largest number, and the next would be 480.
        let middles =
            [(0, 1.0 / 1024.0), (7, 15.0 / 1024.0), (8, 17.0 / 1024.0), (0x38, 1.0625), (0x7e, 464.0)];
        for (code, expected) in middles {
            assert_eq!(middle(Float::E4M3, code), expected, "{code:#x}");
        }
        // E5M2: 57344 is the largest, and 61440 the first to be infinite.
        assert_eq!(middle(Float::E5M2, 0x7b), 61440.0);
    }
}
