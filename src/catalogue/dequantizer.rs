//! From integer codes and accumulators to binary32.

use serde_json::{Value as Json, json};

use crate::circuit::verilog::extended;
use crate::circuit::{float_product, normalize, pipeline};
use crate::unit::{
    Behaviour, ConfigError, Float, Integer, Kind, Parameter, Port, Preset, Value, Values, ValuesParameters,
    ValuesUnit,
};

/// `y = (q - zero_point) * scale`, or `y = acc * scale + bias`.
pub(crate) struct Dequantizer;

pub(crate) type DequantizerParameters = ValuesParameters<Dequantizer>;

/// Bits of the sum of two significands with three bits below them, and a carry.
const SUM_BITS: u32 = 28;

impl ValuesUnit for Dequantizer {
    const SUMMARY: &'static str = "integer codes or accumulators to binary32";

    const PARAMETERS: &'static [Parameter] = &[
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
    ];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "dequantizer_int8", sets: &[] },
        Preset { name: "dequantizer_uint8", sets: &["signed=false"] },
        Preset { name: "dequantizer_int32", sets: &["bits=32", "bias=true"] },
    ];

    fn check(values: &Values) -> Result<(), ConfigError> {
        let integer = integer(values);
        if !Integer::signed(32).holds(integer.max()) {
            return Err(ConfigError::Combination {
                reason: format!("{} does not fit a 32-bit integer of the runtimes", integer.short()),
                fix: "set bits to at most 31, or signed=true".into(),
            });
        }
        Ok(())
    }

    fn module_name(values: &Values) -> String {
        let bias = if values.flag("bias") { "_bias" } else { "" };
        format!("dequantizer_{}_f32{bias}", integer(values).short())
    }

    fn ports(values: &Values) -> Vec<Port> {
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

    fn behaviour(values: &Values) -> Behaviour {
        pipeline::behaviour(stages(values))
    }

    fn facts(values: &Values) -> Vec<String> {
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

    fn context(values: &Values) -> Json {
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
