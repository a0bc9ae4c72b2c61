//! The waveform of a design from which nothing comes.

use std::path::PathBuf;
use std::time::Duration;

use super::bench::{Bench, Rows};
use super::binding::Binding;
use super::error::AuditError;
use super::stimulus::Stimulus;
use super::verilog::{Verilog, circular};
use crate::files::output;
use crate::toolchain::builder::Builder;
use crate::toolchain::verilate::Trace;

/// What it takes to run the design once more, with a waveform.
pub(crate) struct Waves<'a> {
    pub verilog: &'a Verilog,
    pub builder: &'a Builder,
    pub binding: &'a Binding,
    pub stimulus: &'a dyn Stimulus,
    pub warnings: &'a [String],
    pub limit: Duration,
    /// Where it goes.
    pub path: PathBuf,
}

/// Rows of random operands in the waveform.
const ROWS: usize = 256;

impl Waves<'_> {
    /// The name of the design.
    pub fn top(&self) -> &str {
        &self.verilog.top
    }

    /// The error of a design that gives nothing, whose first rows are in a waveform.
    pub fn silent(&self, what: &str, cycles: usize) -> AuditError {
        let wave = match self.write() {
            Ok(()) => format!("; the waveform of its first {ROWS} cycles is {}", self.path.display()),
            Err(error) => format!("; no waveform: {error}"),
        };
        AuditError::Silent { top: self.top().to_string(), what: what.to_string(), cycles, wave }
    }

    /// The error of a design whose results depend on history without a clock.
    pub fn holds_state(&self) -> AuditError {
        let path = circular(self.warnings).unwrap_or_default();
        AuditError::State { top: self.top().to_string(), path }
    }

    fn write(&self) -> Result<(), AuditError> {
        let verilated = self.verilog.verilate(self.builder, Trace::On, self.limit)?;
        let bench = Bench::build(self.top(), &verilated, self.binding, self.builder, Trace::On)?;
        let scratch = verilated.folder.path().join("wave.vcd");
        let mut session = bench.start_traced(Some(&scratch))?;
        session.run(&Rows::steady(self.stimulus.fill(0, ROWS)))?;
        // The simulator completes the file when the instance goes.
        drop(session);
        let waves = std::fs::read(&scratch).unwrap_or_default();
        Ok(output::write(&self.path, waves)?)
    }
}
