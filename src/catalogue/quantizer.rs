//! Unit `quantizer`: binary32 to integer codes.

use serde_json::{Value as Json, json};

use crate::circuit::verilog::{as_type, extended};
use crate::circuit::{float_product, pipeline};
use crate::unit::{
    Behaviour, ConfigError, Float, Integer, Kind, Parameter, Port, Preset, UnitDefinition, UnitParameters,
    Value, Values,
};

/// `q = clamp(round(x * inverse_scale) + zero_point)`.
#[derive(Clone, Copy, Debug)]
pub struct QuantizerParameters {
    /// The type of a code.
    pub code: Integer,
}

/// Number of registers: operands, product, shifted integer, code.
const STAGES: u32 = 1 + float_product::STAGES + 2;

const BITS: Parameter = Parameter {
    name: "bits",
    kind: Kind::Integer { min: 2, max: 16 },
    default: Value::Integer(8),
    help: "width of a code in bits",
};

const SIGNED: Parameter = Parameter {
    name: "signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "codes are two's complement",
};

impl UnitDefinition for QuantizerParameters {
    const SUMMARY: &'static str = "binary32 to integer codes by the reciprocal of the scale";

    const PARAMETERS: &'static [Parameter] = &[BITS, SIGNED];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "quantizer_int8", sets: &[] },
        Preset { name: "quantizer_uint8", sets: &["signed=false"] },
        Preset { name: "quantizer_int4", sets: &["bits=4"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { code: values.integer_type(&BITS, &SIGNED) })
    }
}

impl UnitParameters for QuantizerParameters {
    fn module_name(&self) -> String {
        format!("quantizer_f32_{}", self.code.short())
    }

    fn ports(&self) -> Vec<Port> {
        let code = self.code;
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("x", Float::F32, "real number"));
        ports.push(Port::input("inverse_scale", Float::F32, "1 / scale, rounded to binary32"));
        ports.push(Port::input("zero_point", code, "code of real zero"));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("q", code, "code of x"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        pipeline::behaviour(STAGES)
    }

    fn facts(&self) -> Vec<String> {
        vec![
            pipeline::fact(STAGES),
            "The product is rounded to binary32, then to an integer, both to nearest and ties to even."
                .into(),
            format!("Codes saturate at {} and {}; NaN becomes {0}.", self.code.min(), self.code.max()),
        ]
    }

    fn context(&self) -> Json {
        let Integer { bits, signed } = self.code;
        // From twice the range of a code on, no zero point shifts an integer back into the range.
        let integer_bits = bits + 1;
        let sum_bits = self.sum_bits();
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
            // The zero point is delayed to meet the product.
            "line_msb": (STAGES - 2) * bits - 1,
            "line_top": (STAGES - 3) * bits,
            "line_next": (STAGES - 3) * bits - 1,
            "zero_point": extended("zero_point_4", self.code, sum_bits),
            "clamped": as_type(&self.clamped(), signed),
        });
        let keys = context.as_object_mut().expect("an object");
        let significand = Float::F32.fraction_bits + 1;
        keys.extend(
            float_product::contexts(significand, significand, true).map(|(key, value)| (key.into(), value)),
        );
        context
    }
}

impl QuantizerParameters {
    /// Width of the sum of the rounded product and the zero point.
    fn sum_bits(&self) -> u32 {
        self.code.bits + 3
    }

    /// The code as an expression: the net `shifted`, saturated.
    fn clamped(&self) -> String {
        let (bits, sum_bits) = (self.code.bits, self.sum_bits());
        let literal = |value: i128| {
            if value < 0 { format!("-{sum_bits}'sd{}", -value) } else { format!("{sum_bits}'sd{value}") }
        };
        let pattern = |value: i128| format!("{bits}'d{}", self.code.encode(value));
        let (min, max) = (self.code.min(), self.code.max());
        format!(
            "nan_5 || shifted < {} ? {} : shifted > {} ? {} : shifted[{}:0]",
            literal(min),
            pattern(min),
            literal(max),
            pattern(max),
            bits - 1
        )
    }
}
