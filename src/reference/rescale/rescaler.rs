use super::rules::{self, Register};
use super::{Output, RescaleError, Rule, Scale};

/// A rescaling: one rule, one factor per channel, one output stage.
///
/// Channels are the last axis: element `i` of a flat array belongs to channel `i % channels()`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescaler {
    pub(super) rule: Rule,
    pub(super) acc_bits: u32,
    pub(super) factors: Vec<Factor>,
    pub(super) output: Output,
}

/// A scale in the form its rule multiplies by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Factor {
    Fixed { multiplier: i32, shift: i32 },
    F32(f32),
    F64(f64),
    ShiftRight(u32),
}

impl Rescaler {
    /// One scale for the whole tensor, on two's complement accumulators of `acc_bits` (8..=64; the int16
    /// form 8..=48).
    ///
    /// # Errors
    /// [`RescaleError`] when the rule cannot apply the scale or is not defined on the width.
    pub fn new(rule: Rule, acc_bits: u32, scale: Scale, output: Output) -> Result<Self, RescaleError> {
        Self::per_channel(rule, acc_bits, &[scale], output)
    }

    /// One scale per channel of the last axis.
    ///
    /// # Errors
    /// Those of [`Rescaler::new`], and [`RescaleError::NoChannels`] for an empty list.
    pub fn per_channel(
        rule: Rule,
        acc_bits: u32,
        scales: &[Scale],
        output: Output,
    ) -> Result<Self, RescaleError> {
        let max = rule.max_acc_bits();
        if !(8..=max).contains(&acc_bits) {
            return Err(RescaleError::AccBits { rule, bits: acc_bits, max });
        }
        if scales.is_empty() {
            return Err(RescaleError::NoChannels);
        }
        let factors = scales.iter().map(|&scale| Factor::new(rule, scale)).collect::<Result<_, _>>()?;
        Ok(Self { rule, acc_bits, factors, output })
    }

    /// The rounding rule.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// How many channels have a factor of their own; 1 when the whole tensor shares one.
    pub fn channels(&self) -> usize {
        self.factors.len()
    }

    /// The output stage.
    pub fn output(&self) -> Output {
        self.output
    }

    /// The code of one accumulator of `channel`, which is taken modulo [`Rescaler::channels`].
    ///
    /// Of `acc` the low `acc_bits` count, as on a port of that width.
    pub fn rescale(&self, acc: i64, channel: usize) -> i32 {
        let acc = self.wrap(acc);
        let register = Register::for_acc_bits(self.acc_bits);
        let rescaled = match (self.rule, self.factors[channel % self.factors.len()]) {
            (Rule::Gemmlowp, Factor::Fixed { multiplier, shift }) => {
                rules::gemmlowp(acc, multiplier, shift, register).into()
            }
            (Rule::Ruy, Factor::Fixed { multiplier, shift }) => {
                rules::ruy(acc, multiplier, shift, register).into()
            }
            (Rule::Floor, Factor::Fixed { multiplier, shift }) => rules::floor(acc, multiplier, shift),
            (Rule::Int16, Factor::Fixed { multiplier, shift }) => rules::int16(acc, multiplier, shift).into(),
            (_, Factor::Fixed { multiplier, shift }) => rules::single(acc, multiplier, shift),
            (_, Factor::F32(scale)) => rules::f32(acc, scale, self.output.bounds()).into(),
            (_, Factor::F64(scale)) => rules::f64(acc, scale),
            (Rule::Pow2Floor, Factor::ShiftRight(right)) => rules::pow2_floor(acc, right).into(),
            (_, Factor::ShiftRight(right)) => rules::pow2(acc, right).into(),
        };
        self.output.apply(rescaled)
    }

    /// The low `acc_bits` of `acc`, sign-extended.
    fn wrap(&self, acc: i64) -> i64 {
        let unused = 64 - self.acc_bits;
        (acc << unused) >> unused
    }
}

impl Factor {
    fn new(rule: Rule, scale: Scale) -> Result<Self, RescaleError> {
        match rule {
            Rule::Gemmlowp | Rule::Ruy | Rule::Single | Rule::Floor | Rule::Int16 => Self::fixed(rule, scale),
            Rule::F32 => Self::f32(scale),
            Rule::F64 => Ok(Self::F64(scale.to_f64())),
            Rule::Pow2 | Rule::Pow2Floor => Self::shift_right(scale),
        }
    }

    fn fixed(rule: Rule, scale: Scale) -> Result<Self, RescaleError> {
        let (multiplier, shift) = scale.to_fixed();
        match rule.shifts() {
            Some(shifts) if !shifts.contains(&shift) => {
                Err(RescaleError::Shift { rule, shift, min: *shifts.start(), max: *shifts.end() })
            }
            _ => Ok(Self::Fixed { multiplier, shift }),
        }
    }

    /// A multiplier of zero is legal and stays zero; any other scale must not become zero or infinite.
    fn f32(scale: Scale) -> Result<Self, RescaleError> {
        let exact = scale.to_f64();
        let rounded = exact as f32;
        if rounded.is_finite() && (rounded > 0.0 || exact == 0.0) {
            Ok(Self::F32(rounded))
        } else {
            Err(RescaleError::ScaleNotF32(exact))
        }
    }

    fn shift_right(scale: Scale) -> Result<Self, RescaleError> {
        let exact = scale.to_f64();
        (0..=63)
            .find(|&right| exact == 2f64.powi(-(right as i32)))
            .map(Self::ShiftRight)
            .ok_or(RescaleError::NotPowerOfTwo(exact))
    }
}

#[cfg(test)]
mod tests;
