//! The device under test: linked, built at run time, of one lane or of many, generated or somebody
//! else's, all the same to its caller.

use std::path::Path;
use std::sync::Arc;

use super::abi::{Instance, Table};
use super::coverage::Coverage;
use super::error::DutError;
use crate::model::{Lanes, data_ports, is_per_lane};
use crate::unit::{Column, Config, Direction, Port};

/// A compiled model of a config, from which any number of threads can make instances.
#[derive(Clone)]
pub struct CompiledModel {
    config: Config,
    lanes: Lanes,
    table: Table,
    /// Driven inputs, then outputs: width and values a row.
    shape: [Vec<(u32, usize)>; 2],
    /// The variant that its instances are, of a model with variants.
    variant: Option<u64>,
    start: u32,
    coverage: Option<Arc<Coverage>>,
}

impl CompiledModel {
    /// A model compiled into a shared object from `model_source(config, .., lanes, ..)`.
    ///
    /// # Errors
    /// When it does not load, or does not fit the config.
    pub fn load(path: &Path, top: &str, config: &Config) -> Result<CompiledModel, DutError> {
        CompiledModel::new(Table::load(path, top)?, config)
    }

    pub(crate) fn new(table: Table, config: &Config) -> Result<CompiledModel, DutError> {
        let lanes = Lanes(table.lanes());
        let wrong = |reason: String| DutError::Ports { config: config.name().to_string(), reason };
        let (found, ports) = (table.ports(), config.ports());
        let expected: Vec<&Port> = data_ports(&ports).collect();
        if found.len() != expected.len() {
            return Err(wrong(format!("{} ports instead of {}", found.len(), expected.len())));
        }
        let mut shape = [Vec::new(), Vec::new()];
        for (found, port) in found.iter().zip(expected) {
            let values = if is_per_lane(port) { lanes.0 as usize } else { 1 };
            let bytes = Column::zeros(port.width(), 0).stride() * values;
            let is_output = port.direction == Direction::Output;
            if found.name != port.name || found.bytes != bytes || found.is_output != is_output {
                return Err(wrong(format!("{} of {} bytes", found.name, found.bytes)));
            }
            shape[usize::from(is_output)].push((port.width(), values));
        }
        Ok(CompiledModel {
            config: config.clone(),
            lanes,
            table,
            shape,
            start: 0,
            coverage: None,
            variant: None,
        })
    }

    /// The same model, with instances of one of the variants behind its select.
    pub fn with_variant(&self, number: u64) -> CompiledModel {
        CompiledModel { variant: Some(number), ..self.clone() }
    }

    /// The same model, whose instances begin with random values in every register: others for another
    /// seed, and 0 for seed 0.
    pub fn with_register_seed(&self, seed: u32) -> CompiledModel {
        CompiledModel { start: seed, ..self.clone() }
    }

    /// The seed of what registers begin with.
    pub fn register_seed(&self) -> u32 {
        self.start
    }

    /// The same model, what it covers added to `coverage`; it must have been built for that.
    pub fn with_coverage(self, coverage: Option<Arc<Coverage>>) -> CompiledModel {
        CompiledModel { coverage, ..self }
    }

    /// The config it simulates.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How many instances of the unit one row steps.
    pub fn lanes(&self) -> Lanes {
        self.lanes
    }

    /// The digest of the sources it was built from.
    pub fn digest(&self) -> String {
        self.table.digest()
    }

    /// A fresh instance, registers in their initial state.
    ///
    /// # Panics
    /// When a variant is asked of a model without.
    pub fn instance(&self) -> Dut {
        let mut instance = Instance::new(&self.table, self.start);
        if let Some(number) = self.variant {
            assert!(instance.select(number), "{} has no variants", self.config.name());
        }
        Dut { instance, rtl: self.clone() }
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
    instance: Instance,
    rtl: CompiledModel,
}

impl Dut {
    /// The model it is an instance of.
    pub fn model(&self) -> &CompiledModel {
        &self.rtl
    }

    /// Runs `rows` rows. In each, the inputs are applied, the outputs are sampled as a flip-flop
    /// fed by them would at the coming rising edge, then that edge is given. A combinational unit
    /// has no edge: its outputs are those of the same row.
    ///
    /// `inputs` has a column for each driven port and `outputs` one for each output, in the order
    /// of the config's ports. With lanes, a column holds the lanes of a row side by side; reset and
    /// enable have one value a row.
    ///
    /// # Errors
    /// [`DutError::Stopped`] when the simulated code called `$finish`, `$stop` or `$fatal`.
    ///
    /// # Panics
    /// When the columns are not those of [`CompiledModel::columns`] with at least `rows` rows.
    pub fn run(&mut self, rows: usize, inputs: &[Column], outputs: &mut [Column]) -> Result<(), DutError> {
        self.instance
            .batch(rows, inputs, outputs)
            .map_err(|reason| DutError::Stopped { config: self.rtl.config.name().to_string(), reason })
    }

    /// Adds what was covered so far to where the model records it, if it does.
    ///
    /// # Errors
    /// [`DutError::Coverage`] when the simulator cannot write it.
    pub fn record_coverage(&mut self) -> Result<(), DutError> {
        let Some(coverage) = &self.rtl.coverage else { return Ok(()) };
        let failed = |reason| DutError::Coverage { config: self.rtl.config.name().to_string(), reason };
        let file = tempfile::NamedTempFile::new().map_err(|error| failed(error.to_string()))?;
        self.instance.write_coverage(file.path()).map_err(failed)?;
        // Names in the Verilog need not be UTF-8.
        let bytes = std::fs::read(file.path()).map_err(|error| failed(error.to_string()))?;
        coverage.add(&String::from_utf8_lossy(&bytes));
        Ok(())
    }

    /// Writes a VCD of everything that happens from here on, in a model built with tracing.
    ///
    /// # Errors
    /// [`DutError::Trace`] when the file cannot be written.
    pub fn trace(&mut self, path: &Path) -> Result<(), DutError> {
        self.instance.trace(path).map_err(|reason| DutError::Trace { path: path.to_path_buf(), reason })
    }
}
