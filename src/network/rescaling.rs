//! Rescalings of layers from real scales.

use super::refusal::Refusal;
use crate::arithmetic::network::{Activation, ChannelRescaler, Quantization};
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, Rescaler, Rule, Scale};

/// Width of the runtimes' accumulators.
const ACC_BITS: u32 = 32;

/// Channels that LiteRT's optimized depthwise convolution computes at once.
const DEPTHWISE_RUN: usize = 8;

/// Rescaling of sums under a rule; one real scale, or one per channel.
pub fn rescaler(
    rule: Rule,
    scales: &[f64],
    output: Quantization,
    activation: Activation,
) -> Result<Rescaler, Refusal> {
    let scales = scales.iter().map(|&scale| match scale {
        0.0 => Scale::fixed(0, 0),
        _ => Scale::real(scale),
    });
    let scales: Vec<Scale> = scales.collect::<Result<_, _>>()?;
    Ok(Rescaler::per_channel(rule, ACC_BITS, &scales, &[output_stage(output, activation)?])?)
}

/// Zero point and clamp of an output.
pub fn output_stage(output: Quantization, activation: Activation) -> Result<OutputStage, Refusal> {
    let int8 = CodeFormat::new(8, true).expect("8 bits");
    let (min, max) = activation.range(output);
    Ok(OutputStage::new(int8, output.zero_point)?.clamped(min, max)?)
}

/// Rescaling of LiteRT's optimized depthwise convolution: (R2) in whole runs of 8 channels, (R1) after them.
pub fn mixed_rescaler(
    channels: usize,
    scales: &[f64],
    output: Quantization,
    activation: Activation,
) -> Result<ChannelRescaler, Refusal> {
    let rescaler = |rule| rescaler(rule, scales, output, activation);
    let start = channels / DEPTHWISE_RUN * DEPTHWISE_RUN;
    let tail = (start < channels).then(|| rescaler(Rule::Gemmlowp)).transpose()?;
    Ok(ChannelRescaler { rescaler: rescaler(Rule::Ruy)?, tail: tail.map(|tail| (start, tail)) })
}
