//! The requantizer of a layer of a network, from its rescaling.

use super::unit;
use crate::arithmetic::network::ChannelRescaler;
use crate::arithmetic::rescale::{Channel, Rescaler, RuleScale};
use crate::unit::{Config, ConfigError, Implementation};

/// Number of registers of a requantizer with one scale, and with one scale per channel.
const STAGES: [u32; 2] = [3, 6];

/// The requantizer of a layer's sums of `acc_bits` bits.
///
/// # Errors
/// [`ConfigError::Combination`] for channels that follow two rules.
pub(crate) fn layer_requantizer(
    rescaler: &ChannelRescaler,
    acc_bits: u32,
    implementation: Implementation,
) -> Result<Config, ConfigError> {
    match &rescaler.tail {
        None => requantizer(&rescaler.rescaler, acc_bits, implementation),
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
    let rule = rescaler.rule();
    let channels = rescaler.channels();
    let output = channels[0].output;
    let numbers: Vec<(i64, i64)> = channels.iter().map(number).collect();
    let is_uniform = numbers.iter().all(|number| *number == numbers[0]);
    // One number if all channels have the same: some rules have no shift.
    let list = |of: fn(&(i64, i64)) -> i64| {
        let own: Vec<i64> = numbers.iter().map(of).collect();
        let used = if own.iter().all(|number| *number == own[0]) { &own[..1] } else { &own[..] };
        used.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
    };
    let sets = [
        format!("rule={rule}"),
        format!("acc_bits={acc_bits}"),
        format!("multiplier={}", list(|number| number.0)),
        format!("shift={}", list(|number| number.1)),
        format!("zero_point={}", output.zero_point()),
        format!("clamp_min={}", output.min()),
        format!("clamp_max={}", output.max()),
        format!("stages={}", STAGES[usize::from(!is_uniform)]),
    ];
    let sets: Vec<String> = sets.into_iter().chain(implementation.target_settings()).collect();
    Config::new(unit("requantizer")?, None, &sets)
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
