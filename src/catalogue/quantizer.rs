//! From binary32 to integer codes.

use serde_json::{Value as Json, json};

use super::near_ties::{HIGHEST_ALONE, NEAR_TIES};
use crate::circuit::verilog::{as_type, extended};
use crate::circuit::{float_product, pipeline};
use crate::unit::{
    Behaviour, ConfigError, Float, Integer, Kind, Parameter, Port, Preset, Unit, Value, Values,
};

/// `q = clamp(round(x * inverse_scale) + zero_point)`.
pub(crate) struct Quantizer;

/// Registers: operands, the product's, the shifted integer, the code.
const STAGES: u32 = 1 + float_product::STAGES + 2;

impl Unit for Quantizer {
    fn name(&self) -> &'static str {
        "quantizer"
    }

    fn summary(&self) -> &'static str {
        "binary32 to integer codes by the reciprocal of the scale"
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[
            Parameter {
                name: "bits",
                kind: Kind::Integer { min: 2, max: 16 },
                default: Value::Integer(8),
                help: "width of a code in bits",
            },
            Parameter {
                name: "signed",
                kind: Kind::Flag,
                default: Value::Flag(true),
                help: "codes are two's complement",
            },
        ]
    }

    fn presets(&self) -> &'static [Preset] {
        &[
            Preset { name: "quantizer_int8", sets: &[] },
            Preset { name: "quantizer_uint8", sets: &["signed=false"] },
            Preset { name: "quantizer_int4", sets: &["bits=4"] },
        ]
    }

    fn check(&self, _: &Values) -> Result<(), ConfigError> {
        Ok(())
    }

    fn module_name(&self, values: &Values) -> String {
        format!("quantizer_f32_{}", code(values).short())
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        let code = code(values);
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("x", Float::F32, "real number"));
        ports.push(Port::input("inverse_scale", Float::F32, "1 / scale, rounded to binary32"));
        ports.push(Port::input("zero_point", code, "code of real zero"));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("q", code, "code of x"));
        ports
    }

    fn signals(&self) -> &'static [&'static str] {
        &[
            pipeline::SIGNAL,
            "x_normal",
            "x_special",
            "inverse_normal",
            "inverse_special",
            "any_nan",
            "any_zero",
            "negative_1",
            "nan_1",
            "infinite_1",
            "exponent_1",
            "left",
            "right",
            "magnitude",
            "normal",
            "exponent_2",
            "exponent_3",
            "negative_line",
            "nan_line",
            "infinite_line",
            "product",
            "zeros_32",
            "zeros_16",
            "zeros_8",
            "zeros_4",
            "zeros_2",
            "zeros_1",
            "normal_32",
            "normal_16",
            "normal_8",
            "normal_4",
            "normal_2",
            "normal_1",
            "leading_zeros",
            "is_subnormal",
            "below",
            "drop",
            "window",
            "round_up",
            "steps",
            "rounded",
            "is_beyond",
            "finite",
            "zero_point_line",
            "is_nan",
            "is_large",
            "depth",
            "shift",
            "fixed",
            "carry",
            "steps_magnitude",
            "zero_point_4",
            "zero_point_wide",
            "shifted",
            "nan_5",
        ]
    }

    /// A product that misses a code, or the middle between two, by a few units in the last place at most,
    /// by one bit, or by less than one; or whose highest bit stands alone.
    fn telling(&self, values: &Values, random: u64) -> Option<Vec<(&'static str, u64)>> {
        let code = code(values);
        let zero_point = ("zero_point", code.encode(i128::from(random >> 52 & 1)));
        if random >> 53 & 1 == 0 {
            let (x, inverse) = near_tie(random);
            return Some(vec![("x", x), ("inverse_scale", inverse), zero_point]);
        }
        // A power of two leaves every bit of x in the product.
        let is_exact = random >> 54 & 3 == 0;
        let fraction = if is_exact { 0 } else { (random >> 4) as u32 & 0x7f_ffff };
        let inverse = f32::from_bits((119 + (random & 15) as u32) << 23 | fraction);
        let magnitude = (random >> 27 & 0xffff) >> (random >> 43 & 15);
        let target = magnitude as f64 + 0.5 * (random >> 47 & 1) as f64;
        let signed = if random >> 48 & 1 == 0 { target } else { -target };
        let near = (signed / f64::from(inverse)) as f32;
        let x = match is_exact {
            true => near.to_bits() ^ 1 << ((random >> 56 & 31) % u64::from(Float::F32.fraction_bits)),
            false => near.to_bits().wrapping_add((random >> 49 & 7) as u32).saturating_sub(3),
        };
        Some(vec![("x", x.into()), ("inverse_scale", inverse.to_bits().into()), zero_point])
    }

    fn behaviour(&self, _: &Values) -> Behaviour {
        pipeline::behaviour(STAGES)
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        vec![
            pipeline::fact(STAGES),
            "The product is rounded to binary32, then to an integer, both to nearest and ties to even."
                .into(),
            format!("Codes saturate at {} and {}; NaN becomes {0}.", code(values).min(), code(values).max()),
        ]
    }

    fn context(&self, values: &Values) -> Json {
        let code = code(values);
        let bits = code.bits;
        // From twice the range of a code on, no zero point brings an integer back into it.
        let integer_bits = bits + 1;
        let sum_bits = bits + 3;
        let literal = |bits: u32, value: i128| match value {
            ..0 => format!("-{bits}'sd{}", -value),
            _ => format!("{bits}'sd{value}"),
        };
        let pattern = |value: i128| format!("{bits}'d{}", code.encode(value));
        let clamped = format!(
            "nan_5 || shifted < {} ? {} : shifted > {} ? {} : shifted[{}:0]",
            literal(sum_bits, code.min()),
            pattern(code.min()),
            literal(sum_bits, code.max()),
            pattern(code.max()),
            bits - 1
        );
        let mut context = json!({
            "pipeline": pipeline::context(STAGES),
            "integer_bits": integer_bits,
            "largest_exponent": Float::F32.bias() + integer_bits - 1,
            "deepest": integer_bits + 1,
            "padding": format!("{}'d0", integer_bits + 2),
            "fixed_msb": Float::F32.fraction_bits + integer_bits + 2,
            "large": format!("{sum_bits}'d{}", 1u64 << integer_bits),
            "carry_padding": format!("{}'d0", sum_bits - 1),
            "sum_msb": sum_bits - 1,
            "code_msb": bits - 1,
            // The zero point waits for the product.
            "line_msb": (STAGES - 2) * bits - 1,
            "line_top": (STAGES - 3) * bits,
            "line_next": (STAGES - 3) * bits - 1,
            "zero_point": extended("zero_point_4", code, sum_bits),
            "clamped": as_type(&clamped, code.signed),
        });
        let keys = context.as_object_mut().expect("an object");
        let significand = Float::F32.fraction_bits + 1;
        keys.extend(
            float_product::contexts(significand, significand, true).map(|(key, value)| (key.into(), value)),
        );
        context
    }
}

