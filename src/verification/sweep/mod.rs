//! What a sweep found: the verdict on every legal config of a grid, of which text, JSON, JUnit and HTML
//! are views.

mod batch;
mod matrix;
mod result;
mod text;

pub use batch::sweep;
pub use matrix::{MatrixCell, SweepMatrix};
pub use result::{Sweep, SweepPoint};
