//! The result of an audit, of which text, JSON and HTML are views.

use serde::Serialize;

use super::error_statistics::ErrorStatistics;
use super::finding::Finding;
use super::nearest::NearestCandidate;
use super::tally::CandidateScore;

/// Ports mapped to one role.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MappedPort {
    /// Role.
    pub role: String,
    /// Port names, joined by `+`.
    pub ports: String,
    /// Width of one element.
    pub bits: u32,
    /// Number of elements in all ports together.
    pub elements: usize,
}

/// A source file of the design.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceFile {
    /// Path as given.
    pub path: String,
    /// SHA-256 digest.
    pub sha256: String,
}

/// Result of an audit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuditReport {
    /// qrtl version.
    pub version: &'static str,
    /// Verilator version.
    pub verilator: String,
    /// Top module.
    pub top: String,
    /// Expected kind of the design, as in `--unit`.
    pub unit: &'static str,
    /// Source files.
    pub files: Vec<SourceFile>,
    /// Mapped ports.
    pub ports: Vec<MappedPort>,
    /// The map, `ROLE=PORT`, with the polarities that were stated or measured.
    pub map: Vec<String>,
    /// Constant inputs, `PORT=VALUE`.
    pub ties: Vec<String>,
    /// Settings, `KEY=VALUE`.
    pub settings: Vec<String>,
    /// Names of the candidates that match every result, the best known first.
    pub explaining: Vec<String>,
    /// Measured properties of interface and operands.
    pub findings: Vec<Finding>,
    /// Number of transactions driven.
    pub transactions: u64,
    /// Whether the transactions cover every combination of operands.
    pub exhaustive: bool,
    /// Number of combinations of operands, if the transactions enumerate them.
    pub combinations: Option<u64>,
    /// Seed of random operands.
    pub seed: u64,
    /// Errors against the exact value, for designs that round.
    pub exactness: Option<ErrorStatistics>,
    /// Scores of all candidates that apply.
    pub candidates: Vec<CandidateScore>,
    /// Candidate that comes nearest if none matches every result.
    pub nearest: Option<NearestCandidate>,
    /// Candidates that do not apply to these parameters, with the reason.
    pub inapplicable: Vec<(String, String)>,
    /// Warnings of Verilator that can affect the verdict.
    pub warnings: Vec<String>,
    /// Duration of the audit in seconds, build included.
    pub seconds: f64,
    /// Command line that reproduces this audit.
    pub command: String,
}

impl AuditReport {
    /// The best known candidate that matches every result.
    pub fn matched(&self) -> Option<&CandidateScore> {
        let name = self.explaining.first()?;
        self.candidates.iter().find(|score| score.name == *name)
    }

    /// The other candidates that match every result.
    pub fn equivalent(&self) -> &[String] {
        self.explaining.get(1..).unwrap_or_default()
    }

    /// Whether the expected candidate matches every result.
    ///
    /// Without an expected candidate, any match suffices.
    pub fn is_explained_by(&self, expected: Option<&str>) -> bool {
        match expected {
            Some(name) => self.explaining.iter().any(|explaining| explaining == name),
            None => !self.explaining.is_empty(),
        }
    }

    /// The verdict in one line, with the candidate that was expected, if any.
    pub fn verdict(&self, expected: Option<&str>) -> String {
        let top = &self.top;
        match (self.matched(), expected) {
            (None, _) => format!("{top} FAILED: no candidate matches every result\n"),
            (Some(_), Some(name)) if self.is_explained_by(expected) => {
                format!("{top}: all equal to {name}\n")
            }
            (Some(score), Some(name)) => format!("{top} FAILED: it is {}, not {name}\n", score.name),
            (Some(score), None) => format!("{top}: all equal to {}\n", score.name),
        }
    }

    /// The candidates with mismatches, the closest first.
    pub fn mismatching(&self) -> Vec<&CandidateScore> {
        let mut scores: Vec<&CandidateScore> =
            self.candidates.iter().filter(|score| !score.matches_all()).collect();
        scores.sort_by(|a, b| a.mismatch_rate().total_cmp(&b.mismatch_rate()));
        scores
    }
}
