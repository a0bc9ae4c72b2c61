//! The `--engine` option of subcommands that compute outputs.

use crate::simulation::{ComputeEngine, ModelsOnDemand};

/// Source of the outputs.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum EngineOption {
    /// The Verilated RTL.
    Rtl,
    /// The software reference.
    Reference,
}

static MODELS: ModelsOnDemand = ModelsOnDemand::new(super::print_notice);

impl EngineOption {
    /// The engine; its tools are found when it is used.
    pub(super) fn engine(self) -> ComputeEngine<'static> {
        match self {
            Self::Reference => ComputeEngine::Reference,
            Self::Rtl => ComputeEngine::Rtl(&MODELS),
        }
    }
}
