//! Settled results: the outputs after operands were held long enough.

use super::error::AuditError;
use super::harness::Harness;
use super::operands::OperandSource;
use super::rows::InputRows;
use super::timing::hold_each;
use crate::stimulus::mix;

/// Rows at the end of the hold time in which a result must not change.
const STABLE_ROWS: usize = 16;

/// Some operands and the results after they were held.
pub(crate) struct SettledResults {
    operands: Vec<Vec<u64>>,
    results: Vec<Vec<u64>>,
}

impl SettledResults {
    /// Holds each of `count` operands for `rows` rows.
    ///
    /// Returns `None` if a result does not settle.
    pub fn measure(
        harness: &Harness,
        source: &dyn OperandSource,
        count: usize,
        rows: usize,
    ) -> Result<Option<Self>, AuditError> {
        let operands = source.fill(0, count);
        let outputs = harness.start()?.run(&InputRows::all_valid(hold_each(&operands, rows)))?;
        let is_stable =
            |held: &[u64]| held[rows - STABLE_ROWS..].iter().all(|value| *value == held[rows - 1]);
        if !outputs.results.iter().all(|result| result.chunks(rows).all(is_stable)) {
            return Ok(None);
        }
        let last = |result: &Vec<u64>| result.chunks(rows).map(|held| held[rows - 1]).collect();
        let results = outputs.results.iter().map(last).collect();
        Ok(Some(Self { operands, results }))
    }

    /// Whether the results are not all the same.
    pub fn differ(&self) -> bool {
        self.results.iter().any(|result| result.iter().any(|value| *value != result[0]))
    }

    /// `rows` operands in a pseudo-random order, and their results.
    pub fn shuffled(&self, rows: usize) -> (Vec<Vec<u64>>, Vec<Vec<u64>>) {
        let count = self.operands[0].len() as u64;
        let order: Vec<usize> = (0..rows as u64).map(|row| (mix(row) % count) as usize).collect();
        let pick = |columns: &[Vec<u64>]| {
            columns.iter().map(|column| order.iter().map(|&index| column[index]).collect()).collect()
        };
        (pick(&self.operands), pick(&self.results))
    }
}
