//! What to audit, and how.

use std::path::PathBuf;
use std::time::Duration;

use super::role::Unit;
use super::verilog::Verilog;

/// What to audit, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The design.
    pub verilog: Verilog,
    /// What it is held to be.
    pub unit: Unit,
    /// `ROLE=PORT` words, several with commas.
    pub maps: Vec<String>,
    /// `PORT=VALUE` words of inputs that keep their value.
    pub ties: Vec<String>,
    /// `KEY=VALUE` words of what the ports do not say.
    pub sets: Vec<String>,
    /// Clock cycles from operands to result, where it is not to be found out.
    pub latency: Option<usize>,
    /// The candidate that must explain the results.
    pub expect: Option<String>,
    /// How much to drive.
    pub effort: Effort,
    /// Where the waveform of a design goes from which nothing comes.
    pub wave: PathBuf,
    /// How long Verilator may take.
    pub limit: Duration,
    /// Does the same again, for reports.
    pub command: String,
}

/// How much to drive.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Random transactions where not all are driven.
    pub cases: u64,
    /// Their seed.
    pub seed: u64,
    /// Drive all operands even when they have more than 24 bits.
    pub exhaustive: bool,
}
