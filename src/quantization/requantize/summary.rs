//! Result of a requantization, with its text and JSON views.

use std::fmt;

use serde::Serialize;

use super::accumulators::AccumulatorTensor;
use crate::arithmetic::rescale::{Channel, Rescaler, Rule, RuleScale};
use crate::files::tensor::Dtype;
use crate::simulation::ComputeEngine;

/// Rule and numbers applied to a tensor of accumulators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RequantizeSummary {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// Type of the accumulators.
    pub input: String,
    /// Type that holds the codes.
    pub output: String,
    /// Rounding rule.
    pub rule: Rule,
    /// Defining equation of `docs/arithmetic.md`.
    pub equation: &'static str,
    /// Accumulator width that the rule was applied to.
    pub acc_bits: u32,
    /// Width of a code.
    pub bits: u32,
    /// Whether codes are two's complement.
    pub signed: bool,
    /// Smallest code.
    pub min: i32,
    /// Largest code.
    pub max: i32,
    /// `reference` or `rtl`.
    pub engine: &'static str,
    /// Numbers of each channel; a single entry applies to the whole tensor.
    pub channels: Vec<ChannelSummary>,
}

/// The numbers of a channel, in the form that its rule uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChannelSummary {
    /// Q0.31 multiplier, for the fixed-point rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiplier: Option<i32>,
    /// Left shift, for the fixed-point rules and those without a multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift: Option<i32>,
    /// Real number that the accumulator is multiplied by.
    pub scale: f64,
    /// Bias in accumulator steps, for rule `f32_bias`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bias: Option<f32>,
    /// Code of real zero.
    pub zero_point: i32,
}

impl From<&Channel> for ChannelSummary {
    fn from(&Channel { factor, output }: &Channel) -> Self {
        let (multiplier, shift) = match factor {
            RuleScale::Fixed { multiplier, shift } => (Some(multiplier), Some(shift)),
            RuleScale::ShiftRight(right) => (None, Some(-(right as i32))),
            RuleScale::F32(_) | RuleScale::F64(_) | RuleScale::BiasedF32 { .. } => (None, None),
        };
        let bias = match factor {
            RuleScale::BiasedF32 { bias, .. } => Some(bias),
            _ => None,
        };
        Self { multiplier, shift, scale: factor.to_f64(), bias, zero_point: output.zero_point() }
    }
}

impl RequantizeSummary {
    pub(crate) fn new(
        acc: &AccumulatorTensor,
        rescaler: &Rescaler,
        engine: ComputeEngine,
        codes: Dtype,
    ) -> Self {
        let Channel { output, .. } = rescaler.channels()[0];
        Self {
            shape: acc.shape.clone(),
            input: acc.dtype.to_string(),
            output: codes.to_string(),
            rule: rescaler.rule(),
            equation: rescaler.rule().equation(),
            acc_bits: rescaler.acc_bits(),
            bits: output.format().bits(),
            signed: output.format().signed(),
            min: output.min(),
            max: output.max(),
            engine: engine.name(),
            channels: rescaler.channels().iter().map(ChannelSummary::from).collect(),
        }
    }
}

/// Number of channels in the text view; JSON lists all.
const LISTED: usize = 16;

impl fmt::Display for RequantizeSummary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{} {:?} -> {}, engine {}", self.input, self.shape, self.output, self.engine)?;
        let sign = if self.signed { "signed" } else { "unsigned" };
        writeln!(
            f,
            "rule {} ({}), {} bits {sign}, clamp {}..={}",
            self.rule, self.equation, self.bits, self.min, self.max
        )?;
        for (index, channel) in self.channels.iter().enumerate().take(LISTED) {
            write!(f, "{index:>4}")?;
            if let Some(multiplier) = channel.multiplier {
                write!(f, "  multiplier {multiplier}")?;
            }
            if let Some(shift) = channel.shift {
                write!(f, "  shift {shift}")?;
            }
            write!(f, "  scale {:e}", channel.scale)?;
            if let Some(bias) = channel.bias {
                write!(f, "  bias {bias}")?;
            }
            writeln!(f, "  zero point {}", channel.zero_point)?;
        }
        if self.channels.len() > LISTED {
            writeln!(f, "      {} more (--format json lists all)", self.channels.len() - LISTED)?;
        }
        Ok(())
    }
}
