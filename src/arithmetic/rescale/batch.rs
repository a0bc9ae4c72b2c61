//! The rules again, shaped for the compiler: no branch inside a loop, 32- or 64-bit registers only.

use super::error::RescaleError;
use super::output::OutputStage;
use super::primitives::rounding_shift_right;
use super::rescaler::{Channel, Rescaler, RuleScale};
use super::rule::Rule;
use super::rules::reduced_multiplier;

/// An integer type that output codes are stored in.
pub trait CodeType: Copy {
    /// Smallest value of the type.
    const MIN: i32;
    /// Largest value of the type, or of `i32` if that is less.
    const MAX: i32;
    /// The value of a code, which must lie in `MIN..=MAX`.
    fn from_code(code: i32) -> Self;
}

macro_rules! codes {
    ($($t:ty)*) => {$(
        impl CodeType for $t {
            const MIN: i32 = <$t>::MIN as i32;
            const MAX: i32 = <$t>::MAX as i32;
            fn from_code(code: i32) -> Self {
                code as Self
            }
        }
    )*};
}

codes!(i8 u8 i16 u16 i32);

impl Rescaler {
    /// The codes of `acc`, a whole number of rows of [`Rescaler::channels`]; equal to
    /// [`Rescaler::rescale`] on every element.
    ///
    /// # Errors
    /// [`RescaleError::UnequalLengths`], [`RescaleError::PartialRow`], and [`RescaleError::CodeType`]
    /// when `T` cannot hold every code.
    pub fn rescale_slice<A, T>(&self, acc: &[A], out: &mut [T]) -> Result<(), RescaleError>
    where
        A: Copy + Into<i64>,
        T: CodeType,
    {
        let (len, channels) = (acc.len(), self.channels.len());
        if len != out.len() {
            return Err(RescaleError::UnequalLengths { acc: len, out: out.len() });
        }
        if len % channels != 0 {
            return Err(RescaleError::PartialRow { len, channels });
        }
        for Channel { output, .. } in &self.channels {
            let (min, max) = (output.min(), output.max());
            if min < T::MIN || max > T::MAX {
                return Err(RescaleError::CodeType { min, max });
            }
        }
        match self.channels[..] {
            [channel] if self.acc_bits <= 32 => self.narrow(channel, acc, out),
            _ => {
                for (i, (&acc, out)) in acc.iter().zip(out).enumerate() {
                    *out = T::from_code(self.rescale(acc.into(), i));
                }
            }
        }
        Ok(())
    }

    /// One channel, accumulators of at most 32 bits: every product fits 64.
    fn narrow<A: Copy + Into<i64>, T: CodeType>(&self, channel: Channel, acc: &[A], out: &mut [T]) {
        let Channel { factor, output } = channel;
        let (lo, hi) = output.bounds();
        let (lo64, hi64) = (i64::from(lo), i64::from(hi));
        match (self.rule, factor) {
            (Rule::Gemmlowp, RuleScale::Fixed { multiplier, shift }) => {
                let (left, right) = (shift.max(0) as u32, (-shift).max(0) as u32);
                let mask = ((1u64 << right) - 1) as i32;
                self.each(output, acc, out, |acc| {
                    let v = high_mul(acc << left, multiplier);
                    let threshold = (mask >> 1) + i32::from(v < 0);
                    // A shift by 31 leaves the sign, and `i32` shifts reach no further.
                    ((v >> right) + i32::from((v & mask) > threshold)).clamp(lo, hi)
                });
            }
            (Rule::Ruy, RuleScale::Fixed { multiplier, shift }) => {
                let (left, right) = (shift.max(0) as u32, (-shift).max(0) as u32);
                let half = (1i64 << right) >> 1;
                self.each(output, acc, out, |acc| {
                    let v = i64::from(high_mul(acc << left, multiplier));
                    ((v + half) >> right).clamp(lo64, hi64) as i32
                });
            }
            (Rule::Floor, RuleScale::Fixed { multiplier, shift }) => {
                let (multiplier, right) = (i64::from(multiplier), 31 - shift);
                self.each(output, acc, out, |acc| {
                    ((i64::from(acc) * multiplier) >> right).clamp(lo64, hi64) as i32
                });
            }
            (Rule::Int16, RuleScale::Fixed { multiplier, shift }) => {
                let (multiplier, right) = (i64::from(reduced_multiplier(multiplier)), 15 - shift);
                let half = 1i64 << (right - 1);
                self.each(output, acc, out, |acc| {
                    ((i64::from(acc) * multiplier + half) >> right).clamp(lo64, hi64) as i32
                });
            }
            (_, RuleScale::Fixed { multiplier, shift }) => {
                let (multiplier, right) = (i64::from(multiplier), 31 - shift);
                let half = 1i64 << (right - 1);
                self.each(output, acc, out, |acc| {
                    ((i64::from(acc) * multiplier + half) >> right).clamp(lo64, hi64) as i32
                });
            }
            (_, RuleScale::F32(scale)) => {
                // Adding 1.5 * 2^23 rounds any |x| < 2^22 half to even and leaves the integer in the low
                // bits: `roundss` is not part of the baseline instruction set, a library call costs 5 ns.
                const SHIFTER: f32 = 12_582_912.0;
                let (lo, hi) = (lo as f32, hi as f32);
                self.each(output, acc, out, |acc| {
                    let clamped = (acc as f32 * scale).clamp(lo, hi);
                    (clamped + SHIFTER).to_bits() as i32 - SHIFTER.to_bits() as i32
                });
            }
            (_, RuleScale::F64(scale)) => {
                let (lo, hi) = (f64::from(lo), f64::from(hi));
                self.each(output, acc, out, |acc| {
                    let clamped = (f64::from(acc) * scale).clamp(lo, hi);
                    let truncated = clamped as i32;
                    let rest = clamped - f64::from(truncated);
                    truncated + i32::from(rest >= 0.5) - i32::from(rest <= -0.5)
                });
            }
            (Rule::Pow2Floor, RuleScale::ShiftRight(right)) => {
                self.each(output, acc, out, |acc| (i64::from(acc) >> right).clamp(lo64, hi64) as i32);
            }
            (_, RuleScale::ShiftRight(right)) => self.each(output, acc, out, |acc| {
                rounding_shift_right(i64::from(acc), right).clamp(lo64, hi64) as i32
            }),
        }
    }

    /// Applies `rescale`, whose result is clamped but lacks the zero point, to each accumulator.
    #[inline(always)]
    fn each<A, T, F>(&self, output: OutputStage, acc: &[A], out: &mut [T], rescale: F)
    where
        A: Copy + Into<i64>,
        T: CodeType,
        F: Fn(i32) -> i32,
    {
        let unused = 32 - self.acc_bits;
        let zero_point = output.zero_point();
        for (&acc, out) in acc.iter().zip(out) {
            let acc: i64 = acc.into();
            let wrapped = ((acc as i32) << unused) >> unused;
            *out = T::from_code(rescale(wrapped) + zero_point);
        }
    }
}

/// `SRDHM` for a multiplier of zero or more, which never saturates: round half up.
#[inline(always)]
fn high_mul(acc: i32, multiplier: i32) -> i32 {
    ((i64::from(acc) * i64::from(multiplier) + (1 << 30)) >> 31) as i32
}
