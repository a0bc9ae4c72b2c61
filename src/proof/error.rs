//! Why there is no verdict, with the fix in the text.

use crate::toolchain::ToolError;
use crate::toolchain::error::BuildError;

/// Why a proof has no verdict.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The solver is missing and cannot be fetched, or the cache cannot be used.
    #[error(transparent)]
    Tool(#[from] BuildError),
    /// Yosys is missing, or cannot read the module.
    #[error(transparent)]
    Yosys(#[from] ToolError),
    /// The config has no statement that a solver could be asked for.
    #[error(
        "there is no specification of {config} for a solver, only of {stated}; docs/verification.md says how it is verified"
    )]
    NoSpecification {
        /// The module.
        config: String,
        /// What there is one of.
        stated: String,
    },
    /// The time was not enough.
    #[error(
        "{claim}: not decided within {seconds} s; give it longer with --time-limit, or sweep it with verify"
    )]
    Undecided {
        /// What was to be proved.
        claim: String,
        /// The limit.
        seconds: u64,
    },
}
