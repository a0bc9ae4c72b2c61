//! Frames of codes through the RTL of a network.

use super::dut::CompiledModel;
use super::error::DutError;
use super::streams::{Stalls, simulate_streams};
use crate::network::NetworkParameters;
use crate::toolchain::parallel::in_parallel;

/// Frames driven back to back, so that runs of many frames use every core.
const FRAMES_OF_RUN: usize = 64;

/// Outputs of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkRun {
    /// Codes of the network's output, one entry per frame; layers of the host are computed in software.
    pub outputs: Vec<Vec<i8>>,
    /// Clock cycles from the reset to the last beat, summed over the runs.
    pub cycles: u64,
}

/// Drives frames of input codes into the model of a network; `advance` receives the number of beats that just left it.
///
/// Each run of 64 frames begins with a reset and drives its frames back to back; runs are simulated at the same time.
/// The result does not depend on the number of cores.
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
    advance: &(dyn Fn(u64) + Sync),
) -> Result<NetworkRun, DutError> {
    let parameters: &NetworkParameters = model.config().parameters();
    let length = parameters.output_beats();
    let simulate = |(index, frames): &(usize, &[Vec<i8>])| {
        let beats = frames.iter().flat_map(|frame| parameters.input_beats(frame)).collect();
        let stalls = match stalls {
            Stalls::Random(seed) => Stalls::Random(seed.wrapping_add(*index as u64)),
            Stalls::None => Stalls::None,
        };
        let run = simulate_streams(model, &[beats], &[length * frames.len()], stalls, advance)?;
        let outputs = run.outputs[0].chunks_exact(length);
        let outputs = outputs.map(|beats| parameters.on_host(&parameters.output_codes(beats)));
        Ok((outputs.collect::<Vec<_>>(), run.cycles))
    };
    let runs: Vec<(usize, &[Vec<i8>])> = frames.chunks(FRAMES_OF_RUN).enumerate().collect();
    let (outputs, cycles): (Vec<_>, Vec<u64>) = in_parallel(&runs, simulate)?.into_iter().unzip();
    Ok(NetworkRun { outputs: outputs.concat(), cycles: cycles.iter().sum() })
}
