//! Frames of codes through the RTL of a network.

use super::dut::CompiledModel;
use super::error::DutError;
use super::streams::{Stalls, simulate_streams};
use crate::network::NetworkParameters;

/// Outputs of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkRun {
    /// Codes of the network's output, one entry per frame; layers of the host are computed in software.
    pub outputs: Vec<Vec<i8>>,
    /// Clock cycles from the reset to the last beat.
    pub cycles: u64,
}

/// Drives frames of input codes into the model of a network; `advance` receives the number of beats that just left it.
///
/// # Errors
/// [`DutError`] when the design ends its simulation, or does not answer for many cycles.
///
/// # Panics
/// When the model is not that of a network.
pub fn simulate_network(
    model: &CompiledModel,
    frames: &[Vec<i8>],
    stalls: Stalls,
    advance: &dyn Fn(u64),
) -> Result<NetworkRun, DutError> {
    let parameters: &NetworkParameters = model.config().parameters();
    let length = parameters.output_beats();
    let beats = frames.iter().flat_map(|frame| parameters.input_beats(frame)).collect();
    let run = simulate_streams(model, &[beats], &[length * frames.len()], stalls, advance)?;
    let outputs = run.outputs[0].chunks_exact(length);
    let outputs = outputs.map(|beats| parameters.on_host(&parameters.output_codes(beats))).collect();
    Ok(NetworkRun { outputs, cycles: run.cycles })
}
