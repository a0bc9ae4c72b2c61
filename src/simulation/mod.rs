//! Simulation: compiled models, their instances, and the bit-sliced models of their gates.

mod abi;
mod arrays;
pub mod bit_sliced;
mod built;
mod coverage;
mod covering;
mod design;
mod dut;
mod engine;
mod error;
mod group;
#[cfg(feature = "linked-models")]
mod linked;
mod models;
mod simulate;

pub use arrays::{ArrayError, arrays_from_outputs, column_from_array, sequence_from_arrays};
pub use built::Built;
pub use coverage::{Covered, Summary};
pub use covering::Covering;
pub use design::{Design, DesignInstance};
pub use dut::{Dut, Rtl};
pub use engine::{Engine, Slicer};
pub use error::DutError;
pub use group::Group;
#[cfg(feature = "linked-models")]
pub use linked::Linked;
pub use models::{ModelError, Models};
pub use simulate::{simulate_reference, simulate_rtl};
