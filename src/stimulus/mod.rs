//! Stimulus: input values as a pure function of the transaction's index.
//!
//! So any part of a run can be repeated, divided among threads, or replayed alone.

mod corner;
mod directed;
mod entropy;
mod exhaustive;
mod float;
mod profile;
mod random;
mod scalars;
mod sequence;
mod shard;
mod sums;

pub use exhaustive::Exhaustive;
pub use random::{EPISODE_ROWS, Random};
pub use sequence::Sequence;
pub use shard::Shard;
pub use sums::LongSums;

pub(crate) use entropy::mix;

use crate::unit::{Column, Port};

/// A source of input columns.
pub trait Stimulus: Sync {
    /// Number of transactions; with lanes, each lane of a row counts as one.
    fn transactions(&self) -> u64;

    /// Transactions per chunk, a part that can run on its own on any instance.
    ///
    /// For sequential units, each chunk begins with a reset.
    fn chunk(&self) -> u64;

    /// Whether control is idle throughout: every row is enabled, valid, and not in reset.
    fn is_steady(&self) -> bool {
        false
    }

    /// Fills the input columns with transactions from `first` on, a multiple of the number of lanes.
    ///
    /// Rows past the end may have any legal values.
    fn fill(&self, first: u64, inputs: &mut [Column]);
}

/// Total width of all data inputs, in bits.
pub fn domain_bits(ports: &[Port]) -> u32 {
    ports.iter().filter(|port| is_data(port)).map(Port::width).sum()
}

/// Size of the input space of a feed-forward unit; `None` from 2^64 on.
pub fn domain(ports: &[Port]) -> Option<u64> {
    let mut ports = ports.iter().filter(|port| is_data(port));
    ports.try_fold(1u64, |size, port| {
        let element = u64::try_from(port.integer.max() - port.min() + 1).ok()?;
        size.checked_mul(element.checked_pow(port.elements)?)
    })
}

fn is_data(port: &Port) -> bool {
    port.is_driven() && port.role == crate::unit::Role::Data
}
