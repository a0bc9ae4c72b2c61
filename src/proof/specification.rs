//! What a unit is specified to do, in the form in which a module is proved to do it.

use super::claim::Claim;
use super::signals::Signals;
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
    /// A statement about the text of the module, decided without a solver.
    Text {
        /// The statement.
        claim: &'static str,
        /// Decides it.
        ///
        /// # Errors
        /// The reason why it does not hold.
        check: fn(&Config, &str) -> Result<(), String>,
    },
}
