//! Engines that simulate a config, and the maker of bit-sliced models.

use serde::{Deserialize, Serialize};

use super::models::ModelError;
use crate::unit::Config;

/// What simulates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SimulationEngine {
    /// Whatever takes the least time, building included.
    #[default]
    Auto,
    /// The Verilated model.
    Verilated,
    /// The bit-sliced model.
    Sliced,
}

/// Makes bit-sliced models.
pub trait Slicer: Send + Sync {
    /// From how many transactions on such a model takes less time than one Verilated instance; none
    /// when it cannot be made here.
    fn worth(&self) -> Option<u64>;

    /// The C++ of a model of the Verilog text with `Lanes::SLICED` lanes, which exports itself as
    /// `qrtl_model_<top>`.
    ///
    /// # Errors
    /// When there is no way to one.
    fn text(&self, config: &Config, verilog: &str, top: &str) -> Result<String, ModelError>;
}
