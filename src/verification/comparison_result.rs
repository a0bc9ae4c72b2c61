//! Result of comparing RTL and reference over a stimulus.

/// Maximum length of the list of mismatches; a run stops after the batch that fills it.
pub(crate) const MAX_KEPT: usize = 8;

/// Result of a comparison.
#[derive(Clone, Debug, Default)]
pub struct ComparisonResult {
    /// Transactions whose outputs were compared.
    pub compared: u64,
    /// Transactions that differ, up to the end of the batch in which the run stopped.
    pub mismatches: u64,
    /// The first mismatches, in the order of the stimulus.
    pub first_mismatches: Vec<Mismatch>,
}

/// One transaction whose outputs differ from the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Index of the transaction in the stimulus; with lanes, row times lanes plus lane.
    pub transaction: u64,
    /// The first output port that differs.
    pub port: &'static str,
    /// Output of the reference, in 64-bit words, least significant first.
    pub expected: Vec<u64>,
    /// Output of the RTL.
    pub got: Vec<u64>,
}

impl ComparisonResult {
    /// Adds the result of another chunk of the same stimulus.
    pub(crate) fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.mismatches += other.mismatches;
        self.first_mismatches.extend(other.first_mismatches);
        self.first_mismatches.sort_by_key(|mismatch| mismatch.transaction);
        self.first_mismatches.truncate(MAX_KEPT);
    }

    /// Adds mismatches in any order.
    pub(crate) fn add_mismatches(&mut self, mismatches: Vec<Mismatch>) {
        let count = mismatches.len() as u64;
        self.add(Self { compared: 0, mismatches: count, first_mismatches: mismatches });
    }

    /// Whether the list of mismatches is full, so that the run can stop.
    pub(crate) fn is_full(&self) -> bool {
        self.first_mismatches.len() >= MAX_KEPT
    }
}
