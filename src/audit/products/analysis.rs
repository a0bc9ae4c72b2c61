//! Comparison of a multiplier or dot product with its candidates.

use super::candidate::ProductCandidate;
use crate::audit::design_kind::DesignKind;
use crate::audit::error::AuditError;
use crate::audit::factors::Factors;
use crate::audit::findings::Findings;
use crate::audit::nearest::{self, Located, NearestCandidate};
use crate::audit::operands::{ExhaustiveOperands, OperandSource, RandomOperands, decode};
use crate::audit::regions::{OperandAxis, RegionTally};
use crate::audit::request::StimulusEffort;
use crate::audit::runner::{Batch, CandidateSet, Tallies, TimedRun};
use crate::audit::tally::FirstMismatch;

/// Maximum number of operand bits that are enumerated on request.
const REQUESTED_BITS: u32 = 40;

/// Transactions that select right shifts.
const SAMPLE: usize = 4096;

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

    /// Whether results of two ports are added up, as of a carry-save output.
    pub fn adds_outputs(&self) -> bool {
        self.factors.adds_outputs
    }

    /// Whether the design may instead add up pairs over time.
    pub fn may_accumulate(&self) -> bool {
        self.factors.kind == DesignKind::Dot
            && self.factors.addend_bits.is_none()
            && self.factors.results == 1
    }

    /// The widths of all operand elements.
    pub fn widths(&self) -> Vec<u32> {
        self.factors.widths()
    }

    pub fn into_factors(self) -> Factors {
        self.factors
    }

    /// The operands to drive.
    ///
    /// # Errors
    /// [`AuditError::TooManyOperandBits`] for `--exhaustive`.
    pub fn operands(&self, effort: &StimulusEffort) -> Result<Box<dyn OperandSource>, AuditError> {
        let widths = self.factors.widths();
        if let Some(exhaustive) = ExhaustiveOperands::if_few(&widths, effort, REQUESTED_BITS)? {
            return Ok(Box::new(exhaustive));
        }
        Ok(Box::new(RandomOperands { widths, seed: effort.seed, len: effort.cases }))
    }

    /// The names of all candidates without a right shift.
    pub fn names(&self) -> Vec<String> {
        self.candidates.iter().map(|candidate| candidate.name()).collect()
    }

    /// Whether a right shift has this name.
    pub fn is_shifted_name(&self, name: &str) -> bool {
        ProductCandidate::shifted(&self.factors).iter().any(|candidate| candidate.name() == name)
    }

    /// Compares the design with every candidate, at last with right shifts of any number of bits.
    pub fn analyze(&self, run: &TimedRun) -> Result<Findings, AuditError> {
        let mut findings = self.compare_all(run)?;
        if findings.nearest.is_none() {
            return Ok(findings);
        }
        let operands = run.operands.fill(0, SAMPLE.min(run.operands.len() as usize));
        let results = run.timing.observe(&mut run.harness.start()?, &operands)?;
        let mut shifted = ProductCandidate::shifted(&self.factors);
        shifted.retain(|candidate| {
            let is_match = |lane: usize, row: usize, pattern: u64| {
                let got = decode(pattern, self.factors.out_bits, candidate.signs.of_product());
                got == self.expected(*candidate, &operands, row, lane)
            };
            let mut lanes = results.iter().enumerate();
            lanes.all(|(lane, result)| {
                result.iter().enumerate().all(|(row, &pattern)| is_match(lane, row, pattern))
            })
        });
        if shifted.is_empty() {
            return Ok(findings);
        }
        let analysis = Self { factors: self.factors.clone(), candidates: shifted };
        let mut found = analysis.compare_all(run)?;
        if found.nearest.is_none() {
            found.scores.append(&mut findings.scores);
            return Ok(found);
        }
        Ok(findings)
    }

    fn compare_all(&self, run: &TimedRun) -> Result<Findings, AuditError> {
        let (tallies, size) = run.compare(self)?;
        let scores = self.candidates.iter().zip(&tallies.candidates).map(|(candidate, tally)| {
            let inputs = |index: u64| self.inputs(run, *candidate, index);
            tally.score(&candidate.name(), &candidate.describe(self.factors.out_bits), inputs)
        });
        let scores: Vec<_> = scores.collect();
        let matched = scores.iter().position(|score| score.matches_all());
        let properties = matched.map(|index| self.factors.findings(self.candidates[index].signs));
        let nearest = match matched {
            Some(_) => None,
            None => nearest::locate(run, self, &tallies, size)?.map(|located| self.nearest(run, located)),
        };
        let properties = properties.unwrap_or_default();
        Ok(Findings { properties, scores, nearest, inapplicable: Vec::new(), errors: None, size })
    }

    fn nearest(&self, run: &TimedRun, located: Located) -> NearestCandidate {
        let candidate = self.candidates[located.candidate];
        let (index, got, expected) = located.mismatch;
        let inputs = self.inputs(run, candidate, index);
        let mismatch = FirstMismatch { inputs, got, expected };
        let equivalent = located.equivalent.iter().map(|&index| self.candidates[index].name()).collect();
        NearestCandidate {
            name: candidate.name(),
            equivalent,
            reading: String::new(),
            extent: located.extent,
            explanation: None,
            mismatch,
        }
    }

    /// The operands of one result as `name=value`.
    fn inputs(&self, run: &TimedRun, candidate: ProductCandidate, index: u64) -> Vec<String> {
        let results = self.results_per_transaction();
        let operands = run.operands.fill(index / results, 1);
        let mut inputs = self.factors.inputs(&operands, 0, candidate.signs);
        if results > 1 {
            inputs.push(format!("lane={}", index % results));
        }
        inputs
    }

    /// The output of a candidate for one result, as a number of its signedness.
    fn expected(&self, candidate: ProductCandidate, operands: &[Vec<u64>], row: usize, lane: usize) -> i64 {
        let bits = self.factors.out_bits;
        let exact = candidate.result(&self.factors, operands, row, lane);
        decode(exact as u64 & (u64::MAX >> (64 - bits)), bits, candidate.signs.of_product())
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
        for (lane, result) in batch.results.iter().enumerate() {
            for (row, &pattern) in result.iter().enumerate() {
                let index = (batch.first + row as u64) * self.results_per_transaction() + lane as u64;
                for &which in selected {
                    let candidate = self.candidates[which];
                    let expected = self.expected(candidate, batch.operands, row, lane);
                    let got = decode(pattern, self.factors.out_bits, candidate.signs.of_product());
                    tallies.candidates[which].compare(index, got.into(), expected.into());
                }
            }
        }
    }

    fn axes(&self, _candidate: usize) -> Vec<OperandAxis> {
        let single = self.factors.single_elements(&[], 0, self.candidates[0].signs);
        let axis = |name: &str, is_exact| OperandAxis { name: name.to_string(), is_exact };
        let mut axes: Vec<OperandAxis> = single.into_iter().map(|(name, _)| axis(name, false)).collect();
        axes.push(axis("lane", true));
        axes
    }

    fn locate(&self, candidate: usize, batch: &Batch, axes: &[OperandAxis], tally: &mut RegionTally) {
        let candidate = self.candidates[candidate];
        for (lane, result) in batch.results.iter().enumerate() {
            for (row, &pattern) in result.iter().enumerate() {
                let index = (batch.first + row as u64) * self.results_per_transaction() + lane as u64;
                let single = self.factors.single_elements(batch.operands, row, candidate.signs);
                let mut values: Vec<i64> = single.into_iter().map(|(_, value)| value).collect();
                values.push(lane as i64);
                let expected = self.expected(candidate, batch.operands, row, lane);
                let got = decode(pattern, self.factors.out_bits, candidate.signs.of_product());
                tally.record(axes, &values, index, got.into(), expected.into());
            }
        }
    }
}
