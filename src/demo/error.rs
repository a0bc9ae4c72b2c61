//! Why a variant could not be evaluated.

use super::backend::BackendError;
use crate::arithmetic::quantizer;
use crate::arithmetic::rescale::RescaleError;
use crate::unit::ConfigError;

/// One variant per rule.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A width the quantizer does not know, or a tensor it refuses.
    #[error(transparent)]
    Quantizer(#[from] quantizer::QuantizerError),
    /// A scale that the rounding rule cannot apply.
    #[error(transparent)]
    Rescale(#[from] RescaleError),
    /// No unit has these parameters.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The classic affine form has a real offset.
    #[error("multiply-accumulate units subtract integers, not a real offset: use symmetric or affine")]
    Offset,
    /// The engine failed.
    #[error("{network}: {source}")]
    Backend {
        /// The network that was running.
        network: String,
        /// What the engine said.
        source: BackendError,
    },
}
