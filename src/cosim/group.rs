//! Models of many configs that share one build.

use super::built::Built;
use super::dut::Rtl;
use super::source::Lanes;
use super::models::{ModelError, Models};
use crate::catalogue::Config;
use std::path::PathBuf;

/// Models of one lane, built together; whatever else is asked for is built alone.
pub struct Group<'a> {
    pub(super) path: PathBuf,
    pub(super) members: &'a [(Config, String)],
    pub(super) alone: &'a Built,
}

impl Models for Group<'_> {
    fn rtl(&self, config: &Config, verilog: &str, lanes: Lanes, trace: bool) -> Result<Rtl, ModelError> {
        let is_member = |(member, text): &(Config, String)| member.name() == config.name() && text == verilog;
        if lanes == Lanes::ONE && !trace && self.members.iter().any(is_member) {
            return Ok(Rtl::load(&self.path, config.name(), config)?);
        }
        self.alone.rtl(config, verilog, lanes, trace)
    }

    fn worth_slicing(&self) -> Option<u64> {
        self.alone.worth_slicing()
    }

    fn sliced(&self, config: &Config, verilog: &str) -> Result<Rtl, ModelError> {
        self.alone.sliced(config, verilog)
    }
}
