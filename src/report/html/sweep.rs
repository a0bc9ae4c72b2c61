//! A sweep in the order and the words of its page.

use serde::Serialize;

use crate::unit::Refused;
use crate::verification::sweep::{MatrixCell, Sweep, SweepMatrix, SweepPoint};

/// What the template sees.
#[derive(Serialize)]
pub(crate) struct Page<'a> {
    version: &'a str,
    unit: &'a str,
    axes: Vec<Axis<'a>>,
    combinations: usize,
    refused: &'a [Refused],
    cases: u64,
    seed: u64,
    seconds: f64,
    configs: usize,
    exhaustive: usize,
    failed: usize,
    compared: u64,
    /// Parameters of rows and columns, and the cells; none when no parameter varies.
    matrix: Option<View>,
    failures: Vec<Explained<'a>>,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Axis<'a> {
    name: &'a str,
    values: String,
}

#[derive(Serialize)]
struct View {
    row: String,
    column: String,
    columns: Vec<String>,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    value: String,
    cells: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    text: String,
    class: &'static str,
}

#[derive(Serialize)]
struct Explained<'a> {
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

pub(crate) fn page(sweep: &Sweep) -> Page<'_> {
    let axes = sweep.axes.iter().map(|(name, values)| Axis {
        name,
        values: values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    });
    Page {
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
        matrix: view(SweepMatrix::new(sweep)),
        failures: sweep.failures().map(explained).collect(),
        rows: sweep.results.iter().map(|point| row(sweep, point)).collect(),
    }
}

fn view(matrix: SweepMatrix) -> Option<View> {
    let lines = matrix.row_values.into_iter().zip(matrix.cells);
    let rows = lines.map(|(value, cells)| Line { value, cells: cells.into_iter().map(shown).collect() });
    Some(View {
        row: matrix.row?,
        column: matrix.column.unwrap_or_default(),
        columns: matrix.column_values,
        rows: rows.collect(),
    })
}

fn shown(cell: MatrixCell) -> Shown {
    let class = match cell {
        MatrixCell { configs: 0, .. } => "none",
        MatrixCell { configs, passed } if configs == passed => "pass",
        _ => "fail",
    };
    Shown { text: cell.to_string(), class }
}

fn explained(point: &SweepPoint) -> Explained<'_> {
    let details = match &point.report.failure {
        Some(failure) => failure.to_string(),
        None => "nothing was compared".to_string(),
    };
    Explained { name: &point.report.preset, details }
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
