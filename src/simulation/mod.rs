//! Simulation: compiled models, their instances, and the bit-sliced models of their gates.

mod abi;
mod arrays;
pub mod bit_sliced;
mod compute_engine;
mod coverage;
mod coverage_models;
mod design;
mod dut;
mod engine;
mod error;
#[cfg(unix)]
mod isolated_model;
mod isolation;
#[cfg(feature = "linked-models")]
mod linked_models;
mod loaded_model;
mod model_builder;
mod model_group;
mod models;
mod models_on_demand;
mod network;
#[cfg(unix)]
mod server;
mod simulate;
mod simulate_arrays;
mod simulator;
mod streams;

pub(crate) use arrays::simulation_bytes;
pub use arrays::{ArrayError, arrays_from_outputs, column_from_array, sequence_from_arrays};
pub use compute_engine::ComputeEngine;
pub use coverage::{CoverageCount, CoverageSummary};
pub use coverage_models::CoverageModels;
pub use design::{Design, DesignInstance};
pub use dut::{CompiledModel, Dut};
pub use engine::{SimulationEngine, Slicer};
pub use error::DutError;
pub use isolation::Isolation;
#[cfg(feature = "linked-models")]
pub use linked_models::LinkedModels;
pub use model_builder::ModelBuilder;
pub use model_group::ModelGroup;
pub use models::{ModelError, Models};
pub use models_on_demand::ModelsOnDemand;
pub use network::{NetworkRun, simulate_network};
pub use simulate::{reference_streams, simulate_reference, simulate_rtl};
pub use simulate_arrays::{SimulateError, simulate};
pub use simulator::{PinError, Simulator};
pub use streams::{Stalls, StreamRun, simulate_streams};
