//! Stimulus: input values as a pure function of the transaction's index.
//!
//! Any part of a run can therefore be repeated, divided among threads, or replayed alone.

mod corner;
mod directed;
mod domain;
mod entropy;
mod exhaustive;
mod float;
mod profile;
mod random;
mod scalars;
mod sequence;
mod shard;
mod source;
mod sums;

pub use domain::{domain, domain_bits};
pub use exhaustive::ExhaustiveStimulus;
pub use random::{RandomStimulus, episode_rows};
pub use sequence::Sequence;
pub use shard::Shard;
pub use source::Stimulus;
pub use sums::LongSums;

pub(crate) use entropy::mix;
