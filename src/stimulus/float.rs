//! Corner cases and plausible random values of floats.

use crate::unit::Float;

/// A corner case: zeros, ends of ranges, infinities, NaN, and small numbers whose products are ties.
pub(crate) fn corner(float: Float, choice: u64) -> u64 {
    let (hidden, one) = (1 << float.fraction_bits, u64::from(float.bias()) << float.fraction_bits);
    let half_fraction = hidden >> 1;
    let magnitude = match choice >> 1 & 15 {
        0 | 1 => 0,
        2 => 1,
        3 => hidden - 1,
        4 => hidden,
        5 | 6 => float.largest(),
        7 => float.largest() + 1,
        8 => float.magnitude_mask(),
        9 => one,
        10 => one + 1,
        11 => one - hidden,
        12 => one + half_fraction,
        13 => one + hidden + half_fraction / 2,
        _ => one + 3 * hidden + half_fraction,
    };
    with_sign(float, magnitude & float.magnitude_mask(), choice)
}

/// Random bits made into a number of similar magnitude as other random numbers.
///
/// Formats of at most 8 bits keep all bits. For wider ones, by the choice modulo 8:
/// 0 gives a subnormal of any magnitude or a NaN with a single fraction bit, 4 keeps all bits, and the others
/// get an exponent near that of 1. Of these, 1 and 5 keep only the upper six fraction bits, and 5 adds a
/// single lower bit, which decides a tie.
pub(crate) fn plausible(float: Float, choice: u64, random: u64) -> u64 {
    let mask = float.pattern().mask();
    if float.bits() <= 8 || choice % 8 == 4 {
        return random & mask;
    }
    let sign = random >> (float.pattern().bits - 1);
    let fraction = random & ((1 << float.fraction_bits) - 1);
    if choice.is_multiple_of(8) {
        let bit = (choice >> 3) % u64::from(float.fraction_bits);
        let magnitude = match random >> float.fraction_bits & 3 {
            0 => float.magnitude_mask() >> float.fraction_bits << float.fraction_bits | 1 << bit,
            _ => fraction >> bit,
        };
        return with_sign(float, magnitude, sign);
    }
    let exponent = u64::from(float.bias()) - 8 + (random >> float.fraction_bits & 15);
    let below = float.fraction_bits - 6;
    let kept = match choice % 8 {
        1 => fraction >> below << below,
        5 => fraction >> below << below | 1 << ((choice >> 3) % u64::from(below)),
        _ => fraction,
    };
    with_sign(float, exponent << float.fraction_bits | kept, sign)
}

/// The same number if it is finite, else a finite one with a smaller exponent.
pub(crate) fn finite(float: Float, pattern: u64) -> u64 {
    if pattern & float.magnitude_mask() > float.largest() {
        pattern & !(1 << float.fraction_bits)
    } else {
        pattern
    }
}

/// The element that differs among others that are all `equal`, in a sum of products of two ports.
///
/// It has the other sign in one port, or is zero in one port and the largest number in the other. Among
/// zeros of one sign it decides the sign of the sum; among small numbers it checks that the exponent of a
/// zero is not taken as the largest. `choice` is equal for both ports except for its lowest bit.
pub(crate) fn odd(float: Float, equal: u64, choice: u64) -> u64 {
    let sign = equal >> (float.pattern().bits - 1);
    match choice & 3 {
        0 => with_sign(float, equal & float.magnitude_mask(), sign ^ 1),
        1 => equal,
        2 => with_sign(float, 0, sign),
        _ => with_sign(float, float.largest(), sign),
    }
}

fn with_sign(float: Float, magnitude: u64, sign: u64) -> u64 {
    (sign & 1) << (float.pattern().bits - 1) | magnitude
}
