//! Simulation of arrays named after ports.

use std::collections::BTreeMap;

use super::arrays::{ArrayError, arrays_from_outputs, sequence_from_arrays};
use super::compute_engine::ComputeEngine;
use super::error::DutError;
use super::models::ModelError;
use super::simulate::{simulate_reference, simulate_rtl};
use crate::files::tensor::Array;
use crate::generator;
use crate::model::Lanes;
use crate::unit::Config;

/// Error of a simulation of arrays.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// An array does not fit its port.
    #[error(transparent)]
    Array(#[from] ArrayError),
    /// The model cannot be built or loaded.
    #[error("{0}")]
    Model(ModelError),
    /// The design ends its simulation.
    #[error(transparent)]
    Dut(#[from] DutError),
}

/// Computes the outputs of a unit for arrays named after its input ports, one row per transaction.
///
/// A scalar port takes shape `[N]`, a port of several elements `[N, elements]`. Control ports without an array are
/// idle. The result has one array per output port; its row `t` belongs to transaction `t`, whatever the latency.
///
/// # Errors
/// Every [`SimulateError`].
pub fn simulate(
    config: &Config,
    inputs: BTreeMap<String, Array>,
    engine: ComputeEngine,
) -> Result<BTreeMap<String, Array>, SimulateError> {
    let transactions = sequence_from_arrays(config, inputs)?;
    let outputs = match engine {
        ComputeEngine::Reference => simulate_reference(config, &transactions),
        ComputeEngine::Rtl(models) => {
            let model = models.model(config, &generator::render(config), Lanes::ONE, false);
            simulate_rtl(&model.map_err(SimulateError::Model)?, &transactions)?
        }
    };
    Ok(arrays_from_outputs(config, &outputs))
}
