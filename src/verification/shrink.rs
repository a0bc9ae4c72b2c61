//! Shrinking: reduces a failing sequence to a short and simple one that still fails.

use super::comparison_result::Mismatch;
use super::scoreboard::compare;
use crate::simulation::{CompiledModel, DutError};
use crate::stimulus::Sequence;
use crate::unit::{Behaviour, Port, Role};

/// Maximum rows simulated while shrinking: enough for a sequence of a thousand rows.
const MAX_ROWS: usize = 4_000_000;

/// The same for units with streams, which take a row at a time, since what they are ready for decides the next.
const MAX_STREAM_ROWS: usize = 400_000;

/// A failing sequence and its first mismatch.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The rows, for a model of one lane.
    pub sequence: Sequence,
    /// The first output that differs.
    pub mismatch: Mismatch,
}

/// Shortens a failing sequence and simplifies its values within a limited number of simulated rows.
///
/// Returns `None` when the sequence does not fail on this model, which must have one lane.
///
/// # Errors
/// [`DutError::Stopped`] when the design ends its simulation.
pub fn shrink(model: &CompiledModel, sequence: Sequence) -> Result<Option<Counterexample>, DutError> {
    let most = match model.config().behaviour() {
        Behaviour::Stream { .. } => MAX_STREAM_ROWS,
        _ => MAX_ROWS,
    };
    let mut simulated = 0;
    let mut fails = |sequence: &Sequence| {
        simulated += sequence.rows();
        if simulated > most { Ok(None) } else { first_mismatch(model, sequence) }
    };
    let Some(mismatch) = fails(&sequence)? else { return Ok(None) };
    let failing = Counterexample { sequence, mismatch };
    let short = drop_rows(failing, first_removable_row(model), &mut fails)?;
    let ports = model.config().ports();
    let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
    simplify_values(short, &driven, &mut fails).map(Some)
}

/// The first row that may be removed: after the opening reset, where there is one.
fn first_removable_row(model: &CompiledModel) -> usize {
    usize::from(!matches!(model.config().behaviour(), Behaviour::FeedForward { .. }))
}

fn first_mismatch(model: &CompiledModel, sequence: &Sequence) -> Result<Option<Mismatch>, DutError> {
    Ok(compare(model, sequence, 1)?.first_mismatches.into_iter().next())
}

type Fails<'a> = dyn FnMut(&Sequence) -> Result<Option<Mismatch>, DutError> + 'a;

/// Removes the rows after the failure, then ever smaller blocks of rows before it.
fn drop_rows(
    mut best: Counterexample,
    first_removable: usize,
    fails: &mut Fails<'_>,
) -> Result<Counterexample, DutError> {
    let mut block = best.sequence.rows();
    while block > 0 {
        let mut end = best.sequence.rows();
        while end > first_removable {
            let start = end.saturating_sub(block).max(first_removable);
            let candidate = best.sequence.without(start..end);
            if candidate.rows() > 0
                && let Some(mismatch) = fails(&candidate)?
            {
                best = Counterexample { sequence: candidate, mismatch };
            }
            end = start.min(best.sequence.rows());
        }
        block /= 2;
    }
    Ok(best)
}

/// Makes each value idle, or else smaller, from the last row to the first. The opening reset stays.
fn simplify_values(
    mut best: Counterexample,
    driven: &[&Port],
    fails: &mut Fails<'_>,
) -> Result<Counterexample, DutError> {
    for row in (0..best.sequence.rows()).rev() {
        for (input, port) in driven.iter().enumerate() {
            if port.width() > 64 || (row == 0 && port.role == Role::Reset) {
                continue;
            }
            let value = best.sequence.inputs()[input].get(row);
            for simpler in simpler_values(port, value) {
                let mut candidate = best.sequence.clone();
                candidate.inputs_mut()[input].set(row, simpler);
                if let Some(mismatch) = fails(&candidate)? {
                    best = Counterexample { sequence: candidate, mismatch };
                    break;
                }
            }
        }
    }
    Ok(best)
}

/// Values simpler than `value`, simplest first: idle, powers of two, and `value` without its lowest bits.
fn simpler_values(port: &Port, value: u64) -> Vec<u64> {
    let mut candidates = vec![port.idle()];
    if port.role == Role::Data && port.elements == 1 {
        let number = port.integer.decode(value);
        candidates.extend((0..port.integer.bits).map(|bits| port.integer.encode(number.signum() << bits)));
        candidates.extend((1..port.integer.bits).rev().map(|bits| port.integer.encode(number / (1 << bits))));
    }
    let magnitude = |pattern: u64| port.integer.decode(pattern).unsigned_abs();
    candidates.retain(|&candidate| candidate != value);
    if port.role == Role::Data && port.elements == 1 {
        candidates.retain(|&candidate| magnitude(candidate) < magnitude(value));
    }
    candidates
}
