//! Models of many configs that share one build.

use std::path::PathBuf;

use super::dut::CompiledModel;
use super::model_builder::ModelBuilder;
use super::models::{ModelError, Models};
use crate::model::{Lanes, group_source};
use crate::unit::Config;

/// Models of one lane that are built together; all other models are built separately.
pub struct ModelGroup<'a> {
    path: PathBuf,
    members: &'a [(Config, String)],
    builder: &'a ModelBuilder,
}

impl<'a> ModelGroup<'a> {
    /// Builds one model for each config and its Verilog, all at once; the names of the configs must differ.
    ///
    /// # Errors
    /// When one of them cannot be built.
    pub fn build(builder: &'a ModelBuilder, members: &'a [(Config, String)]) -> Result<Self, ModelError> {
        let path = builder.shared_object(&group_source(members))?;
        Ok(Self { path, members, builder })
    }
}

impl Models for ModelGroup<'_> {
    fn model(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: bool,
    ) -> Result<CompiledModel, ModelError> {
        let is_member = |(member, text): &(Config, String)| member.name() == config.name() && text == verilog;
        if lanes == Lanes::ONE && !trace && self.members.iter().any(is_member) {
            return Ok(CompiledModel::load(&self.path, config.name(), config)?);
        }
        self.builder.model(config, verilog, lanes, trace)
    }

    fn slicing_threshold(&self) -> Option<u64> {
        self.builder.slicing_threshold()
    }

    fn sliced_model(&self, config: &Config, verilog: &str) -> Result<CompiledModel, ModelError> {
        self.builder.sliced_model(config, verilog)
    }
}
