//! Exact product of two integers.

use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED, operand};
use super::verilog::{extended, vector_type};
use super::{Behaviour, ConfigError, Integer, Kind, Parameter, Port, Preset, Role, Unit, Value, Values};
use serde_json::{Value as Json, json};

/// `product = a * b`, with 0 to 4 registers on the way.
pub(super) struct Multiplier;

impl Unit for Multiplier {
    fn name(&self) -> &'static str {
        "multiplier"
    }

    fn summary(&self) -> &'static str {
        "exact product of two integers"
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[
            A_BITS,
            B_BITS,
            A_SIGNED,
            B_SIGNED,
            Parameter {
                name: "stages",
                kind: Kind::Integer { min: 0, max: 4 },
                default: Value::Integer(0),
                help: "registers between operands and product",
            },
        ]
    }

    fn presets(&self) -> &'static [Preset] {
        &[
            Preset { name: "int8_multiplier", sets: &[] },
            Preset { name: "uint8_multiplier", sets: &["a_signed=false", "b_signed=false"] },
            Preset { name: "int4_multiplier", sets: &["a_bits=4", "b_bits=4"] },
            Preset { name: "int2_multiplier", sets: &["a_bits=2", "b_bits=2"] },
            Preset { name: "w4a8_multiplier", sets: &["b_bits=4"] },
            Preset { name: "w2a8_multiplier", sets: &["b_bits=2"] },
            Preset { name: "int16_multiplier", sets: &["a_bits=16", "b_bits=16"] },
            Preset { name: "int8_multiplier_p2", sets: &["stages=2"] },
        ]
    }

    fn check(&self, _: &Values) -> Result<(), ConfigError> {
        Ok(())
    }

    fn module_name(&self, values: &Values) -> String {
        let (a, b, stages) = (operand(values, "a"), operand(values, "b"), values.count("stages"));
        let pipeline = if stages == 0 { String::new() } else { format!("_p{stages}") };
        format!("mul_{}_{}{pipeline}", a.short(), b.short())
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        let (a, b) = (operand(values, "a"), operand(values, "b"));
        let mut ports = Vec::new();
        if values.count("stages") > 0 {
            ports.push(Port::control("clk", Role::Clock, "acts on the rising edge"));
        }
        ports.push(Port::input("a", a, "multiplicand"));
        ports.push(Port::input("b", b, "multiplier"));
        ports.push(Port::output("product", product(a, b), "a * b, exact"));
        ports
    }

    fn signals(&self) -> &'static [&'static str] {
        &["a_1", "a_2", "a_3", "b_1", "b_2", "b_3", "product_q"]
    }

    fn behaviour(&self, values: &Values) -> Behaviour {
        Behaviour::FeedForward { latency: values.count("stages") as usize }
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        vec![match values.count("stages") {
            0 => "Combinational.".to_string(),
            1 => "Latency: 1 clock cycle; one product per cycle; no reset.".to_string(),
            stages => format!("Latency: {stages} clock cycles; one product per cycle; no reset."),
        }]
    }

    fn context(&self, values: &Values) -> Json {
        let (a, b) = (operand(values, "a"), operand(values, "b"));
        let stages = values.count("stages");
        let delayed = |name: &str, stage: u32| match stage {
            0 => name.to_string(),
            _ => format!("{name}_{stage}"),
        };
        // One register after the product, the others before it: the shape that every flow absorbs
        // into its DSP blocks, and that none is known to get wrong.
        let last = stages.saturating_sub(1);
        let operand_registers: Vec<Json> = (1..=last)
            .map(|stage| {
                json!({
                    "a": delayed("a", stage), "b": delayed("b", stage),
                    "from_a": delayed("a", stage - 1), "from_b": delayed("b", stage - 1),
                })
            })
            .collect();
        // A product with one signed operand is signed arithmetic throughout: the unsigned operand
        // joins it with a zero as its sign.
        let factor = |name: &str, own: Integer, other: Integer| match (own.signed, other.signed) {
            (false, true) => format!("$signed({})", extended(&delayed(name, last), own, own.bits + 1)),
            _ => delayed(name, last),
        };
        json!({
            "a_type": vector_type(a),
            "b_type": vector_type(b),
            "product_type": vector_type(product(a, b)),
            "operand_registers": operand_registers,
            "a_factor": factor("a", a, b),
            "b_factor": factor("b", b, a),
            "registered": stages > 0,
        })
    }
}

fn product(a: Integer, b: Integer) -> Integer {
    Integer { bits: a.bits + b.bits, signed: a.signed || b.signed }
}
