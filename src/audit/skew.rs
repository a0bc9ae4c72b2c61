//! Operands that a pipeline takes at different times: the latency from each of them to the result.

use super::diagnostics::Diagnostics;
use super::error::AuditError;
use super::harness::Harness;
use super::rows::InputRows;
use super::settled::SettledResults;
use super::timing::{MAX_LATENCY, Timing, cycles};

/// Rows for which operands are held before and after one of them changes.
const HELD_ROWS: usize = MAX_LATENCY + 16;

/// Changes of each operand that are tried.
const TRIALS: u64 = 24;

/// Rows of the stream that confirms a skew.
const STREAM_ROWS: usize = 2048;

/// Latency from one role to the result.
struct RoleLatency {
    name: &'static str,
    /// Number of elements.
    elements: usize,
    latency: usize,
}

/// A pipeline whose operands have different latencies.
pub(crate) struct SkewedPipeline {
    pub timing: Timing,
    pub latency: usize,
    /// The latency of each role in words.
    pub text: String,
}

/// Measures the latency from each operand, `None` if they do not explain the results of a stream.
///
/// In a pipeline without feedback, an operand that changes for one cycle changes the result for one cycle.
pub(crate) fn measure(
    harness: &Harness,
    settled: &SettledResults,
    diagnostics: &Diagnostics,
) -> Result<Option<SkewedPipeline>, AuditError> {
    let mut roles = Vec::new();
    let mut first = 0;
    for mapped in diagnostics.map.operands() {
        let latency = role_latency(harness, diagnostics, first..first + mapped.elements)?;
        let Some(latency) = latency else { return Ok(None) };
        roles.push(RoleLatency { name: mapped.role.name(), elements: mapped.elements, latency });
        first += mapped.elements;
    }
    let latency = roles.iter().map(|role| role.latency).max().unwrap_or(0);
    let delays = roles.iter().flat_map(|role| vec![latency - role.latency; role.elements]).collect();
    let timing = Timing::Pipelined { latency, delays };
    let (operands, expected) = settled.shuffled(STREAM_ROWS);
    if timing.observe(&mut harness.start()?, &operands)? != expected {
        return Ok(None);
    }
    let texts: Vec<String> =
        roles.iter().map(|role| format!("{} after {}", role.name, cycles(role.latency))).collect();
    Ok(Some(SkewedPipeline { timing, latency, text: texts.join(", ") }))
}

/// Cycles from a change of some operand columns to the change of the result.
///
/// `None` if the result does not change for exactly one cycle, always after the same time.
fn role_latency(
    harness: &Harness,
    diagnostics: &Diagnostics,
    columns: std::ops::Range<usize>,
) -> Result<Option<usize>, AuditError> {
    let mut session = harness.start()?;
    let mut latency = None;
    for trial in 0..TRIALS {
        // Neighbouring transactions may share some operands.
        let transaction = |step: u64| diagnostics.operands.fill(step * 101 % diagnostics.operands.len(), 1);
        let (held, other) = (transaction(2 * trial), transaction(2 * trial + 1));
        let mut operands: Vec<Vec<u64>> = held.iter().map(|column| vec![column[0]; 2 * HELD_ROWS]).collect();
        for column in columns.clone() {
            operands[column][HELD_ROWS] = other[column][0];
        }
        let results = session.run(&InputRows::all_valid(operands))?.results;
        let differs = |&row: &usize| results.iter().any(|result| result[row] != result[HELD_ROWS - 1]);
        let rows: Vec<usize> = (HELD_ROWS..2 * HELD_ROWS).filter(differs).collect();
        match rows[..] {
            [] => {}
            [row] if latency.is_none_or(|latency| latency == row - HELD_ROWS) => {
                latency = Some(row - HELD_ROWS)
            }
            _ => return Ok(None),
        }
    }
    Ok(latency)
}
