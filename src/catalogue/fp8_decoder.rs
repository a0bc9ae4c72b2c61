//! Unit `fp8_decoder`: 8-bit float to binary32.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::unit::{
    Behaviour, ConfigError, Float, Parameter, Port, Preset, UnitDefinition, UnitParameters, Values,
};

/// `x = code`, exact.
#[derive(Clone, Copy, Debug)]
pub struct Fp8DecoderParameters {
    /// The format of the codes.
    pub format: Float,
}

impl UnitDefinition for Fp8DecoderParameters {
    const SUMMARY: &'static str = "exact value of an 8-bit float in binary32";

    const PARAMETERS: &'static [Parameter] = &[fp8::FORMAT];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_decoder_e4m3", sets: &[] },
        Preset { name: "fp8_decoder_e5m2", sets: &["format=e5m2"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { format: fp8::parse_format(values) })
    }
}

impl UnitParameters for Fp8DecoderParameters {
    fn module_name(&self) -> String {
        format!("fp8_decoder_{}", self.format.name)
    }

    fn ports(&self) -> Vec<Port> {
        vec![
            Port::input("code", self.format, "8-bit float"),
            Port::output("x", Float::F32, "the same number"),
        ]
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::FeedForward { latency: 0 }
    }

    fn facts(&self) -> Vec<String> {
        vec!["Combinational. NaN becomes the quiet NaN of its sign.".into()]
    }

    fn context(&self) -> Json {
        let Float { exponent_bits, fraction_bits, infinity, .. } = self.format;
        let subnormals: Vec<Json> = (0..fraction_bits).rev().map(|bit| self.subnormal(bit)).collect();
        json!({
            "exponent_msb": exponent_bits - 1,
            "fraction_bits": fraction_bits,
            "fraction_msb": fraction_bits - 1,
            "infinity": infinity,
            "extended": format!("{{{}'d0, exponent}}", 8 - exponent_bits),
            "offset": self.bias_difference(),
            "padding": format!("{}'d0", Float::F32.fraction_bits - fraction_bits),
            "subnormals": subnormals,
        })
    }
}

impl Fp8DecoderParameters {
    /// Difference of the exponent biases of binary32 and the codes.
    fn bias_difference(&self) -> u32 {
        Float::F32.bias() - self.format.bias()
    }

    /// A subnormal code with the leading one at that bit of its fraction.
    ///
    /// The index of the bit gives the exponent of the value, the bits below it the fraction.
    fn subnormal(&self, leading: u32) -> Json {
        let padding = Float::F32.fraction_bits - leading;
        json!({
            "leading": format!("fraction[{leading}]"),
            "exponent": format!("8'd{}", self.bias_difference() + 1 + leading - self.format.fraction_bits),
            "fraction": match leading {
                0 => format!("{padding}'d0"),
                1 => format!("fraction[0], {padding}'d0"),
                _ => format!("fraction[{}:0], {padding}'d0", leading - 1),
            },
        })
    }
}
