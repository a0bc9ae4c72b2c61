//! Errors of an evaluation.

use super::backend::BackendError;
use crate::arithmetic::quantizer;
use crate::arithmetic::rescale::RescaleError;
use crate::unit::ConfigError;

/// Error for a variant that cannot be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The quantizer rejects a width or a tensor.
    #[error(transparent)]
    Quantizer(#[from] quantizer::QuantizerError),
    /// The rounding rule cannot apply a scale.
    #[error(transparent)]
    Rescale(#[from] RescaleError),
    /// No unit has these parameters.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The scheme has a real offset, which the units do not support.
    #[error(
        "multiply-accumulate units subtract integer zero points, not real offsets: use symmetric or affine"
    )]
    Offset,
    /// A backend failed.
    #[error("{network}: {source}")]
    Backend {
        /// Name of the variant.
        network: String,
        /// Error of the backend.
        source: BackendError,
    },
}
