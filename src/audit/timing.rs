//! Timing of transactions: when operands are driven and when the result is read.

use super::error::AuditError;
use super::harness::Session;
use super::rows::{InputRows, VALID};

/// Timing of transactions and results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timing {
    /// One transaction per row, result in the same row.
    Combinational,
    /// One transaction per cycle, result after this many cycles.
    Pipelined(usize),
    /// One transaction every `interval` cycles, with its operands held.
    Spaced {
        interval: usize,
        /// Whether `valid_in` is held with the operands, not pulsed.
        holds_valid: bool,
        /// Whether `valid_out` marks the result, not the end of the interval.
        by_valid: bool,
    },
}

impl Timing {
    /// The number of rows per transaction.
    pub fn interval(self) -> usize {
        if let Self::Spaced { interval, .. } = self { interval } else { 1 }
    }

    /// The rows that drive some transactions.
    pub fn rows(self, operands: &[Vec<u64>]) -> InputRows {
        let Self::Spaced { interval, holds_valid, .. } = self else {
            return InputRows::all_valid(operands.to_vec());
        };
        let mut rows = InputRows::all_valid(hold_each(operands, interval));
        if !holds_valid {
            pulse_valid(&mut rows, interval);
        }
        rows
    }

    /// Drives some transactions and returns their results, one column per element.
    pub fn observe(self, session: &mut Session, operands: &[Vec<u64>]) -> Result<Vec<Vec<u64>>, AuditError> {
        match self {
            Self::Combinational => Ok(session.run(&self.rows(operands))?.results),
            Self::Pipelined(latency) => {
                let mut padded = operands.to_vec();
                padded.iter_mut().for_each(|column| column.extend(std::iter::repeat_n(0, latency)));
                let mut results = session.run(&self.rows(&padded))?.results;
                results.iter_mut().for_each(|result| drop(result.drain(..latency)));
                Ok(results)
            }
            Self::Spaced { interval, by_valid, .. } => {
                let outputs = session.run(&self.rows(operands))?;
                let valid = outputs.valid.as_ref().filter(|_| by_valid);
                let row = |transaction: usize| {
                    let (first, end) = (transaction * interval, (transaction + 1) * interval);
                    let marked = valid.and_then(|valid| first_rise(&valid[first..end]));
                    marked.map_or(end - 1, |row| first + row)
                };
                let count = operands.first().map_or(0, Vec::len);
                let read = |result: &Vec<u64>| (0..count).map(|index| result[row(index)]).collect();
                Ok(outputs.results.iter().map(read).collect())
            }
        }
    }
}

/// Repeats each value of each column.
pub(crate) fn hold_each(columns: &[Vec<u64>], rows: usize) -> Vec<Vec<u64>> {
    let hold = |column: &Vec<u64>| column.iter().flat_map(|&value| vec![value; rows]).collect();
    columns.iter().map(hold).collect()
}

/// Asserts `valid_in` in the first row of every interval only.
pub(crate) fn pulse_valid(rows: &mut InputRows, interval: usize) {
    for (row, valid) in rows.controls[VALID].iter_mut().enumerate() {
        *valid = u8::from(row % interval == 0);
    }
}

/// The first row in which a valid bit rises.
///
/// A bit that is high from the start still marks the result of the transaction before.
pub(crate) fn first_rise(valid: &[u8]) -> Option<usize> {
    (1..valid.len()).find(|&row| valid[row] == 1 && valid[row - 1] == 0)
}
