//! Why a variant could not be evaluated.

use super::{EngineError, Variant};
use crate::catalogue::ConfigError;
use crate::reference::quantizer;

/// One variant per rule.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A width the quantizer does not know, or a tensor it refuses.
    #[error(transparent)]
    Quantizer(#[from] quantizer::Error),
    /// No multiply-accumulate unit has these operands.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The classic affine form has a real offset.
    #[error("multiply-accumulate units subtract integers, not a real offset: use symmetric or affine")]
    Offset,
    /// The engine failed.
    #[error("{variant}: {source}")]
    Engine {
        /// The variant that was running.
        variant: Variant,
        /// What the engine said.
        source: EngineError,
    },
}
