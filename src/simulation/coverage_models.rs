//! Models built with coverage.

use std::sync::Arc;

use super::coverage::Coverage;
use super::dut::CompiledModel;
use super::model_builder::ModelBuilder;
use super::models::{ModelError, Models};
use crate::model::Lanes;
use crate::toolchain::verilate::Trace;
use crate::unit::Config;

/// Models built with coverage.
pub struct CoverageModels<'a> {
    builder: &'a ModelBuilder,
    coverage: Arc<Coverage>,
}

impl<'a> CoverageModels<'a> {
    /// Models built by this builder.
    pub fn new(builder: &'a ModelBuilder) -> Self {
        Self { builder, coverage: Arc::default() }
    }
}

impl Models for CoverageModels<'_> {
    fn model(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: bool,
    ) -> Result<CompiledModel, ModelError> {
        // Waveforms are recorded from a model without coverage.
        let trace = if trace { Trace::On } else { Trace::Coverage };
        self.builder.build(config, verilog, lanes, trace)
    }

    fn coverage(&self) -> Option<Arc<Coverage>> {
        Some(self.coverage.clone())
    }
}
