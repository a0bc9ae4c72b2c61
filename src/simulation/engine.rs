//! Simulation engines, and the interface to the builder of bit-sliced models.

use serde::{Deserialize, Serialize};

use super::models::ModelError;
use crate::unit::Config;

/// Simulation engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum SimulationEngine {
    /// The fastest engine, build included
    #[default]
    Auto,
    /// The Verilated model
    Verilated,
    /// The bit-sliced model
    Sliced,
}

/// Generates the C++ of bit-sliced models.
pub trait Slicer: Send + Sync {
    /// Number of transactions from which a bit-sliced model is faster than one Verilated instance.
    ///
    /// `None` when bit-sliced models cannot be built here.
    fn threshold(&self) -> Option<u64>;

    /// The C++ of a model of the Verilog with `Lanes::SLICED` lanes, exported as `qrtl_model_<top>`.
    ///
    /// # Errors
    /// When the Verilog cannot be converted.
    fn text(&self, config: &Config, verilog: &str, top: &str) -> Result<String, ModelError>;
}
