//! Rounding of a normalized significand to binary32, to nearest, ties to even.

use super::{NormalizedSignificand, SIGNIFICAND_BITS, Steps};
use crate::circuit::body::Body;
use crate::circuit::net::Net;

/// Steps of a rounding: the exponent and the direction, the sum.
pub(crate) const ROUNDING_STEPS: u32 = 2;

/// Rounds a significand whose exponent is the expression `exponent` of 8 or 9 bits if its hidden bit is set.
///
/// A significand without hidden bit is a subnormal number or zero, which has no bits to round. Returns whether the
/// exponent is beyond that of the largest number, and the pattern without sign for other numbers. The caller adds the
/// last register.
pub(crate) fn round(
    body: &mut Body,
    steps: &mut Steps,
    prefix: &str,
    normalized: NormalizedSignificand,
    (exponent, exponent_bits): (&str, u32),
) -> (Net, Net) {
    comment(body);
    let hidden = normalized.value.bit(SIGNIFICAND_BITS);
    let exponent = body.wire(&format!("{prefix}exponent"), exponent_bits, exponent);
    let is_largest = format!("&{}", exponent.slice(7, 0));
    let beyond = match exponent_bits {
        8 => format!("{hidden} & {is_largest}"),
        _ => format!("{hidden} & ({} | {is_largest})", exponent.bit(8)),
    };
    let mut is_beyond = body.wire(&format!("{prefix}is_beyond"), 1, &beyond);
    let rounded = rounded(body, steps, prefix, normalized, &exponent, Some(&mut is_beyond));
    (is_beyond, rounded)
}

/// Rounds a significand like [`round`], with an exponent of 8 bits that is never beyond that of the largest number.
pub(crate) fn round_finite(
    body: &mut Body,
    steps: &mut Steps,
    prefix: &str,
    normalized: NormalizedSignificand,
    exponent: &str,
) -> Net {
    comment(body);
    let exponent = body.wire(&format!("{prefix}exponent"), 8, exponent);
    rounded(body, steps, prefix, normalized, &exponent, None)
}

fn comment(body: &mut Body) {
    body.comment(&[
        "To nearest, ties to even. A number without hidden bit is subnormal or 0, and exact. A carry",
        "out of the fraction increments the exponent.",
    ]);
}

/// The rounded pattern without sign; `beside` goes through the same registers.
fn rounded(
    body: &mut Body,
    steps: &mut Steps,
    prefix: &str,
    normalized: NormalizedSignificand,
    exponent: &Net,
    beside: Option<&mut Net>,
) -> Net {
    let NormalizedSignificand { value, sticky, .. } = normalized;
    let name = |stem: &str| format!("{prefix}{stem}");
    let field = format!("{} ? {} : 8'd0", value.bit(SIGNIFICAND_BITS), exponent.slice(7, 0));
    let mut field = body.wire(&name("field"), 8, &field);
    let mut fraction =
        body.wire(&name("fraction"), SIGNIFICAND_BITS - 1, &value.slice(SIGNIFICAND_BITS - 1, 1));
    let up = format!("{} & ({} | {})", value.bit(0), value.bit(1), sticky.text());
    let mut round_up = body.wire(&name("round_up"), 1, &up);
    let mut live: Vec<&mut Net> = beside.into_iter().collect();
    live.extend([&mut field, &mut fraction, &mut round_up]);
    steps.end(body, &mut live);
    let sum = format!("{{{}, {}}} + {{30'd0, {}}}", field.text(), fraction.text(), round_up.text());
    body.wire(&name("rounded"), 31, &sum)
}
