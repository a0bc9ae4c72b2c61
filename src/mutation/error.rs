//! Why there is no score, with the fix in the text.

use crate::proof::ProofError;
use crate::simulation::{ArrayError, DutError, ModelError};
use crate::toolchain::ToolError;
use crate::toolchain::error::BuildError;
use crate::verification::VerifyError;

/// Why there is no score.
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
        "the mutants of {config} do not build; without them `qrtl verify {config}` says whether the module does:\n{problem}"
    )]
    Build {
        /// The config.
        config: String,
        /// What the builder said.
        problem: ModelError,
    },
    /// The module is wrong before anything is changed in it.
    #[error(
        "{config} differs from its reference without any mutant; run `qrtl verify {config}` and correct it first"
    )]
    Wrong {
        /// The config.
        config: String,
    },
    /// There is nothing to change.
    #[error("{config} has no operator that could be mutated; `qrtl generate {config}` shows the module")]
    Nothing {
        /// The config.
        config: String,
    },
    /// The stimulus is endless.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The simulation ended by itself.
    #[error(transparent)]
    Simulation(#[from] DutError),
    /// The vectors do not fit the unit.
    #[error(transparent)]
    Vectors(#[from] ArrayError),
    /// The expected outputs are not those of the unit.
    #[error(
        "the vectors expect {expected} of '{port}' in row {row}, where {config} gives {got}: nothing can be said of its mutants; choose the config they were made for with --preset or --set, or leave '{port}' out"
    )]
    Expectation {
        /// The config.
        config: String,
        /// The output.
        port: &'static str,
        /// The row.
        row: usize,
        /// What the vectors say.
        expected: String,
        /// What the unit gives.
        got: String,
    },
}
