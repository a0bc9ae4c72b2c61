//! The `--engine` option of subcommands that compute outputs.

use super::CliError;
use crate::simulation::{ComputeEngine, ModelBuilder};

/// Source of the outputs.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum EngineOption {
    /// The Verilated RTL.
    Rtl,
    /// The software reference.
    Reference,
}

impl EngineOption {
    /// Calls a function with the engine, whose tools are found first.
    pub(super) fn run<T, E: Into<CliError>>(
        self,
        compute: impl FnOnce(ComputeEngine) -> Result<T, E>,
    ) -> Result<T, CliError> {
        match self {
            Self::Reference => compute(ComputeEngine::Reference).map_err(Into::into),
            Self::Rtl => {
                let models = ModelBuilder::discover(&super::print_notice)?;
                compute(ComputeEngine::Rtl(&models)).map_err(Into::into)
            }
        }
    }
}
