//! Checks that inputs which are driven at random do not change a result.

use super::error::AuditError;
use super::harness::Harness;
use super::operands::OperandSource;
use super::port_map::PortMap;
use super::rows::{InputRows, OutputRows};

/// Rows of random operands for each port.
const ROWS: usize = 2048;

/// Runs the same operands with two series of random values at each ignored port.
///
/// # Errors
/// [`AuditError::InputMatters`] for the first port that changes a result.
pub(crate) fn check(
    harness: &Harness,
    map: &PortMap,
    operands: &dyn OperandSource,
) -> Result<(), AuditError> {
    if map.ignored.is_empty() {
        return Ok(());
    }
    let rows = InputRows::all_valid(operands.fill(0, ROWS));
    let results = |harness: &Harness| harness.start()?.run(&rows);
    let usual = results(harness)?;
    for (index, port) in map.ignored.iter().enumerate() {
        let other = results(&harness.with_other_random_values(index))?;
        if let Some(row) = first_difference(&usual, &other) {
            return Err(AuditError::InputMatters { port: port.name.clone(), cycle: row });
        }
    }
    Ok(())
}

/// The first row with a result in which both runs differ, or are not valid together.
fn first_difference(one: &OutputRows, other: &OutputRows) -> Option<usize> {
    let is_valid = |rows: &OutputRows, row: usize| rows.valid.as_ref().is_none_or(|valid| valid[row] == 1);
    (0..ROWS).find(|&row| {
        let valid = [is_valid(one, row), is_valid(other, row)];
        let differs = || one.results.iter().zip(&other.results).any(|(one, other)| one[row] != other[row]);
        valid[0] != valid[1] || valid[0] && differs()
    })
}
