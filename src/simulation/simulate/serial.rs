//! Units that answer one transaction before they take in the next: told when to start, many cycles long.

use super::{BATCH, make_outputs};
use crate::stimulus::Sequence;
use crate::unit::{Behaviour, Column, Config, Port, Role};

/// Whether the unit ignores its inputs while it is on its way to a result.
pub(crate) fn is_serial(config: &Config) -> bool {
    matches!(config.behaviour(), Behaviour::Sequential { .. }) && position(config, Role::Valid).is_some()
}

/// Gives each transaction the time of the slowest one. Its outputs are those just before the next one
/// starts; a transaction that does not start leaves those of the one before it.
pub(crate) fn run<E>(
    config: &Config,
    transactions: &Sequence,
    mut step: impl FnMut(&[Column], &mut [Column]) -> Result<(), E>,
) -> Result<Vec<Column>, E> {
    let latency = config.behaviour().latency();
    let total = transactions.rows();
    let start = position(config, Role::Valid);
    let mut aligned = make_outputs(config, total);
    let mut simulate = |inputs: &[Column]| {
        let mut outputs = make_outputs(config, inputs[0].len());
        step(inputs, &mut outputs).map(|()| outputs)
    };
    let mut keep = |transaction: usize, outputs: &[Column], row: usize| {
        for (aligned, output) in aligned.iter_mut().zip(outputs) {
            aligned.copy_from(transaction, output, row, 1);
        }
    };
    simulate(Sequence::idle(config, 1).inputs())?;
    let at_once = (BATCH / latency).max(1);
    for first in (0..total).step_by(at_once) {
        let count = at_once.min(total - first);
        let ports = config.ports().into_iter().filter(Port::is_driven);
        let stretched = ports.zip(transactions.inputs()).enumerate().map(|(place, (port, column))| {
            let mut stretched = Column::zeros(port.width(), count * latency);
            // `start` lasts for one row, everything else for all of them.
            let held = if Some(place) == start { 1 } else { latency };
            for transaction in 0..count {
                for row in 0..held {
                    stretched.copy_from(transaction * latency + row, column, first + transaction, 1);
                }
            }
            stretched
        });
        let outputs = simulate(&stretched.collect::<Vec<_>>())?;
        for transaction in 0..count {
            if let Some(before) = (first + transaction).checked_sub(1) {
                keep(before, &outputs, transaction * latency);
            }
        }
    }
    let mut after = Sequence::idle(config, 1);
    if let Some(rst) = position(config, Role::Reset) {
        after.inputs_mut()[rst].set(0, 0);
    }
    let outputs = simulate(after.inputs())?;
    if let Some(last) = total.checked_sub(1) {
        keep(last, &outputs, 0);
    }
    Ok(aligned)
}

/// The place of the input with that role among the columns.
fn position(config: &Config, role: Role) -> Option<usize> {
    config.ports().iter().filter(|port| port.is_driven()).position(|port| port.role == role)
}
