//! A sweep in two dimensions: the first two parameters that vary, summed over all others.

use super::result::{Sweep, SweepPoint};
use crate::unit::Value;

/// Configs passed for each pair of values of two parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepMatrix {
    /// The parameter of the rows; `None` when no parameter varies.
    pub row: Option<String>,
    /// The parameter of the columns; `None` when fewer than two vary.
    pub column: Option<String>,
    /// Values of the row parameter; one blank when there is none.
    pub row_values: Vec<String>,
    /// Values of the column parameter; one blank when there is none.
    pub column_values: Vec<String>,
    /// The cells, row by row.
    pub cells: Vec<Vec<MatrixCell>>,
}

/// The configs that share a pair of values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatrixCell {
    /// Legal configs.
    pub configs: usize,
    /// Configs that passed.
    pub passed: usize,
}

type SweepAxis = (String, Vec<Value>);

impl SweepMatrix {
    /// The matrix of a sweep.
    pub fn new(sweep: &Sweep) -> Self {
        let mut varying = sweep.axes.iter().filter(|(_, values)| values.len() > 1);
        let (row, column) = (varying.next(), varying.next());
        let (row_values, column_values) = (value_texts(row), value_texts(column));
        let mut cells = vec![vec![MatrixCell::default(); column_values.len()]; row_values.len()];
        for point in &sweep.results {
            let cell = &mut cells[value_index(row, point)][value_index(column, point)];
            cell.configs += 1;
            cell.passed += usize::from(point.report.passed());
        }
        let name = |axis: Option<&SweepAxis>| axis.map(|(name, _)| name.clone());
        Self { row: name(row), column: name(column), row_values, column_values, cells }
    }
}

fn value_texts(axis: Option<&SweepAxis>) -> Vec<String> {
    axis.map_or(vec![String::new()], |(_, values)| values.iter().map(Value::to_string).collect())
}

/// Index of a config's value on an axis; 0 without an axis.
fn value_index(axis: Option<&SweepAxis>, point: &SweepPoint) -> usize {
    let index =
        axis.and_then(|(name, values)| values.iter().position(|value| *value == point.settings[name]));
    index.unwrap_or(0)
}
