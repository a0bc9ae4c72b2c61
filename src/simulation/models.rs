//! Interface of sources of compiled models.

use std::sync::Arc;

use super::coverage::Coverage;
use super::dut::CompiledModel;
use crate::model::Lanes;
use crate::unit::Config;

/// A source of compiled models: built on demand, or linked into the program.
pub trait Models: Sync {
    /// A model of the Verilog, which defines the module of the config.
    ///
    /// # Errors
    /// When it cannot be built or loaded.
    fn model(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: bool,
    ) -> Result<CompiledModel, ModelError>;

    /// Coverage that instances add to, if models are built with coverage.
    fn coverage(&self) -> Option<Arc<Coverage>> {
        None
    }

    /// Number of transactions from which a bit-sliced model is faster; `None` without bit-sliced models.
    fn slicing_threshold(&self) -> Option<u64> {
        None
    }

    /// A bit-sliced model of the Verilog.
    ///
    /// # Errors
    /// When it cannot be built.
    fn sliced_model(&self, config: &Config, _verilog: &str) -> Result<CompiledModel, ModelError> {
        Err(format!("there is no bit-sliced model of {}; use --engine verilated", config.name()).into())
    }
}

/// Error that prevents building or loading a model.
pub type ModelError = Box<dyn std::error::Error + Send + Sync>;
