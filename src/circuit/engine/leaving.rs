//! Sums of a step that leave one by one.

use serde_json::{Value as Json, json};

use super::memory::bits_of;
use super::products::counter;

/// The context of `templates/engine/leaving.v.tera`, the key `leaving` of an engine's context, for `outputs` sums of
/// `acc_bits` bits.
pub(super) fn leaving(outputs: usize, acc_bits: u32) -> Json {
    // `unsent` counts down from `outputs`. With so many bits of it, the full count is 0 if `outputs` is a power of two.
    let index_bits = bits_of(outputs - 1);
    let next = |count: usize| if count == 0 { 0 } else { outputs.saturating_sub(count) };
    let candidates: Vec<String> = (0..1 << index_bits)
        .rev()
        .map(|count| format!("leaving[{} + sum_bit]", acc_bits as usize * next(count)))
        .collect();
    json!({
        "count": counter(bits_of(outputs), outputs),
        "candidates": (outputs > 1).then(|| format!("{{{}}}", candidates.join(", "))),
        "candidates_msb": (1 << index_bits) - 1,
        "index_msb": index_bits - 1,
        "sum_bits": acc_bits,
        "sum_msb": acc_bits - 1,
        "sums_msb": acc_bits * outputs as u32 - 1,
    })
}
