//! A sweep in two dimensions: the first two parameters that vary, all others counted together.

use super::result::{Sweep, SweepPoint};
use crate::unit::Value;

/// How many configs passed for each pair of values of two parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepMatrix {
    /// The parameter of the rows; none when none varies.
    pub row: Option<String>,
    /// The parameter of the columns; none when fewer than two vary.
    pub column: Option<String>,
    /// The values of the row's parameter, or a blank.
    pub row_values: Vec<String>,
    /// The values of the column's parameter, or a blank.
    pub column_values: Vec<String>,
    /// Row by row.
    pub cells: Vec<Vec<MatrixCell>>,
}

/// The configs that share a pair of values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatrixCell {
    /// Legal ones.
    pub configs: usize,
    /// Those that passed.
    pub passed: usize,
}

impl SweepMatrix {
    /// The matrix of a sweep.
    pub fn new(sweep: &Sweep) -> SweepMatrix {
        let mut varying = sweep.axes.iter().filter(|(_, values)| values.len() > 1);
        let (row, column) = (varying.next(), varying.next());
        let texts = |axis: Option<&(String, Vec<Value>)>| {
            axis.map_or(vec![String::new()], |(_, values)| values.iter().map(Value::to_string).collect())
        };
        let place = |axis: Option<&(String, Vec<Value>)>, point: &SweepPoint| {
            axis.and_then(|(name, values)| values.iter().position(|value| *value == point.settings[name]))
                .unwrap_or(0)
        };
        let (row_values, column_values) = (texts(row), texts(column));
        let mut cells = vec![vec![MatrixCell::default(); column_values.len()]; row_values.len()];
        for point in &sweep.results {
            let cell = &mut cells[place(row, point)][place(column, point)];
            cell.configs += 1;
            cell.passed += usize::from(point.report.passed());
        }
        let name = |axis: Option<&(String, Vec<Value>)>| axis.map(|(name, _)| name.clone());
        SweepMatrix { row: name(row), column: name(column), row_values, column_values, cells }
    }
}
