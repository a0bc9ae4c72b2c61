//! Binary32 numbers in module bodies: normalization, rounding and sums, with registers between their steps.

mod block_sum;
pub(crate) mod dot;
mod normalizer;
mod rounding;
mod steps;
mod sum;

pub(crate) use block_sum::{BlockSum, block_sum};
pub(crate) use normalizer::{NormalizedSignificand, normalize, normalize_truncated, shift_amounts};
pub(crate) use rounding::{ROUNDING_STEPS, round, round_finite};
pub(crate) use steps::Steps;
pub(crate) use sum::{RoundedProduct, SumStages, sum};

use crate::circuit::body::Body;
use crate::circuit::net::Net;
use crate::unit::Float;

/// Bits of a significand, the hidden bit included.
pub(crate) const SIGNIFICAND_BITS: u32 = Float::F32.fraction_bits + 1;

/// Bits of a normalized significand: the significand and the bit below it.
const GUARDED_BITS: u32 = SIGNIFICAND_BITS + 1;

/// Pattern of infinity, without its sign.
pub(crate) const INFINITY: &str = "31'h7f800000";

/// The pattern of a number: NaN, an infinity if it can be one, or a finite number.
///
/// All bits but one of NaN and infinity are equal, so that registers with set and reset need no multiplexer.
pub(crate) fn pattern(
    body: &mut Body,
    is_nan: &str,
    negative: &str,
    is_infinite: Option<&str>,
    finite: &Net,
) -> String {
    let finite = finite.text();
    let Some(is_infinite) = is_infinite else {
        return format!("{{{negative} & ~{is_nan}, {is_nan} ? 31'h7fc00000 : {finite}}}");
    };
    body.blank_line();
    let is_special = body.wire("is_special", 1, &format!("{is_nan} | {is_infinite}"));
    body.blank_line();
    format!("{{{negative} & ~{is_nan}, {} ? {{8'hff, {is_nan}, 22'd0}} : {finite}}}", is_special.text())
}
