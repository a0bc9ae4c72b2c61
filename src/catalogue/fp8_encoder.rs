//! Unit `fp8_encoder`: binary32 to 8-bit float.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::unit::{
    Behaviour, ConfigError, Float, Kind, Parameter, Port, Preset, UnitDefinition, UnitParameters, Value,
    Values,
};

/// `code = x`, rounded to nearest even.
#[derive(Clone, Copy, Debug)]
pub struct Fp8EncoderParameters {
    /// The format of the codes.
    pub format: Float,
    /// Whether numbers beyond the largest finite code saturate to it.
    pub saturate: bool,
}

const SATURATE: Parameter = Parameter {
    name: "saturate",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "numbers beyond the largest finite one, infinities included, saturate to it",
};

impl UnitDefinition for Fp8EncoderParameters {
    const SUMMARY: &'static str = "nearest 8-bit float to a binary32, ties to even";

    const PARAMETERS: &'static [Parameter] = &[fp8::FORMAT, SATURATE];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_encoder_e4m3", sets: &[] },
        Preset { name: "fp8_encoder_e4m3_sat", sets: &["saturate=true"] },
        Preset { name: "fp8_encoder_e5m2", sets: &["format=e5m2"] },
        Preset { name: "fp8_encoder_e5m2_sat", sets: &["format=e5m2", "saturate=true"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { format: fp8::parse_format(values), saturate: values.flag(&SATURATE) })
    }
}

impl UnitParameters for Fp8EncoderParameters {
    fn module_name(&self) -> String {
        let overflow = if self.saturate { "_sat" } else { "" };
        format!("fp8_encoder_{}{overflow}", self.format.name)
    }

    fn ports(&self) -> Vec<Port> {
        vec![
            Port::input("x", Float::F32, "binary32"),
            Port::output("code", self.format, "the nearest 8-bit float"),
        ]
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::FeedForward { latency: 0 }
    }

    fn facts(&self) -> Vec<String> {
        let overflow = match (self.saturate, self.format.infinity) {
            (true, _) => "Numbers beyond the largest finite one become it, infinities too.",
            (false, true) => "Numbers beyond the largest finite one become infinite.",
            (false, false) => "Numbers beyond the largest one become NaN: there is no infinity.",
        };
        vec!["Combinational. Round to nearest, ties to even; NaN keeps its sign.".into(), overflow.into()]
    }

    fn context(&self) -> Json {
        let Self { format, saturate } = *self;
        let fraction_bits = format.fraction_bits;
        let seven_bits = |pattern: u64| format!("7'h{pattern:02x}");
        // The quiet bit alone is the NaN of a format with infinity; all ones that of one without.
        let nan = if format.infinity {
            format.largest() + 1 + (1 << (fraction_bits - 1))
        } else {
            format.magnitude_mask()
        };
        // From this exponent down, a number is below half the smallest subnormal code.
        let farthest = fraction_bits + 2;
        let lsb = Float::F32.fraction_bits - fraction_bits + farthest;
        let magnitude_bits = 8 + fraction_bits + 1;
        json!({
            "least": Float::F32.bias() - format.bias() + 1,
            "farthest": farthest,
            "padding": format!("{farthest}'d0"),
            "window_msb": Float::F32.fraction_bits + farthest,
            "lsb": lsb,
            "guard": lsb - 1,
            "sticky_msb": lsb - 2,
            "fraction_zero": format!("{fraction_bits}'d0"),
            "magnitude_msb": magnitude_bits - 1,
            "magnitude_zero": format!("{}'d0", magnitude_bits - 1),
            "largest": format!("{magnitude_bits}'d{}", format.largest()),
            "nan": seven_bits(nan),
            "beyond": seven_bits(format.largest() + u64::from(!saturate)),
        })
    }
}
