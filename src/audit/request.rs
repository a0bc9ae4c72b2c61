//! The input of an audit.

use std::path::PathBuf;
use std::time::Duration;

use super::design_kind::DesignKind;
use super::sources::DesignSources;

/// Request of an audit: design, port map, settings and effort.
#[derive(Clone, Debug)]
pub struct AuditRequest {
    /// Verilog of the design.
    pub sources: DesignSources,
    /// Expected kind of the design.
    pub kind: DesignKind,
    /// `ROLE=PORT` assignments, each string a comma-separated list; empty or `auto` to guess them.
    pub maps: Vec<String>,
    /// `PORT=VALUE` assignments of constant inputs, each string a comma-separated list.
    pub ties: Vec<String>,
    /// `KEY=VALUE` settings, each string a comma-separated list.
    pub sets: Vec<String>,
    /// User-supplied latency in clock cycles, `None` to measure it.
    pub latency: Option<usize>,
    /// Name of the expected candidate, `None` if any match suffices.
    pub expect: Option<String>,
    /// Amount of stimulus.
    pub effort: StimulusEffort,
    /// VCD file to write if the design never produces a result.
    pub waveform: PathBuf,
    /// Time limit for Verilator.
    pub limit: Duration,
    /// Command line that reproduces this audit, for reports.
    pub command: String,
}

impl AuditRequest {
    /// An audit with the defaults of the command line.
    ///
    /// `maps` are `ROLE=PORT` assignments, each string a comma-separated list.
    pub fn new(sources: DesignSources, kind: DesignKind, maps: Vec<String>) -> Self {
        let waveform = PathBuf::from(format!("{}.vcd", sources.top));
        Self {
            sources,
            kind,
            maps,
            ties: Vec::new(),
            sets: Vec::new(),
            latency: None,
            expect: None,
            effort: StimulusEffort::default(),
            waveform,
            limit: Duration::from_secs(300),
            command: String::new(),
        }
    }
}

/// Amount of stimulus of an audit.
#[derive(Clone, Debug)]
pub struct StimulusEffort {
    /// Number of random transactions when the operands are not enumerated.
    pub cases: u64,
    /// Seed of the random transactions.
    pub seed: u64,
    /// Enumerate all operands even if they have more than 24 bits.
    pub exhaustive: bool,
}

impl Default for StimulusEffort {
    fn default() -> Self {
        Self { cases: 1 << 20, seed: 1, exhaustive: false }
    }
}
