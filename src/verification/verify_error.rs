//! Errors that leave a verification without a verdict.

use super::report::MismatchView;
use crate::files::output::OutputError;
use crate::simulation::{DutError, ModelError};

/// Error that leaves a verification without a verdict.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The model cannot be built or loaded.
    #[error("{0}")]
    Model(ModelError),
    /// The design ended its simulation.
    #[error(transparent)]
    Dut(#[from] DutError),
    /// The folder of a failure cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The bit-sliced model differs from the Verilated one.
    #[error(
        "the bit-sliced model of {config} differs from the Verilated one: {}: {} is {} bit-sliced and {} Verilated; \
         use --engine verilated, and report a bug unless the Verilog reads undriven nets or depends on the order of \
         its assignments",
        mismatch.inputs.join(" "), mismatch.port, mismatch.got, mismatch.expected
    )]
    Disagreement {
        /// Command-line arguments that name the config.
        config: String,
        /// The first difference; `expected` is the output of the Verilated model.
        mismatch: Box<MismatchView>,
    },
    /// The exhaustive sweep is too large.
    #[error("{config} cannot be swept exhaustively: {reason}; omit --exhaustive and set --cases instead")]
    NotExhaustible {
        /// Name of the config.
        config: String,
        /// Size of the input space, or the state of the unit.
        reason: String,
    },
}
