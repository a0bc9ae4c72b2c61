//! Search for the first wrong module of a failing network.

use super::effort::Effort;
use super::job::Verification;
use super::verify_error::VerifyError;
use crate::simulation::Models;
use crate::unit::Config;

/// Minimum number of cycles for which each module is driven on its own.
const CASES: u64 = 1 << 17;

/// Verifies each instantiated module on its own and returns a sentence that names the first wrong one.
///
/// Modules are taken from the Verilog of the whole network, in the order of the streams.
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
