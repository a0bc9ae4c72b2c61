//! Agreement of two models of the same Verilog, required before one replaces the other.

use super::comparison_result::Mismatch;
use super::report::MismatchView;
use super::verify_error::VerifyError;
use crate::simulation::CompiledModel;
use crate::stimulus::{RandomStimulus, Sequence, Stimulus};
use crate::unit::{Column, Config, Direction};

/// Rows compared: with 512 lanes, 2^16 vectors.
const ROWS: usize = 128;

/// Compares every output of a model of many lanes with a model of one, lane by lane.
///
/// The stimulus is random transactions with corner cases, stalls and resets.
///
/// # Errors
/// [`VerifyError::Disagreement`] with the first difference, or when a design ends its simulation.
pub(crate) fn check_agreement(sliced: &CompiledModel, single: &CompiledModel) -> Result<(), VerifyError> {
    let config = sliced.config();
    let lanes = sliced.lanes().0 as usize;
    let stimulus = RandomStimulus::new(config, 1, (ROWS * lanes) as u64, sliced.lanes().0);
    let (mut inputs, mut sliced_outputs) = sliced.columns(ROWS);
    stimulus.fill(0, &mut inputs);
    sliced.instance().run(ROWS, &inputs, &mut sliced_outputs)?;
    let (_, mut outputs) = single.columns(ROWS);
    for lane in 0..lanes {
        let sequence = Sequence::of_lane(&inputs, ROWS, lanes, lane);
        single.instance().run(ROWS, sequence.inputs(), &mut outputs)?;
        let index = |row: usize| row * lanes + lane;
        if let Some((row, port)) = first_difference(config, &outputs, &sliced_outputs, index) {
            let mismatch = Mismatch {
                transaction: index(row) as u64,
                port: output_name(config, port),
                expected: outputs[port].words(row),
                got: sliced_outputs[port].words(index(row)),
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

/// The first row and output port in which a lane differs; `index` gives the lane's entry of a row.
fn first_difference(
    config: &Config,
    outputs: &[Column],
    sliced_outputs: &[Column],
    index: impl Fn(usize) -> usize,
) -> Option<(usize, usize)> {
    // Until the pipeline is filled, outputs show the registers' values before the first reset.
    let warm_up = config.behaviour().latency() + 1;
    (warm_up..ROWS).find_map(|row| {
        let mut pairs = sliced_outputs.iter().zip(outputs);
        let port = pairs.position(|(sliced, single)| !sliced.equals(index(row), single, row, 1))?;
        Some((row, port))
    })
}

fn output_name(config: &Config, output: usize) -> &'static str {
    let ports = config.ports();
    let mut outputs = ports.iter().filter(|port| port.direction == Direction::Output);
    outputs.nth(output).expect("a port for every output column").name
}
