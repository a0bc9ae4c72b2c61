//! Result of a proof, with its text and JSON views.

use std::fmt;

use serde::Serialize;

use crate::unit::Config;

/// Claims about one config with their verdicts.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// Name of the unit.
    pub unit: String,
    /// Name of the module.
    #[serde(skip)]
    pub module: String,
    /// Command-line arguments of the config.
    pub config: String,
    /// Claims that were decided, up to the first that fails.
    pub claims: Vec<ClaimResult>,
}

impl Proof {
    pub(super) fn new(config: &Config, claims: Vec<ClaimResult>) -> Self {
        let unit = config.unit().name().to_string();
        Self { unit, module: config.name().to_string(), config: config.arguments(), claims }
    }

    /// Whether every claim holds.
    pub fn holds(&self) -> bool {
        !self.claims.is_empty() && self.claims.iter().all(|claim| claim.verdict == ClaimVerdict::Holds)
    }
}

/// A claim with its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimResult {
    /// Name of the claim.
    pub claim: String,
    /// Verdict of the solver.
    #[serde(flatten)]
    pub verdict: ClaimVerdict,
    /// Duration of the proof in seconds.
    pub seconds: f64,
}

/// Verdict of the solver on a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum ClaimVerdict {
    /// The claim holds for all operands and states.
    Holds,
    /// The claim fails for these values of the ports.
    Fails {
        /// `port cycle value`, in SMT-LIB.
        counterexample: Vec<String>,
    },
}

/// One line per claim.
impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for ClaimResult { claim, verdict, seconds } in &self.claims {
            let verdict = if *verdict == ClaimVerdict::Holds { "proved" } else { "FAILS" };
            writeln!(f, "{:<32} {verdict:<7} {seconds:>7.1} s  {claim}", self.module)?;
        }
        Ok(())
    }
}
