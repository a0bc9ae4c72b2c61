//! Why a verification has no verdict, with the fix in the text.

use super::report::MismatchView;
use crate::files::output::OutputError;
use crate::simulation::{DutError, ModelError};

/// Why a verification has no verdict.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The model cannot be built or loaded.
    #[error("{0}")]
    Model(ModelError),
    /// The simulation ended by itself.
    #[error(transparent)]
    Dut(#[from] DutError),
    /// The folder of a failure cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The bit-sliced model is not that of the text.
    #[error(
        "the bit-sliced model of {config} is not that of its Verilog: {}: {} of the gates is {}, of the Verilated text {}; \
         use --engine verilated, and report it if the text neither reads what nothing drives nor depends on the order of its \
         assignments",
        mismatch.inputs.join(" "), mismatch.port, mismatch.got, mismatch.expected
    )]
    Disagreement {
        /// The arguments that name the config.
        config: String,
        /// Where they differ; expected is the Verilated model's.
        mismatch: Box<MismatchView>,
    },
    /// Nobody can wait for the sweep.
    #[error(
        "{config} cannot be swept exhaustively: {reason}; leave --exhaustive out and choose the effort with --cases"
    )]
    NotExhaustible {
        /// The config.
        config: String,
        /// Why not.
        reason: String,
    },
}
