//! Compiled models of third-party designs, which have no config.

use std::path::Path;

use super::error::DutError;
use super::isolation::Isolation;
use super::loaded_model::{LoadedInstance, LoadedModel};
use crate::unit::Column;

/// A compiled model of a third-party design; any number of threads can create instances.
#[derive(Clone)]
pub struct Design {
    name: String,
    loaded: LoadedModel,
    /// Bits and values per row of each driven input and each output.
    shape: [Vec<(u32, usize)>; 2],
}

impl Design {
    /// Loads a model compiled with the shim of a design; its instances run in processes of their own.
    ///
    /// `pins` are the widths and numbers of elements of its pins, in the order of the shim.
    ///
    /// # Errors
    /// When it does not load, or its pins have other sizes.
    pub fn load(
        path: &Path,
        top: &str,
        pins: &[(u32, usize)],
        isolation: &Isolation,
    ) -> Result<Self, DutError> {
        let loaded = LoadedModel::load(path, top, Some(isolation))?;
        let mut shape = [Vec::new(), Vec::new()];
        for (port, &(bits, values)) in loaded.ports().iter().zip(pins) {
            if port.bytes != Column::zeros(bits, 0).stride() * values {
                let reason = format!("{} takes {} bytes", port.name, port.bytes);
                return Err(DutError::Ports { config: top.to_string(), reason });
            }
            shape[usize::from(port.is_output)].push((bits, values));
        }
        Ok(Self { name: top.to_string(), loaded, shape })
    }

    /// A new instance, with registers in their initial state.
    pub fn instance(&self) -> DesignInstance {
        DesignInstance { instance: self.loaded.instance(0), design: self.clone() }
    }

    /// Zeroed columns of `rows` rows for all driven inputs and all outputs.
    ///
    /// The elements of an unpacked array lie side by side.
    pub fn columns(&self, rows: usize) -> [Vec<Column>; 2] {
        let make = |side: &Vec<(u32, usize)>| -> Vec<Column> {
            side.iter().map(|&(bits, values)| Column::zeros(bits, rows * values)).collect()
        };
        [make(&self.shape[0]), make(&self.shape[1])]
    }
}

/// A simulated instance of a third-party design.
pub struct DesignInstance {
    instance: LoadedInstance,
    design: Design,
}

impl DesignInstance {
    /// Runs `rows` rows, see [`Dut::run`](super::dut::Dut::run).
    ///
    /// # Errors
    /// [`DutError::Stopped`] when the design called `$finish`, `$stop` or `$fatal`, or did not settle;
    /// [`DutError::Crashed`] when its process ended.
    ///
    /// # Panics
    /// When the columns are not those of [`Design::columns`] with at least `rows` rows.
    pub fn run(&mut self, rows: usize, inputs: &[Column], outputs: &mut [Column]) -> Result<(), DutError> {
        self.instance.batch(rows, inputs, outputs).map_err(|error| error.of(&self.design.name))
    }

    /// Starts writing a VCD, in a model built with tracing.
    ///
    /// # Errors
    /// [`DutError::Trace`] when the file cannot be written.
    pub fn trace(&mut self, path: &Path) -> Result<(), DutError> {
        self.instance.trace(path).map_err(|reason| DutError::Trace { path: path.to_path_buf(), reason })
    }
}
