//! Latency of a design, measured without knowledge of its function.
//!
//! A design that computes a function gives the same result whether its operands are held or streamed. The
//! results of held operands are therefore searched in the output of a stream of the same operands.

use super::diagnostics::Diagnostics;
use super::error::AuditError;
use super::finding::Finding;
use super::handshake;
use super::harness::{Harness, Session};
use super::response::{MAX_WAIT, check_stateless};
use super::rows::{InputRows, VALID};
use super::settled::SettledResults;
use super::timing::{Timing, first_rise};

/// The longest pipeline that is measured.
pub(crate) const MAX_LATENCY: usize = 128;

/// Rows for which operands are held.
const HELD_ROWS: usize = MAX_LATENCY + 32;

/// Number of different held operands.
const HELD_OPERANDS: usize = 64;

/// Idle cycles after the slowest result, before the next transaction.
const MARGIN: usize = 8;

/// Measures the timing of a design whose results depend on one transaction each.
///
/// `given` is the latency that the user states. The findings are latency and handshake.
pub(crate) fn measure(
    harness: &Harness,
    given: Option<usize>,
    diagnostics: &Diagnostics,
) -> Result<(Timing, Vec<Finding>), AuditError> {
    let finding = |text: &str| Finding::new("latency", text);
    if !harness.has_clock {
        check_stateless(harness, diagnostics)?;
        return Ok((Timing::Combinational, vec![finding("none: combinational")]));
    }
    if let Some(latency) = given {
        return Ok((Timing::Pipelined(latency), vec![finding(&format!("{}, as given", cycles(latency)))]));
    }
    let settled = SettledResults::measure(harness, diagnostics.operands, HELD_OPERANDS, HELD_ROWS)?;
    if let Some(settled) = settled
        && let Some(latency) = stream_latency(harness, &settled)?
    {
        let mut findings = vec![finding(&format!("{}, a transaction every cycle", cycles(latency)))];
        findings.extend(handshake::findings(harness, &settled, latency)?);
        return Ok((Timing::Pipelined(latency), findings));
    }
    let (timing, wait) = spaced_timing(harness, diagnostics)?;
    let end = if harness.has_valid_out { "until valid_out" } else { "until the result is stable" };
    let interval = timing.interval();
    let text = format!("up to {wait} cycles {end}; one transaction driven every {interval} cycles");
    Ok((timing, vec![finding(&text)]))
}

/// A number of cycles in words.
pub(crate) fn cycles(count: usize) -> String {
    if count == 1 { "1 cycle".to_string() } else { format!("{count} cycles") }
}

/// The latency at which a stream of operands gives their settled results.
fn stream_latency(harness: &Harness, settled: &SettledResults) -> Result<Option<usize>, AuditError> {
    const ROWS: usize = 2048;
    let (operands, expected) = settled.shuffled(ROWS);
    let outputs = harness.start()?.run(&InputRows::all_valid(operands))?;
    let fits = |latency: &usize| {
        let mut pairs = outputs.results.iter().zip(&expected);
        pairs.all(|(found, expected)| found[*latency..] == expected[..ROWS - latency])
    };
    Ok((0..=MAX_LATENCY).filter(|_| settled.differ()).find(fits))
}

/// Timing and slowest response with one transaction at a time.
fn spaced_timing(harness: &Harness, diagnostics: &Diagnostics) -> Result<(Timing, usize), AuditError> {
    let source = diagnostics.operands;
    let count = HELD_OPERANDS.min(source.len() as usize);
    let operands = source.fill(0, count);
    for holds_valid in [false, true] {
        if holds_valid && !harness.has(VALID) {
            continue;
        }
        let by_valid = harness.has_valid_out;
        let trial = Timing::Spaced { interval: MAX_WAIT, holds_valid, by_valid };
        let wait = slowest_response(&mut harness.start()?, trial, &operands)?;
        let Some(wait) = wait else {
            return Err(diagnostics.no_response("valid_out never rose", MAX_WAIT));
        };
        let timing = Timing::Spaced { interval: wait + MARGIN, holds_valid, by_valid };
        if is_order_independent(harness, timing, &operands)? {
            return Ok((timing, wait));
        }
    }
    Err(AuditError::NoLatency { top: diagnostics.top().to_string(), cycles: MAX_WAIT })
}

/// Maximum number of cycles until a result, `None` if `valid_out` does not rise.
fn slowest_response(
    session: &mut Session,
    timing: Timing,
    operands: &[Vec<u64>],
) -> Result<Option<usize>, AuditError> {
    let mut slowest = 0;
    for index in 0..operands.first().map_or(0, Vec::len) {
        let transaction: Vec<Vec<u64>> = operands.iter().map(|column| vec![column[index]]).collect();
        let outputs = session.run(&timing.rows(&transaction))?;
        let response = match &outputs.valid {
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

/// Whether transactions give the same results in reverse order.
fn is_order_independent(
    harness: &Harness,
    timing: Timing,
    operands: &[Vec<u64>],
) -> Result<bool, AuditError> {
    let reversed = |columns: &[Vec<u64>]| -> Vec<Vec<u64>> {
        columns.iter().map(|column| column.iter().rev().copied().collect()).collect()
    };
    let forward = timing.observe(&mut harness.start()?, operands)?;
    let backward = timing.observe(&mut harness.start()?, &reversed(operands))?;
    Ok(reversed(&backward) == forward)
}
