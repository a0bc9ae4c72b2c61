//! Builder of models, on demand and cached.

use std::path::{Path, PathBuf};

use super::dut::CompiledModel;
use super::engine::Slicer;
use super::error::DutError;
use super::isolation::Isolation;
use super::models::{ModelError, Models};
use crate::generator;
use crate::model::{Lanes, model_source, variants_source};
use crate::toolchain::builder::{Builder, ModelSource};
use crate::toolchain::compiler::Optimization;
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::parallel::in_parallel;
use crate::toolchain::verilate::Trace;
use crate::unit::Config;

/// Builds models on demand, unless the cache has them.
pub struct ModelBuilder {
    builder: Builder,
    slicer: Option<Box<dyn Slicer>>,
    optimization: Optimization,
    isolation: Option<Isolation>,
}

impl ModelBuilder {
    /// Finds the tools in the environment of this process; `notice` reports slow steps.
    ///
    /// # Errors
    /// When a tool is missing and cannot be fetched, or the cache cannot be written.
    pub fn discover(notice: &dyn Fn(&str)) -> Result<Self, BuildError> {
        Ok(Self::new(Builder::discover(&Environment::of_process(), notice)?))
    }

    /// Builds and caches models of generated configs, on every core; `done` is called after each.
    ///
    /// # Errors
    /// When a model cannot be built.
    pub fn build_all(&self, wanted: &[(Config, Lanes)], done: &(dyn Fn() + Sync)) -> Result<(), ModelError> {
        in_parallel(wanted, |(config, lanes)| {
            self.model(config, &generator::render(config), *lanes, false).map(|_| done())
        })
        .map(drop)
    }

    /// Path of the shared object of a source, built unless cached.
    pub(crate) fn shared_object(&self, source: &ModelSource) -> Result<PathBuf, ModelError> {
        Ok(self.builder.shared_object(source, Trace::Off)?)
    }

    /// Builds a model of a module with variants, selected by an input that the config does not have.
    ///
    /// # Errors
    /// When the model cannot be built.
    pub fn variant_model(
        &self,
        config: &Config,
        verilog: &str,
        select: &str,
    ) -> Result<CompiledModel, ModelError> {
        let source = variants_source(config, verilog, select);
        let path = self.builder.shared_object(&source, Trace::Off)?;
        Ok(self.load(&path, &source.top, config)?)
    }

    /// A builder that uses these tools.
    pub fn new(builder: Builder) -> Self {
        Self { builder, slicer: None, optimization: Optimization::Full, isolation: None }
    }

    /// Adds a slicer, for bit-sliced models.
    pub fn with_slicer(self, slicer: impl Slicer + 'static) -> Self {
        Self { slicer: Some(Box::new(slicer)), ..self }
    }

    /// Runs the models in processes of their own, as designs of others should; they may read below these folders.
    ///
    /// # Errors
    /// When the program that runs a model cannot be compiled.
    pub fn isolated(mut self, readable: Vec<PathBuf>) -> Result<Self, BuildError> {
        self.isolation = Some(Isolation::new(&self.builder, readable.clone(), None)?);
        self.builder.readable = readable;
        Ok(self)
    }

    /// Builds designs that run code and write files on this machine too.
    pub fn allowing_host_code(mut self) -> Self {
        self.builder.allows_host_code = true;
        self
    }

    /// Disables C++ optimization, which takes longer than it saves for gate-level netlists.
    pub fn for_netlists(self) -> Self {
        Self { optimization: Optimization::None, ..self }
    }

    fn load(&self, path: &Path, top: &str, config: &Config) -> Result<CompiledModel, DutError> {
        match &self.isolation {
            Some(isolation) => CompiledModel::load_isolated(path, top, config, isolation),
            None => CompiledModel::load(path, top, config),
        }
    }

    /// Builds a Verilated model with this instrumentation.
    pub(crate) fn build(
        &self,
        config: &Config,
        verilog: &str,
        lanes: Lanes,
        trace: Trace,
    ) -> Result<CompiledModel, ModelError> {
        let source =
            ModelSource { optimization: self.optimization, ..model_source(config, verilog, lanes, trace) };
        let path = self.builder.shared_object(&source, trace)?;
        Ok(self.load(&path, &source.top, config)?)
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
        let slicer = self.slicer.as_ref().ok_or("bit-sliced models need a slicer; use --engine verilated")?;
        let top = format!("{}_sliced", config.name());
        let text = slicer.text(config, verilog, &top)?;
        let path = self.builder.shared_text(&top, &text)?;
        Ok(self.load(&path, &top, config)?)
    }
}
