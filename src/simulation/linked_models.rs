//! Models of presets that `build.rs` links into the program.

use super::abi::{AbiTable, Entry, RawModel};
use super::dut::CompiledModel;
use super::loaded_model::LoadedModel;
use super::models::{ModelError, Models};
use crate::model::{Lanes, digest, model_source};
use crate::toolchain::verilate::Trace;
use crate::unit::Config;

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// Source of the models that are linked into the program.
pub struct LinkedModels;

impl Models for LinkedModels {
    fn model(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: bool,
    ) -> Result<CompiledModel, ModelError> {
        let found = MODELS.iter().find(|&&(name, count, _)| name == config.name() && count == lanes.0);
        let &(_, _, entry) = found.filter(|_| !trace).ok_or_else(|| {
            format!("no model of {} with {} lanes is linked; build it at run time", config.name(), lanes.0)
        })?;
        let rtl = CompiledModel::new(LoadedModel::Own(AbiTable::linked(entry)?), config)?;
        if rtl.digest() != digest(&model_source(config, verilog, lanes, Trace::Off).files) {
            return Err(format!(
                "the linked model of {} was built from other text; rebuild it",
                config.name()
            )
            .into());
        }
        Ok(rtl)
    }
}
