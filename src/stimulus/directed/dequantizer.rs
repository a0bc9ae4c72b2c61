//! Products near a tie between two binary32 numbers, and sums that cancel.

use super::near_ties::inverse;
use crate::catalogue::DequantizerParameters;
use crate::unit::Float;

/// Bits of the fraction of binary32.
const FRACTION: u64 = Float::F32.fraction_bits as u64;

/// Bits of a significand of binary32.
const SIGNIFICAND: u32 = Float::F32.fraction_bits + 1;

/// A code and a scale whose product is near a tie, or has an isolated MSB.
///
/// A near tie misses the tie by one of the bits that the rounding drops. The scale is subnormal or small in a quarter
/// of the cases. The bias is 0, cancels most of the product, or is near half of its last place.
pub(crate) fn directed_inputs(parameters: &DequantizerParameters, random: u64) -> Vec<(&'static str, u64)> {
    let integer = parameters.input;
    let bits = random.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let room = integer.bits - u32::from(integer.signed);
    let exponent = if random >> 50 & 3 == 0 { (random & 15).saturating_sub(5) } else { 119 + (random & 15) };
    let (magnitude, significand) = match random >> 4 & 3 {
        // A magnitude of one bit has no ties; the significand of a subnormal scale is shorter by at least one.
        1.. if exponent > 0 && room > 1 => near_tie(room, 0, random >> 6, bits),
        1.. if room > 2 => {
            near_tie(room, 1 + (random >> 52) as u32 % (room - 2).min(SIGNIFICAND - 2), random >> 6, bits)
        }
        _ => {
            let position = (random >> 6 & 31) % u64::from(room);
            (1 << position, 1 << (SIGNIFICAND - 1) | (bits & 1) << (bits >> 1 & 15))
        }
    };
    let is_negative = integer.signed && random >> 40 & 1 == 1;
    let value = if is_negative { -i128::from(magnitude) } else { i128::from(magnitude) };
    let scale = exponent << FRACTION | significand & ((1 << FRACTION) - 1);
    if !parameters.has_bias {
        return vec![("q", integer.encode(value)), ("zero_point", 0), ("scale", scale)];
    }
    let mut inputs = vec![("acc", integer.encode(value)), ("scale", scale)];
    let product = (value as f64 * f64::from(f32::from_bits(scale as u32))) as f32;
    match random >> 41 & 3 {
        0 => {}
        1 => inputs.push(("bias", (random >> 43 & 1) << 31)),
        2 => inputs.push(("bias", far_below(product, random >> 43).into())),
        _ => inputs.push(("bias", beside(-product, random >> 43).into())),
    }
    inputs
}

/// A number that differs from another one by one bit of its pattern's value, above or below.
fn beside(number: f32, random: u64) -> u32 {
    let step = 1 << ((random & 31) % FRACTION);
    let pattern = number.to_bits();
    if random >> 5 & 1 == 0 { pattern.wrapping_add(step) } else { pattern.saturating_sub(step) }
}

/// A power of two, or one with another bit set, near half of the last place of a number.
fn far_below(number: f32, random: u64) -> u32 {
    let exponent = number.to_bits() >> FRACTION & 0xff;
    let fraction = if random & 1 == 0 { 0 } else { 1 << ((random >> 1 & 31) % FRACTION) };
    let sign = (random >> 6 & 1) as u32;
    sign << 31 | exponent.saturating_sub(21 + (random >> 7 & 7) as u32) << FRACTION | fraction
}

/// A number of at most `room` bits and a significand whose product is near a tie.
///
/// The significand is shorter than 24 bits by `missing`. Most products are halfway between two numbers of 24 bits, or
/// miss that by one bit; some are shorter.
fn near_tie(room: u32, missing: u32, random: u64, bits: u64) -> (u64, u64) {
    let hidden = 1 << (SIGNIFICAND - 1 - missing);
    let significand = hidden | bits & (hidden - 1) | 1;
    let dropped = 1 + (random & 31) as u32 % (room - 1 - missing);
    let modulus = 1u64 << dropped;
    let missed = 1 << ((random >> 5 & 31) % u64::from(dropped));
    let end = match random >> 10 & 3 {
        0 => modulus / 2,
        1 => modulus / 2 - missed,
        _ => modulus / 2 + missed,
    };
    let least = inverse(significand).wrapping_mul(end) & (modulus - 1);
    let upper = modulus << missing;
    let is_longer = ((least + upper) * significand) >> (dropped + SIGNIFICAND) != 0;
    // A shorter significand has room for one bit less above the least number.
    let upper = if !is_longer {
        upper
    } else if missing > 0 {
        upper / 2
    } else {
        0
    };
    (least + upper, significand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::unit;
    use crate::unit::Config;

    #[test]
    fn draws_as_many_codes_as_bits_for_every_width() {
        for bits in 2..=32 {
            for (signed, bias) in [(true, true), (true, false), (false, true), (false, false)] {
                let sets = [format!("bits={bits}"), format!("signed={signed}"), format!("bias={bias}")];
                let Ok(config) = Config::new(unit("dequantizer").expect("a unit"), None, &sets) else {
                    assert!(bits == 32 && !signed, "{sets:?}");
                    continue;
                };
                let codes = (0..1u64 << 12).map(|random| {
                    let inputs =
                        directed_inputs(config.parameters(), random.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                    assert!(inputs[0].1 >> bits == 0, "{sets:?}: {inputs:x?}");
                    inputs[0].1
                });
                let kinds = codes.collect::<std::collections::BTreeSet<_>>().len();
                assert!(kinds >= bits, "{sets:?}: {kinds}");
            }
        }
    }

    #[test]
    fn products_hit_or_miss_every_tie_by_one_bit() {
        // Of a normal scale, and of a subnormal one whose significand is shorter by any number of bits.
        for missing in 0..=22 {
            let mut missed = std::collections::BTreeSet::new();
            for random in 0..1u64 << 16 {
                for room in [2, 7, 31, 32].into_iter().filter(|room| room - 1 > missing) {
                    let (magnitude, significand) =
                        near_tie(room, missing, random, random.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32);
                    assert!(magnitude >> room == 0, "{magnitude} * {significand}");
                    assert!(significand >> (23 - missing) == 1, "{magnitude} * {significand}");
                    let product = magnitude * significand;
                    let Some(dropped) = (64 - product.leading_zeros()).checked_sub(SIGNIFICAND) else {
                        continue;
                    };
                    let rest = product & ((1 << dropped) - 1);
                    let miss = rest as i64 - (1i64 << dropped >> 1);
                    if miss == 0 || miss.unsigned_abs().is_power_of_two() {
                        missed.insert((dropped, miss));
                    }
                }
            }
            // For every number of dropped bits: the tie, and one bit above it at every index.
            for dropped in 2..=30 - missing {
                for position in 0..dropped - 1 {
                    assert!(missed.contains(&(dropped, 1 << position)), "{missing}, {dropped}, {position}");
                }
                assert!(missed.contains(&(dropped, 0)), "{missing}, {dropped}");
            }
        }
    }
}
