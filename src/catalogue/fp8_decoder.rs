//! From an 8-bit float to binary32.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::unit::{
    Behaviour, ConfigError, Float, Parameter, Port, Preset, Values, ValuesParameters, ValuesUnit,
};

/// `x = code`, exact.
pub(crate) struct Fp8Decoder;

pub(crate) type Fp8DecoderParameters = ValuesParameters<Fp8Decoder>;

impl ValuesUnit for Fp8Decoder {
    const SUMMARY: &'static str = "exact value of an 8-bit float in binary32";

    const PARAMETERS: &'static [Parameter] = &[fp8::FORMAT];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_decoder_e4m3", sets: &[] },
        Preset { name: "fp8_decoder_e5m2", sets: &["format=e5m2"] },
    ];

    fn check(_: &Values) -> Result<(), ConfigError> {
        Ok(())
    }

    fn module_name(values: &Values) -> String {
        format!("fp8_decoder_{}", fp8::float(values).name)
    }

    fn ports(values: &Values) -> Vec<Port> {
        vec![
            Port::input("code", fp8::float(values), "8-bit float"),
            Port::output("x", Float::F32, "the same number"),
        ]
    }

    fn behaviour(_: &Values) -> Behaviour {
        Behaviour::FeedForward { latency: 0 }
    }

    fn facts(_: &Values) -> Vec<String> {
        vec!["Combinational. NaN becomes the quiet NaN of its sign.".into()]
    }

    fn context(values: &Values) -> Json {
        let float = fp8::float(values);
        let offset = Float::F32.bias() - float.bias();
        let fraction_bits = float.fraction_bits;
        // The place of the leading one of a subnormal gives its exponent, the bits below its fraction.
        let subnormals: Vec<Json> = (0..fraction_bits)
            .rev()
            .map(|place| {
                let padding = Float::F32.fraction_bits - place;
                json!({
                    "leading": format!("fraction[{place}]"),
                    "exponent": format!("8'd{}", offset + 1 + place - fraction_bits),
                    "fraction": match place {
                        0 => format!("{padding}'d0"),
                        1 => format!("fraction[0], {padding}'d0"),
                        _ => format!("fraction[{}:0], {padding}'d0", place - 1),
                    },
                })
            })
            .collect();
        json!({
            "exponent_msb": float.exponent_bits - 1,
            "fraction_bits": fraction_bits,
            "fraction_msb": fraction_bits - 1,
            "infinity": float.infinity,
            "extended": format!("{{{}'d0, exponent}}", 8 - float.exponent_bits),
            "offset": offset,
            "padding": format!("{}'d0", Float::F32.fraction_bits - fraction_bits),
            "subnormals": subnormals,
        })
    }
}
