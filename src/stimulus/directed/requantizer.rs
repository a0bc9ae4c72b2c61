//! Accumulators at which a code changes.

use crate::catalogue::RequantizerParameters;
use crate::catalogue::requantizer::parameters::{Source, accumulator, channel, channels, is_pow2, shift};
use crate::unit::Values;

/// An accumulator a few units from the end of a code, the middle between two, or a power of two of codes,
/// or one whose highest bit stands far above the others; with numbers that are ports, these too.
pub(crate) fn directed_inputs(parameters: &RequantizerParameters, random: u64) -> Vec<(&'static str, u64)> {
    inputs_of(&parameters.values, random)
}

pub(crate) fn inputs_of(values: &Values, random: u64) -> Vec<(&'static str, u64)> {
    let mut inputs = Vec::new();
    let table = channels(values).map(|channels| {
        let chosen = random % channels as u64;
        inputs.push(("channel", channel(channels).encode(chosen.into())));
        chosen as usize
    });
    let mut number = |name, of_port: i64, pattern: u64| match Source::of(values, name) {
        Source::Constant(number) => number,
        Source::Table(numbers) => numbers[table.unwrap_or_default()],
        Source::Port | Source::Type => {
            inputs.push((name, pattern));
            of_port
        }
    };
    let is_f32 = values.word("rule") == "f32";
    let bits = (random.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 34) as i64;
    let shifted = -((random >> 8 & 15) as i64);
    let multiplier = match (is_pow2(values), is_f32) {
        (true, _) => 1.0,
        // Near the scales that networks have: 2^-16 to 1.
        (_, true) => {
            let pattern = (111 + (bits >> 23 & 15)) << 23 | bits & 0x7f_ffff;
            f64::from(f32::from_bits(number("multiplier", pattern, pattern as u64) as u32))
        }
        _ => {
            let factor = 1 << 30 | bits;
            number("multiplier", factor, factor as u64) as f64 / f64::from(1u32 << 31)
        }
    };
    let left = if is_f32 { 0 } else { number("shift", shifted, shift(values).encode(shifted.into())) };
    let scale = multiplier * f64::from(left as i32).exp2();
    let codes = match random >> 12 & 3 {
        0 => (random >> 14 & 63) as f64 - 1.0,
        _ => f64::from((random >> 14) as u16 >> (random >> 30 & 15)) + 0.5 * (random >> 34 & 1) as f64,
    };
    let codes = if random >> 12 & 3 == 0 { codes.exp2() } else { codes };
    let sign = if random >> 35 & 1 == 0 { 1 } else { -1 };
    let integer = accumulator(values);
    let acc = match random >> 39 & 7 {
        // Whoever counts leading zeros must see that bit alone.
        0 => {
            let highest = (random >> 42 & 63) as u32 % (integer.bits - 1);
            let others = i128::from(bits >> (random >> 48 & 31)) & ((1 << highest) - 1);
            sign * ((1 << highest) + others)
        }
        _ => {
            let near = (codes * f64::from(sign as i32) / scale).round() as i128;
            near.saturating_add(i128::from(random >> 36 & 7)).saturating_sub(3)
        }
    };
    inputs.push(("acc", integer.encode(acc.clamp(integer.min(), integer.max()))));
    inputs
}
