//! Errors of proofs.

use crate::toolchain::ToolError;
use crate::toolchain::error::BuildError;

/// Error of a proof without a verdict; each message ends with the fix.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The solver is missing and cannot be fetched, or the cache cannot be used.
    #[error(transparent)]
    Tool(#[from] BuildError),
    /// Yosys is missing, or cannot read the module.
    #[error(transparent)]
    Yosys(#[from] ToolError),
    /// The config has no specification for a solver.
    #[error(
        "{config} has no formal specification; only {stated} have one; use qrtl verify, and see docs/verification.md"
    )]
    NoSpecification {
        /// Name of the module.
        config: String,
        /// Configs with a specification.
        stated: String,
    },
    /// The module lacks an internal signal of the specification, as a design of someone else's does.
    #[error(
        "{config}: the proof is a claim about the internal signal {signal}, which this module does not have; use qrtl verify"
    )]
    MissingSignal {
        /// Name of the module.
        config: String,
        /// Name of the signal.
        signal: String,
    },
    /// The time limit was exceeded.
    #[error(
        "{claim}: not decided within {seconds} s; raise --time-limit, or sweep all inputs with qrtl verify --exhaustive"
    )]
    Undecided {
        /// Name of the claim.
        claim: String,
        /// Time limit in seconds.
        seconds: u64,
    },
}
