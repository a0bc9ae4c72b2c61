//! Errors of synthesis.

use crate::toolchain::ToolError;
use crate::toolchain::error::BuildError;
use crate::verification::VerifyError;

/// Error of a synthesis; each message ends with the fix.
#[derive(Debug, thiserror::Error)]
pub enum SynthesisError {
    /// The cache cannot be used, or a tool cannot be fetched.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A tool failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// There is no open place and route for the family.
    #[error("there is no open place and route for {family}; omit --place-and-route, or choose ice40 or ecp5")]
    NotPlaceable {
        /// The family.
        family: &'static str,
    },
    /// A netlist cannot be simulated.
    #[error(transparent)]
    Simulation(#[from] VerifyError),
    /// A netlist differs from the reference.
    #[error("the netlist of {config} for {family} differs from the reference:\n{failure}")]
    WrongNetlist {
        /// Name of the module.
        config: String,
        /// The family.
        family: &'static str,
        /// First mismatch and the command that shows it again.
        failure: String,
    },
}
