//! Models built to record what they cover.

use std::sync::Arc;

use super::built::Built;
use super::coverage::Coverage;
use super::dut::Rtl;
use super::models::{ModelError, Models};
use crate::model::Lanes;
use crate::toolchain::verilate::Trace;
use crate::unit::Config;

/// Models built to record what they cover.
pub struct Covering<'a> {
    built: &'a Built,
    coverage: Arc<Coverage>,
}

impl<'a> Covering<'a> {
    /// Builds them with these tools.
    pub fn new(built: &'a Built) -> Covering<'a> {
        Covering { built, coverage: Arc::default() }
    }
}

impl Models for Covering<'_> {
    fn rtl(&self, config: &Config, verilog: &str, lanes: Lanes, trace: bool) -> Result<Rtl, ModelError> {
        match trace {
            true => self.built.rtl(config, verilog, lanes, true),
            false => self.built.model(config, verilog, lanes, Trace::Coverage),
        }
    }

    fn coverage(&self) -> Option<Arc<Coverage>> {
        Some(self.coverage.clone())
    }
}
