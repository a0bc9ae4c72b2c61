//! Units of 8-bit floats: their parameter `format`, and the product of two codes.

use serde_json::{Value as Json, json};

use crate::unit::{Float, Kind, Parameter, Value, Values};

/// The formats that a code may have.
const FORMATS: [Float; 2] = [Float::E4M3, Float::E5M2];

/// The parameter that names the format of the codes.
pub(crate) const FORMAT: Parameter = Parameter {
    name: "format",
    kind: Kind::Choice(&[FORMATS[0].name, FORMATS[1].name]),
    default: Value::Word(FORMATS[0].name),
    help: "number format of the codes",
};

/// Parses the format of the codes.
pub(crate) fn parse_format(values: &Values) -> Float {
    let name = values.word(&FORMAT);
    FORMATS.into_iter().find(|format| format.name == name).expect("the words are those of the formats")
}

/// Width of the exact product of two significands.
pub(crate) fn product_bits(float: Float) -> u32 {
    2 * (float.fraction_bits + 1)
}

/// Context of `templates/float/fp8_product.v.tera`, the product of two 8-bit nets.
pub(crate) fn product_context(float: Float, operands: [&str; 2]) -> Json {
    let significand_bits = float.fraction_bits + 1;
    json!({
        "operands": operands.map(|code| json!({
            "name": code,
            "exponent": format!("{code}[6:{}]", float.fraction_bits),
            "fraction": format!("{code}[{}:0]", float.fraction_bits - 1),
        })),
        "a": operands[0],
        "b": operands[1],
        "infinity": float.infinity,
        "least_exponent": format!("{}'d1", float.exponent_bits),
        "exponent_msb": float.exponent_bits - 1,
        "significand_msb": float.fraction_bits,
        "padding": format!("{significand_bits}'d0"),
        "product_msb": product_bits(float) - 1,
        "sum_msb": float.exponent_bits,
    })
}
