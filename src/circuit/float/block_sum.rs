//! Sum of products in fixed point, times two powers of two, as a binary32.

use super::{GUARDED_BITS, NormalizedSignificand, ROUNDING_STEPS, Steps, normalize, pattern, round};
use crate::circuit::body::Body;
use crate::circuit::delay_line::DelayLine;
use crate::circuit::net::{Net, concatenation, repeated};
use crate::circuit::normalize::count_bits;
use crate::circuit::schedule::Schedule;
use crate::circuit::tree::Tree;
use crate::unit::{Float, Integer};

/// Registers after those of the terms: total, magnitude, normalization, subnormal shift, result.
const STAGES: u32 = 5;

/// Bits of the exponent of the result, in two's complement.
const EXPONENT_BITS: u32 = 11;

/// Bits of the exponents that are certainly not negative.
const FIELD_BITS: u32 = 9;

/// Terms side by side in the vector `terms`, and what belongs to them.
///
/// The body also reads `scales`, the sum of the codes of both scales in nine bits, `is_nan`, and with `has_infinity`
/// `is_plus` and `is_minus`, all in step with the operands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockSum {
    /// The type of a term.
    pub(crate) term: Integer,
    /// Number of terms.
    pub(crate) count: u32,
    /// Registers between operands and terms.
    pub(crate) term_stages: u32,
    /// Exponent of two of the lowest bit of a term, without the scales.
    pub(crate) weight: i32,
    /// Whether a product may be infinite.
    pub(crate) has_infinity: bool,
}

impl BlockSum {
    /// Registers between operands and result.
    pub(crate) fn stages(&self) -> u32 {
        self.term_stages + STAGES
    }

    fn levels(&self) -> u32 {
        self.count.next_power_of_two().trailing_zeros()
    }

    /// Width of the total without its sign.
    fn magnitude_bits(&self) -> u32 {
        self.term.bits - 1 + self.levels()
    }

    /// Exponent field of a total whose highest bit is set, for scales with codes 0.
    fn least_exponent(&self) -> i32 {
        let bias = Float::F32.bias() as i32;
        self.magnitude_bits() as i32 - 1 + self.weight + bias - 2 * bias
    }
}

/// The pattern of the sum, rounded once; the caller adds the last register.
pub(crate) fn block_sum(body: &mut Body, sum: &BlockSum) -> String {
    let before = sum.stages() - 1;
    let nan_line = DelayLine::new("nan_line", 1, before);
    let scale_line = DelayLine::new("scale_line", FIELD_BITS, sum.term_stages + 3);
    let mut lines = vec![scale_line.register("scales"), nan_line.register("is_nan")];
    let infinities = ["plus_line", "minus_line"].map(|name| DelayLine::new(name, 1, before));
    if sum.has_infinity {
        lines.extend([infinities[0].register("is_plus"), infinities[1].register("is_minus")]);
    }
    body.registers(lines);

    let (magnitude, negative) = magnitude(body, sum);
    body.comment(&["The leading one moves to the top, by powers of two."]);
    let amounts: Vec<u32> = (0..count_bits(magnitude.bits())).rev().map(|level| 1 << level).collect();
    let padded = padded(body, magnitude);
    let mut normalized =
        normalize(body, &mut Steps::new(amounts.len() as u32, 1), "", padded, &amounts, None);
    body.insert_registers(&mut normalized.live());

    let exponent = exponent(body, sum, &scale_line.last(), &normalized);
    let (subnormal, exponent) = subnormal(body, normalized, exponent);
    let mut steps = Steps::new(ROUNDING_STEPS, 1);
    let (is_beyond, finite) = round(body, &mut steps, "", subnormal, (&exponent.text(), FIELD_BITS));
    let [plus, minus] = infinities.map(DelayLine::last);
    let (sign, is_infinite) = match sum.has_infinity {
        true => (
            format!("({minus} | ({} & ~{plus}))", negative.last()),
            format!("{plus} | {minus} | {}", is_beyond.text()),
        ),
        false => (negative.last(), is_beyond.text()),
    };
    pattern(body, &nan_line.last(), &sign, Some(&is_infinite), &finite)
}

