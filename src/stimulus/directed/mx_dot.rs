//! Scales whose sums are near the ends of the range of binary32.

use crate::catalogue::MxDotParameters;

/// Sum of the codes of two scales whose product is one.
const ONE: u64 = 254;

/// Two scales whose product is near one, near the least subnormal number or near the largest number.
pub(crate) fn directed_inputs(_: &MxDotParameters, random: u64) -> Vec<(&'static str, u64)> {
    let near = random >> 8 & 63;
    let sum = match random & 3 {
        0 => ONE - 32 + near,
        1 => ONE + 128 - near,
        _ => ONE - 160 + near,
    };
    let a_scale = (sum / 2).saturating_sub(32) + (random >> 16 & 63);
    let a_scale = a_scale.min(sum).min(254);
    vec![("a_scale", a_scale), ("b_scale", (sum - a_scale).min(254))]
}
