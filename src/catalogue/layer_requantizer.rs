//! The requantizer of a layer of a network, from its rescaling.

use super::unit;
use crate::arithmetic::network::ChannelRescaler;
use crate::arithmetic::rescale::{Channel, Rescaler, RuleScale};
use crate::unit::{Config, ConfigError, Implementation};

/// Number of registers of a requantizer with one scale, and with one scale per channel.
const STAGES: [u32; 2] = [3, 6];

/// The rescaler of a layer whose channels follow one rule.
///
/// # Errors
/// [`ConfigError::Combination`] for channels that follow two rules.
pub(crate) fn layer_rescaler(rescaler: &ChannelRescaler) -> Result<&Rescaler, ConfigError> {
    match &rescaler.tail {
        None => Ok(&rescaler.rescaler),
        Some((start, tail)) => Err(ConfigError::Combination {
            reason: format!(
                "channels from {start} on follow the rule {}, those before {}",
                tail.rule(),
                rescaler.rescaler.rule()
            ),
            fix: "use a profile with one rule per layer, such as tflm".to_string(),
        }),
    }
}

/// The requantizer of a rescaling of sums of `acc_bits` bits.
///
/// # Errors
/// [`ConfigError`] for numbers that the requantizer refuses.
pub(crate) fn requantizer(
    rescaler: &Rescaler,
    acc_bits: u32,
    implementation: Implementation,
) -> Result<Config, ConfigError> {
    let stages = format!("stages={}", STAGES[usize::from(!is_uniform(rescaler))]);
    let own = settings(rescaler, acc_bits).into_iter().chain([stages]);
    let sets: Vec<String> = own.chain(implementation.target_settings()).collect();
    Config::new(unit("requantizer")?, None, &sets)
}

/// The serial requantizer of a rescaling of sums of `acc_bits` bits, with a scale per channel.
///
/// # Errors
/// [`ConfigError`] for one scale, and for numbers that the serial requantizer refuses.
pub(crate) fn serial_requantizer(rescaler: &Rescaler, acc_bits: u32) -> Result<Config, ConfigError> {
    if is_uniform(rescaler) {
        return Err(ConfigError::Combination {
            reason: "a layer with one scale has no serial requantizer".to_string(),
            fix: "give a scale per channel, or leave out serial".to_string(),
        });
    }
    Config::new(unit("serial_requantizer")?, None, &settings(rescaler, acc_bits))
}

/// Whether all channels have the same number.
fn is_uniform(rescaler: &Rescaler) -> bool {
    let channels = rescaler.channels();
    channels.iter().all(|channel| number(channel) == number(&channels[0]))
}

/// The settings that both requantizers have.
fn settings(rescaler: &Rescaler, acc_bits: u32) -> Vec<String> {
    let rule = rescaler.rule();
    let channels = rescaler.channels();
    let output = channels[0].output;
    let numbers: Vec<(i64, i64)> = channels.iter().map(number).collect();
    // One number if all channels have the same: some rules have no shift.
    let list = |of: fn(&(i64, i64)) -> i64| {
        let own: Vec<i64> = numbers.iter().map(of).collect();
        let used = if own.iter().all(|number| *number == own[0]) { &own[..1] } else { &own[..] };
        used.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
    };
    vec![
        format!("rule={rule}"),
        format!("acc_bits={acc_bits}"),
        format!("multiplier={}", list(|number| number.0)),
        format!("shift={}", list(|number| number.1)),
        format!("zero_point={}", output.zero_point()),
        format!("clamp_min={}", output.min()),
        format!("clamp_max={}", output.max()),
    ]
}

/// Multiplier and shift of a channel, as the requantizer takes them.
fn number(channel: &Channel) -> (i64, i64) {
    match channel.factor {
        RuleScale::Fixed { multiplier, shift } => (multiplier.into(), shift.into()),
        RuleScale::F32(scale) => (scale.to_bits().into(), 0),
        RuleScale::F64(scale) => (scale.to_bits() as i64, 0),
        RuleScale::BiasedF32 { .. } | RuleScale::ShiftRight(_) => {
            unreachable!("rules of layers multiply, and add their bias to the sum")
        }
    }
}
