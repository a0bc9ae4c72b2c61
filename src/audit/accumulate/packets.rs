//! Placement of `clear` and `last` so that the rows form complete sums.

use crate::audit::harness::Harness;
use crate::audit::rows::{CLEAR, InputRows, LAST};

/// Makes `clear` and `last` of the rows consistent with the design.
pub(crate) fn align(harness: &Harness, rows: &mut InputRows) {
    clear_after_last(harness, rows);
    mark_counted_ends(harness, rows);
}

/// Sets `clear` after every `last` if both are mapped.
fn clear_after_last(harness: &Harness, rows: &mut InputRows) {
    if !(harness.has(CLEAR) && harness.has(LAST)) {
        return;
    }
    let mut starts = true;
    for row in 0..rows.len() {
        rows.controls[CLEAR][row] = u8::from(starts);
        if harness.accepts(rows, row) {
            starts = rows.controls[LAST][row] == 1;
        }
    }
}

/// Sets `last` on the final pairs of sums that the design counts.
fn mark_counted_ends(harness: &Harness, rows: &mut InputRows) {
    let Some(pairs) = harness.pairs_per_sum else { return };
    let mut accepted = 0;
    for row in 0..rows.len() {
        accepted += usize::from(harness.accepts(rows, row));
        rows.controls[LAST][row] = u8::from(accepted % pairs == 0);
    }
}
