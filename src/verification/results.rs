//! What `qrtl verify` found of all configs, or of its shard of them.

use serde::Serialize;

use super::report::Report;
use crate::stimulus::Shard;

/// The verdicts of a run.
#[derive(Debug, Serialize)]
pub struct Results {
    /// Version of the program.
    pub version: String,
    /// The part of the job that was run, if it is divided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// One a config.
    pub results: Vec<Report>,
}

impl Results {
    /// Those of this version.
    pub fn new(shard: Option<Shard>, results: Vec<Report>) -> Results {
        Results { version: env!("CARGO_PKG_VERSION").to_string(), shard, results }
    }

    /// Whether there was something to compare in every config, and nothing differed. A shard may get
    /// nothing of a short stimulus; that the whole gets something is seen when it is merged.
    pub fn passed(&self) -> bool {
        let passed = |report: &Report| match self.shard {
            Some(_) => report.agrees(),
            None => report.passed(),
        };
        !self.results.is_empty() && self.results.iter().all(passed)
    }
}
