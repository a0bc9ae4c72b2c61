//! Amount of stimulus of an audit.

/// Amount of stimulus that was driven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StimulusSize {
    pub transactions: u64,
    /// Number of combinations of operands, if the transactions enumerate them.
    pub combinations: Option<u64>,
}
