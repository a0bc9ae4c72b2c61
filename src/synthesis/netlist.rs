//! Co-simulation of synthesized netlists with the reference.

use super::error::SynthesisError;
use super::family::Family;
use super::synthesizer::{SynthesisInput, Synthesizer};
use crate::simulation::ModelBuilder;
use crate::unit::Config;
use crate::verification::{Effort, Report, Verification};

/// Synthesizes modules and simulates the netlists with the stimulus of their reference.
pub struct NetlistVerifier<'a> {
    synthesizer: &'a Synthesizer,
    models: ModelBuilder,
    effort: Effort,
}

impl<'a> NetlistVerifier<'a> {
    /// Finds Verilator, or fetches it; `cases` random transactions each, unless a domain is swept.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool is missing and cannot be fetched.
    pub fn open(
        synthesizer: &'a Synthesizer,
        cases: u64,
        notice: &dyn Fn(&str),
    ) -> Result<Self, SynthesisError> {
        let models = ModelBuilder::discover(notice)?.for_netlists();
        Ok(Self { synthesizer, models, effort: Effort { cases, ..Effort::default() } })
    }

    /// The synthesizer of the netlists.
    pub(super) fn synthesizer(&self) -> &Synthesizer {
        self.synthesizer
    }

    /// Compares the netlist of a module with the reference.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or the netlist cannot be simulated.
    pub fn report(&self, design: &SynthesisInput) -> Result<Report, SynthesisError> {
        let netlist = self.synthesizer.netlist(design)?;
        let SynthesisInput { config, part, .. } = *design;
        let verification = Verification::new(config, &self.models).verilog(&netlist);
        let mut report = verification.effort(self.effort.clone()).run()?;
        if let Some(failure) = &mut report.failure {
            let family = part.family.name();
            failure.replay = format!("qrtl synth {} --target {family} --verify", config.arguments());
        }
        Ok(report)
    }

    /// Compares the netlist of a module with the reference; returns the number of compared values.
    ///
    /// # Errors
    /// [`SynthesisError::WrongNetlist`] if a value differs, or another error if there is no result.
    pub(super) fn compared(&self, design: &SynthesisInput) -> Result<u64, SynthesisError> {
        let report = self.report(design)?;
        match report.failure {
            Some(failure) => Err(SynthesisError::WrongNetlist {
                config: design.config.name().to_string(),
                family: design.part.family.title(),
                failure: failure.to_string(),
            }),
            None => Ok(report.compared),
        }
    }
}

/// Whether the netlist of a config on a family is simulated before its figures enter the table.
///
/// Of the families with block memories, only iCE40 has simulation models of them. UltraScale+ has the
/// cells of 7 series, except for its DSP blocks and long carry chains, which a test covers.
pub(super) fn is_simulated(config: &Config, family: Family) -> bool {
    match family {
        Family::Ice40 => true,
        Family::Ecp5 | Family::Xc7 => !config.behaviour().is_stream(),
        Family::Xcup => false,
    }
}
