//! Accumulators beside a rounding boundary, as for the pipelined requantizer.

use super::requantizer::inputs_of;
use crate::catalogue::SerialRequantizerParameters;

pub(crate) fn directed_inputs(
    parameters: &SerialRequantizerParameters,
    random: u64,
) -> Vec<(&'static str, u64)> {
    inputs_of(&parameters.values, random)
}
