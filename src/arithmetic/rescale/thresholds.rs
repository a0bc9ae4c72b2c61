//! Thresholds of a rescaling: the accumulators at which its code rises.

use super::rescaler::{Rescaler, RuleScale};
use super::rule::Rule;

/// The thresholds of one channel; two rescalings with the same thresholds are the same function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CodeThresholds {
    /// Code of the smallest accumulator.
    pub first: i32,
    /// Entry `i` is the smallest accumulator with a code of at least `first + 1 + i`; ascending.
    pub accumulators: Vec<i64>,
}

impl Rescaler {
    /// The thresholds of a channel, by binary search; the last is for the code of the largest accumulator.
    ///
    /// `None` if a left shift wraps, as possible for (R1) and (R2): the function is then not monotone.
    pub fn thresholds(&self, channel: usize) -> Option<CodeThresholds> {
        if self.wraps(channel) {
            return None;
        }
        let (min, max) = (i64::MIN >> (64 - self.acc_bits), i64::MAX >> (64 - self.acc_bits));
        let (first, last) = (self.rescale(min, channel), self.rescale(max, channel));
        let mut from = min;
        let threshold = |code| {
            from = least(from, max, |acc| self.rescale(acc, channel) >= code);
            from
        };
        Some(CodeThresholds { first, accumulators: (first + 1..=last).map(threshold).collect() })
    }

    /// Whether the left shift of the rule overflows for some accumulator.
    fn wraps(&self, channel: usize) -> bool {
        let register = if self.acc_bits <= 32 { 32 } else { 64 };
        match (self.rule, self.channels[channel % self.channels.len()].factor) {
            (Rule::Gemmlowp | Rule::Ruy, RuleScale::Fixed { shift, .. }) => {
                self.acc_bits as i32 + shift.max(0) > register
            }
            _ => false,
        }
    }
}

/// Binary search: the smallest number of `min..=max` with a monotone property that `max` has.
fn least(min: i64, max: i64, holds: impl Fn(i64) -> bool) -> i64 {
    let (mut low, mut high) = (i128::from(min), i128::from(max));
    while low < high {
        let middle = (low + high).div_euclid(2);
        if holds(middle as i64) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low as i64
}
