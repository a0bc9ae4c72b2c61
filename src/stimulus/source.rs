//! The interface of all stimulus.

use crate::unit::Column;

/// A source of input columns.
pub trait Stimulus: Sync {
    /// Number of transactions; with lanes, each lane of a row counts as one.
    fn transactions(&self) -> u64;

    /// Transactions per chunk; a chunk can run independently on any instance.
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
