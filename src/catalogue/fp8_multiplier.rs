//! Unit `fp8_multiplier`: exact product of two 8-bit floats.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::circuit::normalize;
use crate::unit::{
    Behaviour, ConfigError, Float, Parameter, Port, Preset, UnitDefinition, UnitParameters, Values,
};

/// `product = a * b` in binary32, which holds every product exactly.
#[derive(Clone, Copy, Debug)]
pub struct Fp8MultiplierParameters {
    /// The format of both operands.
    pub format: Float,
}

const OPERANDS: [&str; 2] = ["a", "b"];

impl UnitDefinition for Fp8MultiplierParameters {
    const SUMMARY: &'static str = "exact product of two 8-bit floats in binary32";

    const PARAMETERS: &'static [Parameter] = &[fp8::FACTOR_FORMAT];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_multiplier_e4m3", sets: &[] },
        Preset { name: "fp8_multiplier_e5m2", sets: &["format=e5m2"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { format: fp8::parse_format(values) })
    }
}

impl UnitParameters for Fp8MultiplierParameters {
    fn module_name(&self) -> String {
        format!("fp8_multiplier_{}", self.format.name)
    }

    fn ports(&self) -> Vec<Port> {
        vec![
            Port::input("a", self.format, "multiplicand"),
            Port::input("b", self.format, "multiplier"),
            Port::output("product", Float::F32, "a * b, exact"),
        ]
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::FeedForward { latency: 0 }
    }

    fn facts(&self) -> Vec<String> {
        vec!["Combinational. A NaN operand and zero times infinity give 7fc00000.".into()]
    }

    fn context(&self) -> Json {
        let bits = fp8::product_bits(self.format);
        json!({
            "codes": fp8::product_context(self.format, OPERANDS, &fp8::operator_product(self.format, OPERANDS)),
            "normalize": normalize::context("", "significand", bits),
            "exponent_sum": format!("{{{}'d0, exponent}}", 8 - (self.format.exponent_bits + 1)),
            // The top bit of the product has the weight 2, hence the 1.
            "offset": Float::F32.bias() - 2 * self.format.bias() + 1,
            "leading_zeros": "{5'd0, leading_zeros}",
            "top": bits - 1,
            "fraction_msb": bits - 2,
            "padding": format!("{}'d0", Float::F32.fraction_bits - (bits - 1)),
        })
    }
}
