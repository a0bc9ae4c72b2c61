//! Mutation testing: measures the strength of a verification by deliberate faults (mutants).
//!
//! ```text
//! Verilog -> Netlist -> operators -> Schema: all mutants behind one select, built once
//!                                      |
//!            stimulus and reference, or a user's vectors -> killed
//!                                      |
//!              Miter -> Relation -> Query -> solver: EquivalenceChecker
//!                                      |
//!                         equivalent, survived or undetected
//! ```

mod baseline;
mod bench;
mod campaign;
mod equivalence;
mod error;
mod files;
mod liveness;
mod miter;
mod mutant;
mod operators;
mod queries;
mod schema;
mod score;
mod vectors;

use crate::netlist;

pub use baseline::{Baseline, Counts, UndetectedMutants};
pub use campaign::{Campaign, Options};
pub use equivalence::Argument;
pub use error::MutationError;
pub use score::{Bounds, Class, Fate, MutantView, Score};
pub use vectors::Vectors;
