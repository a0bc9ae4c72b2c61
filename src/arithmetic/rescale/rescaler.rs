//! A rescaling: rule, scales and output stages.

use super::error::RescaleError;
use super::multiplier::Scale;
use super::output::OutputStage;
use super::rule::Rule;
use super::rules;
use super::rules::RegisterWidth;

/// A rescaling: one rule, and a scale and an output stage per channel.
///
/// Channels are the last axis: element `i` of a flat array belongs to channel `i % channels().len()`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescaler {
    pub(crate) rule: Rule,
    pub(crate) acc_bits: u32,
    pub(crate) channels: Vec<Channel>,
}

/// Rescaling of the accumulators of one channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Channel {
    /// Scale, in the form of the rule.
    pub factor: RuleScale,
    /// Zero point and clamp.
    pub output: OutputStage,
}

/// A scale in the form that its rule multiplies by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RuleScale {
    /// `multiplier * 2^(shift - 31)`, for the fixed-point rules.
    Fixed {
        /// Q0.31 fraction, 0..=2^31-1.
        multiplier: i32,
        /// Left shift, in the range of the rule.
        shift: i32,
    },
    /// For (R4), (R8) and (R10): finite and not negative.
    F32(f32),
    /// For (R9): a scale that is finite and not negative, and a finite bias in accumulator steps.
    BiasedF32 {
        /// Factor of the sum of accumulator and bias.
        scale: f32,
        /// Bias.
        bias: f32,
    },
    /// For (R5): finite and not negative.
    F64(f64),
    /// `2^-r` for (R7), `r` in 0..=63.
    ShiftRight(u32),
}

impl Rescaler {
    /// Creates a rescaling with one scale for the whole tensor.
    ///
    /// Accumulators are two's complement numbers of `acc_bits`: 8..=64, or 8..=48 for the int16 form.
    ///
    /// # Errors
    /// [`RescaleError`] if the rule cannot apply the scale or is not defined for the width.
    pub fn new(rule: Rule, acc_bits: u32, scale: Scale, output: OutputStage) -> Result<Self, RescaleError> {
        Self::per_channel(rule, acc_bits, &[scale], &[output])
    }

    /// Creates a rescaling with a scale and an output stage per channel.
    ///
    /// A list of one serves all channels.
    ///
    /// # Errors
    /// Those of [`Rescaler::new`], [`RescaleError::NoChannels`] for an empty list, and
    /// [`RescaleError::UnequalOutputs`] for lists of unequal length.
    pub fn per_channel(
        rule: Rule,
        acc_bits: u32,
        scales: &[Scale],
        outputs: &[OutputStage],
    ) -> Result<Self, RescaleError> {
        let max = rule.max_acc_bits();
        if !(8..=max).contains(&acc_bits) {
            return Err(RescaleError::AccBits { rule, bits: acc_bits, max });
        }
        let (scales, outputs) = match (scales, outputs) {
            ([], _) | (_, []) => return Err(RescaleError::NoChannels),
            (&[scale], outputs) => (vec![scale; outputs.len()], outputs.to_vec()),
            (scales, &[output]) => (scales.to_vec(), vec![output; scales.len()]),
            (scales, outputs) if scales.len() == outputs.len() => (scales.to_vec(), outputs.to_vec()),
            _ => {
                return Err(RescaleError::UnequalOutputs { scales: scales.len(), outputs: outputs.len() });
            }
        };
        let channel = |(scale, output)| Ok(Channel { factor: RuleScale::new(rule, scale)?, output });
        let channels = scales.into_iter().zip(outputs).map(channel).collect::<Result<_, _>>()?;
        Ok(Self { rule, acc_bits, channels })
    }

    /// Creates a rescaling by rule (R9), which adds a bias to the accumulator as a binary32.
    ///
    /// A bias is a real number of accumulator steps, `bias / (sx*sw)`. A list of one serves all channels.
    ///
    /// # Errors
    /// Those of [`Rescaler::per_channel`], [`RescaleError::UnequalBiases`] for lists of unequal length, and
    /// [`RescaleError::Bias`] for a bias that is not finite.
    pub fn with_float_bias(
        acc_bits: u32,
        scales: &[Scale],
        biases: &[f32],
        outputs: &[OutputStage],
    ) -> Result<Self, RescaleError> {
        let unbiased = Self::per_channel(Rule::F32, acc_bits, scales, outputs)?;
        let count = unbiased.channels.len();
        let channels = match (biases, count) {
            ([], _) => return Err(RescaleError::NoBias),
            (&[_], _) => count,
            (biases, 1) => biases.len(),
            (biases, _) if biases.len() == count => count,
            _ => return Err(RescaleError::UnequalBiases { channels: count, biases: biases.len() }),
        };
        let channel = |index: usize| {
            let Channel { factor, output } = unbiased.channels[index % count];
            match (factor, biases[index % biases.len()]) {
                (RuleScale::F32(scale), bias) if bias.is_finite() => {
                    Ok(Channel { factor: RuleScale::BiasedF32 { scale, bias }, output })
                }
                (_, bias) => Err(RescaleError::Bias(bias)),
            }
        };
        let channels = (0..channels).map(channel).collect::<Result<_, _>>()?;
        Ok(Self { rule: Rule::F32Bias, acc_bits, channels })
    }

