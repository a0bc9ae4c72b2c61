//! Template context of the page of a sweep.

use serde::Serialize;

use crate::unit::RefusedCombinations;
use crate::verification::sweep::{MatrixCell, Sweep, SweepMatrix, SweepPoint};

/// Template context of the page.
#[derive(Serialize)]
pub(crate) struct SweepPage<'a> {
    version: &'a str,
    unit: &'a str,
    axes: Vec<Axis<'a>>,
    combinations: usize,
    refused: &'a [RefusedCombinations],
    cases: u64,
    seed: u64,
    seconds: f64,
    configs: usize,
    exhaustive: usize,
    failed: usize,
    compared: u64,
    /// The matrix; `None` when no parameter varies.
    matrix: Option<MatrixView>,
    failures: Vec<FailureView<'a>>,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Axis<'a> {
    name: &'a str,
    values: String,
}

#[derive(Serialize)]
struct MatrixView {
    row: String,
    column: String,
    columns: Vec<String>,
    rows: Vec<MatrixRow>,
}

#[derive(Serialize)]
struct MatrixRow {
    value: String,
    cells: Vec<CellView>,
}

#[derive(Serialize)]
struct CellView {
    text: String,
    class: &'static str,
}

#[derive(Serialize)]
struct FailureView<'a> {
    name: &'a str,
    details: String,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    settings: Vec<String>,
    compared: u64,
    exhaustive: bool,
    mismatches: u64,
    passed: bool,
}

pub(crate) fn page(sweep: &Sweep) -> SweepPage<'_> {
    let axes = sweep.axes.iter().map(|(name, values)| Axis {
        name,
        values: values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    });
    SweepPage {
        version: &sweep.version,
        unit: &sweep.unit,
        axes: axes.collect(),
        combinations: sweep.combinations,
        refused: &sweep.refused,
        cases: sweep.cases,
        seed: sweep.seed,
        seconds: sweep.seconds,
        configs: sweep.results.len(),
        exhaustive: sweep.exhaustive(),
        failed: sweep.failures().count(),
        compared: sweep.compared(),
        matrix: matrix_view(SweepMatrix::new(sweep)),
        failures: sweep.failures().map(failure_view).collect(),
        rows: sweep.results.iter().map(|point| row(sweep, point)).collect(),
    }
}

fn matrix_view(matrix: SweepMatrix) -> Option<MatrixView> {
    let lines = matrix.row_values.into_iter().zip(matrix.cells);
    let rows =
        lines.map(|(value, cells)| MatrixRow { value, cells: cells.into_iter().map(cell_view).collect() });
    Some(MatrixView {
        row: matrix.row?,
        column: matrix.column.unwrap_or_default(),
        columns: matrix.column_values,
        rows: rows.collect(),
    })
}

fn cell_view(cell: MatrixCell) -> CellView {
    let class = match cell {
        MatrixCell { configs: 0, .. } => "none",
        MatrixCell { configs, passed } if configs == passed => "pass",
        _ => "fail",
    };
    CellView { text: cell.to_string(), class }
}

fn failure_view(point: &SweepPoint) -> FailureView<'_> {
    let details = match &point.report.failure {
        Some(failure) => failure.to_string(),
        None => "nothing was compared".to_string(),
    };
    FailureView { name: &point.report.preset, details }
}

fn row<'a>(sweep: &Sweep, point: &'a SweepPoint) -> Row<'a> {
    Row {
        name: &point.report.preset,
        settings: sweep.axes.iter().map(|(name, _)| point.settings[name].to_string()).collect(),
        compared: point.report.compared,
        exhaustive: point.report.exhaustive,
        mismatches: point.report.mismatches,
        passed: point.report.passed(),
    }
}
