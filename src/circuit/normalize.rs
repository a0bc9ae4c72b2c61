//! Normalization: shifts by powers of two move the leading one of a magnitude to the top bit.

use serde_json::{Value as Json, json};

/// Width in bits of the number of leading zeros.
pub(crate) fn count_bits(bits: u32) -> u32 {
    bits.next_power_of_two().trailing_zeros()
}

/// The context of `templates/float/normalize.v.tera`: the net `input` of `bits` bits is shifted left by its
/// number of leading zeros. `prefix` makes the names of two normalizers in a module distinct.
pub(crate) fn context(prefix: &str, input: &str, bits: u32) -> Json {
    let levels = count_bits(bits);
    let mut from = input.to_string();
    let mut steps = Vec::new();
    for amount in (0..levels).rev().map(|level| 1 << level) {
        steps.push(json!({
            "amount": amount,
            "from": from,
            "head": format!("{from}[{}:{}]", bits - 1, bits - amount),
            "tail": format!("{from}[{}:0]", bits - amount - 1),
        }));
        from = format!("{prefix}normal_{amount}");
    }
    json!({ "prefix": prefix, "steps": steps, "msb": bits - 1, "count_msb": levels - 1 })
}
