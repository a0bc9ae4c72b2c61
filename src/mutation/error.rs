//! Errors of the mutation score; each names the fix.

use crate::proof::ProofError;
use crate::simulation::{ArrayError, DutError, ModelError};
use crate::toolchain::ToolError;
use crate::toolchain::error::BuildError;
use crate::verification::VerifyError;

/// Error that leaves a config without a score.
#[derive(Debug, thiserror::Error)]
pub enum MutationError {
    /// A tool is missing and cannot be fetched, or the cache cannot be used.
    #[error(transparent)]
    Tool(#[from] BuildError),
    /// Yosys cannot read the module.
    #[error(transparent)]
    Yosys(#[from] ToolError),
    /// The solver failed.
    #[error(transparent)]
    Solver(#[from] ProofError),
    /// The mutants do not build.
    #[error(
        "the mutants of {config} do not build; run `qrtl verify {config}` to see whether the module itself builds:\n{problem}"
    )]
    Build {
        /// The config.
        config: String,
        /// Message of the builder.
        problem: ModelError,
    },
    /// The module differs from its reference without a mutant.
    #[error(
        "{config} differs from its reference without any mutant; run `qrtl verify {config}` and correct it first"
    )]
    Wrong {
        /// The config.
        config: String,
    },
    /// The module has nothing to mutate.
    #[error("{config} has no operator to mutate; `qrtl generate {config}` shows the module")]
    Nothing {
        /// The config.
        config: String,
    },
    /// The stimulus cannot be planned.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The simulation aborted.
    #[error(transparent)]
    Simulation(#[from] DutError),
    /// The vectors do not fit the ports.
    #[error(transparent)]
    Vectors(#[from] ArrayError),
    /// The module contradicts the expected outputs of the vectors.
    #[error(
        "the vectors expect {expected} of '{port}' in row {row}, where {config} gives {got}: its mutants cannot be scored; select the config that the vectors were made for with --preset or --set, or omit '{port}'"
    )]
    Expectation {
        /// The config.
        config: String,
        /// The output.
        port: &'static str,
        /// The row.
        row: usize,
        /// Value in the vectors.
        expected: String,
        /// Output of the module.
        got: String,
    },
}
