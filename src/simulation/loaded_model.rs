//! A compiled model in this program or in a separate process, and its instances.

use std::path::Path;

use super::abi::{AbiTable, ModelInstance, TablePort};
use super::error::{BatchError, DutError};
#[cfg(unix)]
use super::isolated_model::{IsolatedInstance, IsolatedModel};
use super::isolation::Isolation;
use crate::unit::Column;

/// A compiled model.
#[derive(Clone)]
pub(super) enum LoadedModel {
    /// Part of this program.
    Own(AbiTable),
    /// In a separate process.
    #[cfg(unix)]
    Isolated(IsolatedModel),
}

/// An instance of a model.
pub(super) enum LoadedInstance {
    Own(ModelInstance),
    #[cfg(unix)]
    Isolated(IsolatedInstance),
}

/// Calls the same method on either kind.
macro_rules! each {
    ($type:ident, $value:expr, $inner:ident => $body:expr) => {
        match $value {
            $type::Own($inner) => $body,
            #[cfg(unix)]
            $type::Isolated($inner) => $body,
        }
    };
}

impl LoadedModel {
    /// Loads a shared object. Without processes of its own kind, the system runs every model in this program.
    ///
    /// # Errors
    /// As [`AbiTable::load`].
    pub(super) fn load(path: &Path, top: &str, isolation: Option<&Isolation>) -> Result<Self, DutError> {
        #[cfg(unix)]
        if let Some(isolation) = isolation {
            return Ok(Self::Isolated(IsolatedModel::load(path, top, isolation)?));
        }
        #[cfg(not(unix))]
        let _ = isolation;
        Ok(Self::Own(AbiTable::load(path, top)?))
    }

    pub(super) fn lanes(&self) -> u32 {
        each!(Self, self, model => model.lanes())
    }

    /// Digest of the sources of the model.
    pub(super) fn digest(&self) -> String {
        each!(Self, self, model => model.digest())
    }

    /// All ports but the clock, in the order in which a batch takes their columns.
    pub(super) fn ports(&self) -> &[TablePort] {
        each!(Self, self, model => model.ports())
    }

    /// Creates an instance; registers begin at 0 for seed 0, else at random values.
    pub(super) fn instance(&self, seed: u32) -> LoadedInstance {
        match self {
            Self::Own(table) => LoadedInstance::Own(ModelInstance::new(table, seed)),
            #[cfg(unix)]
            Self::Isolated(model) => LoadedInstance::Isolated(model.instance(seed)),
        }
    }
}

impl LoadedInstance {
    /// Runs rows, see [`ModelInstance::batch`].
    pub(super) fn batch(
        &mut self,
        rows: usize,
        inputs: &[Column],
        outputs: &mut [Column],
    ) -> Result<(), BatchError> {
        each!(Self, self, instance => instance.batch(rows, inputs, outputs))
    }

    /// Starts writing a VCD.
    pub(super) fn trace(&mut self, path: &Path) -> Result<(), String> {
        each!(Self, self, instance => instance.trace(path))
    }

    /// Selects a variant; returns whether the model has variants.
    pub(super) fn select(&mut self, number: u64) -> bool {
        each!(Self, self, instance => instance.select(number))
    }

    /// Writes the coverage counts so far.
    pub(super) fn write_coverage(&mut self, path: &Path) -> Result<(), String> {
        each!(Self, self, instance => instance.write_coverage(path))
    }
}
