//! Errors about designs that do not respond, with a waveform.

use std::path::PathBuf;
use std::time::Duration;

use super::error::AuditError;
use super::harness::Harness;
use super::operands::OperandSource;
use super::port_map::PortMap;
use super::rows::InputRows;
use super::sources::DesignSources;
use super::verilator_log::loop_path;
use crate::files::output;
use crate::toolchain::builder::Builder;
use crate::toolchain::verilate::Trace;

/// Rows of the waveform.
const ROWS: usize = 256;

/// A design and the inputs needed to simulate it again with a waveform.
pub(crate) struct Diagnostics<'a> {
    pub sources: &'a DesignSources,
    pub builder: &'a Builder,
    pub map: &'a PortMap,
    /// Operands of the audit.
    pub operands: &'a dyn OperandSource,
    /// Warnings of Verilator.
    pub warnings: &'a [String],
    /// Time limit for Verilator.
    pub limit: Duration,
    /// VCD file to write.
    pub waveform: PathBuf,
}

impl Diagnostics<'_> {
    /// The name of the top module.
    pub fn top(&self) -> &str {
        &self.sources.top
    }

    /// Writes a waveform and returns the error of a design that does not respond.
    pub fn no_response(&self, symptom: &str, cycles: usize) -> AuditError {
        let waveform = match self.write_waveform() {
            Ok(()) => format!("; the waveform of its first {ROWS} cycles is {}", self.waveform.display()),
            Err(error) => format!("; no waveform: {error}"),
        };
        AuditError::NoResponse { top: self.top().to_string(), symptom: symptom.to_string(), cycles, waveform }
    }

    /// The error of a design without a clock whose results depend on earlier operands.
    pub fn state_without_clock(&self) -> AuditError {
        let path = loop_path(self.warnings).unwrap_or_default();
        AuditError::StateWithoutClock { top: self.top().to_string(), path }
    }

    fn write_waveform(&self) -> Result<(), AuditError> {
        let verilated = self.sources.verilate(self.builder, Trace::On, self.limit)?;
        let harness =
            Harness::build(&verilated.top, &verilated, self.map, self.builder, Trace::On, self.limit)?;
        let scratch = verilated.folder.path().join("wave.vcd");
        let mut session = harness.start_traced(Some(&scratch))?;
        session.run(&InputRows::all_valid(self.operands.fill(0, ROWS)))?;
        // The simulator completes the file when the instance is dropped.
        drop(session);
        let vcd = std::fs::read(&scratch).unwrap_or_default();
        Ok(output::write(&self.waveform, vcd)?)
    }
}
