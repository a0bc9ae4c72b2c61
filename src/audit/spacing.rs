//! Timing of a design that takes one transaction at a time.

use super::diagnostics::Diagnostics;
use super::error::AuditError;
use super::finding::Finding;
use super::harness::{Harness, Session};
use super::response::MAX_WAIT;
use super::rows::VALID;
use super::timing::{Timing, cycles, first_rise};

/// Number of different transactions.
const TRANSACTIONS: u64 = 64;

/// Idle cycles after the slowest result, before the next transaction.
const MARGIN: usize = 8;

/// A timing at which the results do not depend on the order of transactions.
struct Spacing {
    timing: Timing,
    /// Cycles until the slowest result.
    wait: usize,
    by_valid: bool,
    results: Vec<Vec<u64>>,
}

/// Measures the timing with one transaction at a time, with `valid_in` as a pulse and held.
pub(crate) fn measure(
    harness: &Harness,
    diagnostics: &Diagnostics,
) -> Result<(Timing, Vec<Finding>), AuditError> {
    let source = diagnostics.operands;
    let operands = source.fill(0, TRANSACTIONS.min(source.len()) as usize);
    let pulsed = spacing(harness, &operands, false)?;
    let held = if harness.has(VALID) { spacing(harness, &operands, true)? } else { None };
    let mut findings = Vec::new();
    let differ = |pulsed: &Spacing, held: &Spacing| pulsed.results != held.results;
    let spacing = match (pulsed, held) {
        (Some(pulsed), Some(held)) if differ(&pulsed, &held) => {
            let text =
                "held with the operands until the result; as a pulse of one cycle it gives other results";
            findings.push(Finding::new("valid_in", text));
            held
        }
        (Some(spacing), _) => spacing,
        (None, Some(spacing)) => {
            findings.push(Finding::new("valid_in", "held with the operands until the result"));
            spacing
        }
        (None, None) => {
            return Err(AuditError::NoLatency { top: diagnostics.top().to_string(), cycles: MAX_WAIT });
        }
    };
    let end = if spacing.by_valid { "until valid_out" } else { "until the result is stable" };
    let interval = spacing.timing.interval();
    let wait = spacing.wait;
    let text = format!("up to {wait} cycles {end}; one transaction driven every {interval} cycles");
    findings.insert(0, Finding::new("latency", &text));
    if harness.has_valid_out && !spacing.by_valid {
        let text = "does not mark the result: it does not rise with every result, or not in the same cycle";
        findings.push(Finding::new("valid_out", text));
    }
    findings.extend(stability(harness, &spacing, &operands)?);
    Ok((spacing.timing, findings))
}

/// The timing with `valid_in` as a pulse or held, `None` if the results depend on the order of transactions.
fn spacing(harness: &Harness, operands: &[Vec<u64>], holds: bool) -> Result<Option<Spacing>, AuditError> {
    let results_by: &[bool] = if harness.has_valid_out { &[true, false] } else { &[false] };
    for &by_valid in results_by {
        let trial_rows = if holds { MAX_WAIT } else { 1 };
        let trial = Timing::Spaced { interval: MAX_WAIT, valid_rows: trial_rows, by_valid };
        let Some(wait) = slowest_response(&mut harness.start()?, &trial, by_valid, operands)? else {
            continue;
        };
        let valid_rows = if holds { wait + 1 } else { 1 };
        let timing = Timing::Spaced { interval: wait + MARGIN, valid_rows, by_valid };
        if let Some(results) = order_independent(harness, &timing, operands)? {
            return Ok(Some(Spacing { timing, wait, by_valid, results }));
        }
    }
    Ok(None)
}

/// Maximum number of cycles until a result, `None` if `valid_out` marks results and does not rise.
fn slowest_response(
    session: &mut Session,
    timing: &Timing,
    by_valid: bool,
    operands: &[Vec<u64>],
) -> Result<Option<usize>, AuditError> {
    let mut slowest = 0;
    for index in 0..operands.first().map_or(0, Vec::len) {
        let transaction: Vec<Vec<u64>> = operands.iter().map(|column| vec![column[index]]).collect();
        let outputs = session.run(&timing.rows(&transaction))?;
        let response = match outputs.valid.as_ref().filter(|_| by_valid) {
            Some(valid) => first_rise(valid),
            None => outputs.results.iter().map(|result| stable_from(result)).max().or(Some(0)),
        };
        let Some(response) = response else { return Ok(None) };
        slowest = slowest.max(response);
    }
    Ok(Some(slowest))
}

/// The row from which on a result no longer changes.
fn stable_from(result: &[u64]) -> usize {
    result.iter().rposition(|value| *value != result[result.len() - 1]).map_or(0, |row| row + 1)
}

/// The results, `None` if transactions give others in reverse order.
fn order_independent(
    harness: &Harness,
    timing: &Timing,
    operands: &[Vec<u64>],
) -> Result<Option<Vec<Vec<u64>>>, AuditError> {
    let reversed = |columns: &[Vec<u64>]| -> Vec<Vec<u64>> {
        columns.iter().map(|column| column.iter().rev().copied().collect()).collect()
    };
    let forward = timing.observe(&mut harness.start()?, operands)?;
    let backward = timing.observe(&mut harness.start()?, &reversed(operands))?;
    Ok((reversed(&backward) == forward).then_some(forward))
}

/// The finding that operands must be held, `None` if the design samples them in the first cycle.
fn stability(
    harness: &Harness,
    spacing: &Spacing,
    operands: &[Vec<u64>],
) -> Result<Option<Finding>, AuditError> {
    let interval = spacing.timing.interval();
    let is_enough = |held: usize| -> Result<bool, AuditError> {
        let mut rows = spacing.timing.rows(operands);
        for column in &mut rows.operands {
            for (row, value) in column.iter_mut().enumerate() {
                // A sender that does not hold its operands drives others next.
                if row % interval >= held {
                    *value = !*value;
                }
            }
        }
        let results = spacing.timing.results(&harness.start()?.run(&rows)?, operands);
        Ok(results == spacing.results)
    };
    if is_enough(1)? {
        return Ok(None);
    }
    if !is_enough(spacing.wait)? {
        return Ok(Some(Finding::new("operands", "must be held until the result is taken")));
    }
    let (mut least, mut enough) = (1, spacing.wait);
    while enough > least + 1 {
        let held = least.midpoint(enough);
        if is_enough(held)? { enough = held } else { least = held }
    }
    let text = format!("must be held for {} from valid_in on", cycles(enough));
    Ok(Some(Finding::new("operands", &text)))
}
