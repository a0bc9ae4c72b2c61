//! Timing of transactions: when operands are driven and when the result is read.

use super::error::AuditError;
use super::harness::Session;
use super::rows::{InputRows, OutputRows, VALID};

/// The longest pipeline that is measured.
pub(crate) const MAX_LATENCY: usize = 128;

/// Timing of transactions and results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Timing {
    /// One transaction per row, result in the same row.
    Combinational,
    /// One transaction per cycle, result after `latency` cycles.
    Pipelined {
        latency: usize,
        /// Cycles by which each operand column is driven later than the earliest; empty if all are
        /// driven together.
        delays: Vec<usize>,
    },
    /// One transaction every `interval` cycles, with its operands held.
    Spaced {
        interval: usize,
        /// Rows in which `valid_in` is asserted: 1 is a pulse.
        valid_rows: usize,
        /// Whether `valid_out` marks the result, not the end of the interval.
        by_valid: bool,
    },
}

impl Timing {
    /// The number of rows per transaction.
    pub fn interval(&self) -> usize {
        if let Self::Spaced { interval, .. } = *self { interval } else { 1 }
    }

    /// The rows that drive some transactions.
    pub fn rows(&self, operands: &[Vec<u64>]) -> InputRows {
        match self {
            Self::Combinational => InputRows::all_valid(operands.to_vec()),
            Self::Pipelined { latency, delays } => {
                let delayed = operands.iter().enumerate().map(|(index, column)| {
                    let delay = delays.get(index).copied().unwrap_or(0);
                    let mut rows = vec![0; delay];
                    rows.extend(column);
                    rows.resize(column.len() + latency, 0);
                    rows
                });
                InputRows::all_valid(delayed.collect())
            }
            Self::Spaced { interval, valid_rows, .. } => {
                let mut rows = InputRows::all_valid(hold_each(operands, *interval));
                assert_valid(&mut rows, *interval, *valid_rows);
                rows
            }
        }
    }

    /// Drives some transactions and returns their results, one column per element.
    pub fn observe(&self, session: &mut Session, operands: &[Vec<u64>]) -> Result<Vec<Vec<u64>>, AuditError> {
        Ok(self.results(&session.run(&self.rows(operands))?, operands))
    }

    /// The results of transactions in the outputs of their rows.
    pub fn results(&self, outputs: &OutputRows, operands: &[Vec<u64>]) -> Vec<Vec<u64>> {
        match *self {
            Self::Combinational => outputs.results.clone(),
            Self::Pipelined { latency, .. } => {
                outputs.results.iter().map(|result| result[latency..].to_vec()).collect()
            }
            Self::Spaced { interval, by_valid, .. } => {
                let valid = outputs.valid.as_ref().filter(|_| by_valid);
                let row = |transaction: usize| {
                    let (first, end) = (transaction * interval, (transaction + 1) * interval);
                    let marked = valid.and_then(|valid| first_rise(&valid[first..end]));
                    marked.map_or(end - 1, |row| first + row)
                };
                let count = operands.first().map_or(0, Vec::len);
                let read = |result: &Vec<u64>| (0..count).map(|index| result[row(index)]).collect();
                outputs.results.iter().map(read).collect()
            }
        }
    }
}

/// A number of cycles in words.
pub(crate) fn cycles(count: usize) -> String {
    if count == 1 { "1 cycle".to_string() } else { format!("{count} cycles") }
}

/// Repeats each value of each column.
pub(crate) fn hold_each(columns: &[Vec<u64>], rows: usize) -> Vec<Vec<u64>> {
    let hold = |column: &Vec<u64>| column.iter().flat_map(|&value| vec![value; rows]).collect();
    columns.iter().map(hold).collect()
}

/// Asserts `valid_in` in the first `valid_rows` rows of every interval only.
pub(crate) fn assert_valid(rows: &mut InputRows, interval: usize, valid_rows: usize) {
    for (row, valid) in rows.controls[VALID].iter_mut().enumerate() {
        *valid = u8::from(row % interval < valid_rows);
    }
}

/// The first row in which a valid bit rises.
///
/// A bit that is high from the start still marks the result of the transaction before.
pub(crate) fn first_rise(valid: &[u8]) -> Option<usize> {
    (1..valid.len()).find(|&row| valid[row] == 1 && valid[row - 1] == 0)
}
