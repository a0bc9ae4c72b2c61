//! Models whose tools are looked for when the first one is asked for.

use std::sync::OnceLock;

use super::dut::CompiledModel;
use super::model_builder::ModelBuilder;
use super::models::{ModelError, Models};
use crate::model::Lanes;
use crate::unit::Config;

/// A [`ModelBuilder`] that is made for the first model, so that inputs are checked before tools are fetched.
pub struct ModelsOnDemand {
    notice: fn(&str),
    builder: OnceLock<ModelBuilder>,
}

impl ModelsOnDemand {
    /// `notice` reports slow steps, such as fetching a tool.
    pub const fn new(notice: fn(&str)) -> Self {
        Self { notice, builder: OnceLock::new() }
    }

    fn builder(&self) -> Result<&ModelBuilder, ModelError> {
        if let Some(builder) = self.builder.get() {
            return Ok(builder);
        }
        let builder = ModelBuilder::discover(&self.notice)?;
        // Another thread may have found the tools meanwhile.
        Ok(self.builder.get_or_init(|| builder))
    }
}

impl Models for ModelsOnDemand {
    fn model(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: bool,
    ) -> Result<CompiledModel, ModelError> {
        self.builder()?.model(config, verilog, lanes, trace)
    }
}
