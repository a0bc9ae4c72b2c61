//! Explicit rows, for example from a user's file or of a failure to replay.

use std::ops::Range;

use super::source::Stimulus;
use crate::unit::{Column, Config, Port, Role};

/// Explicit rows for one lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    inputs: Vec<Column>,
}

impl Sequence {
    /// Rows from one column for each driven port of the config, all of the same length.
    pub fn new(inputs: Vec<Column>) -> Self {
        debug_assert!(inputs.windows(2).all(|pair| pair[0].len() == pair[1].len()));
        Self { inputs }
    }

    /// Idle rows; a sequential unit is in reset during the first.
    pub fn idle(config: &Config, rows: usize) -> Self {
        let idle = |port: &Port| {
            let mut column = Column::zeros(port.width(), rows);
            (0..rows).for_each(|row| column.set(row, port.idle()));
            if port.role == Role::Reset && rows > 0 {
                column.set(0, 1);
            }
            column
        };
        Self { inputs: config.ports().iter().filter(|port| port.is_driven()).map(idle).collect() }
    }

    /// One lane of columns that have `rows` rows of `lanes` lanes.
    pub fn of_lane(wide: &[Column], rows: usize, lanes: usize, lane: usize) -> Self {
        let pick = |column: &Column| {
            let per_row = column.len() / rows;
            let mut narrow = column.slice(0, rows);
            for row in 0..rows {
                let index = if per_row == lanes { row * lanes + lane } else { row };
                narrow.copy_from(row, column, index, 1);
            }
            narrow
        };
        Self { inputs: wide.iter().map(pick).collect() }
    }

    /// The columns, one for each driven port.
    pub fn inputs(&self) -> &[Column] {
        &self.inputs
    }

    /// The columns, mutable.
    pub fn inputs_mut(&mut self) -> &mut [Column] {
        &mut self.inputs
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.inputs.first().map_or(0, Column::len)
    }

    /// The sequence without a range of rows.
    pub fn without(&self, range: Range<usize>) -> Self {
        let rows = self.rows();
        let cut = |column: &Column| {
            let mut rest = column.clone();
            rest.copy_from(range.start, column, range.end, rows - range.end);
            rest.resize(rows - range.len());
            rest
        };
        Self { inputs: self.inputs.iter().map(cut).collect() }
    }
}

impl Stimulus for Sequence {
    fn transactions(&self) -> u64 {
        self.rows() as u64
    }

    fn chunk(&self) -> u64 {
        u64::MAX
    }

    fn fill(&self, first: u64, inputs: &mut [Column]) {
        let first = (first as usize).min(self.rows());
        for (given, column) in self.inputs.iter().zip(inputs) {
            let take = column.len().min(self.rows() - first);
            column.copy_from(0, given, first, take);
            let (words, len) = (vec![0; 1], column.len());
            (take..len).for_each(|row| column.set_words(row, &words));
        }
    }
}
