//! Accumulators near a rounding boundary, as for the pipelined requantizer.

use super::requantizer::boundary_inputs;
use crate::catalogue::SerialRequantizerParameters;

/// Directed inputs of the pipelined form.
pub(crate) fn directed_inputs(
    parameters: &SerialRequantizerParameters,
    random: u64,
) -> Vec<(&'static str, u64)> {
    boundary_inputs(&parameters.requantization, random)
}
