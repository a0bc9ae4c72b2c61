//! Unit `multiplier`: exact product of two integers.

use serde_json::{Value as Json, json};

use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED, operands};
use crate::circuit;
use crate::circuit::verilog::{as_type, vector_type};
use crate::circuit::{Body, Factor};
use crate::unit::{
    ARCH, Arch, Behaviour, ConfigError, DSP, Implementation, Integer, Kind, OBJECTIVE, Parameter, Port,
    Preset, Role, TARGET, UnitDefinition, UnitParameters, Value, Values,
};

/// `product = a * b`, with 0 to 16 registers: one after every row of the widest product.
#[derive(Clone, Copy, Debug)]
pub struct MultiplierParameters {
    /// The type of `a`.
    pub a: Integer,
    /// The type of `b`.
    pub b: Integer,
    /// Registers between operands and product.
    pub stages: u32,
    /// How the product is built.
    pub implementation: Implementation,
}

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 0, max: 16 },
    default: Value::Integer(0),
    help: "registers between operands and product",
};

impl UnitDefinition for MultiplierParameters {
    const SUMMARY: &'static str = "exact product of two integers";

    const PARAMETERS: &'static [Parameter] =
        &[A_BITS, B_BITS, A_SIGNED, B_SIGNED, STAGES, TARGET, ARCH, OBJECTIVE, DSP];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "int8_multiplier", sets: &[] },
        Preset { name: "uint8_multiplier", sets: &["a_signed=false", "b_signed=false"] },
        Preset { name: "int4_multiplier", sets: &["a_bits=4", "b_bits=4"] },
        Preset { name: "int2_multiplier", sets: &["a_bits=2", "b_bits=2"] },
        Preset { name: "w4a8_multiplier", sets: &["b_bits=4"] },
        Preset { name: "w2a8_multiplier", sets: &["b_bits=2"] },
        Preset { name: "int16_multiplier", sets: &["a_bits=16", "b_bits=16"] },
        Preset { name: "int8_multiplier_p2", sets: &["stages=2"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let [a, b] = operands(values);
        let (stages, implementation) = (values.count(&STAGES), Implementation::parse(values)?);
        Ok(Self { a, b, stages, implementation })
    }
}

impl UnitParameters for MultiplierParameters {
    fn module_name(&self) -> String {
        let pipeline = if self.stages == 0 { String::new() } else { format!("_p{}", self.stages) };
        format!("mul_{}_{}{pipeline}", self.a.short(), self.b.short())
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = Vec::new();
        if self.stages > 0 {
            ports.push(Port::control("clk", Role::Clock, "acts on the rising edge"));
        }
        ports.push(Port::input("a", self.a, "multiplicand"));
        ports.push(Port::input("b", self.b, "multiplier"));
        ports.push(Port::output("product", self.product(), "a * b, exact"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::FeedForward { latency: self.stages as usize }
    }

    fn facts(&self) -> Vec<String> {
        let latency = match self.stages {
            0 => "Combinational.".to_string(),
            1 => "Latency: 1 clock cycle; one product per cycle; no reset.".to_string(),
            stages => format!("Latency: {stages} clock cycles; one product per cycle; no reset."),
        };
        [latency].into_iter().chain(self.implementation.fact(self.structure())).collect()
    }

    fn product_arch(&self) -> Option<Arch> {
        Some(self.structure())
    }

    fn context(&self) -> Json {
        let (product, arch) = (self.product(), self.structure());
        let mut body = Body::default();
        let factors = [Factor::new("a", self.a), Factor::new("b", self.b)];
        let value = circuit::product(&mut body, arch, factors, self.stages);
        let is_registered = self.stages > 0;
        let has_sign = product.signed && arch.is_operator();
        let result = if is_registered { "product_q" } else { &value };
        json!({
            "product_type": vector_type(Integer { signed: has_sign, ..product }),
            "product": as_type(result, product.signed && !arch.is_operator()),
            "statements": body.into_statements(),
            "value": value,
            "registered": is_registered,
        })
    }
}

impl MultiplierParameters {
    fn structure(&self) -> Arch {
        self.implementation.product(self.a, self.b, self.stages)
    }

    fn product(&self) -> Integer {
        Integer { bits: self.a.bits + self.b.bits, signed: self.a.signed || self.b.signed }
    }
}
