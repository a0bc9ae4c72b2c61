//! Latency of a sum, and the number of pairs in sums that the design counts itself.

use crate::audit::error::AuditError;
use crate::audit::factors::Factors;
use crate::audit::harness::Harness;
use crate::audit::operands::{OperandSource, RandomOperands};
use crate::audit::rows::{CLEAR, InputRows, LAST, VALID};

/// Measures the clock cycles from a pair to the first output that it changes.
///
/// `None` if that takes more than `max` cycles.
pub(crate) fn measure_latency(
    harness: &Harness,
    factors: &Factors,
    max: usize,
) -> Result<Option<usize>, AuditError> {
    const PAIR: usize = 8;
    let len = PAIR + max + 1;
    let widths = factors.widths();
    let mut zero = InputRows::all_valid(vec![vec![0; len]; widths.len()]);
    for control in [VALID, LAST] {
        zero.controls[control].fill(0);
        zero.controls[control][PAIR] = 1;
    }
    // If `clear` drops its own pair, only a pair without `clear` has an effect.
    for clear in [1, 0] {
        zero.controls[CLEAR][PAIR] = clear;
        let mut nonzero = zero.clone();
        for (column, bits) in nonzero.operands.iter_mut().zip(&widths) {
            column[PAIR] = if *bits > 2 { 3 } else { 1 };
        }
        let (without, with) = (harness.start()?.run(&zero)?, harness.start()?.run(&nonzero)?);
        let differs = |row: &usize| without.results[0][*row] != with.results[0][*row];
        if let Some(row) = (PAIR..len).find(differs) {
            return Ok(Some(row - PAIR));
        }
    }
    Ok(None)
}

/// Measures the number of pairs in a sum whose end is marked by `valid_out` only.
///
/// Such a design gives no result for a single pair, and results at equal distances for pairs in every cycle.
/// Returns that distance and the clock cycles from the last pair to the sum; `None` for other designs.
pub(crate) fn measure_pairs(harness: &Harness, widths: &[u32]) -> Result<Option<(usize, usize)>, AuditError> {
    const ROWS: usize = 8192;
    let has_handshake = harness.has_clock && harness.has(VALID) && harness.has_valid_out;
    if !has_handshake || harness.has(CLEAR) || harness.has(LAST) {
        return Ok(None);
    }
    let source = RandomOperands { widths: widths.to_vec(), seed: 1, len: ROWS as u64 };
    let streamed = InputRows::all_valid(source.fill(0, ROWS));
    let mut single = streamed.clone();
    single.controls[VALID][1..].fill(0);
    let valid_rows = |rows: &InputRows| -> Result<Vec<usize>, AuditError> {
        let valid = harness.start()?.run(rows)?.valid.unwrap_or_default();
        Ok((0..valid.len()).filter(|&row| valid[row] == 1).collect())
    };
    if !valid_rows(&single)?.is_empty() {
        return Ok(None);
    }
    let answers = valid_rows(&streamed)?;
    let [first, second, ..] = answers[..] else { return Ok(None) };
    let pairs = second - first;
    let is_regular = pairs > 1 && answers.windows(2).all(|rows| rows[1] - rows[0] == pairs);
    let latency = (first + 1).checked_sub(pairs).filter(|_| is_regular);
    Ok(latency.map(|latency| (pairs, latency)))
}
