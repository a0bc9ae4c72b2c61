//! Comparison of a multiplier or dot product with its candidates.

use super::candidate::ProductCandidate;
use crate::audit::design_kind::DesignKind;
use crate::audit::error::AuditError;
use crate::audit::factors::Factors;
use crate::audit::findings::Findings;
use crate::audit::operands::{ExhaustiveOperands, OperandSource, RandomOperands, decode};
use crate::audit::request::StimulusEffort;
use crate::audit::runner::{Batch, CandidateSet, Tallies, TimedRun};

/// Maximum number of operand bits that are enumerated by default.
const EXHAUSTIVE_BITS: u32 = 24;

/// Maximum number of operand bits that are enumerated on request.
const REQUESTED_BITS: u32 = 40;

/// A multiplier, a dot product or a product with an addend.
pub(crate) struct ProductAnalysis {
    factors: Factors,
    candidates: Vec<ProductCandidate>,
}

impl ProductAnalysis {
    pub fn new(factors: Factors) -> Self {
        let candidates = ProductCandidate::all(&factors);
        Self { factors, candidates }
    }

    /// Whether the design may instead add up pairs over time.
    pub fn may_accumulate(&self) -> bool {
        self.factors.kind == DesignKind::Dot && self.factors.addend_bits.is_none()
    }

    /// The widths of all operand elements.
    pub fn widths(&self) -> Vec<u32> {
        self.factors.widths()
    }

    pub fn into_factors(self) -> Factors {
        self.factors
    }

    /// The operands to drive.
    pub fn operands(&self, effort: &StimulusEffort) -> Box<dyn OperandSource> {
        let widths = self.factors.widths();
        let limit = if effort.exhaustive { REQUESTED_BITS } else { EXHAUSTIVE_BITS };
        if widths.iter().sum::<u32>() <= limit {
            Box::new(ExhaustiveOperands::new(&widths))
        } else {
            Box::new(RandomOperands { widths, seed: effort.seed, len: effort.cases })
        }
    }

    /// The names of all candidates.
    pub fn names(&self) -> Vec<String> {
        self.candidates.iter().map(|candidate| candidate.name()).collect()
    }

    /// Compares the design with every candidate.
    pub fn analyze(&self, run: &TimedRun) -> Result<Findings, AuditError> {
        let (tallies, size) = run.compare(self)?;
        let results = self.results_per_transaction();
        let scores = self.candidates.iter().zip(&tallies.candidates).map(|(candidate, tally)| {
            let inputs = |index: u64| {
                let operands = run.operands.fill(index / results, 1);
                let mut inputs = self.factors.inputs(&operands, 0, candidate.signs);
                if results > 1 {
                    inputs.push(format!("lane={}", index % results));
                }
                inputs
            };
            tally.score(&candidate.name(), &candidate.describe(self.factors.out_bits), inputs)
        });
        let scores: Vec<_> = scores.collect();
        let matched = scores.iter().position(|score| score.matches_all());
        let properties = matched.map(|index| self.factors.findings(self.candidates[index].signs));
        let properties = properties.unwrap_or_default();
        Ok(Findings { properties, scores, inapplicable: Vec::new(), errors: None, size })
    }
}

impl CandidateSet for ProductAnalysis {
    fn count(&self) -> usize {
        self.candidates.len()
    }

    fn results_per_transaction(&self) -> u64 {
        self.factors.results as u64
    }

    fn compare(&self, selected: &[usize], batch: &Batch, tallies: &mut Tallies) {
        let bits = self.factors.out_bits;
        let mask = u64::MAX >> (64 - bits);
        for (lane, result) in batch.results.iter().enumerate() {
            for (row, &pattern) in result.iter().enumerate() {
                let index = (batch.first + row as u64) * self.results_per_transaction() + lane as u64;
                for &which in selected {
                    let candidate = self.candidates[which];
                    let signed = candidate.signs.of_product();
                    let exact = candidate.result(&self.factors, batch.operands, row, lane);
                    let expected = decode(exact as u64 & mask, bits, signed);
                    let got = decode(pattern, bits, signed);
                    tallies.candidates[which].compare(index, got.into(), expected.into());
                }
            }
        }
    }
}
