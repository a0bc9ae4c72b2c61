//! Unit `fp8_decoder`: small float to binary32.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::unit::{
    Behaviour, ConfigError, Float, FloatNan, Parameter, Port, Preset, UnitDefinition, UnitParameters, Values,
};

/// `x = code`, exact.
#[derive(Clone, Copy, Debug)]
pub struct Fp8DecoderParameters {
    /// The format of the codes.
    pub format: Float,
}

impl UnitDefinition for Fp8DecoderParameters {
    const SUMMARY: &'static str = "exact value of a float of 4 to 8 bits in binary32";

    const PARAMETERS: &'static [Parameter] = &[fp8::FORMAT];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_decoder_e4m3", sets: &[] },
        Preset { name: "fp8_decoder_e5m2", sets: &["format=e5m2"] },
        Preset { name: "fp8_decoder_e4m3fnuz", sets: &["format=e4m3fnuz"] },
        Preset { name: "fp8_decoder_e2m1", sets: &["format=e2m1"] },
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
            Port::input("code", self.format, fp8::code_name(self.format)),
            Port::output("x", Float::F32, "the same number"),
        ]
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::FeedForward { latency: 0 }
    }

    fn summary(&self) -> Option<String> {
        Some(format!("exact value of {} in binary32", fp8::a_code(self.format)))
    }

    fn facts(&self) -> Vec<String> {
        let nan = match (self.format.infinity, self.format.nan) {
            (false, FloatNan::None) => "Every code is a number.",
            (false, FloatNan::NegativeZero) => "Code 80 is NaN.",
            _ if self.format.is_scale => "Code ff is NaN.",
            _ => "NaN becomes the quiet NaN of its sign.",
        };
        vec![format!("Combinational. {nan}")]
    }

    fn context(&self) -> Json {
        let Float { exponent_bits, fraction_bits, is_scale, .. } = self.format;
        let subnormals: Vec<Json> = (0..fraction_bits).rev().map(|bit| self.subnormal(bit)).collect();
        let code_bits = self.format.bits();
        let extended = match 8 - exponent_bits {
            0 => "exponent".to_string(),
            padding => format!("{{{padding}'d0, exponent}}"),
        };
        let special = self.special();
        json!({
            "exponent_msb": exponent_bits - 1,
            "exponent": format!("code[{}:{fraction_bits}]", exponent_bits + fraction_bits - 1),
            "fraction": match fraction_bits {
                0 => String::new(),
                1 => "fraction = code[0]".to_string(),
                bits => format!("[{0}:0] fraction = code[{0}:0]", bits - 1),
            },
            "is_special": special.map(|(condition, _)| condition),
            "special": special.map(|(_, fraction)| fraction),
            "normal": match self.bias_difference() {
                0 => extended,
                difference => format!("{extended} + 8'd{difference}"),
            },
            "padded_fraction": match fraction_bits {
                0 => "23'd0".to_string(),
                bits => format!("fraction, {}'d0", Float::F32.fraction_bits - bits),
            },
            "subnormals": subnormals,
            "least": if is_scale { "31'h400000" } else { "31'd0" },
            "sign": if is_scale { "1'b0".to_string() } else { format!("code[{}]", code_bits - 1) },
        })
    }
}

impl Fp8DecoderParameters {
    /// Condition of a code that is not finite, and its fraction in binary32; `None` if every code is a number.
    fn special(&self) -> Option<(&'static str, &'static str)> {
        const QUIET: &str = "23'h400000";
        match (self.format.infinity, self.format.nan) {
            (true, _) => Some(("&exponent", "{|fraction, 22'd0}")),
            (false, FloatNan::AllOnes) if self.format.is_scale => Some(("&code", QUIET)),
            (false, FloatNan::AllOnes) => Some(("&code[6:0]", QUIET)),
            (false, FloatNan::NegativeZero) => Some(("code == 8'h80", QUIET)),
            (false, FloatNan::None) => None,
        }
    }

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
            "leading": if self.format.fraction_bits == 1 { "fraction".to_string() } else { format!("fraction[{leading}]") },
            "exponent": format!("8'd{}", self.bias_difference() + 1 + leading - self.format.fraction_bits),
            "fraction": match leading {
                0 => format!("{padding}'d0"),
                1 => format!("fraction[0], {padding}'d0"),
                _ => format!("fraction[{}:0], {padding}'d0", leading - 1),
            },
        })
    }
}
