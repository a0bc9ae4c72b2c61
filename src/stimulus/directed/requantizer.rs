//! Accumulators near a rounding boundary of the requantizer.

use crate::catalogue::RequantizerParameters;
use crate::circuit::requantizer::{Requantization, RequantizerNumber, RoundingRule, Source};
use crate::unit::Integer;

/// Inputs by port name, as bit patterns.
type Inputs = Vec<(&'static str, u64)>;

/// An accumulator near a rounding boundary, or with an isolated MSB.
///
/// It is within a few units of a code, of a tie between two codes, or of a power of two of codes. If channel,
/// multiplier or shift are ports, they are drawn too.
pub(crate) fn directed_inputs(parameters: &RequantizerParameters, random: u64) -> Inputs {
    boundary_inputs(&parameters.requantization, random)
}

/// Directed inputs of either form of the requantizer.
pub(super) fn boundary_inputs(requantization: &Requantization, random: u64) -> Inputs {
    let mut inputs = Inputs::new();
    let channel = channel(requantization, random, &mut inputs);
    let bits = (random.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 34) as i64;
    let scale = scale(requantization, channel, random, bits, &mut inputs);
    let integer = requantization.accumulator;
    let sign = if random >> 35 & 1 == 0 { 1 } else { -1 };
    let acc = match random >> 39 & 7 {
        // An isolated MSB exercises the counter of leading zeros.
        0 => sign * isolated_msb(integer, random, bits),
        _ => {
            let near = (codes(requantization.out, random) * f64::from(sign as i32) / scale).round() as i128;
            near.saturating_add(i128::from(random >> 36 & 7)).saturating_sub(3)
        }
    };
    inputs.push(("acc", integer.encode(acc.clamp(integer.min(), integer.max()))));
    inputs
}

/// A channel of the tables; 0 without a table.
fn channel(requantization: &Requantization, random: u64, inputs: &mut Inputs) -> usize {
    let (Some(channels), Some(integer)) = (requantization.channels(), requantization.channel()) else {
        return 0;
    };
    let chosen = random % channels as u64;
    inputs.push(("channel", integer.encode(chosen.into())));
    chosen as usize
}

/// Factor from accumulator to code, with numbers drawn for the ports.
fn scale(
    requantization: &Requantization,
    channel: usize,
    random: u64,
    bits: i64,
    inputs: &mut Inputs,
) -> f64 {
    let [multiplier, shift, ..] = requantization.numbers();
    let mut value_of = |number: RequantizerNumber<'_>, drawn: i64| match number.source {
        Some(Source::Constant(constant)) => *constant,
        Some(Source::Table(numbers)) => numbers[channel],
        Some(Source::Port) => {
            inputs.push((number.name, number.integer.encode(drawn.into())));
            drawn
        }
        None => 0,
    };
    let multiplier = match requantization.rule {
        RoundingRule::Pow2 | RoundingRule::Pow2Floor => 1.0,
        RoundingRule::F64 => f64::from_bits(value_of(multiplier, 0) as u64),
        rule if rule.is_binary32() => {
            // Near the scales that networks have: 2^-16 to 1.
            let pattern = (111 + (bits >> 23 & 15)) << 23 | bits & 0x7f_ffff;
            f64::from(f32::from_bits(value_of(multiplier, pattern) as u32))
        }
        _ => value_of(multiplier, 1 << 30 | bits) as f64 / f64::from(1u32 << 31),
    };
    let left = value_of(shift, -((random >> 8 & 15) as i64));
    multiplier * f64::from(left as i32).exp2()
}

/// Distance from zero in codes: a power of two, a multiple of a half in the output range, or one below 2^16.
fn codes(out: Integer, random: u64) -> f64 {
    match random >> 12 & 3 {
        0 => ((random >> 14 & 63) as f64 - 1.0).exp2(),
        // Every threshold of a short code is drawn, on both sides.
        1 => 0.5 * (random >> 14 & ((2 << out.bits) - 1)) as f64,
        _ => f64::from((random >> 14) as u16 >> (random >> 30 & 15)) + 0.5 * (random >> 34 & 1) as f64,
    }
}

/// Magnitude with an isolated MSB.
fn isolated_msb(integer: Integer, random: u64, bits: i64) -> i128 {
    let highest = (random >> 42 & 63) as u32 % (integer.bits - 1);
    let others = i128::from(bits >> (random >> 48 & 31)) & ((1 << highest) - 1);
    (1 << highest) + others
}
