//! Vectorized rescaling: no branch inside a loop, 32- and 64-bit registers only.

use super::error::RescaleError;
use super::output::OutputStage;
use super::primitives::rounding_shift_right;
use super::rescaler::{Channel, Rescaler, RuleScale};
use super::rule::Rule;
use super::rules::reduced_multiplier;

/// An integer type of output codes.
pub trait CodeType: Copy {
    /// Smallest value of the type.
    const MIN: i32;
    /// Largest value of the type, or of `i32` if that is less.
    const MAX: i32;
    /// Converts a code, which must lie in `MIN..=MAX`.
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
    /// Rescales whole rows of [`Rescaler::channels`] accumulators.
    ///
    /// Equals [`Rescaler::rescale`] on every element.
    ///
    /// # Errors
    /// [`RescaleError::UnequalLengths`], [`RescaleError::PartialRow`], and [`RescaleError::CodeType`]
    /// if `T` cannot hold every code.
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
            [channel] if self.acc_bits <= 32 => self.rescale_narrow(channel, acc, out),
            _ => {
                for (i, (&acc, out)) in acc.iter().zip(out).enumerate() {
                    *out = T::from_code(self.rescale(acc.into(), i));
                }
            }
        }
        Ok(())
    }

    /// Rescales accumulators of at most 32 bits under one channel.
    ///
    /// Every product fits 64 bits.
    fn rescale_narrow<A: Copy + Into<i64>, T: CodeType>(&self, channel: Channel, acc: &[A], out: &mut [T]) {
        let Channel { factor, output } = channel;
        match factor {
            RuleScale::Fixed { multiplier, shift } => {
                self.rescale_fixed_point(multiplier, shift, output, acc, out);
            }
            RuleScale::F32(scale) if self.rule == Rule::F32AfterZeroPoint => {
                let zero_point = output.zero_point() as f32;
                let codes = (output.min(), output.max());
                self.half_to_even(codes, output, acc, out, |acc| acc as f32 * scale + zero_point);
            }
            RuleScale::F32(scale) if self.rule == Rule::F32Away => {
                self.rescale_f32_away(scale, output, acc, out);
            }
            RuleScale::F32(scale) => {
                self.half_to_even(output.bounds(), output, acc, out, |acc| acc as f32 * scale);
            }
            RuleScale::BiasedF32 { scale, bias } => {
                self.half_to_even(output.bounds(), output, acc, out, |acc| (acc as f32 + bias) * scale);
            }
            RuleScale::F64(scale) => self.rescale_f64(scale, output, acc, out),
            RuleScale::ShiftRight(right) => self.rescale_shift(right, output, acc, out),
        }
    }

    /// Rules with a multiplier and a shift: (R1), (R2), (R3), (R6) and the int16 form.
    fn rescale_fixed_point<A: Copy + Into<i64>, T: CodeType>(
        &self,
        multiplier: i32,
        shift: i32,
        output: OutputStage,
        acc: &[A],
        out: &mut [T],
    ) {
        let (lo, hi) = output.bounds();
        let (lo64, hi64) = (i64::from(lo), i64::from(hi));
        let (left, right) = (shift.max(0) as u32, (-shift).max(0) as u32);
        match self.rule {
            Rule::Gemmlowp => {
                let mask = ((1u64 << right) - 1) as i32;
                self.for_each(output, acc, out, |acc| {
                    let v = high_mul(acc << left, multiplier);
                    let threshold = (mask >> 1) + i32::from(v < 0);
                    // A shift by 31 leaves the sign, and `i32` shifts reach no further.
                    ((v >> right) + i32::from((v & mask) > threshold)).clamp(lo, hi)
                });
            }
            Rule::Ruy => {
                let half = (1i64 << right) >> 1;
                self.for_each(output, acc, out, |acc| {
                    let v = i64::from(high_mul(acc << left, multiplier));
                    ((v + half) >> right).clamp(lo64, hi64) as i32
                });
            }
            Rule::Floor => {
                let (multiplier, right) = (i64::from(multiplier), 31 - shift);
                self.for_each(output, acc, out, |acc| {
                    ((i64::from(acc) * multiplier) >> right).clamp(lo64, hi64) as i32
                });
            }
            Rule::Int16 => {
                self.round_once(reduced_multiplier(multiplier), 15 - shift, output, acc, out);
            }
            _ => self.round_once(multiplier, 31 - shift, output, acc, out),
        }
    }

    /// One product and one rounding shift, half up: (R3).
    fn round_once<A: Copy + Into<i64>, T: CodeType>(
        &self,
        multiplier: i32,
        right: i32,
        output: OutputStage,
        acc: &[A],
        out: &mut [T],
    ) {
        let (lo, hi) = output.bounds();
        let (lo, hi) = (i64::from(lo), i64::from(hi));
        let (multiplier, half) = (i64::from(multiplier), 1i64 << (right - 1));
        self.for_each(output, acc, out, |acc| {
            ((i64::from(acc) * multiplier + half) >> right).clamp(lo, hi) as i32
        });
    }

    /// A binary32 clamped to bounds and rounded half to even: (R4), (R8) and (R9).
    ///
    /// The bounds are those of the value: `output.bounds()` before the zero point is added, the codes after.
    fn half_to_even<A, T>(
        &self,
        bounds: (i32, i32),
        output: OutputStage,
        acc: &[A],
        out: &mut [T],
        value: impl Fn(i32) -> f32,
    ) where
        A: Copy + Into<i64>,
        T: CodeType,
    {
        // Adding 1.5 * 2^23 rounds any |x| < 2^22 half to even and leaves the integer in the low bits:
        // `roundss` is not part of the baseline instruction set, a library call costs 5 ns.
        const SHIFTER: f32 = 12_582_912.0;
        let (lo, hi) = (bounds.0 as f32, bounds.1 as f32);
        let offset = SHIFTER.to_bits() as i32 + bounds.0 - output.bounds().0;
        self.for_each(output, acc, out, |acc| {
            let clamped = value(acc).clamp(lo, hi);
            (clamped + SHIFTER).to_bits() as i32 - offset
        });
    }

    /// A binary32 product, rounded half away from zero: (R10).
    fn rescale_f32_away<A, T>(&self, scale: f32, output: OutputStage, acc: &[A], out: &mut [T])
    where
        A: Copy + Into<i64>,
        T: CodeType,
    {
        let (lo, hi) = output.bounds();
        let (lo, hi) = (lo as f32, hi as f32);
        self.for_each(output, acc, out, |acc| {
            let clamped = (acc as f32 * scale).clamp(lo, hi);
            let truncated = clamped as i32;
            let rest = clamped - truncated as f32;
            truncated + i32::from(rest >= 0.5) - i32::from(rest <= -0.5)
        });
    }

    /// A binary64 product, rounded half away from zero: (R5).
    fn rescale_f64<A, T>(&self, scale: f64, output: OutputStage, acc: &[A], out: &mut [T])
    where
        A: Copy + Into<i64>,
        T: CodeType,
    {
        let (lo, hi) = output.bounds();
        let (lo, hi) = (f64::from(lo), f64::from(hi));
        self.for_each(output, acc, out, |acc| {
            let clamped = (f64::from(acc) * scale).clamp(lo, hi);
            let truncated = clamped as i32;
            let rest = clamped - f64::from(truncated);
            truncated + i32::from(rest >= 0.5) - i32::from(rest <= -0.5)
        });
    }

    /// A right shift, rounded half up or floored: (R7).
    fn rescale_shift<A, T>(&self, right: u32, output: OutputStage, acc: &[A], out: &mut [T])
    where
        A: Copy + Into<i64>,
        T: CodeType,
    {
        let (lo, hi) = output.bounds();
        let (lo, hi) = (i64::from(lo), i64::from(hi));
        if self.rule == Rule::Pow2Floor {
            self.for_each(output, acc, out, |acc| (i64::from(acc) >> right).clamp(lo, hi) as i32);
        } else {
            self.for_each(output, acc, out, |acc| {
                rounding_shift_right(i64::from(acc), right).clamp(lo, hi) as i32
            });
        }
    }

    /// Applies `rescale` to each accumulator and adds the zero point.
    ///
    /// The result of `rescale` is already clamped.
    #[inline(always)]
    fn for_each<A, T, F>(&self, output: OutputStage, acc: &[A], out: &mut [T], rescale: F)
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

/// `SRDHM` of a non-negative multiplier, which never saturates: rounds half up.
#[inline(always)]
fn high_mul(acc: i32, multiplier: i32) -> i32 {
    ((i64::from(acc) * i64::from(multiplier) + (1 << 30)) >> 31) as i32
}