    /// Rounding rule.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Width of the accumulators.
    pub fn acc_bits(&self) -> u32 {
        self.acc_bits
    }

    /// Scale and output stage of each channel.
    ///
    /// A single entry applies to the whole tensor.
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// Rescales one accumulator of `channel`, taken modulo the number of channels.
    ///
    /// Only the low `acc_bits` of `acc` are used, as on a port of that width.
    pub fn rescale(&self, acc: i64, channel: usize) -> i32 {
        let acc = self.wrap(acc);
        let register = RegisterWidth::for_acc_bits(self.acc_bits);
        let Channel { factor, output } = self.channels[channel % self.channels.len()];
        let rescaled = match (self.rule, factor) {
            (Rule::Gemmlowp, RuleScale::Fixed { multiplier, shift }) => {
                rules::gemmlowp(acc, multiplier, shift, register).into()
            }
            (Rule::Ruy, RuleScale::Fixed { multiplier, shift }) => {
                rules::ruy(acc, multiplier, shift, register).into()
            }
            (Rule::Floor, RuleScale::Fixed { multiplier, shift }) => rules::floor(acc, multiplier, shift),
            (Rule::Int16, RuleScale::Fixed { multiplier, shift }) => {
                rules::int16(acc, multiplier, shift).into()
            }
            (_, RuleScale::Fixed { multiplier, shift }) => rules::single(acc, multiplier, shift),
            (Rule::F32AfterZeroPoint, RuleScale::F32(scale)) => {
                return rules::f32_after_zero_point(
                    acc,
                    scale,
                    output.zero_point(),
                    (output.min(), output.max()),
                );
            }
            (Rule::F32Away, RuleScale::F32(scale)) => rules::f32_away(acc, scale, output.bounds()).into(),
            (_, RuleScale::F32(scale)) => rules::f32(acc, scale, output.bounds()).into(),
            (_, RuleScale::BiasedF32 { scale, bias }) => {
                rules::f32_bias(acc, bias, scale, output.bounds()).into()
            }
            (_, RuleScale::F64(scale)) => rules::f64(acc, scale),
            (Rule::Pow2Floor, RuleScale::ShiftRight(right)) => rules::pow2_floor(acc, right).into(),
            (_, RuleScale::ShiftRight(right)) => rules::pow2(acc, right).into(),
        };
        output.apply(rescaled)
    }

    /// Sign-extends the low `acc_bits` of `acc`.
    fn wrap(&self, acc: i64) -> i64 {
        let unused = 64 - self.acc_bits;
        (acc << unused) >> unused
    }
}

impl RuleScale {
    /// Converts to a real number, exactly.
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Fixed { multiplier, shift } => Scale::Fixed { multiplier, shift }.to_f64(),
            Self::F32(scale) | Self::BiasedF32 { scale, .. } => scale.into(),
            Self::F64(scale) => scale,
            Self::ShiftRight(right) => 2f64.powi(-(right as i32)),
        }
    }

    fn new(rule: Rule, scale: Scale) -> Result<Self, RescaleError> {
        match rule {
            Rule::Gemmlowp | Rule::Ruy | Rule::Single | Rule::Floor | Rule::Int16 => Self::fixed(rule, scale),
            Rule::F32 | Rule::F32AfterZeroPoint | Rule::F32Away => Self::f32(rule, scale),
            Rule::F32Bias => Err(RescaleError::NoBias),
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

    /// Rounds to binary32.
    ///
    /// A scale of zero stays zero, any other must not become zero or infinite.
    fn f32(rule: Rule, scale: Scale) -> Result<Self, RescaleError> {
        let exact = scale.to_f64();
        let rounded = exact as f32;
        if rounded.is_finite() && (rounded > 0.0 || exact == 0.0) {
            Ok(Self::F32(rounded))
        } else {
            Err(RescaleError::ScaleNotF32 { rule, scale: exact })
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
