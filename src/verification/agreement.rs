//! Two models of the same text must agree before one of them stands for the other.

use super::report::MismatchView;
use super::scoreboard::Mismatch;
use super::verify_error::VerifyError;
use crate::simulation::CompiledModel;
use crate::stimulus::{Random, Sequence, Stimulus};
use crate::unit::Direction;

/// Rows of the comparison: with 512 lanes 2^16 vectors, which one instance runs through in a blink.
const ROWS: usize = 128;

/// Runs random transactions with corners, stalls and resets through a model of many lanes and, lane by
/// lane, through a model of one, and compares every output of every row.
///
/// # Errors
/// [`VerifyError::Disagreement`] with the first difference, or when a simulation stops by itself.
pub(crate) fn agree(sliced: &CompiledModel, single: &CompiledModel) -> Result<(), VerifyError> {
    let config = sliced.config();
    let lanes = sliced.lanes().0 as usize;
    let stimulus = Random::new(config, 1, (ROWS * lanes) as u64, sliced.lanes().0);
    let (mut wide, mut sliced_outputs) = sliced.columns(ROWS);
    stimulus.fill(0, &mut wide);
    sliced.instance().run(ROWS, &wide, &mut sliced_outputs)?;
    let (_, mut outputs) = single.columns(ROWS);
    let ports = config.ports();
    let names = ports.iter().filter(|port| port.direction == Direction::Output).map(|port| port.name);
    let names: Vec<&'static str> = names.collect();
    // Until the pipeline is filled, outputs show what registers held before the first reset.
    let settled = config.behaviour().latency() + 1;
    for lane in 0..lanes {
        let sequence = Sequence::lane(&wide, ROWS, lanes, lane);
        single.instance().run(ROWS, sequence.inputs(), &mut outputs)?;
        for row in settled..ROWS {
            let place = row * lanes + lane;
            let mut pairs = sliced_outputs.iter().zip(&outputs);
            let Some(port) = pairs.position(|(sliced, single)| !sliced.equals(place, single, row, 1)) else {
                continue;
            };
            let mismatch = Mismatch {
                transaction: place as u64,
                port: names[port],
                expected: outputs[port].words(row),
                got: sliced_outputs[port].words(place),
            };
            let inputs: Vec<Vec<u64>> = sequence.inputs().iter().map(|column| column.words(row)).collect();
            return Err(VerifyError::Disagreement {
                config: config.arguments(),
                mismatch: Box::new(MismatchView::new(config, &mismatch, Some(row as u64), &inputs)),
            });
        }
    }
    Ok(())
}
