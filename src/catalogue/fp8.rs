//! Units of small floats: their parameter `format`, and the product of two codes.

use serde_json::{Value as Json, json};

use crate::circuit::{concatenation, repeated};
use crate::unit::{Float, Kind, Parameter, Value, Values};

/// The formats that a code of a converter may have.
const FORMATS: [Float; 10] = [
    Float::E4M3,
    Float::E5M2,
    Float::E4M3FNUZ,
    Float::E5M2FNUZ,
    Float::E4M3B11FNUZ,
    Float::E3M4,
    Float::E8M0,
    Float::E2M3,
    Float::E3M2,
    Float::E2M1,
];

const NAMES: [&str; FORMATS.len()] = {
    let mut names = [""; FORMATS.len()];
    let mut index = 0;
    while index < FORMATS.len() {
        names[index] = FORMATS[index].name;
        index += 1;
    }
    names
};

/// The parameter that names the format of the codes of a converter.
pub(crate) const FORMAT: Parameter = Parameter {
    name: "format",
    kind: Kind::Choice(&NAMES),
    default: Value::Word(FORMATS[0].name),
    help: "number format of the codes",
};

/// The parameter that names the format of the factors of a product.
pub(crate) const FACTOR_FORMAT: Parameter =
    Parameter { kind: Kind::Choice(&[FORMATS[0].name, FORMATS[1].name]), ..FORMAT };

/// Parses the format of the codes.
pub(crate) fn parse_format(values: &Values) -> Float {
    let name = values.word(&FORMAT);
    FORMATS.into_iter().find(|format| format.name == name).expect("the words are those of the formats")
}

/// The noun for a code in the header of a module.
pub(crate) fn code_name(float: Float) -> &'static str {
    match (float.is_scale, float.bits()) {
        (true, _) => "power of two",
        (_, 4) => "4-bit float",
        (_, 6) => "6-bit float",
        _ => "8-bit float",
    }
}

/// The same with its article.
pub(crate) fn a_code(float: Float) -> String {
    let article = if float.bits() == 8 && !float.is_scale { "an" } else { "a" };
    format!("{article} {}", code_name(float))
}

/// Width of the exact product of two significands.
pub(crate) fn product_bits(float: Float) -> u32 {
    2 * (float.fraction_bits + 1)
}

/// The product of the significands of two operands, by the operator.
pub(crate) fn operator_product(float: Float, operands: [&str; 2]) -> String {
    let padding = format!("{}'d0", float.fraction_bits + 1);
    let [left, right] = operands.map(|operand| format!("{{{padding}, {operand}_significand}}"));
    format!("{left} * {right}")
}

/// The product of the significands of two operands as a sum of rows, which leaves DSP blocks to others.
pub(crate) fn row_product(float: Float, [left, right]: [&str; 2]) -> String {
    let bits = float.fraction_bits + 1;
    let row = |index: u32| {
        let partial = format!("{{{bits}{{{right}_significand[{index}]}}}} & {left}_significand");
        concatenation(&[repeated("1'b0", bits - index), partial, repeated("1'b0", index)])
    };
    (0..bits).map(row).collect::<Vec<_>>().join(" + ")
}

/// Context of `templates/float/fp8_product.v.tera`, the product of two 8-bit nets; `product` is that of their
/// significands.
pub(crate) fn product_context(float: Float, operands: [&str; 2], product: &str) -> Json {
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
        "product": product,
        "product_msb": product_bits(float) - 1,
        "sum_msb": float.exponent_bits,
    })
}
