//! Results of `qrtl verify`, and the interface of all results over several configs.

use std::fmt;

use serde::Serialize;

use super::report::Report;
use crate::stimulus::Shard;

/// Results of a subcommand that verifies several configs.
pub trait VerbResults {
    /// Name of the subcommand.
    fn verb(&self) -> &'static str;

    /// The report of each config.
    fn reports(&self) -> Vec<&Report>;
}

/// Results of `qrtl verify`, of which text, JSON and JUnit are views.
#[derive(Debug, Serialize)]
pub struct Results {
    /// qrtl version.
    pub version: String,
    /// The shard of the job that was run, if the job is divided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// One report per config.
    pub results: Vec<Report>,
}

impl Results {
    /// Results of this version of qrtl.
    pub fn new(shard: Option<Shard>, results: Vec<Report>) -> Self {
        Self { version: env!("CARGO_PKG_VERSION").to_string(), shard, results }
    }

    /// Whether something was compared for every config and nothing differs.
    ///
    /// A shard may get no part of a short stimulus; whether the whole job compared something is checked when
    /// its shards are merged.
    pub fn passed(&self) -> bool {
        !self.results.is_empty() && self.failed().next().is_none()
    }

    /// The verdict over several configs in one line; `None` for one config, whose own line states it.
    pub fn verdict(&self) -> Option<String> {
        let configs = self.results.len();
        if configs < 2 {
            return None;
        }
        let compared: u64 = self.results.iter().map(|report| report.compared).sum();
        let failed: Vec<&str> = self.failed().map(|report| report.preset.as_str()).collect();
        if !failed.is_empty() {
            return Some(format!("{} of {configs} configs FAILED: {}\n", failed.len(), failed.join(", ")));
        }
        let exhaustive = self.results.iter().filter(|report| report.exhaustive).count();
        Some(format!(
            "{configs} configs passed, {exhaustive} exhaustively: {compared} transactions compared\n"
        ))
    }

    /// The reports that do not pass.
    fn failed(&self) -> impl Iterator<Item = &Report> {
        self.results.iter().filter(|report| match self.shard {
            Some(_) => !report.agrees(),
            None => !report.passed(),
        })
    }
}

impl VerbResults for Results {
    fn verb(&self) -> &'static str {
        "verify"
    }

    fn reports(&self) -> Vec<&Report> {
        self.results.iter().collect()
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.results.iter().try_for_each(|report| report.fmt(f))?;
        self.verdict().map_or(Ok(()), |verdict| f.write_str(&verdict))
    }
}
