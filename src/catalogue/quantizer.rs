//! From binary32 to integer codes.

use serde_json::{Value as Json, json};

use crate::circuit::verilog::{as_type, extended};
use crate::circuit::{float_product, pipeline};
use crate::unit::{
    Behaviour, ConfigError, Float, Integer, Kind, Parameter, Port, Preset, Value, Values, ValuesParameters,
    ValuesUnit,
};

/// `q = clamp(round(x * inverse_scale) + zero_point)`.
pub(crate) struct Quantizer;

pub(crate) type QuantizerParameters = ValuesParameters<Quantizer>;

/// Registers: operands, the product's, the shifted integer, the code.
const STAGES: u32 = 1 + float_product::STAGES + 2;

impl ValuesUnit for Quantizer {
    const SUMMARY: &'static str = "binary32 to integer codes by the reciprocal of the scale";

    const PARAMETERS: &'static [Parameter] = &[
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
    ];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "quantizer_int8", sets: &[] },
        Preset { name: "quantizer_uint8", sets: &["signed=false"] },
        Preset { name: "quantizer_int4", sets: &["bits=4"] },
    ];

    fn check(_: &Values) -> Result<(), ConfigError> {
        Ok(())
    }

    fn module_name(values: &Values) -> String {
        format!("quantizer_f32_{}", code(values).short())
    }

    fn ports(values: &Values) -> Vec<Port> {
        let code = code(values);
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("x", Float::F32, "real number"));
        ports.push(Port::input("inverse_scale", Float::F32, "1 / scale, rounded to binary32"));
        ports.push(Port::input("zero_point", code, "code of real zero"));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("q", code, "code of x"));
        ports
    }

    fn behaviour(_: &Values) -> Behaviour {
        pipeline::behaviour(STAGES)
    }

    fn facts(values: &Values) -> Vec<String> {
        vec![
            pipeline::fact(STAGES),
            "The product is rounded to binary32, then to an integer, both to nearest and ties to even."
                .into(),
            format!("Codes saturate at {} and {}; NaN becomes {0}.", code(values).min(), code(values).max()),
        ]
    }

    fn context(values: &Values) -> Json {
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
