//! What a unit is specified to do, in the form in which a module is proved to do it.

use std::time::Duration;

use super::claim::Claim;
use super::signals::Signals;
use crate::toolchain::{ToolError, Yosys};
use crate::unit::Config;

/// The statements that a module must meet.
pub(crate) enum Specification {
    /// Statements for the solver.
    Claims {
        /// Alternative lists of claims: all claims of one of them must hold.
        alternatives: fn(Signals) -> Vec<Vec<Claim>>,
        /// Whether the claims cover reset, stalls and control as well.
        is_whole: bool,
    },
    /// A statement about the elaborated module, decided without a solver.
    Netlist {
        /// The statement.
        claim: &'static str,
        /// Decides it for a Verilog text within a time limit; the inner error is why it does not hold.
        ///
        /// # Errors
        /// [`ToolError`] when Yosys cannot elaborate the module.
        check: fn(&Yosys, &Config, &str, Duration) -> Result<Result<(), String>, ToolError>,
    },
}
