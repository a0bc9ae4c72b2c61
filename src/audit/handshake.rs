//! Effect of `en` and `valid_in` on a pipeline of known latency.

use super::error::AuditError;
use super::finding::Finding;
use super::harness::Harness;
use super::rows::{ENABLE, InputRows, VALID};
use super::settled::SettledResults;
use super::timing::{MAX_LATENCY, cycles};
use crate::stimulus::mix;

/// Rows of each measurement.
const ROWS: usize = 2048;

/// Findings about the mapped handshake ports of a pipeline without skew.
pub(crate) fn findings(
    harness: &Harness,
    settled: &SettledResults,
    latency: usize,
) -> Result<Vec<Finding>, AuditError> {
    let mut findings = Vec::new();
    if harness.has(ENABLE) {
        findings.push(enable(harness, settled, latency)?);
    }
    if harness.has(VALID) {
        findings.extend(bubbles(harness, settled, latency)?);
    }
    findings.extend(valid_out(harness, settled, latency)?);
    Ok(findings)
}

/// Random levels that are high in `most` of 8 rows.
fn random_levels(salt: u64, most: u64) -> Vec<u8> {
    (0..ROWS as u64).map(|row| u8::from(mix(row ^ salt << 32) >> 61 < most)).collect()
}

/// Drives random stalls and finds out what `en` does.
fn enable(harness: &Harness, settled: &SettledResults, latency: usize) -> Result<Finding, AuditError> {
    let (operands, expected) = settled.shuffled(ROWS);
    let mut rows = InputRows::all_valid(operands);
    rows.controls[ENABLE] = random_levels(7, 6);
    let enabled: Vec<usize> = (0..ROWS).filter(|&row| rows.controls[ENABLE][row] == 1).collect();
    let outputs = harness.start()?.run(&rows)?;
    let is_result = |row: usize, later: usize| {
        outputs.results.iter().zip(&expected).all(|(found, expected)| found[later] == expected[row])
    };
    // In a stalled pipeline, a result appears after as many enabled edges as the latency.
    let stalls =
        enabled.windows(latency + 1).all(|edges| latency == 0 || is_result(edges[0], edges[latency - 1] + 1));
    let is_delayed = |&row: &usize| row + latency >= ROWS || is_result(row, row + latency);
    let text = if stalls && stalls_bubbles(harness, &rows, latency)? {
        "stalls every register"
    } else if is_back_pressure(harness, &rows, &expected)? {
        "is back pressure: an output that is not taken is kept, but empty stages are not stalled"
    } else if stalls {
        "stalls a full pipeline, but not one with empty stages"
    } else if enabled.iter().all(is_delayed) {
        "holds the result, without stalling the pipeline"
    } else {
        "loses results: it neither stalls the pipeline nor lets enabled cycles pass"
    };
    Ok(Finding::new("en", text))
}

/// Whether stalled bubbles arrive at `valid_out` after as many enabled edges as the latency.
fn stalls_bubbles(harness: &Harness, stalled: &InputRows, latency: usize) -> Result<bool, AuditError> {
    if latency == 0 || !harness.has(VALID) || !harness.has_valid_out {
        return Ok(true);
    }
    let mut rows = stalled.clone();
    rows.controls[VALID] = random_levels(3, 4);
    let valid = harness.start()?.run(&rows)?.valid.unwrap_or_default();
    let enabled: Vec<usize> = (0..ROWS).filter(|&row| rows.controls[ENABLE][row] == 1).collect();
    Ok(enabled.windows(latency + 1).all(|edges| {
        let (row, later) = (edges[0], edges[latency - 1] + 1);
        valid[later] == rows.controls[VALID][row]
    }))
}

/// Whether every transaction that is accepted leaves once, in order, while `en` is asserted.
///
/// Transactions begin only in rows with `en`, in which a ready design accepts them.
fn is_back_pressure(
    harness: &Harness,
    stalled: &InputRows,
    expected: &[Vec<u64>],
) -> Result<bool, AuditError> {
    if !harness.has(VALID) || !harness.has_valid_out {
        return Ok(false);
    }
    let mut rows = stalled.clone();
    let starts = random_levels(3, 4).into_iter().zip(&rows.controls[ENABLE]);
    rows.controls[VALID] = starts.map(|(start, enable)| start & enable).collect();
    let outputs = harness.start()?.run(&rows)?;
    let valid = outputs.valid.as_deref().unwrap_or_default();
    let accepted = (0..ROWS).filter(|&row| rows.controls[VALID][row] == 1);
    let mut taken = (0..ROWS).filter(|&row| valid[row] == 1 && rows.controls[ENABLE][row] == 1).peekable();
    let mut count = 0;
    for (row, later) in accepted.zip(taken.by_ref()) {
        let mut pairs = outputs.results.iter().zip(expected);
        if later < row || !pairs.all(|(found, expected)| found[later] == expected[row]) {
            return Ok(false);
        }
        count += 1;
    }
    Ok(taken.peek().is_none() && count > ROWS / 8)
}

/// The finding that results differ if invalid operands come between the valid ones, `None` if they do not.
fn bubbles(
    harness: &Harness,
    settled: &SettledResults,
    latency: usize,
) -> Result<Option<Finding>, AuditError> {
    let (operands, expected) = settled.shuffled(ROWS);
    let mut rows = InputRows::all_valid(operands);
    rows.controls[VALID] = random_levels(5, 4);
    let outputs = harness.start()?.run(&rows)?;
    let mut valid = (0..ROWS - latency).filter(|&row| rows.controls[VALID][row] == 1);
    let is_result = |row: usize| {
        let mut pairs = outputs.results.iter().zip(&expected);
        pairs.all(|(found, expected)| found[row + latency] == expected[row])
    };
    let text = "transactions with pauses give other results than a stream; the verdict is on the stream";
    Ok((!valid.all(is_result)).then(|| Finding::new("valid_in", text)))
}

/// Drives random bubbles and compares `valid_out` with the delayed `valid_in`.
///
/// `None` if one of them is not mapped.
pub(crate) fn valid_out(
    harness: &Harness,
    settled: &SettledResults,
    latency: usize,
) -> Result<Option<Finding>, AuditError> {
    if !harness.has(VALID) || !harness.has_valid_out {
        return Ok(None);
    }
    let (operands, _) = settled.shuffled(ROWS);
    let mut rows = InputRows::all_valid(operands);
    rows.controls[VALID] = random_levels(3, 5);
    let valid = harness.start()?.run(&rows)?.valid.unwrap_or_default();
    let follows = |delay: &usize| valid[*delay..] == rows.controls[VALID][..ROWS - delay];
    let text = match (0..=MAX_LATENCY).find(follows) {
        Some(delay) if delay == latency => "follows valid_in with the latency of the data".to_string(),
        Some(delay) if delay < latency => {
            format!("{} after valid_in, {} before the data", cycles(delay), cycles(latency - delay))
        }
        Some(delay) => {
            format!("{} after valid_in, {} after the data", cycles(delay), cycles(delay - latency))
        }
        None => "does not follow valid_in with the latency of the data".to_string(),
    };
    Ok(Some(Finding::new("valid_out", &text)))
}
