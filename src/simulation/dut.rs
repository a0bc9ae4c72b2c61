//! Compiled models of configs, and their simulated instances (devices under test).

use std::path::Path;
use std::sync::Arc;

use super::coverage::Coverage;
use super::error::DutError;
use super::isolation::Isolation;
use super::loaded_model::{LoadedInstance, LoadedModel};
use crate::model::{Lanes, data_ports, is_per_lane};
use crate::unit::{Column, Config, Direction, Port};

/// A compiled model of a config, of which any number of threads can create instances.
///
/// Models linked into the program and models built at run time behave the same.
#[derive(Clone)]
pub struct CompiledModel {
    config: Config,
    lanes: Lanes,
    loaded: LoadedModel,
    /// Width and values per row of each driven input and each output.
    shape: [Vec<(u32, usize)>; 2],
    /// Selected variant, for a model with variants.
    variant: Option<u64>,
    register_seed: u32,
    coverage: Option<Arc<Coverage>>,
}

impl CompiledModel {
    /// Loads a model compiled into a shared object from `model_source(config, .., lanes, ..)`.
    ///
    /// # Errors
    /// When it does not load, or its ports are not those of the config.
    pub fn load(path: &Path, top: &str, config: &Config) -> Result<Self, DutError> {
        Self::new(LoadedModel::load(path, top, None)?, config)
    }

    /// Loads a model whose instances run in processes of their own.
    ///
    /// # Errors
    /// As [`CompiledModel::load`], and when the process does not start.
    pub fn load_isolated(
        path: &Path,
        top: &str,
        config: &Config,
        isolation: &Isolation,
    ) -> Result<Self, DutError> {
        Self::new(LoadedModel::load(path, top, Some(isolation))?, config)
    }

    pub(super) fn new(loaded: LoadedModel, config: &Config) -> Result<Self, DutError> {
        let lanes = Lanes(loaded.lanes());
        let wrong = |reason: String| DutError::Ports { config: config.name().to_string(), reason };
        let ports = config.ports();
        let expected: Vec<&Port> = data_ports(&ports).collect();
        if loaded.ports().len() != expected.len() {
            return Err(wrong(format!("{} ports instead of {}", loaded.ports().len(), expected.len())));
        }
        let mut shape = [Vec::new(), Vec::new()];
        for (found, port) in loaded.ports().iter().zip(expected) {
            let values = if is_per_lane(port) { lanes.0 as usize } else { 1 };
            let bytes = Column::zeros(port.width(), 0).stride() * values;
            let is_output = port.direction == Direction::Output;
            if found.name != port.name || found.bytes != bytes || found.is_output != is_output {
                return Err(wrong(format!("{} has {} bytes", found.name, found.bytes)));
            }
            shape[usize::from(is_output)].push((port.width(), values));
        }
        let config = config.clone();
        Ok(Self { config, lanes, loaded, shape, register_seed: 0, coverage: None, variant: None })
    }

    /// Returns the model with another variant selected.
    pub fn with_variant(&self, number: u64) -> Self {
        Self { variant: Some(number), ..self.clone() }
    }

    /// Returns the model with random initial register values.
    ///
    /// The values follow from the seed; with seed 0, all registers begin at 0.
    pub fn with_register_seed(&self, seed: u32) -> Self {
        Self { register_seed: seed, ..self.clone() }
    }

    /// Seed of the initial register values.
    pub fn register_seed(&self) -> u32 {
        self.register_seed
    }

    /// Returns the model with its coverage added to `coverage`.
    ///
    /// The model must have been built with coverage.
    pub fn with_coverage(self, coverage: Option<Arc<Coverage>>) -> Self {
        Self { coverage, ..self }
    }

    /// The config.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Number of instances of the unit that one row steps.
    pub fn lanes(&self) -> Lanes {
        self.lanes
    }

    /// Digest of the sources of the model.
    pub fn digest(&self) -> String {
        self.loaded.digest()
    }

    /// A new instance, with registers in their initial state.
    ///
    /// # Panics
    /// When a variant is selected and the model has none.
    pub fn instance(&self) -> Dut {
        let mut instance = self.loaded.instance(self.register_seed);
        if let Some(number) = self.variant {
            assert!(instance.select(number), "{} has no variants", self.config.name());
        }
        Dut { instance, model: self.clone() }
    }

    /// Zeroed columns for all driven inputs, and for all outputs, of `rows` rows.
    pub fn columns(&self, rows: usize) -> (Vec<Column>, Vec<Column>) {
        let make = |side: &[(u32, usize)]| {
            side.iter().map(|&(width, values)| Column::zeros(width, rows * values)).collect()
        };
        (make(&self.shape[0]), make(&self.shape[1]))
    }
}

/// A simulated instance.
pub struct Dut {
    instance: LoadedInstance,
    model: CompiledModel,
}

impl Dut {
    /// The model of this instance.
    pub fn model(&self) -> &CompiledModel {
        &self.model
    }

    /// Runs `rows` rows, one clock cycle each.
    ///
    /// In each row, the inputs are applied, the outputs are sampled as a flip-flop would sample them at the
    /// next rising edge, and then the clock rises. A combinational unit has no clock; its outputs are those
    /// of the same row.
    ///
    /// `inputs` has a column for each driven port and `outputs` one for each output, in the order of the
    /// config's ports. With lanes, a column holds the lanes of a row side by side; reset and enable have one
    /// value per row.
    ///
    /// # Errors
    /// [`DutError::Stopped`] when the simulated code called `$finish`, `$stop` or `$fatal`, [`DutError::Crashed`]
    /// when its process ended.
    ///
    /// # Panics
    /// When the columns are not those of [`CompiledModel::columns`] with at least `rows` rows.
    pub fn run(&mut self, rows: usize, inputs: &[Column], outputs: &mut [Column]) -> Result<(), DutError> {
        self.instance.batch(rows, inputs, outputs).map_err(|error| error.of(self.model.config.name()))
    }

    /// Adds the coverage so far to that of the model, if it is recorded.
    ///
    /// # Errors
    /// [`DutError::Coverage`] when the simulator cannot write it.
    pub fn record_coverage(&mut self) -> Result<(), DutError> {
        let Some(coverage) = &self.model.coverage else { return Ok(()) };
        let failed = |reason| DutError::Coverage { config: self.model.config.name().to_string(), reason };
        let file = tempfile::NamedTempFile::new().map_err(|error| failed(error.to_string()))?;
        self.instance.write_coverage(file.path()).map_err(failed)?;
        // Names in Verilog need not be UTF-8.
        let bytes = std::fs::read(file.path()).map_err(|error| failed(error.to_string()))?;
        coverage.add(&String::from_utf8_lossy(&bytes));
        Ok(())
    }

    /// Starts writing a VCD, in a model built with tracing.
    ///
    /// # Errors
    /// [`DutError::Trace`] when the file cannot be written.
    pub fn trace(&mut self, path: &Path) -> Result<(), DutError> {
        self.instance.trace(path).map_err(|reason| DutError::Trace { path: path.to_path_buf(), reason })
    }
}
