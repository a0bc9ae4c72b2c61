//! Simulates transactions on every core and compares them with all candidates.

use std::ops::Range;

use super::error::AuditError;
use super::error_statistics::ErrorStatistics;
use super::harness::Harness;
use super::operands::OperandSource;
use super::regions::{OperandAxis, RegionTally};
use super::stimulus_size::StimulusSize;
use super::tally::MismatchTally;
use super::timing::Timing;
use crate::toolchain::parallel::in_parallel;

/// Transactions of the first pass.
///
/// Only candidates that match all of them are compared further.
const FIRST_PASS: u64 = 1 << 18;

/// Transactions among which mismatches are located.
const MOST_LOCATED: u64 = 1 << 19;

/// Maximum number of simulated clock cycles, unless every combination is asked for.
const MAX_CYCLES: u64 = 1 << 26;

/// Rows that one instance simulates, divided by the number of operands.
const ROWS_PER_BATCH: u64 = 1 << 18;

/// Maximum number of batches whose tallies are in memory at the same time.
const BATCHES_PER_GROUP: usize = 256;

/// Called with the number of transactions just completed, and with their total.
pub(crate) type ProgressFn<'a> = dyn Fn(u64, u64) + Sync + 'a;

/// Results of consecutive transactions.
pub(crate) struct Batch<'a> {
    /// Index of the first transaction.
    pub first: u64,
    /// One column per operand element.
    pub operands: &'a [Vec<u64>],
    /// One column per result element.
    pub results: &'a [Vec<u64>],
}

/// Functions that a design may compute.
pub(crate) trait CandidateSet: Sync {
    /// Number of candidates.
    fn count(&self) -> usize;

    /// Number of results per transaction.
    fn results_per_transaction(&self) -> u64;

    /// Compares the candidates with these indices with the results of a batch.
    fn compare(&self, selected: &[usize], batch: &Batch, tallies: &mut Tallies);

    /// The operands by which the mismatches of a candidate are located.
    fn axes(&self, candidate: usize) -> Vec<OperandAxis>;

    /// Locates the mismatches of a candidate in a batch.
    fn locate(&self, candidate: usize, batch: &Batch, axes: &[OperandAxis], tally: &mut RegionTally);
}

/// Comparison of all candidates, for a part of a run or the whole.
#[derive(Clone, Debug)]
pub(crate) struct Tallies {
    /// One tally per candidate.
    pub candidates: Vec<MismatchTally>,
    /// Errors against the exact value; empty if no candidate rounds.
    pub errors: ErrorStatistics,
}

impl Tallies {
    fn new(candidates: usize) -> Self {
        Self { candidates: vec![MismatchTally::default(); candidates], errors: ErrorStatistics::default() }
    }

    /// Adds the tallies of a later part of the run for the selected candidates.
    fn merge(&mut self, later: &Self, selected: &[usize]) {
        for &index in selected {
            self.candidates[index].merge(&later.candidates[index]);
        }
        self.errors.merge(&later.errors);
    }
}

/// A design of known timing with the operands to drive.
pub(crate) struct TimedRun<'a> {
    pub harness: &'a Harness,
    pub timing: Timing,
    pub operands: &'a dyn OperandSource,
    pub progress: &'a ProgressFn<'a>,
    /// Whether the operands are enumerated however many cycles that takes.
    pub exhaustive: bool,
}

impl TimedRun<'_> {
    /// Drives the transactions and compares the results with every candidate.
    pub fn compare(&self, set: &dyn CandidateSet) -> Result<(Tallies, StimulusSize), AuditError> {
        let most = if self.exhaustive { u64::MAX } else { MAX_CYCLES / self.timing.interval() as u64 };
        let total = self.operands.len().min(most);
        let first_pass = total.min(FIRST_PASS);
        let progress = |done| (self.progress)(done, total);
        let all: Vec<usize> = (0..set.count()).collect();
        let mut tallies = self.compare_range(set, &all, 0..first_pass, &progress)?;
        let matching: Vec<usize> =
            all.into_iter().filter(|&index| tallies.candidates[index].matches()).collect();
        let mut transactions = first_pass;
        if total > first_pass && !matching.is_empty() {
            let rest = self.compare_range(set, &matching, first_pass..total, &progress)?;
            tallies.merge(&rest, &matching);
            transactions = total;
        }
        let combinations = self.operands.is_exhaustive().then(|| self.operands.len());
        Ok((tallies, StimulusSize { transactions, combinations }))
    }

    /// Locates the mismatches of some candidates among the transactions driven.
    pub fn locate(
        &self,
        set: &dyn CandidateSet,
        candidates: &[usize],
        size: StimulusSize,
    ) -> Result<Vec<(Vec<OperandAxis>, RegionTally)>, AuditError> {
        let axes: Vec<Vec<OperandAxis>> = candidates.iter().map(|&candidate| set.axes(candidate)).collect();
        let mut sums = vec![RegionTally::default(); candidates.len()];
        let locate = |batch: &Batch| {
            let mut tallies = vec![RegionTally::default(); candidates.len()];
            for ((&candidate, axes), tally) in candidates.iter().zip(&axes).zip(&mut tallies) {
                set.locate(candidate, batch, axes, tally);
            }
            tallies
        };
        self.for_each_batch(0..size.transactions.min(MOST_LOCATED), &locate, &mut |tallies| {
            sums.iter_mut().zip(&tallies).for_each(|(sum, tally)| sum.merge(tally));
        })?;
        Ok(axes.into_iter().zip(sums).collect())
    }

    /// Compares selected candidates on a range of transactions, on every core.
    fn compare_range(
        &self,
        set: &dyn CandidateSet,
        selected: &[usize],
        range: Range<u64>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Tallies, AuditError> {
        let mut sum = Tallies::new(set.count());
        let compare = |batch: &Batch| {
            let mut tallies = Tallies::new(set.count());
            set.compare(selected, batch, &mut tallies);
            progress(batch.results.first().map_or(0, Vec::len) as u64);
            tallies
        };
        self.for_each_batch(range, &compare, &mut |part| sum.merge(&part, selected))?;
        Ok(sum)
    }

    /// Simulates a range of transactions on every core; `collect` is called in their order.
    fn for_each_batch<T: Send>(
        &self,
        range: Range<u64>,
        evaluate: &(dyn Fn(&Batch) -> T + Sync),
        collect: &mut dyn FnMut(T),
    ) -> Result<(), AuditError> {
        let columns = (self.timing.interval() * self.harness.operands().max(4)) as u64;
        let size = (ROWS_PER_BATCH / columns).max(64);
        let group_size = size * BATCHES_PER_GROUP as u64;
        for group in range.clone().step_by(group_size as usize) {
            let end = range.end.min(group + group_size);
            let starts: Vec<u64> = (group..end).step_by(size as usize).collect();
            let parts = in_parallel(&starts, |&first| -> Result<T, AuditError> {
                let len = (range.end - first).min(size) as usize;
                let operands = self.operands.fill(first, len);
                let results = self.timing.observe(&mut self.harness.start()?, &operands)?;
                Ok(evaluate(&Batch { first, operands: &operands, results: &results }))
            })?;
            parts.into_iter().for_each(&mut *collect);
        }
        Ok(())
    }
}
