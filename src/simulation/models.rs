//! Sources of compiled models: built on demand, or linked into the program.

use std::sync::Arc;

use super::coverage::Coverage;
use super::dut::CompiledModel;
use crate::model::Lanes;
use crate::unit::Config;

/// Where models come from: built on demand, or linked into the program.
pub trait Models: Sync {
    /// A model of the Verilog text, which defines the module of the config.
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

    /// Where the models record what they cover, if they do.
    fn coverage(&self) -> Option<Arc<Coverage>> {
        None
    }

    /// From how many transactions on a bit-sliced model pays, if there can be one.
    fn slicing_threshold(&self) -> Option<u64> {
        None
    }

    /// A bit-sliced model of the Verilog text.
    ///
    /// # Errors
    /// When there is no way to one.
    fn sliced_model(&self, config: &Config, _verilog: &str) -> Result<CompiledModel, ModelError> {
        Err(format!("there is no bit-sliced model of {}; use --engine verilated", config.name()).into())
    }
}

/// Why there is no model: the message of whatever failed, with its fix.
pub type ModelError = Box<dyn std::error::Error + Send + Sync>;
