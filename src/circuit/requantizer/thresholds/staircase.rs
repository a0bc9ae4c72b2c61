//! Staircase of a requantizer with constant numbers: the accumulators at which its code rises.

use super::super::requantization::{Requantization, RoundingRule, Source};
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, Rescaler, Rule, Scale};
use crate::unit::Integer;

/// Staircase: the thresholds of a monotone function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Staircase {
    /// The code of the smallest accumulator.
    pub(crate) first: i64,
    /// Entry `i` is the smallest accumulator with a code of at least `first + 1 + i`; ascending.
    pub(crate) thresholds: Vec<i64>,
}

/// The numbers other than the accumulator, all constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Constants {
    /// Q0.31, or the bit pattern of a binary32; 0 for a rule that only shifts.
    pub(crate) multiplier: i64,
    /// Left shift, negative to the right; 0 for `f32`.
    pub(crate) shift: i64,
    pub(crate) zero_point: i64,
    pub(crate) clamp_min: i64,
    pub(crate) clamp_max: i64,
}

impl Constants {
    /// The numbers of a requantizer; `None` if one is a port or a table.
    pub(crate) fn of(requantization: &Requantization) -> Option<Self> {
        Self::of_channel(requantization, 0).filter(|_| requantization.channels().is_none())
    }

    /// The numbers of each channel; `None` if one is a port.
    pub(crate) fn by_channel(requantization: &Requantization) -> Option<Vec<Self>> {
        (0..requantization.channels()?).map(|channel| Self::of_channel(requantization, channel)).collect()
    }

    fn of_channel(requantization: &Requantization, channel: usize) -> Option<Self> {
        let out = requantization.out;
        let absent = [0, 0, 0, out.min() as i64, out.max() as i64];
        let numbers = requantization.numbers().map(|number| number.source);
        let constant = |index: usize| match numbers[index] {
            None => Some(absent[index]),
            Some(Source::Constant(number)) => Some(*number),
            Some(Source::Table(numbers)) => Some(numbers[channel]),
            Some(Source::Port) => None,
        };
        Some(Self {
            multiplier: constant(0)?,
            shift: constant(1)?,
            zero_point: constant(2)?,
            clamp_min: constant(3)?,
            clamp_max: constant(4)?,
        })
    }
}

impl Staircase {
    /// The staircase of a rule with constant numbers, from the equations of the rule.
    ///
    /// `None` if a left shift wraps, as possible for (R1) and (R2): the function is then not monotone.
    pub(crate) fn of_rule(requantization: &Requantization, constants: &Constants) -> Option<Self> {
        let accumulator = requantization.accumulator;
        if wraps(requantization.rule, accumulator, constants.shift) {
            return None;
        }
        let rescaler = rescaler(requantization, constants);
        Some(Self::of_function(accumulator, |acc| rescaler.rescale(acc, 0).into()))
    }

    /// The staircase of a monotone function.
    fn of_function(accumulator: Integer, code: impl Fn(i64) -> i64) -> Self {
        let (min, max) = (accumulator.min() as i64, accumulator.max() as i64);
        let (first, last) = (code(min), code(max));
        let mut from = min;
        let threshold = |target| {
            from = least(from, max, |acc| code(acc) >= target);
            from
        };
        Self { first, thresholds: (first + 1..=last).map(threshold).collect() }
    }

    /// The code of the largest accumulator.
    pub(crate) fn last(&self) -> i64 {
        self.first + self.thresholds.len() as i64
    }

    /// The narrowest signed type that holds every threshold and its predecessor, at least two bits.
    ///
    /// Accumulators outside it have the code of the nearest in it.
    pub(crate) fn window(&self) -> Integer {
        let magnitudes = self.thresholds.iter().map(|&acc| if acc > 0 { acc } else { -acc });
        let magnitude = magnitudes.max().unwrap_or(0).max(1) as u64;
        Integer::signed(65 - magnitude.leading_zeros())
    }

    /// The code of an accumulator.
    pub(crate) fn code(&self, acc: i64) -> i64 {
        self.first + self.thresholds.partition_point(|&threshold| threshold <= acc) as i64
    }

    /// Every threshold with its code.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.thresholds.iter().copied().zip(self.first + 1..)
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

/// Whether the left shift of the rule overflows for some accumulator.
fn wraps(rule: RoundingRule, accumulator: Integer, shift: i64) -> bool {
    let register = if accumulator.bits <= 32 { 32 } else { 64 };
    rule.rounds_twice() && i64::from(accumulator.bits) + shift.max(0) > register
}

fn rescaler(requantization: &Requantization, constants: &Constants) -> Rescaler {
    let rule: Rule = requantization.rule.word().parse().expect("every rule of the unit is a rule");
    let scale = match rule {
        Rule::F32 => Scale::Real(f32::from_bits(constants.multiplier as u32).into()),
        Rule::Pow2 | Rule::Pow2Floor => Scale::Real(2f64.powi(constants.shift as i32)),
        _ => Scale::Fixed { multiplier: constants.multiplier as i32, shift: constants.shift as i32 },
    };
    // Any code fits 16 bits, and the clamp restricts it to its width.
    let format = CodeFormat::new(16, requantization.out.signed).expect("16 bits are a format");
    let output = OutputStage::new(format, constants.zero_point as i32)
        .and_then(|output| output.clamped(constants.clamp_min as i32, constants.clamp_max as i32))
        .expect("codes of the output");
    Rescaler::new(rule, requantization.accumulator.bits, scale, output)
        .expect("the catalogue refuses what the rule cannot apply")
}