fn code(values: &Values) -> Integer {
    Integer { bits: values.count("bits"), signed: values.flag("signed") }
}

/// Two numbers whose product is beside the middle between two codes.
fn near_tie(random: u64) -> (u64, u64) {
    if random >> 49 & 7 == 0 {
        let (left, right) = HIGHEST_ALONE[(random % HIGHEST_ALONE.len() as u64) as usize];
        let [left, right] = [left, right].map(|significand| significand as f32 * f32::exp2(-23.0));
        return ((left * f32::exp2((random >> 40 & 7) as f32)).to_bits().into(), right.to_bits().into());
    }
    let tie = &NEAR_TIES[(random % NEAR_TIES.len() as u64) as usize];
    // The last bit of the code's nine that is set counts a half.
    let half = -1 - tie.code.trailing_zeros() as i32;
    let inverse_exponent = -27 + (random >> 40 & 7) as i32;
    let x_exponent = half - 39 - inverse_exponent;
    let number =
        |significand: u32, exponent: i32| (f64::from(significand) * f64::from(exponent).exp2()) as f32;
    let x = number(tie.left, x_exponent) * if random >> 48 & 1 == 0 { 1.0 } else { -1.0 };
    (x.to_bits().into(), number(tie.right, inverse_exponent).to_bits().into())
}
