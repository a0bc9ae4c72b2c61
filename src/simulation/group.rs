//! Models of many configs that share one build.

use std::path::PathBuf;

use super::built::Built;
use super::dut::Rtl;
use super::models::{ModelError, Models};
use crate::model::{Lanes, group_source};
use crate::unit::Config;

/// Models of one lane, built together; whatever else is asked for is built alone.
pub struct Group<'a> {
    path: PathBuf,
    members: &'a [(Config, String)],
    alone: &'a Built,
}

impl<'a> Group<'a> {
    /// Builds one model for each config and the Verilog that defines its module, all at once. The names
    /// of the configs must differ.
    ///
    /// # Errors
    /// When one of them cannot be built.
    pub fn build(alone: &'a Built, members: &'a [(Config, String)]) -> Result<Self, ModelError> {
        let path = alone.shared_object(&group_source(members))?;
        Ok(Self { path, members, alone })
    }
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
