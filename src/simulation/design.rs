//! A model of somebody else's design, whose ports are whatever that design has.

use std::path::Path;

use super::abi::{Instance, Table};
use super::error::DutError;
use crate::unit::Column;

/// A compiled model whose ports no config describes; any number of threads can make instances.
#[derive(Clone)]
pub struct Design {
    name: String,
    table: Table,
    /// Driven inputs, then outputs: bits and values a row.
    shape: [Vec<(u32, usize)>; 2],
}

impl Design {
    /// A model compiled with the shim of a design, whose pins have these widths
    /// and numbers of elements, in the order of the shim.
    ///
    /// # Errors
    /// When it does not load, or the pins are of other sizes.
    pub fn load(path: &Path, top: &str, pins: &[(u32, usize)]) -> Result<Design, DutError> {
        let table = Table::load(path, top)?;
        let mut shape = [Vec::new(), Vec::new()];
        for (port, &(bits, values)) in table.ports().iter().zip(pins) {
            if port.bytes != Column::zeros(bits, 0).stride() * values {
                let reason = format!("{} takes {} bytes", port.name, port.bytes);
                return Err(DutError::Ports { config: top.to_string(), reason });
            }
            shape[usize::from(port.is_output)].push((bits, values));
        }
        Ok(Design { name: top.to_string(), table, shape })
    }

    /// A fresh instance, registers in their initial state.
    pub fn instance(&self) -> DesignInstance {
        DesignInstance { instance: Instance::new(&self.table, 0), design: self.clone() }
    }

    /// Zeroed columns for all driven inputs, and for all outputs, of `rows` rows; the elements of an
    /// unpacked array lie side by side.
    pub fn columns(&self, rows: usize) -> [Vec<Column>; 2] {
        let make = |side: &Vec<(u32, usize)>| -> Vec<Column> {
            side.iter().map(|&(bits, values)| Column::zeros(bits, rows * values)).collect()
        };
        [make(&self.shape[0]), make(&self.shape[1])]
    }
}

/// A simulated instance of somebody else's design.
pub struct DesignInstance {
    instance: Instance,
    design: Design,
}

impl DesignInstance {
    /// Runs `rows` rows, as [`Dut::run`](super::dut::Dut::run) does.
    ///
    /// # Errors
    /// [`DutError::Stopped`] when the design called `$finish`, `$stop` or `$fatal`, or did not settle.
    ///
    /// # Panics
    /// When the columns are not those of [`Design::columns`] with at least `rows` rows.
    pub fn run(&mut self, rows: usize, inputs: &[Column], outputs: &mut [Column]) -> Result<(), DutError> {
        self.instance
            .batch(rows, inputs, outputs)
            .map_err(|reason| DutError::Stopped { config: self.design.name.clone(), reason })
    }

    /// Writes a VCD of everything that happens from here on, in a model built with tracing.
    ///
    /// # Errors
    /// [`DutError::Trace`] when the file cannot be written.
    pub fn trace(&mut self, path: &Path) -> Result<(), DutError> {
        self.instance.trace(path).map_err(|reason| DutError::Trace { path: path.to_path_buf(), reason })
    }
}
