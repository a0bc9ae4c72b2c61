//! Fragments of Verilog-2005 for template contexts.

use crate::unit::Integer;

/// `signed [7:0]`: the type in a declaration.
pub(crate) fn vector_type(integer: Integer) -> String {
    format!("{}[{}:0]", if integer.signed { "signed " } else { "" }, integer.bits - 1)
}

/// A vector extended to `bits` bits by its sign or by zeros. Explicit, because a concatenation in the same
/// expression makes it unsigned, and Verilog would extend by zeros.
pub(crate) fn extended(name: &str, integer: Integer, bits: u32) -> String {
    let (extra, msb) = (bits - integer.bits, integer.bits - 1);
    match (extra, integer.signed) {
        (0, _) => name.to_string(),
        (1, true) => format!("{{{name}[{msb}], {name}}}"),
        (_, true) => format!("{{{{{extra}{{{name}[{msb}]}}}}, {name}}}"),
        (_, false) => format!("{{{extra}'d0, {name}}}"),
    }
}

/// An unsigned expression as the value of a vector that may be signed.
pub(crate) fn as_type(expression: &str, signed: bool) -> String {
    if signed { format!("$signed({expression})") } else { expression.to_string() }
}
