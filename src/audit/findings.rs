//! Findings of the analysis of a design.

use super::error_statistics::ErrorStatistics;
use super::finding::Finding;
use super::nearest::NearestCandidate;
use super::stimulus_size::StimulusSize;
use super::tally::CandidateScore;

/// Result of the comparison for one kind of design.
pub(crate) struct Findings {
    /// Measured properties.
    pub properties: Vec<Finding>,
    pub scores: Vec<CandidateScore>,
    /// Candidate that comes nearest if none matches.
    pub nearest: Option<NearestCandidate>,
    /// Candidates that do not apply, with the reason.
    pub inapplicable: Vec<(String, String)>,
    /// Errors against the exact value, for designs that round.
    pub errors: Option<ErrorStatistics>,
    pub size: StimulusSize,
}
