//! The candidate that comes nearest to a design that none matches.

use std::fmt;

use serde::Serialize;

use super::error::AuditError;
use super::regions::Extent;
use super::runner::{CandidateSet, Tallies, TimedRun};
use super::stimulus_size::StimulusSize;
use super::tally::FirstMismatch;

/// Number of candidates whose mismatches are located, of those defined for all operands and of others.
const LOCATED: usize = 4;

/// Candidate that comes nearest to the design, and where it differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearestCandidate {
    /// Name, as in `--expect`.
    pub name: String,
    /// Other candidates with the same number of mismatches.
    pub equivalent: Vec<String>,
    /// Reading of the ports, such as their signedness; empty if the name contains it.
    pub reading: String,
    /// Where it matches and where it differs, `None` if mismatches occur everywhere.
    pub extent: Option<Extent>,
    /// What else explains the results, such as a common fault.
    pub explanation: Option<String>,
    /// A mismatch with small operands.
    pub mismatch: FirstMismatch,
}

impl fmt::Display for NearestCandidate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { name, equivalent, reading, extent, explanation, mismatch } = self;
        match extent {
            Some(extent) => write!(f, "but {name} {}", extent.matches)?,
            None => write!(f, "nearest: {name}")?,
        }
        if !equivalent.is_empty() {
            write!(f, " (or {})", equivalent.join(", "))?;
        }
        if !reading.is_empty() {
            write!(f, ", {reading}")?;
        }
        if let Some(explanation) = explanation {
            write!(f, ", {explanation}")?;
        }
        if let Some(extent) = extent {
            write!(f, "\n  it differs only where {}", extent.differs)?;
        }
        let FirstMismatch { inputs, got, expected } = mismatch;
        write!(f, "\n  at {}: design {got}, expected {expected}", inputs.join(" "))
    }
}

/// Index of the nearest candidate with the part of the operands in which it matches.
pub(crate) struct Located {
    pub candidate: usize,
    /// Other candidates with the same number of mismatches.
    pub equivalent: Vec<usize>,
    pub extent: Option<Extent>,
    /// Index of a mismatch with small operands, with the results of design and candidate.
    pub mismatch: (u64, i128, i128),
}

/// Finds the candidate that matches in a part of the operands, or has the fewest mismatches.
pub(crate) fn locate(
    run: &TimedRun,
    set: &dyn CandidateSet,
    tallies: &Tallies,
    size: StimulusSize,
) -> Result<Option<Located>, AuditError> {
    // A rule that is rarely defined says little about the design.
    let is_eligible = |index: &usize| {
        let tally = &tallies.candidates[*index];
        tally.wrong > 0 && tally.compared >= tally.undefined
    };
    let mut ranked: Vec<usize> = (0..set.count()).filter(is_eligible).collect();
    ranked.sort_by(|&a, &b| {
        let rate = |index: usize| tallies.candidates[index].mismatch_rate();
        rate(a).total_cmp(&rate(b))
    });
    // A rule that is defined for all operands says more than one that is not.
    let (mut full, mut partial): (Vec<usize>, Vec<usize>) =
        ranked.into_iter().partition(|&index| tallies.candidates[index].undefined == 0);
    full.truncate(LOCATED);
    partial.truncate(LOCATED);
    let ranked = [full, partial].concat();
    let located = run.locate(set, &ranked, size)?;
    let wrong = |index: usize| tallies.candidates[index].wrong;
    let located = ranked.iter().zip(&located).filter_map(|(&candidate, (axes, tally))| {
        let same = |&other: &usize| {
            let compared = |index: usize| tallies.candidates[index].compared;
            other != candidate && wrong(other) == wrong(candidate) && compared(other) == compared(candidate)
        };
        let equivalent = ranked.iter().copied().filter(same).collect();
        Some(Located { candidate, equivalent, extent: tally.extent(axes), mismatch: tally.simplest()? })
    });
    let mut located: Vec<Located> = located.collect();
    let best = located.iter().position(|located| located.extent.is_some()).unwrap_or(0);
    Ok((best < located.len()).then(|| located.swap_remove(best)))
}
