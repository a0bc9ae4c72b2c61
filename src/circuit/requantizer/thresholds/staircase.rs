//! Staircase of a requantizer with constant numbers: the accumulators at which its code rises.

use super::super::requantization::{Requantization, RoundingRule, Source};
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{CodeThresholds, OutputStage, Rescaler, Rule, Scale};
use crate::unit::Integer;

/// Bits of the accumulators of a continued staircase.
const CONTINUED_BITS: u32 = 40;

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
    /// Q0.31, or the bit pattern of a floating-point number; 0 for a rule that only shifts.
    pub(crate) multiplier: i64,
    /// Left shift, negative to the right; 0 for a rule in floating point.
    pub(crate) shift: i64,
    /// The bit pattern of a binary32; 0 for rules other than (R9).
    pub(crate) bias: i64,
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
        let number = |source: Option<&Source>, absent: i64| match source {
            None => Some(absent),
            Some(Source::Constant(number)) => Some(*number),
            Some(Source::Table(numbers)) => Some(numbers[channel]),
            Some(Source::Port) => None,
        };
        let constant = |index: usize| number(numbers[index], absent[index]);
        Some(Self {
            multiplier: constant(0)?,
            shift: constant(1)?,
            bias: number(requantization.bias.as_ref(), 0)?,
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
        let CodeThresholds { first, accumulators } = rescaler(requantization, constants).thresholds(0)?;
        Some(Self { first: first.into(), thresholds: accumulators })
    }

    /// As [`of_rule`](Self::of_rule), continued past the accumulators of the requantizer.
    ///
    /// Its codes reach the bounds of the clamp where the accumulators do not.
    pub(crate) fn past_the_ends(requantization: &Requantization, constants: &Constants) -> Option<Self> {
        let bits = requantization.accumulator.bits.max(CONTINUED_BITS);
        let wide = Requantization { accumulator: Integer::signed(bits), ..requantization.clone() };
        Self::of_rule(&wide, constants)
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

fn rescaler(requantization: &Requantization, constants: &Constants) -> Rescaler {
    let rule = requantization.rule.arithmetic();
    let scale = match requantization.rule {
        rule if rule.is_binary32() => Scale::Real(f32::from_bits(constants.multiplier as u32).into()),
        RoundingRule::F64 => Scale::Real(f64::from_bits(constants.multiplier as u64)),
        rule if rule.is_pow2() => Scale::Real(2f64.powi(constants.shift as i32)),
        _ => Scale::Fixed { multiplier: constants.multiplier as i32, shift: constants.shift as i32 },
    };
    // Any code fits 16 bits, and the clamp restricts it to its width.
    let format = CodeFormat::new(16, requantization.out.signed).expect("16 bits are a format");
    let output = OutputStage::new(format, constants.zero_point as i32)
        .and_then(|output| output.clamped(constants.clamp_min as i32, constants.clamp_max as i32))
        .expect("codes of the output");
    let bits = requantization.accumulator.bits;
    let bias = f32::from_bits(constants.bias as u32);
    let rescaler = match rule {
        Rule::F32Bias => Rescaler::with_float_bias(bits, &[scale], &[bias], &[output]),
        _ => Rescaler::new(rule, bits, scale, output),
    };
    rescaler.expect("the catalogue refuses what the rule cannot apply")
}
