//! Sample of accumulators that distinguishes rules.

use crate::arithmetic::rescale::{OutputStage, Scale};

/// Number of random accumulators.
const RANDOM: u64 = 1 << 20;
/// Number of accumulators at each limit.
const ENDS: i64 = 1 << 16;
/// Number of neighbours on either side of a tie or a power of two.
const NEAR: i64 = 4;

/// Returns 32-bit accumulators that distinguish rules, ascending and distinct.
///
/// They are the ties between neighbouring codes and the powers of two of both signs, each with four neighbours
/// on either side; the 65,536 smallest and largest accumulators; and 2^20 pseudo-random ones, half of them of
/// any magnitude, half between the first and the last tie. Equal arguments give equal samples.
pub fn sample(scale: Scale, output: OutputStage) -> Vec<i64> {
    let (least, most) = (i64::from(i32::MIN), i64::from(i32::MAX));
    let exact = scale.to_f64();
    let (min, max) = output.bounds();
    // The cast saturates; accumulators outside 32 bits are dropped below.
    let tie = |code: i32| ((f64::from(code) + 0.5) / exact) as i64;
    let mut list: Vec<i64> = Vec::new();
    let mut add_around = |center: i64| {
        list.extend((-NEAR..=NEAR).map(|distance| center.saturating_add(distance)));
    };
    (min - 1..=max).map(tie).for_each(&mut add_around);
    for exponent in 0..32 {
        [1 << exponent, -(1 << exponent)].into_iter().for_each(&mut add_around);
    }
    list.extend(least..least + ENDS);
    list.extend(most - ENDS + 1..=most);
    let (first, last) = (tie(min - 1).clamp(least, most), tie(max).clamp(least, most));
    list.extend((0..RANDOM).map(|index| {
        let random = mix(index);
        match index % 2 {
            0 => i64::from((random as i32) >> (random >> 40 & 31)),
            _ => first + (random % (last - first + 1).unsigned_abs()) as i64,
        }
    }));
    list.retain(|acc| (least..=most).contains(acc));
    list.sort_unstable();
    list.dedup();
    list
}

/// SplitMix64 output for an index.
fn mix(index: u64) -> u64 {
    let mut z = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::quantizer::CodeFormat;

    fn int8(zero_point: i32) -> OutputStage {
        OutputStage::new(CodeFormat::new(8, true).unwrap(), zero_point).unwrap()
    }

    #[test]
    fn contains_ties_limits_and_powers_of_two() {
        let list = sample(Scale::Real(0.125), int8(0));
        assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
        // (127 + 1/2) * 8 is the last tie, (-128 - 1/2) * 8 the one below the first.
        let wanted = [4, 1020, 1016, 1024, -1028, 1 << 30, -(1 << 31), (1 << 31) - 1, (1 << 31) - (1 << 16)];
        for acc in wanted {
            assert!(list.binary_search(&acc).is_ok(), "{acc}");
        }
        assert!(list.len() > 400_000, "{}", list.len());
    }

    #[test]
    fn accepts_any_scale() {
        for scale in [Scale::Fixed { multiplier: 0, shift: 0 }, Scale::Real(1e-300), Scale::Real(1e300)] {
            let list = sample(scale, int8(-128));
            assert!(list.iter().all(|&acc| i32::try_from(acc).is_ok()));
            assert!(list.len() > 100_000, "{}", list.len());
        }
    }
}
