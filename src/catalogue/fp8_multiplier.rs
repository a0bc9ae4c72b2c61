//! Exact product of two 8-bit floats.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::circuit::normalize;
use crate::unit::{Behaviour, ConfigError, Float, Parameter, Port, Preset, Unit, Values};

/// `product = a * b` in binary32, which holds every product exactly.
pub(crate) struct Fp8Multiplier;

impl Unit for Fp8Multiplier {
    fn name(&self) -> &'static str {
        "fp8_multiplier"
    }

    fn summary(&self) -> &'static str {
        "exact product of two 8-bit floats in binary32"
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[fp8::FORMAT]
    }

    fn presets(&self) -> &'static [Preset] {
        &[
            Preset { name: "fp8_multiplier_e4m3", sets: &[] },
            Preset { name: "fp8_multiplier_e5m2", sets: &["format=e5m2"] },
        ]
    }

    fn check(&self, _: &Values) -> Result<(), ConfigError> {
        Ok(())
    }

    fn module_name(&self, values: &Values) -> String {
        format!("fp8_multiplier_{}", fp8::float(values).name)
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        let float = fp8::float(values);
        vec![
            Port::input("a", float, "multiplicand"),
            Port::input("b", float, "multiplier"),
            Port::output("product", Float::F32, "a * b, exact"),
        ]
    }

    fn signals(&self) -> &'static [&'static str] {
        &[
            "a_normal",
            "a_exponent",
            "a_significand",
            "a_infinite",
            "a_nan",
            "a_zero",
            "b_normal",
            "b_exponent",
            "b_significand",
            "b_infinite",
            "b_nan",
            "b_zero",
            "negative",
            "exponent",
            "significand",
            "is_nan",
            "is_infinite",
            "zeros_4",
            "zeros_2",
            "zeros_1",
            "normal_4",
            "normal_2",
            "normal_1",
            "leading_zeros",
            "f32_exponent",
            "finite",
        ]
    }

    fn behaviour(&self, _: &Values) -> Behaviour {
        Behaviour::FeedForward { latency: 0 }
    }

    fn facts(&self, _: &Values) -> Vec<String> {
        vec!["Combinational. A NaN operand and zero times infinity give 7fc00000.".into()]
    }

    fn context(&self, values: &Values) -> Json {
        let float = fp8::float(values);
        let bits = fp8::product_bits(float);
        json!({
            "codes": fp8::product_context(float, ["a", "b"]),
            "normalize": normalize::context("", "significand", bits),
            "exponent_sum": format!("{{{}'d0, exponent}}", 8 - (float.exponent_bits + 1)),
            // One place of the product's two before the point stands above a leading one of weight 1.
            "offset": Float::F32.bias() - 2 * float.bias() + 1,
            "leading_zeros": "{5'd0, leading_zeros}",
            "top": bits - 1,
            "fraction_msb": bits - 2,
            "padding": format!("{}'d0", Float::F32.fraction_bits - (bits - 1)),
        })
    }
}
