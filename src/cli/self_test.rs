//! `qrtl doctor --self-test`: one small co-simulation, from Verilog to the verdict.

use std::time::Instant;

use serde::Serialize;

use super::progress::prepare_tools;
use super::{CliError, print_notice};
use crate::catalogue::preset;
use crate::generator::named;
use crate::simulation::ModelBuilder;
use crate::toolchain::cache::Cache;
use crate::toolchain::environment::Environment;
use crate::verification::Verification;

/// Name of the module, and start of the key of its model in the cache.
const NAME: &str = "qrtl_self_test";

/// Preset that is tested: 256 input values.
const PRESET: &str = "int4_multiplier";

/// Result of a self-test.
#[derive(Serialize)]
pub(super) struct SelfTest {
    /// Outputs that were compared.
    pub(super) compared: u64,
    /// Outputs that differ from the reference.
    pub(super) mismatches: u64,
    /// Wall time in seconds, the build of the model included.
    pub(super) seconds: f64,
}

impl SelfTest {
    /// Generates a multiplier, builds its model, drives all inputs and compares every output with the reference.
    ///
    /// The model is built even if the cache has it from an earlier test.
    ///
    /// # Errors
    /// [`CliError`] if a tool is missing or fails, with the fix.
    pub(super) fn run() -> Result<Self, CliError> {
        let clock = Instant::now();
        let cache = Cache::open(&Environment::of_process())?;
        for entry in cache.entries()?.iter().filter(|entry| entry.key.starts_with(NAME)) {
            cache.remove(entry)?;
        }
        let config = named(preset(PRESET)?, NAME)?;
        let models = prepare_tools(|| ModelBuilder::discover(&print_notice))?;
        let report = Verification::new(&config, &models).run()?;
        Ok(Self {
            compared: report.compared,
            mismatches: report.mismatches,
            seconds: clock.elapsed().as_secs_f64(),
        })
    }

    /// Whether every output equals the reference.
    pub(super) fn passed(&self) -> bool {
        self.compared > 0 && self.mismatches == 0
    }
}

impl std::fmt::Display for SelfTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { compared, mismatches, seconds } = self;
        let verdict = if self.passed() {
            format!("{compared} outputs of a simulated multiplier, all equal")
        } else {
            format!(
                "{mismatches} MISMATCHES in {compared} outputs of a simulated multiplier; Verilator or the C++ \
                 compiler is wrong: install another version, or name one with VERILATOR and CXX"
            )
        };
        writeln!(f, "self-test: {verdict}, in {seconds:.1} s")
    }
}
