//! Stimulus: what is driven into the inputs, as a pure function of the transaction's index, so that
//! any part of a run can be repeated, split among threads or replayed alone.

mod directed;
mod entropy;
mod exhaustive;
mod float;
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
    /// How many transactions there are; with lanes, each lane of a row counts as one.
    fn transactions(&self) -> u64;

    /// The transactions per chunk: a part that can run on its own, on any instance. For sequential
    /// units each chunk begins with reset.
    fn chunk(&self) -> u64;

    /// Whether control rests throughout: every row is enabled, valid, and without reset.
    fn is_steady(&self) -> bool {
        false
    }

    /// Fills the input columns with the transactions that begin at `first`, a multiple of the
    /// lanes. Past the end any legal values will do.
    fn fill(&self, first: u64, inputs: &mut [Column]);
}

/// The width in bits of all data inputs together.
pub fn domain_bits(ports: &[Port]) -> u32 {
    ports.iter().filter(|port| is_data(port)).map(Port::width).sum()
}

/// The size of the input space of a feed-forward unit; none from 2^64 on.
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
