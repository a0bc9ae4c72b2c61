//! Checks that the results of a design depend on its operands.

use super::diagnostics::Diagnostics;
use super::error::AuditError;
use super::harness::Harness;
use super::rows::{InputRows, OutputRows};
use super::timing::assert_valid;

/// Cycles to wait for a single result.
pub(crate) const MAX_WAIT: usize = 4096;

/// Cycles between pulses of `valid_in`; odd, so that enumerated operands do not repeat.
const PULSE_INTERVAL: usize = 1021;

/// Requires that results change and that `valid_out`, if mapped, is asserted.
pub(crate) fn check_response(harness: &Harness, diagnostics: &Diagnostics) -> Result<(), AuditError> {
    let operands = diagnostics.operands;
    let cycles = if harness.has_clock { MAX_WAIT } else { MAX_WAIT.min(operands.len() as usize) };
    let mut rows = InputRows::all_valid(operands.fill(0, cycles));
    let streamed = harness.start()?.run(&rows)?;
    // A design of several cycles per transaction may restart in every cycle with valid asserted.
    assert_valid(&mut rows, PULSE_INTERVAL, 1);
    let pulsed = harness.start()?.run(&rows)?;
    let is_marked = |outputs: &OutputRows| outputs.valid.as_ref().is_none_or(|valid| valid.contains(&1));
    if !is_marked(&streamed) && !is_marked(&pulsed) {
        return Err(diagnostics.no_response("valid_out never rose", cycles));
    }
    let changes = |outputs: &OutputRows| {
        outputs.results.iter().any(|result| result.iter().any(|value| *value != result[0]))
    };
    if !changes(&streamed) && !changes(&pulsed) {
        return Err(diagnostics.no_response("its outputs never changed", cycles));
    }
    Ok(())
}

/// Requires that a design without a clock has no state.
///
/// The results must not depend on the order of the operands.
pub(crate) fn check_stateless(harness: &Harness, diagnostics: &Diagnostics) -> Result<(), AuditError> {
    const ROWS: usize = 2048;
    let operands = diagnostics.operands;
    let forward = operands.fill(0, ROWS.min(operands.len() as usize));
    let reversed = |columns: &[Vec<u64>]| -> Vec<Vec<u64>> {
        columns.iter().map(|column| column.iter().rev().copied().collect()).collect()
    };
    let backward = harness.start()?.run(&InputRows::all_valid(reversed(&forward)))?.results;
    let results = harness.start()?.run(&InputRows::all_valid(forward))?.results;
    if results != reversed(&backward) {
        return Err(diagnostics.state_without_clock());
    }
    Ok(())
}
