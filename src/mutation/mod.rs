//! How strong a verification is, as a number: faults are put into a module on purpose, and whoever
//! verifies it must notice every one of them.
//!
//! ```text
//! Verilog -> Netlist -> operators -> Schema: all mutants behind one select, built once
//!                                      |
//!            stimulus and reference, or somebody's vectors -> killed
//!                                      |
//!                        Miter -> solver -> equivalent, or survived
//! ```

mod abstraction;
mod baseline;
mod bench;
mod campaign;
mod circuit;
mod cutpoint;
mod depth;
mod equivalence;
mod error;
mod files;
mod invariant;
mod liveness;
mod miter;
mod mutant;
mod operators;
mod recoding;
mod schema;
mod score;
mod vectors;
mod waiting;

use crate::netlist;

pub use baseline::Baseline;
pub use campaign::{Campaign, Options};
pub use error::MutationError;
pub use score::{Class, Fate, MutantView, Score};
pub use vectors::Vectors;
