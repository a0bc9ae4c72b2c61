//! Comparison of an accumulator with its candidates.

use super::candidate::{AccumulatorCandidate, SumOverflow};
use super::episode::{Episode, episodes};
use super::latency::measure_latency;
use super::shortlist::{ControlRecording, names};
use super::spacing::{PairSpacing, measure_spacing};
use crate::audit::design_kind::DesignKind;
use crate::audit::diagnostics::Diagnostics;
use crate::audit::error::AuditError;
use crate::audit::factors::{Factors, Signedness};
use crate::audit::finding::Finding;
use crate::audit::findings::Findings;
use crate::audit::harness::Harness;
use crate::audit::port_map::PortMap;
use crate::audit::request::StimulusEffort;
use crate::audit::role::MapRole;
use crate::audit::rows::{CLEAR, ENABLE, InputRows, LAST, VALID};
use crate::audit::runner::ProgressFn;
use crate::audit::stimulus_size::StimulusSize;
use crate::audit::tally::CandidateScore;
use crate::audit::timing::{MAX_LATENCY, cycles};
use crate::toolchain::parallel::in_parallel;

/// A design with a register that adds up products.
pub(crate) struct AccumulatorAnalysis {
    factors: Factors,
}

impl AccumulatorAnalysis {
    pub fn new(factors: Factors) -> Self {
        Self { factors }
    }

    /// Whether results of two ports are added up, as of a carry-save output.
    pub fn adds_outputs(&self) -> bool {
        self.factors.adds_outputs
    }

    /// The widths of all operand elements.
    pub fn widths(&self) -> Vec<u32> {
        self.factors.widths()
    }

    /// The names of all candidates.
    pub fn names(&self) -> Vec<String> {
        names(&self.factors)
    }

    /// Drives the episodes and compares the sums with every candidate.
    ///
    /// `given` is the latency that is already known.
    pub fn analyze(
        &self,
        harness: &Harness,
        effort: &StimulusEffort,
        given: Option<usize>,
        diagnostics: &Diagnostics,
        progress: &ProgressFn,
    ) -> Result<Findings, AuditError> {
        let measured = match given {
            Some(latency) => Some(latency),
            None => measure_latency(harness, &self.factors, MAX_LATENCY)?,
        };
        // At the end of its interval, a pair is in the sum.
        let (latency, spacing) = match measured {
            Some(latency) => (latency, None),
            None => (0, measure_spacing(harness, &self.factors)?),
        };
        if measured.is_none() && spacing.is_none() {
            return Err(diagnostics.no_response("a pair never changed the sum", MAX_LATENCY));
        }
        let rows = episodes(harness, &self.factors, effort);
        let transactions: u64 = rows.iter().map(|rows| rows.len() as u64).sum();
        let episodes = in_parallel(&rows, |rows| {
            progress(rows.len() as u64, transactions);
            Episode::run(harness, rows, latency, spacing)
        })?;
        let recording = ControlRecording { harness, factors: &self.factors, episodes, latency, spacing };
        let candidates = recording.shortlist()?;
        let tallies = recording.tallies(&candidates)?;
        let scores = candidates.iter().zip(&tallies).map(|(candidate, tally)| {
            let inputs = |index| self.inputs(harness, &rows, index, candidate.signs);
            tally.score(&candidate.name(), &candidate.describe(), inputs)
        });
        let scores: Vec<CandidateScore> = scores.collect();
        Ok(Findings {
            properties: self.properties(&recording, &candidates, &scores),
            scores,
            nearest: None,
            inapplicable: Vec::new(),
            errors: None,
            size: StimulusSize { transactions, combinations: None },
        })
    }

    /// Findings about latency, operands, control and `valid_out`.
    fn properties(
        &self,
        recording: &ControlRecording,
        candidates: &[AccumulatorCandidate],
        scores: &[CandidateScore],
    ) -> Vec<Finding> {
        let latency = match recording.spacing {
            None => format!("{} from a pair to its sum", cycles(recording.latency)),
            Some(PairSpacing { interval, response }) => {
                format!("{} from a pair to its sum; a pair every {}", cycles(response), cycles(interval))
            }
        };
        let mut properties = vec![Finding::new("latency", &latency)];
        let matching: Vec<&AccumulatorCandidate> = candidates
            .iter()
            .zip(scores)
            .filter(|(_, score)| score.matches_all())
            .map(|(candidate, _)| candidate)
            .collect();
        if let Some(first) = matching.first() {
            properties.extend(self.factors.findings(first.signs));
            properties.extend(first.control.findings(recording.harness));
            let matches = |overflow| {
                matching.iter().any(|other| other.signs == first.signs && other.overflow == overflow)
            };
            if matches(SumOverflow::Wraps) && matches(SumOverflow::Saturates) {
                properties.push(Finding::new("overflow", "not reached by these sums"));
            }
        }
        properties.extend(valid_out(recording));
        properties
    }

    /// The inputs of a row, by its index among the rows of all episodes.
    fn inputs(
        &self,
        harness: &Harness,
        episodes: &[InputRows],
        index: u64,
        signs: Signedness,
    ) -> Vec<String> {
        let (mut row, mut episode) = (index as usize, 0);
        while row >= episodes[episode].len() {
            row -= episodes[episode].len();
            episode += 1;
        }
        let rows = &episodes[episode];
        let mut inputs = vec![format!("episode={episode}"), format!("cycle={row}")];
        for (control, name) in [(ENABLE, "en"), (VALID, "valid_in"), (CLEAR, "clear"), (LAST, "last")] {
            if harness.has(control) {
                inputs.push(format!("{name}={}", rows.controls[control][row]));
            }
        }
        inputs.extend(self.factors.inputs(&rows.operands, row, signs));
        inputs
    }
}

/// The finding about `valid_out`; with `en` mapped, stalls make its latency vary.
fn valid_out(recording: &ControlRecording) -> Option<Finding> {
    let ControlRecording { harness, latency, .. } = recording;
    if !harness.has_valid_out || harness.has(ENABLE) {
        return None;
    }
    let marks = |only_ends: bool| {
        recording.episodes.iter().all(|Episode { rows, outputs }| {
            let valid = outputs.valid.as_deref().unwrap_or_default();
            (0..rows.len()).all(|row| {
                let is_marked = harness.accepts(rows, row) && (!only_ends || rows.controls[LAST][row] == 1);
                valid[row + latency] == u8::from(is_marked)
            })
        })
    };
    let text = if harness.marks_ends() && marks(true) {
        "marks the end of each sum"
    } else if marks(false) {
        "follows valid_in with the latency of the sum"
    } else {
        "marks neither pairs nor ends of sums with the latency of the sum"
    };
    Some(Finding::new("valid_out", text))
}

/// Whether kind and map describe a sum over time.
pub(crate) fn accumulates(map: &PortMap, kind: DesignKind) -> bool {
    let has = |role: MapRole| map.role(role).is_some();
    let is_sum = kind == DesignKind::Mac || has(MapRole::Clear) || has(MapRole::Last);
    is_sum && has(MapRole::Clock) && !has(MapRole::Addend)
}
