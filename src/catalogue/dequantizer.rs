//! Unit `dequantizer`: integer codes or accumulators to binary32.

use serde_json::{Value as Json, json};

use crate::circuit::verilog::extended;
use crate::circuit::{float_product, normalize, pipeline};
use crate::unit::{
    Behaviour, ConfigError, Float, Integer, Kind, Parameter, Port, Preset, UnitDefinition, UnitParameters,
    Value, Values,
};

/// `y = (q - zero_point) * scale`, or `y = acc * scale + bias`.
#[derive(Clone, Copy, Debug)]
pub struct DequantizerParameters {
    /// The type of `q`, or of `acc`.
    pub input: Integer,
    /// Whether a bias is added to the product, instead of subtracting a zero point.
    pub has_bias: bool,
}

/// Bits of the sum of two significands with three bits below them, and a carry.
const SUM_BITS: u32 = 28;

const BITS: Parameter = Parameter {
    name: "bits",
    kind: Kind::Integer { min: 2, max: 32 },
    default: Value::Integer(8),
    help: "width of q or acc in bits",
};

const SIGNED: Parameter = Parameter {
    name: "signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "q or acc is two's complement",
};

const BIAS: Parameter = Parameter {
    name: "bias",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "acc * scale + bias instead of (q - zero_point) * scale",
};

impl UnitDefinition for DequantizerParameters {
    const SUMMARY: &'static str = "integer codes or accumulators to binary32";

    const PARAMETERS: &'static [Parameter] = &[BITS, SIGNED, BIAS];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "dequantizer_int8", sets: &[] },
        Preset { name: "dequantizer_uint8", sets: &["signed=false"] },
        Preset { name: "dequantizer_int32", sets: &["bits=32", "bias=true"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let input = values.integer_type(&BITS, &SIGNED);
        if !Integer::signed(32).holds(input.max()) {
            return Err(ConfigError::Combination {
                reason: format!("{} does not fit the 32-bit integers of the runtimes", input.short()),
                fix: "set bits to at most 31, or signed=true".into(),
            });
        }
        Ok(Self { input, has_bias: values.flag(&BIAS) })
    }
}

impl UnitParameters for DequantizerParameters {
    fn module_name(&self) -> String {
        let bias = if self.has_bias { "_bias" } else { "" };
        format!("dequantizer_{}_f32{bias}", self.input.short())
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = pipeline::control().to_vec();
        let scale = Port::input("scale", Float::F32, "real value of one step");
        if self.has_bias {
            ports.push(Port::input("acc", self.input, "accumulator"));
            ports.push(scale);
            ports.push(Port::input("bias", Float::F32, "added after the product was rounded"));
        } else {
            ports.push(Port::input("q", self.input, "code"));
            ports.push(Port::input("zero_point", self.input, "code of real zero"));
            ports.push(scale);
        }
        ports.push(pipeline::valid_out());
        ports.push(Port::output("y", Float::F32, "real number"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        pipeline::behaviour(self.stages())
    }

    fn facts(&self) -> Vec<String> {
        let rounding = if self.has_bias {
            "Product and sum are each rounded to nearest, ties to even; nothing is fused."
        } else {
            "The exact product is rounded once: to nearest, ties to even."
        };
        vec![pipeline::fact(self.stages()), rounding.into(), "A result that is no number is 7fc00000.".into()]
    }

    fn context(&self) -> Json {
        let Integer { bits, signed } = self.input;
        let mut context = json!({
            "pipeline": pipeline::context(self.stages()),
            "bias": self.has_bias,
            "bits": bits,
            "left_msb": bits - 1,
            "below_zero": if signed { format!("acc[{}]", bits - 1) } else { "1'b0".to_string() },
            "difference_msb": bits,
            "minuend": extended("q", self.input, bits + 1),
            "subtrahend": extended("zero_point", self.input, bits + 1),
            "sum_normalize": normalize::context("sum_", "total", SUM_BITS),
            "sum_round": float_product::round_context("sum_", "sum_normal_1", SUM_BITS, "sum_exponent"),
        });
        let keys = context.as_object_mut().expect("an object");
        let significand = Float::F32.fraction_bits + 1;
        keys.extend(float_product::contexts(bits, significand).map(|(key, value)| (key.into(), value)));
        context
    }
}

impl DequantizerParameters {
    /// Number of registers: operands, product; with a bias also alignment, sum, result.
    fn stages(&self) -> u32 {
        1 + float_product::STAGES + if self.has_bias { 3 } else { 0 }
    }
}
