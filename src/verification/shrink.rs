//! From a failing sequence to a short and simple one that still fails.

use super::scoreboard::{Mismatch, compare};
use crate::simulation::{CompiledModel, DutError};
use crate::stimulus::Sequence;
use crate::unit::{Behaviour, Port, Role};

/// Rows that are replayed: enough for a sequence of a thousand rows, and the bound that keeps shrinking
/// quick.
const REPLAYED: usize = 4_000_000;

/// A sequence that fails, and how.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The rows, for a model of one lane.
    pub sequence: Sequence,
    /// The first output that differs.
    pub mismatch: Mismatch,
}

/// Makes a failing sequence as short and its values as small as can be found quickly. Nothing when
/// the sequence does not fail on this model, which must have one lane.
///
/// # Errors
/// [`DutError::Stopped`] when the simulated code ended the simulation.
pub fn shrink(rtl: &CompiledModel, sequence: Sequence) -> Result<Option<Counterexample>, DutError> {
    let mut replayed = 0;
    let mut fails = |sequence: &Sequence| {
        replayed += sequence.rows();
        match replayed {
            ..=REPLAYED => first_mismatch(rtl, sequence),
            _ => Ok(None),
        }
    };
    let Some(mismatch) = fails(&sequence)? else { return Ok(None) };
    let mut best = Counterexample { sequence, mismatch };
    best = drop_rows(best, first_free_row(rtl), &mut fails)?;
    let ports = rtl.config().ports();
    let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
    simplify_values(best, &driven, &mut fails).map(Some)
}

/// The row of the reset that opens a sequence stays, where there is one.
fn first_free_row(rtl: &CompiledModel) -> usize {
    usize::from(!matches!(rtl.config().behaviour(), Behaviour::FeedForward { .. }))
}

fn first_mismatch(rtl: &CompiledModel, sequence: &Sequence) -> Result<Option<Mismatch>, DutError> {
    Ok(compare(rtl, sequence, 1, &|_| ())?.described.into_iter().next())
}

type Fails<'a> = dyn FnMut(&Sequence) -> Result<Option<Mismatch>, DutError> + 'a;

/// Everything after the failure goes, then ever smaller blocks of rows before it.
fn drop_rows(
    mut best: Counterexample,
    free: usize,
    fails: &mut Fails<'_>,
) -> Result<Counterexample, DutError> {
    let mut block = best.sequence.rows();
    while block > 0 {
        let mut end = best.sequence.rows();
        while end > free {
            let start = end.saturating_sub(block).max(free);
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

/// Each value, from the last row to the first, becomes idle if it can, else loses bits from the top
/// and from the bottom. The reset that opens the sequence stays.
fn simplify_values(
    mut best: Counterexample,
    driven: &[&Port],
    fails: &mut Fails<'_>,
) -> Result<Counterexample, DutError> {
    for row in (0..best.sequence.rows()).rev() {
        for (place, port) in driven.iter().enumerate() {
            if port.width() > 64 || (row == 0 && port.role == Role::Reset) {
                continue;
            }
            let value = best.sequence.inputs()[place].get(row);
            for simpler in simpler_values(port, value) {
                let mut candidate = best.sequence.clone();
                candidate.inputs_mut()[place].set(row, simpler);
                if let Some(mismatch) = fails(&candidate)? {
                    best = Counterexample { sequence: candidate, mismatch };
                    break;
                }
            }
        }
    }
    Ok(best)
}

/// Values nearer to idle than `value`, simplest first.
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
