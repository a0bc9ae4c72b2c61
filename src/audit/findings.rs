//! Findings of the analysis of a design.

use super::error_statistics::ErrorStatistics;
use super::finding::Finding;
use super::tally::CandidateScore;

/// Amount of stimulus that was driven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StimulusSize {
    pub transactions: u64,
    /// Whether the transactions cover every combination of operands.
    pub exhaustive: bool,
}

/// Result of the comparison for one kind of design.
pub(crate) struct Findings {
    /// Measured properties.
    pub properties: Vec<Finding>,
    pub scores: Vec<CandidateScore>,
    /// Candidates that do not apply, with the reason.
    pub inapplicable: Vec<(String, String)>,
    /// Errors against the exact value, for designs that round.
    pub errors: Option<ErrorStatistics>,
    pub size: StimulusSize,
}
