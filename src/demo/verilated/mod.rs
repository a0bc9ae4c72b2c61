//! Backends that simulate Verilated units.

mod bias;
mod dot;
mod mac;
mod pipeline;
mod rescale;

use super::backend::{Backend, BackendError, Backends};
use super::dot_job::DotJob;
use super::float8::Float8Classifier;
use super::mac_job::MacJob;
use super::requantizer;
use super::requantizer_job::RequantizerJob;
use super::result::RULES;
use super::variant::Variant;
use crate::generator;
use crate::model::Lanes;
use crate::simulation::{CompiledModel, Models};
use crate::unit::{Config, ConfigError};
use dot::VerilatedDot;
use mac::VerilatedMac;
use rescale::VerilatedRequantizer;

/// Creates backends that simulate the generated Verilog of their unit.
#[derive(Clone, Copy)]
pub struct VerilatedBackends<'a> {
    models: &'a dyn Models,
}

impl<'a> VerilatedBackends<'a> {
    /// Takes compiled models from `models`.
    pub fn new(models: &'a dyn Models) -> Self {
        Self { models }
    }

    /// Lists the models that [`evaluate`](super::evaluate) needs for a grid.
    ///
    /// # Errors
    /// [`ConfigError`] if a unit does not support a variant.
    pub fn models(grid: &[Variant]) -> Result<Vec<(Config, Lanes)>, ConfigError> {
        let macs = grid.iter().chain([&Variant::INT8]).map(Variant::mac);
        let units = macs.chain(RULES.map(requantizer)).chain([Float8Classifier::unit()]);
        let mut models: Vec<(Config, Lanes)> = Vec::new();
        for config in units {
            let config = config?;
            if models.iter().all(|(known, _)| known.name() != config.name()) {
                let lanes = Lanes::for_long_runs(&config);
                models.push((config, lanes));
            }
        }
        Ok(models)
    }

    fn model(&self, config: &Config) -> Result<CompiledModel, BackendError> {
        self.models.model(config, &generator::render(config), Lanes::for_long_runs(config), false)
    }
}

impl Backends for VerilatedBackends<'_> {
    fn mac(&self, config: &Config) -> Result<Box<dyn Backend<MacJob>>, BackendError> {
        Ok(Box::new(VerilatedMac::new(&self.model(config)?)))
    }

    fn requantizer(&self, config: &Config) -> Result<Box<dyn Backend<RequantizerJob>>, BackendError> {
        Ok(Box::new(VerilatedRequantizer::new(&self.model(config)?)))
    }

    fn dot(&self, config: &Config) -> Result<Box<dyn Backend<DotJob>>, BackendError> {
        Ok(Box::new(VerilatedDot::new(&self.model(config)?)))
    }
}
