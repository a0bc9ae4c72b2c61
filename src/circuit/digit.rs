//! Radix-4 Booth recoding.
//!
//! Three bits of the multiplier form a digit from -2 to 2; each digit weighs four times the one below it.

use super::body::Body;
use super::net::{Factor, repeated};

const ZERO: &str = "1'b0";

/// The number of digits of a recoded number.
pub(crate) fn digits(bits: u32, signed: bool) -> u32 {
    if signed { bits.div_ceil(2) } else { bits / 2 + 1 }
}

/// One digit, as expressions of the bits of the multiplier.
#[derive(Debug)]
pub(crate) struct Digit {
    /// The digit is 1 or -1.
    one: String,
    /// The digit is 2 or -2; `None` where it never is.
    two: Option<String>,
    /// The digit is negative, or 0 written as -1 + 1; `None` where it never is.
    pub(crate) negative: Option<String>,
}

impl Digit {
    /// Digit `index` of `b`; its decoder is added to the body.
    pub(crate) fn new(body: &mut Body, b: &Factor, index: u32) -> Self {
        let low = index.checked_sub(1).map_or_else(|| ZERO.to_string(), |_| b.bit(2 * index - 1));
        Self::of_bits(body, index, b.bit(2 * index + 1), b.bit(2 * index), low)
    }

    /// The digit `low + mid - 2 * high`, with the number `index` in names.
    pub(crate) fn of_bits(body: &mut Body, index: u32, high: String, mid: String, low: String) -> Self {
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
        Self { one, two, negative: (high != ZERO).then_some(high) }
    }

    /// The digit times `a` in `bits` bits, minus 1 where the digit is negative.
    pub(crate) fn times(&self, a: &Factor, bits: u32) -> String {
        let twice = self.two.as_ref().map(|two| format!("{two} ? {} : ", a.doubled(bits)));
        let choice = format!("{} ? {} : {}{bits}'d0", self.one, a.extended(bits), twice.unwrap_or_default());
        match &self.negative {
            Some(negative) => format!("({choice}) ^ {}", repeated(negative, bits)),
            None => choice,
        }
    }
}
