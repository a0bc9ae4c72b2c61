//! Specification of a module: claims for the solver, or a check of its netlist.

use std::time::Duration;

use super::claim::Claim;
use super::signals::Signals;
use crate::toolchain::{ToolError, Yosys};
use crate::unit::Config;

/// Decides a claim about the module of a Verilog text within a time limit.
///
/// The inner error is the reason why the claim fails; the outer one a failure of Yosys.
pub(crate) type NetlistCheck = fn(&Yosys, &Config, &str, Duration) -> Result<Result<(), String>, ToolError>;

/// Specification of a module.
pub(crate) enum Specification {
    /// Claims for the solver.
    Claims {
        /// Internal signals that the claims are about.
        inner: fn(&Config) -> Vec<String>,
        /// Alternative lists of claims: all claims of one of them must hold.
        alternatives: fn(Signals) -> Vec<Vec<Claim>>,
    },
    /// A claim about the elaborated module, decided without a solver.
    Netlist {
        /// Name of the claim.
        claim: &'static str,
        /// Decides the claim.
        check: NetlistCheck,
    },
}