/// Sign and magnitude of the sum of all terms: the magnitude in a register, the sign at the end of a line.
fn magnitude(body: &mut Body, sum: &BlockSum) -> (Net, DelayLine) {
    let levels = sum.levels();
    let tree = Tree::new("terms", sum.term, sum.count);
    let total = tree.sum(body, "tree", Schedule::new(levels, 1), 1, &mut []);
    let mut total = body.wire("total", total.bits(), &total.net.text());
    body.insert_registers(&mut [&mut total]);
    let negative = DelayLine::new("negative_line", 1, STAGES - 2);
    let sign = total.bit(total.hi);
    let low = total.slice(total.hi - 1, 0);
    let mut magnitude = body.wire("magnitude", sum.magnitude_bits(), &format!("{sign} ? -{low} : {low}"));
    body.registers(vec![negative.register(&sign)]);
    body.insert_registers(&mut [&mut magnitude]);
    (magnitude, negative)
}

/// The number with as many zeros below it as the normalization needs to have a bit to drop.
fn padded(body: &mut Body, magnitude: Net) -> Net {
    match (GUARDED_BITS + 1).checked_sub(magnitude.bits()) {
        None | Some(0) => magnitude,
        Some(missing) => {
            let value = concatenation(&[magnitude.text(), repeated("1'b0", missing)]);
            body.wire("padded", GUARDED_BITS + 1, &value)
        }
    }
}

/// The exponent field that the normalized number needs; not positive for a subnormal number.
fn exponent(body: &mut Body, sum: &BlockSum, scales: &str, normalized: &NormalizedSignificand) -> Net {
    let shifts: Vec<String> = normalized.shifts.iter().map(Net::text).collect();
    let shift = concatenation(&[repeated("1'b0", EXPONENT_BITS - shifts.len() as u32), shifts.join(", ")]);
    let least = sum.least_exponent().rem_euclid(1 << EXPONENT_BITS);
    let scales = format!("{{{}'d0, {scales}}}", EXPONENT_BITS - FIELD_BITS);
    body.wire("exponent_sum", EXPONENT_BITS, &format!("{scales} + {EXPONENT_BITS}'d{least} - {shift}"))
}

/// Shifts a number whose exponent is not positive right, so that its lowest bit is that of the subnormal numbers.
///
/// Returns it and its exponent, in registers.
fn subnormal(
    body: &mut Body,
    normalized: NormalizedSignificand,
    exponent: Net,
) -> (NormalizedSignificand, Net) {
    let NormalizedSignificand { value, sticky, .. } = normalized;
    body.comment(&["A number below the least normal one loses bits; beyond 31 places, all of them."]);
    let one = format!("{EXPONENT_BITS}'d1");
    let gap = body.wire("gap", EXPONENT_BITS, &format!("{one} - {}", exponent.text()));
    let distance = format!(
        "{} ? 5'd0 : |{} ? 5'd31 : {}",
        gap.bit(EXPONENT_BITS - 1),
        gap.slice(EXPONENT_BITS - 2, 5),
        gap.slice(4, 0)
    );
    let distance = body.wire("right_shift", 5, &distance);
    let wide = format!("{{{}, {GUARDED_BITS}'d0}} >> {}", value.text(), distance.text());
    let wide = body.wire("denormal", 2 * GUARDED_BITS, &wide);
    let kept = wide.slice(2 * GUARDED_BITS - 1, GUARDED_BITS);
    let mut kept = body.wire("kept_significand", GUARDED_BITS, &kept);
    let dropped = format!("{} | |{}", sticky.text(), wide.slice(GUARDED_BITS - 1, 0));
    let mut dropped = body.wire("is_inexact", 1, &dropped);
    let mut field = body.wire("exponent_field", FIELD_BITS, &exponent.slice(FIELD_BITS - 1, 0));
    body.insert_registers(&mut [&mut kept, &mut dropped, &mut field]);
    (NormalizedSignificand { value: kept, sticky: dropped, shifts: Vec::new() }, field)
}
