//! Accumulators that take several cycles for a pair: the distance at which pairs are driven.

use crate::audit::error::AuditError;
use crate::audit::factors::Factors;
use crate::audit::harness::Harness;
use crate::audit::operands::{OperandSource, RandomOperands};
use crate::audit::rows::{CLEAR, ENABLE, InputRows, LAST, OutputRows, RESET, VALID};

/// Row of the only pair of a measurement.
const PAIR: usize = 8;

/// Rows after that pair.
const MAX_RESPONSE: usize = 256;

/// Distances that are tried beyond the time of the response.
const MARGIN: usize = 16;

/// Pairs that must give the same sums at the distance measured and at a longer one.
const PAIRS: usize = 64;

/// Distance of pairs in cycles, and the time until a pair is in the sum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairSpacing {
    pub interval: usize,
    pub response: usize,
}

impl PairSpacing {
    /// Repeats every row for the interval; all control inputs but enable and reset are pulses.
    pub fn expand(&self, rows: &InputRows) -> InputRows {
        let count = self.interval;
        let repeat = |column: &Vec<u64>| column.iter().flat_map(|&value| vec![value; count]).collect();
        let mut expanded = InputRows::all_valid(rows.operands.iter().map(repeat).collect());
        for (control, levels) in rows.controls.iter().enumerate() {
            let is_held = [RESET, ENABLE].contains(&control);
            let spread = |&level: &u8| (0..count).map(move |at| if is_held || at == 0 { level } else { 0 });
            expanded.controls[control] = levels.iter().flat_map(spread).collect();
        }
        expanded
    }

    /// The outputs at the end of every interval; `valid_out` counts if it was asserted in between.
    pub fn reduce(&self, outputs: &OutputRows) -> OutputRows {
        let last =
            |result: &Vec<u64>| result.chunks(self.interval).map(|rows| rows[rows.len() - 1]).collect();
        let any =
            |valid: &Vec<u8>| valid.chunks(self.interval).map(|rows| u8::from(rows.contains(&1))).collect();
        OutputRows {
            results: outputs.results.iter().map(last).collect(),
            valid: outputs.valid.as_ref().map(any),
        }
    }
}

/// Measures the distance of pairs, `None` if a held pair does not change the sum or never ceases to.
pub(crate) fn measure_spacing(
    harness: &Harness,
    factors: &Factors,
) -> Result<Option<PairSpacing>, AuditError> {
    if !harness.has(VALID) {
        return Ok(None);
    }
    let widths = factors.widths();
    let len = PAIR + MAX_RESPONSE;
    let rows = |value: u64| {
        let value = |bits: &u32| if *bits > 2 { value } else { value.min(1) };
        let mut rows = InputRows::all_valid(widths.iter().map(|bits| vec![value(bits); len]).collect());
        for control in [VALID, CLEAR, LAST] {
            rows.controls[control] = (0..len).map(|row| u8::from(row == PAIR)).collect();
        }
        rows
    };
    let zero = harness.start()?.run(&rows(0))?;
    let nonzero = harness.start()?.run(&rows(3))?;
    let (zero, nonzero) = (&zero.results[0], &nonzero.results[0]);
    if zero[len - 1] == nonzero[len - 1] {
        return Ok(None);
    }
    let Some(changed) = nonzero.iter().rposition(|sum| *sum != nonzero[len - 1]) else { return Ok(None) };
    let Some(response) = (changed + 1).checked_sub(PAIR).filter(|&response| response > 0) else {
        return Ok(None);
    };
    let source = RandomOperands { widths, seed: 1, len: PAIRS as u64 };
    let pairs = InputRows::all_valid(source.fill(0, PAIRS));
    let sums = |interval: usize| -> Result<Vec<Vec<u64>>, AuditError> {
        let spacing = PairSpacing { interval, response };
        Ok(spacing.reduce(&harness.start()?.run(&spacing.expand(&pairs))?).results)
    };
    let slow = sums(response + MARGIN)?;
    for interval in response..response + MARGIN {
        if sums(interval)? == slow {
            return Ok(Some(PairSpacing { interval, response }));
        }
    }
    Ok(None)
}
