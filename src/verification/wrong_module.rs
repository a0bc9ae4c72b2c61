//! The first module of a network that is wrong, once the network as a whole is.

use super::effort::Effort;
use super::job::Verification;
use super::verify_error::VerifyError;
use crate::simulation::Models;
use crate::unit::Config;

/// Cycles in which each module is driven on its own, at least.
const CASES: u64 = 1 << 17;

/// Verifies each module that a config instantiates on its own, in the order of the streams, in the Verilog of the
/// whole; returns a sentence that names the first wrong one.
///
/// # Errors
/// Those of [`Verification::run`].
pub fn wrong_module(config: &Config, verilog: &str, models: &dyn Models) -> Result<String, VerifyError> {
    for part in config.parts().iter().filter(|part| part.behaviour().is_stream()) {
        let effort = Effort { cases: CASES, ..Effort::default() };
        let report = Verification::new(part, models).verilog(verilog).effort(effort).run()?;
        if !report.passed() {
            let first = report.failure.and_then(|failure| failure.mismatches.into_iter().next());
            let symptom = first.map_or_else(String::new, |mismatch| mismatch.to_string());
            return Ok(format!("the first wrong module is {}:\n{symptom}", part.name()));
        }
    }
    Ok("every module is right on its own: they are connected wrongly\n".to_string())
}
