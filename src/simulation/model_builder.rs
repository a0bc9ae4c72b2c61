//! Models built on demand, and kept in the cache.

use std::path::PathBuf;

use super::dut::CompiledModel;
use super::engine::Slicer;
use super::models::{ModelError, Models};
use crate::generator;
use crate::model::{Lanes, model_source, variants_source};
use crate::toolchain::builder::{Builder, Source};
use crate::toolchain::compiler::Optimization;
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::parallel::in_parallel;
use crate::toolchain::verilate::Trace;
use crate::unit::Config;

/// Builds whatever model is asked for, unless the cache has it.
pub struct ModelBuilder {
    builder: Builder,
    slicer: Option<Box<dyn Slicer>>,
    optimization: Optimization,
}

impl ModelBuilder {
    /// Finds the tools of this process's environment; `notice` is told what takes time.
    ///
    /// # Errors
    /// When a tool is missing and cannot be fetched, or the cache cannot be written.
    pub fn discover(notice: &dyn Fn(&str)) -> Result<ModelBuilder, BuildError> {
        Ok(ModelBuilder::new(Builder::discover(&Environment::of_process(), notice)?))
    }

    /// Builds single or wide models of generated configs on every core; `done` is told of each.
    ///
    /// # Errors
    /// When one of them cannot be built.
    pub fn build_all(&self, wanted: &[(Config, Lanes)], done: &(dyn Fn() + Sync)) -> Result<(), ModelError> {
        in_parallel(wanted, |(config, lanes)| {
            self.model(config, &generator::render(config), *lanes, false).map(|_| done())
        })
        .map(drop)
    }

    /// The shared object of a source.
    pub(crate) fn shared_object(&self, source: &Source) -> Result<PathBuf, ModelError> {
        Ok(self.builder.shared_object(source, Trace::Off)?)
    }

    /// Builds a model of a module with one more input than the config has: which of its variants it is.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn variant_model(
        &self,
        config: &Config,
        verilog: &str,
        select: &str,
    ) -> Result<CompiledModel, ModelError> {
        let source = variants_source(config, verilog, select);
        let path = self.builder.shared_object(&source, Trace::Off)?;
        Ok(CompiledModel::load(&path, &source.top, config)?)
    }

    /// Builds with these tools.
    pub fn new(builder: Builder) -> ModelBuilder {
        ModelBuilder { builder, slicer: None, optimization: Optimization::Full }
    }

    /// Makes bit-sliced models too, with this.
    pub fn with_slicer(self, slicer: impl Slicer + 'static) -> ModelBuilder {
        ModelBuilder { slicer: Some(Box::new(slicer)), ..self }
    }

    /// Leaves the C++ as it is: the gates of a netlist take the compiler longer than they run.
    pub fn for_netlists(self) -> ModelBuilder {
        ModelBuilder { optimization: Optimization::None, ..self }
    }

    /// A model that records what is asked for.
    pub(crate) fn build(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: Trace,
    ) -> Result<CompiledModel, ModelError> {
        let source =
            Source { optimization: self.optimization, ..model_source(config, verilog, lanes, trace) };
        let path = self.builder.shared_object(&source, trace)?;
        Ok(CompiledModel::load(&path, &source.top, config)?)
    }
}

impl Models for ModelBuilder {
    fn model(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: bool,
    ) -> Result<CompiledModel, ModelError> {
        self.build(config, verilog, lanes, if trace { Trace::On } else { Trace::Off })
    }

    fn slicing_threshold(&self) -> Option<u64> {
        self.slicer.as_ref()?.threshold()
    }

    fn sliced_model(&self, config: &Config, verilog: &str) -> Result<CompiledModel, ModelError> {
        let slicer = self.slicer.as_ref().ok_or("these models are not bit-sliced; use --engine verilated")?;
        let top = format!("{}_sliced", config.name());
        let text = slicer.text(config, verilog, &top)?;
        let path = self.builder.shared_text(&top, &text)?;
        Ok(CompiledModel::load(&path, &top, config)?)
    }
}
