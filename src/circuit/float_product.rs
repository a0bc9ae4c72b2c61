//! The exact product of two magnitudes, rounded to binary32, subnormals included.

use serde_json::{Value as Json, json};

use super::normalize;

/// Registers from the operands `left` and `right` to the product.
pub(crate) const STAGES: u32 = 3;

/// The context of `templates/float/round.v.tera`: the normalized net `from` of `bits` bits, and the net
/// `exponent`, the exponent of the result in binary32 as a signed number of 10 bits.
pub(crate) fn round_context(prefix: &str, from: &str, bits: u32, exponent: &str) -> Json {
    json!({
        "prefix": prefix,
        "exponent": exponent,
        "top": format!("{from}[{}]", bits - 1),
        "head": format!("{from}[{}:{}]", bits - 1, bits - 25),
        "tail": format!("{from}[{}:0]", bits - 26),
    })
}

/// The context of `templates/float/product.v.tera` and of the templates that it includes, for operands of
/// these widths: the keys `product`, `normalize` and `round` of a unit's context.
pub(crate) fn contexts(left_bits: u32, right_bits: u32) -> [(&'static str, Json); 3] {
    let bits = left_bits + right_bits;
    let product = json!({
        "msb": bits - 1,
        "left_padding": format!("{right_bits}'d0"),
        "right_padding": format!("{left_bits}'d0"),
        "leading_zeros": format!("{{{}'d0, leading_zeros}}", 10 - normalize::count_bits(bits)),
    });
    [
        ("product", product),
        ("normalize", normalize::context("", "magnitude", bits)),
        ("round", round_context("", "normal", bits, "exponent_3")),
    ]
}
