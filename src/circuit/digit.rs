//! Radix-4 Booth recoding, in its textbook form: three bits of the multiplier are a digit of -2 to
//! 2, and two more bits of weight go by with each digit.

use super::body::Body;
use super::net::{Factor, repeated};

const ZERO: &str = "1'b0";

/// How many digits the recoded number has.
pub(crate) fn digits(bits: u32, signed: bool) -> u32 {
    if signed { bits.div_ceil(2) } else { bits / 2 + 1 }
}

/// One digit, as expressions of the bits of the multiplier.
#[derive(Debug)]
pub(crate) struct Digit {
    /// It is 1 or -1.
    one: String,
    /// It is 2 or -2; none where it cannot be.
    two: Option<String>,
    /// It is negative, or 0 written as -1 + 1; none where it cannot be.
    pub(crate) negative: Option<String>,
}

impl Digit {
    /// Digit `index` of `b`, whose decoding becomes part of the body.
    pub(crate) fn new(body: &mut Body, b: &Factor, index: u32) -> Digit {
        let (high, mid) = (b.bit(2 * index + 1), b.bit(2 * index));
        let low = index.checked_sub(1).map_or_else(|| ZERO.to_string(), |_| b.bit(2 * index - 1));
        let one = match (mid.as_str(), low.as_str()) {
            (ZERO, bit) | (bit, ZERO) => bit.to_string(),
            _ => body.wire(&format!("one_{index}"), 1, &format!("{mid} ^ {low}")).name,
        };
        let two = match (high.as_str(), low.as_str()) {
            _ if high == mid || mid == ZERO => None,
            (ZERO, _) => Some(format!("{mid} & {low}")),
            (_, ZERO) => Some(format!("{high} & ~{mid}")),
            _ => Some(format!("({high} ^ {mid}) & ~{one}")),
        };
        let two = two.map(|value| body.wire(&format!("two_{index}"), 1, &value).name);
        Digit { one, two, negative: (high != ZERO).then_some(high) }
    }

    /// The digit times `a`, less 1 where the digit is negative, in `bits` bits.
    pub(crate) fn times(&self, a: &Factor, bits: u32) -> String {
        let twice = self.two.as_ref().map(|two| format!("{two} ? {} : ", a.doubled(bits)));
        let choice = format!("{} ? {} : {}{bits}'d0", self.one, a.extended(bits), twice.unwrap_or_default());
        match &self.negative {
            Some(negative) => format!("({choice}) ^ {}", repeated(negative, bits)),
            None => choice,
        }
    }
}
