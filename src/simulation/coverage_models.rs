//! Models built to record what they cover.

use std::sync::Arc;

use super::coverage::Coverage;
use super::dut::CompiledModel;
use super::model_builder::ModelBuilder;
use super::models::{ModelError, Models};
use crate::model::Lanes;
use crate::toolchain::verilate::Trace;
use crate::unit::Config;

/// Models built to record what they cover.
pub struct CoverageModels<'a> {
    built: &'a ModelBuilder,
    coverage: Arc<Coverage>,
}

impl<'a> CoverageModels<'a> {
    /// Builds them with these tools.
    pub fn new(built: &'a ModelBuilder) -> CoverageModels<'a> {
        CoverageModels { built, coverage: Arc::default() }
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
        match trace {
            true => self.built.model(config, verilog, lanes, true),
            false => self.built.build(config, verilog, lanes, Trace::Coverage),
        }
    }

    fn coverage(&self) -> Option<Arc<Coverage>> {
        Some(self.coverage.clone())
    }
}
