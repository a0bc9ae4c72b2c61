//! Simulation of serial units, which finish one transaction before they accept the next.

use super::{BATCH, output_columns};
use crate::stimulus::Sequence;
use crate::unit::{Behaviour, Column, Config, Port, Role};

/// Whether the unit ignores its inputs while it computes a result.
pub(crate) fn is_serial(config: &Config) -> bool {
    matches!(config.behaviour(), Behaviour::Sequential { .. }) && input(config, Role::Valid).is_some()
}

/// Gives each transaction the latency of the slowest one.
///
/// The outputs of a transaction are those just before the next one starts; a transaction that does not start
/// repeats the previous outputs.
pub(crate) fn run<E>(
    config: &Config,
    transactions: &Sequence,
    mut step: impl FnMut(&[Column], &mut [Column]) -> Result<(), E>,
) -> Result<Vec<Column>, E> {
    let latency = config.behaviour().latency();
    let total = transactions.rows();
    let mut aligned = output_columns(config, total);
    let mut simulate = |inputs: &[Column]| {
        let mut outputs = output_columns(config, inputs[0].len());
        step(inputs, &mut outputs).map(|()| outputs)
    };
    let mut keep = |transaction: usize, outputs: &[Column], row: usize| {
        for (aligned, output) in aligned.iter_mut().zip(outputs) {
            aligned.copy_from(transaction, output, row, 1);
        }
    };
    simulate(Sequence::idle(config, 1).inputs())?;
    let batch = (BATCH / latency).max(1);
    for first in (0..total).step_by(batch) {
        let count = batch.min(total - first);
        let outputs = simulate(&stretch(config, transactions, first, count))?;
        for transaction in 0..count {
            if let Some(previous) = (first + transaction).checked_sub(1) {
                keep(previous, &outputs, transaction * latency);
            }
        }
    }
    let mut after = Sequence::idle(config, 1);
    if let Some(rst) = input(config, Role::Reset) {
        after.inputs_mut()[rst].set(0, 0);
    }
    let outputs = simulate(after.inputs())?;
    if let Some(last) = total.checked_sub(1) {
        keep(last, &outputs, 0);
    }
    Ok(aligned)
}

/// Input columns in which each transaction lasts for the latency of the unit.
fn stretch(config: &Config, transactions: &Sequence, first: usize, count: usize) -> Vec<Column> {
    let latency = config.behaviour().latency();
    let start = input(config, Role::Valid);
    let ports = config.ports().into_iter().filter(Port::is_driven);
    let stretched = ports.zip(transactions.inputs()).enumerate().map(|(index, (port, column))| {
        let mut stretched = Column::zeros(port.width(), count * latency);
        // `start` is 1 for one row; all other inputs are held.
        let held = if Some(index) == start { 1 } else { latency };
        for transaction in 0..count {
            for row in 0..held {
                stretched.copy_from(transaction * latency + row, column, first + transaction, 1);
            }
        }
        stretched
    });
    stretched.collect()
}

/// Index of the input with this role among the driven inputs.
fn input(config: &Config, role: Role) -> Option<usize> {
    config.ports().iter().filter(|port| port.is_driven()).position(|port| port.role == role)
}
