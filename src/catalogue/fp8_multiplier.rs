//! Exact product of two 8-bit floats.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::circuit::normalize;
use crate::unit::{
    Behaviour, ConfigError, Float, Parameter, Port, Preset, Values, ValuesParameters, ValuesUnit,
};

/// `product = a * b` in binary32, which holds every product exactly.
pub(crate) struct Fp8Multiplier;

pub(crate) type Fp8MultiplierParameters = ValuesParameters<Fp8Multiplier>;

impl ValuesUnit for Fp8Multiplier {
    const SUMMARY: &'static str = "exact product of two 8-bit floats in binary32";

    const PARAMETERS: &'static [Parameter] = &[fp8::FORMAT];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_multiplier_e4m3", sets: &[] },
        Preset { name: "fp8_multiplier_e5m2", sets: &["format=e5m2"] },
    ];

    fn check(_: &Values) -> Result<(), ConfigError> {
        Ok(())
    }

    fn module_name(values: &Values) -> String {
        format!("fp8_multiplier_{}", fp8::float(values).name)
    }

    fn ports(values: &Values) -> Vec<Port> {
        let float = fp8::float(values);
        vec![
            Port::input("a", float, "multiplicand"),
            Port::input("b", float, "multiplier"),
            Port::output("product", Float::F32, "a * b, exact"),
        ]
    }

    fn behaviour(_: &Values) -> Behaviour {
        Behaviour::FeedForward { latency: 0 }
    }

    fn facts(_: &Values) -> Vec<String> {
        vec!["Combinational. A NaN operand and zero times infinity give 7fc00000.".into()]
    }

    fn context(values: &Values) -> Json {
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
