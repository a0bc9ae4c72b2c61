//! Sweeps: verification of every legal config of a grid.
//!
//! Text, JSON, JUnit and HTML are views of a [`Sweep`].

mod batch;
mod matrix;
mod result;
mod run;
mod text;

pub use batch::verify_configs;
pub use matrix::{MatrixCell, SweepMatrix};
pub use result::{Sweep, SweepPoint};
pub use run::SweepRun;
