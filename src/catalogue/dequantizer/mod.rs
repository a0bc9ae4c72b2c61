//! From integer codes and accumulators to binary32.

mod telling;

use serde_json::{Value as Json, json};

use crate::circuit::verilog::extended;
use crate::circuit::{float_product, normalize, pipeline};
use crate::unit::{
    Behaviour, ConfigError, Float, Integer, Kind, Parameter, Port, Preset, Unit, Value, Values,
};

/// `y = (q - zero_point) * scale`, or `y = acc * scale + bias`.
pub(crate) struct Dequantizer;

/// Bits of the sum of two significands with three bits below them, and a carry.
const SUM_BITS: u32 = 28;

impl Unit for Dequantizer {
    fn name(&self) -> &'static str {
        "dequantizer"
    }

    fn summary(&self) -> &'static str {
        "integer codes or accumulators to binary32"
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[
            Parameter {
                name: "bits",
                kind: Kind::Integer { min: 2, max: 32 },
                default: Value::Integer(8),
                help: "width of q or acc in bits",
            },
            Parameter {
                name: "signed",
                kind: Kind::Flag,
                default: Value::Flag(true),
                help: "q or acc is two's complement",
            },
            Parameter {
                name: "bias",
                kind: Kind::Flag,
                default: Value::Flag(false),
                help: "acc * scale + bias instead of (q - zero_point) * scale",
            },
        ]
    }

    fn presets(&self) -> &'static [Preset] {
        &[
            Preset { name: "dequantizer_int8", sets: &[] },
            Preset { name: "dequantizer_uint8", sets: &["signed=false"] },
            Preset { name: "dequantizer_int32", sets: &["bits=32", "bias=true"] },
        ]
    }

    fn check(&self, values: &Values) -> Result<(), ConfigError> {
        let integer = integer(values);
        if !Integer::signed(32).holds(integer.max()) {
            return Err(ConfigError::Combination {
                reason: format!("{} does not fit a 32-bit integer of the runtimes", integer.short()),
                fix: "set bits to at most 31, or signed=true".into(),
            });
        }
        Ok(())
    }

    fn module_name(&self, values: &Values) -> String {
        let bias = if values.flag("bias") { "_bias" } else { "" };
        format!("dequantizer_{}_f32{bias}", integer(values).short())
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        let integer = integer(values);
        let mut ports = pipeline::control().to_vec();
        if values.flag("bias") {
            ports.push(Port::input("acc", integer, "accumulator"));
            ports.push(Port::input("scale", Float::F32, "real value of one step"));
            ports.push(Port::input("bias", Float::F32, "added after the product was rounded"));
        } else {
            ports.push(Port::input("q", integer, "code"));
            ports.push(Port::input("zero_point", integer, "code of real zero"));
            ports.push(Port::input("scale", Float::F32, "real value of one step"));
        }
        ports.push(pipeline::valid_out());
        ports.push(Port::output("y", Float::F32, "real number"));
        ports
    }

    fn signals(&self) -> &'static [&'static str] {
        &[
            pipeline::SIGNAL,
            "below_zero",
            "difference",
            "distance",
            "scale_normal",
            "scale_special",
            "negative_1",
            "nan_1",
            "exponent_1",
            "left",
            "right",
            "magnitude",
            "normal",
            "exponent_2",
            "exponent_3",
            "negative_line",
            "nan_line",
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
            "bias_line",
            "addend",
            "is_swapped",
            "larger",
            "smaller",
            "larger_normal",
            "smaller_normal",
            "larger_exponent",
            "smaller_exponent",
            "gap",
            "shift",
            "aligned",
            "is_nan",
            "base",
            "addition",
            "subtract",
            "exponent_5",
            "total",
            "exponent_6",
            "sign_line",
            "both_line",
            "sum_nan_line",
            "sum_infinite_line",
            "sum_zeros_16",
            "sum_zeros_8",
            "sum_zeros_4",
            "sum_zeros_2",
            "sum_zeros_1",
            "sum_normal_16",
            "sum_normal_8",
            "sum_normal_4",
            "sum_normal_2",
            "sum_normal_1",
            "sum_leading_zeros",
            "sum_exponent",
            "sum_is_subnormal",
            "sum_below",
            "sum_drop",
            "sum_window",
            "sum_round_up",
            "sum_steps",
            "sum_rounded",
            "sum_is_beyond",
            "sum_finite",
            "sum_negative",
            "sum",
        ]
    }

    fn telling(&self, values: &Values, random: u64) -> Option<Vec<(&'static str, u64)>> {
        Some(telling::telling(values, random))
    }

    fn behaviour(&self, values: &Values) -> Behaviour {
        pipeline::behaviour(stages(values))
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        let rounding = match values.flag("bias") {
            true => "Product and sum are each rounded to nearest, ties to even; nothing is fused.",
            false => "The exact product is rounded once: to nearest, ties to even.",
        };
        vec![
            pipeline::fact(stages(values)),
            rounding.into(),
            "A result that is no number is 7fc00000.".into(),
        ]
    }

    fn context(&self, values: &Values) -> Json {
        let (integer, bias) = (integer(values), values.flag("bias"));
        let bits = integer.bits;
        let mut context = json!({
            "pipeline": pipeline::context(stages(values)),
            "bias": bias,
            "bits": bits,
            "left_msb": bits - 1,
            "below_zero": if integer.signed { format!("acc[{}]", bits - 1) } else { "1'b0".to_string() },
            "difference_msb": bits,
            "minuend": extended("q", integer, bits + 1),
            "subtrahend": extended("zero_point", integer, bits + 1),
            "sum_normalize": normalize::context("sum_", "total", SUM_BITS),
            "sum_round": float_product::round_context("sum_", "sum_normal_1", SUM_BITS, "sum_exponent"),
        });
        let keys = context.as_object_mut().expect("an object");
        let significand = Float::F32.fraction_bits + 1;
        keys.extend(
            float_product::contexts(bits, significand, false).map(|(key, value)| (key.into(), value)),
        );
        context
    }
}

fn integer(values: &Values) -> Integer {
    Integer { bits: values.count("bits"), signed: values.flag("signed") }
}

/// Registers: operands, the product's, and for the bias: alignment, sum, result.
fn stages(values: &Values) -> u32 {
    1 + float_product::STAGES + if values.flag("bias") { 3 } else { 0 }
}
