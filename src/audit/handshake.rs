//! Effect of `en` and `valid_in` on a pipeline of known latency.

use super::error::AuditError;
use super::finding::Finding;
use super::harness::Harness;
use super::rows::{ENABLE, InputRows, VALID};
use super::settled::SettledResults;
use crate::stimulus::mix;

/// Rows of each measurement.
const ROWS: usize = 2048;

/// Findings about the mapped handshake ports.
pub(crate) fn findings(
    harness: &Harness,
    settled: &SettledResults,
    latency: usize,
) -> Result<Vec<Finding>, AuditError> {
    let (operands, expected) = settled.shuffled(ROWS);
    let rows = InputRows::all_valid(operands);
    let mut findings = Vec::new();
    if harness.has(ENABLE) {
        findings.push(enable(harness, rows.clone(), &expected, latency)?);
    }
    if harness.has(VALID) && harness.has_valid_out {
        findings.push(valid_out(harness, rows, latency)?);
    }
    Ok(findings)
}

/// Drives random stalls and finds out whether `en` stalls the pipeline.
fn enable(
    harness: &Harness,
    mut rows: InputRows,
    expected: &[Vec<u64>],
    latency: usize,
) -> Result<Finding, AuditError> {
    rows.controls[ENABLE] = (0..ROWS as u64).map(|row| u8::from(!mix(row + 7).is_multiple_of(4))).collect();
    let enabled: Vec<usize> = (0..ROWS).filter(|&row| rows.controls[ENABLE][row] == 1).collect();
    let outputs = harness.start()?.run(&rows)?;
    let is_result = |row: usize, later: usize| {
        outputs.results.iter().zip(expected).all(|(found, expected)| found[later] == expected[row])
    };
    // In a stalled pipeline, a result appears after as many enabled edges as the latency.
    let stalls =
        enabled.windows(latency + 1).all(|edges| latency == 0 || is_result(edges[0], edges[latency - 1] + 1));
    let is_delayed = |&row: &usize| row + latency >= ROWS || is_result(row, row + latency);
    let text = if stalls {
        "stalls every register"
    } else if enabled.iter().all(is_delayed) {
        "holds the result, without stalling the pipeline"
    } else {
        "loses results: it neither stalls the pipeline nor lets enabled cycles pass"
    };
    Ok(Finding::new("en", text))
}

/// Drives random bubbles and compares `valid_out` with the delayed `valid_in`.
fn valid_out(harness: &Harness, mut rows: InputRows, latency: usize) -> Result<Finding, AuditError> {
    rows.controls[VALID] = (0..ROWS as u64).map(|row| u8::from(!mix(row + 3).is_multiple_of(3))).collect();
    let valid = harness.start()?.run(&rows)?.valid.unwrap_or_default();
    let text = if valid[latency..] == rows.controls[VALID][..ROWS - latency] {
        "follows valid_in with the latency of the data"
    } else {
        "does not follow valid_in with the latency of the data"
    };
    Ok(Finding::new("valid_out", text))
}
