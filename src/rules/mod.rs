//! Rounding rules compared: how far they are apart, and which of them made recorded outputs.

mod accumulators;
mod candidates;
mod compare;
mod compared;
mod identified;
mod identify;
mod sample;

pub use candidates::Candidates;
pub use compare::{Difference, Pair};
pub use compared::{Compared, compare_rules};
pub use identified::identify_file;
