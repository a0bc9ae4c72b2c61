//! Exact product of two integers.

use serde_json::{Value as Json, json};

use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED, operand};
use crate::circuit;
use crate::circuit::verilog::{as_type, vector_type};
use crate::circuit::{Body, Factor};
use crate::unit::{
    ARCH, Arch, Behaviour, ConfigError, DSP, Integer, Kind, OBJECTIVE, Parameter, Port, Preset, Role, TARGET,
    Unit, Value, Values, check,
};

/// `product = a * b`, with 0 to 16 registers on the way: after every row of the widest product.
pub(crate) struct Multiplier;

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
                kind: Kind::Integer { min: 0, max: 16 },
                default: Value::Integer(0),
                help: "registers between operands and product",
            },
            TARGET,
            ARCH,
            OBJECTIVE,
            DSP,
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

    fn check(&self, values: &Values) -> Result<(), ConfigError> {
        check(values)
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
        circuit::SIGNALS
    }

    fn behaviour(&self, values: &Values) -> Behaviour {
        Behaviour::FeedForward { latency: values.count("stages") as usize }
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        let latency = match values.count("stages") {
            0 => "Combinational.".to_string(),
            1 => "Latency: 1 clock cycle; one product per cycle; no reset.".to_string(),
            stages => format!("Latency: {stages} clock cycles; one product per cycle; no reset."),
        };
        [latency].into_iter().chain(arch(values).fact(values)).collect()
    }

    fn primitives(&self, values: &Values) -> &'static [&'static str] {
        arch(values).primitives()
    }

    fn arch(&self, values: &Values) -> Option<&'static str> {
        Some(arch(values).name())
    }

    fn is_bitwise(&self, values: &Values) -> bool {
        arch(values).is_bitwise()
    }

    fn context(&self, values: &Values) -> Json {
        let (a, b) = (operand(values, "a"), operand(values, "b"));
        let stages = values.count("stages");
        let mut body = Body::default();
        let factors = [("a", a), ("b", b)].map(|(name, integer)| Factor::new(name, integer));
        let value = circuit::product(&mut body, arch(values), factors, stages);
        let (product, is_operator) = (product(a, b), arch(values).is_operator());
        json!({
            "product_type": vector_type(Integer { signed: product.signed && is_operator, ..product }),
            "product": as_type(if stages > 0 { "product_q" } else { &value }, product.signed && !is_operator),
            "statements": body.into_statements(),
            "value": value,
            "registered": stages > 0,
        })
    }
}

fn arch(values: &Values) -> Arch {
    Arch::of(values, operand(values, "a"), operand(values, "b"), values.count("stages"))
}

fn product(a: Integer, b: Integer) -> Integer {
    Integer { bits: a.bits + b.bits, signed: a.signed || b.signed }
}
