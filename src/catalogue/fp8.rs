//! What the units of 8-bit floats share: their parameter, and the exact product of two codes.

use serde_json::{Value as Json, json};

use crate::unit::{Float, Kind, Parameter, Value, Values};

/// Which of the two formats the codes have.
pub(crate) const FORMAT: Parameter = Parameter {
    name: "format",
    kind: Kind::Choice(&["e4m3", "e5m2"]),
    default: Value::Word("e4m3"),
    help: "number format of the codes",
};

/// The format of the codes.
pub(crate) fn float(values: &Values) -> Float {
    match values.word(FORMAT.name) {
        "e5m2" => Float::E5M2,
        _ => Float::E4M3,
    }
}

/// Width of the exact product of two significands.
pub(crate) fn product_bits(float: Float) -> u32 {
    2 * (float.fraction_bits + 1)
}

/// What `templates/float/fp8_product.v.tera` reads: the product of two nets of 8 bits.
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
