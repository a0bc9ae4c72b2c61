//! A user's transactions through RTL or reference, outputs aligned to their inputs.

mod serial;

use super::dut::CompiledModel;
use super::error::DutError;
use crate::reference::model;
use crate::stimulus::Sequence;
use crate::unit::{Behaviour, Column, Config, Direction, Role};

/// Rows a batch: columns stay in the L1 cache.
const BATCH: usize = 4096;

/// Runs transactions through the RTL. Returns a column for each output whose entry `t` belongs to
/// transaction `t`, whatever the latency.
///
/// A sequential or pipelined unit is reset first. Its output of transaction `t` is the one that first
/// includes the operands of `t`; a transaction with `en = 0` is not taken in and repeats the output of
/// the transaction before it. A unit that answers one transaction before it takes in the next is given
/// the time for it, and likewise repeats its output for a transaction that does not start.
///
/// # Errors
/// [`DutError::Stopped`] when the simulated code ended the simulation.
pub fn simulate_rtl(rtl: &CompiledModel, transactions: &Sequence) -> Result<Vec<Column>, DutError> {
    let config = rtl.config();
    let mut dut = rtl.instance();
    let step = |inputs: &[Column], outputs: &mut [Column]| dut.run(inputs[0].len(), inputs, outputs);
    if serial::is_serial(config) {
        return serial::run(config, transactions, step);
    }
    Rows::new(config, transactions, config.behaviour().latency()).run(step)
}

/// Runs transactions through the reference, with the same result when the RTL is right.
pub fn simulate_reference(config: &Config, transactions: &Sequence) -> Vec<Column> {
    let mut model = model(config, 1);
    // A feed-forward reference answers each transaction in place.
    let latency = match config.behaviour() {
        Behaviour::FeedForward { .. } => 0,
        Behaviour::Pipelined { latency } | Behaviour::Sequential { latency } => latency,
    };
    let step = |inputs: &[Column], outputs: &mut [Column]| {
        model.run(inputs, outputs);
        Ok::<(), std::convert::Infallible>(())
    };
    let result = match serial::is_serial(config) {
        true => serial::run(config, transactions, step),
        false => Rows::new(config, transactions, latency).run(step),
    };
    result.unwrap_or_else(|never| match never {})
}

/// Zeroed columns for the outputs of that many rows.
fn make_outputs(config: &Config, rows: usize) -> Vec<Column> {
    let ports = config.ports();
    let outputs = ports.iter().filter(|port| port.direction == Direction::Output);
    outputs.map(|port| Column::zeros(port.width(), rows)).collect()
}

/// The rows of a simulation: a reset, the transactions, and idle rows until the last is out.
struct Rows<'a> {
    config: &'a Config,
    transactions: &'a Sequence,
    lead: Sequence,
    tail: Sequence,
    /// The row in which the output of each transaction is sampled; none when all are `latency`
    /// rows late.
    sampled: Option<Vec<usize>>,
    latency: usize,
}

impl<'a> Rows<'a> {
    fn new(config: &'a Config, transactions: &'a Sequence, latency: usize) -> Rows<'a> {
        let ports = config.ports();
        let resets = !matches!(config.behaviour(), Behaviour::FeedForward { .. });
        let mut tail = Sequence::idle(config, latency + 1);
        let driven = ports.iter().filter(|port| port.is_driven());
        let control = |role: Role| driven.clone().position(|port| port.role == role);
        if let Some(rst) = control(Role::Reset) {
            tail.inputs_mut()[rst].set(0, 0);
        }
        let lead = Sequence::idle(config, usize::from(resets));
        let sampled = control(Role::Enable)
            .map(|enable| sample_rows(&transactions.inputs()[enable], lead.rows(), latency));
        Rows { config, transactions, lead, tail, sampled, latency }
    }

    fn run<E>(
        &self,
        mut step: impl FnMut(&[Column], &mut [Column]) -> Result<(), E>,
    ) -> Result<Vec<Column>, E> {
        let parts = [&self.lead, self.transactions, &self.tail];
        let total: usize = parts.iter().map(|part| part.rows()).sum();
        let make = |rows| make_outputs(self.config, rows);
        let mut all = make(total);
        let mut done = 0;
        for part in parts {
            for start in (0..part.rows()).step_by(BATCH) {
                let rows = BATCH.min(part.rows() - start);
                let inputs: Vec<Column> =
                    part.inputs().iter().map(|column| column.slice(start, rows)).collect();
                let mut outputs = make(rows);
                step(&inputs, &mut outputs)?;
                for (all, output) in all.iter_mut().zip(&outputs) {
                    all.copy_from(done, output, 0, rows);
                }
                done += rows;
            }
        }
        let mut aligned = make(self.transactions.rows());
        for (aligned, all) in aligned.iter_mut().zip(&all) {
            match &self.sampled {
                None => aligned.copy_from(0, all, self.lead.rows() + self.latency, self.transactions.rows()),
                Some(rows) => {
                    for (transaction, &row) in rows.iter().enumerate() {
                        aligned.copy_from(transaction, all, row, 1);
                    }
                }
            }
        }
        Ok(aligned)
    }
}

/// For each transaction the row just after the `latency`-th enabled edge, its own being the first.
fn sample_rows(enable: &Column, lead: usize, latency: usize) -> Vec<usize> {
    let enabled: Vec<usize> = (0..enable.len()).filter(|&row| enable.get(row) == 1).collect();
    let mut seen = 0;
    (0..enable.len())
        .map(|row| {
            seen += usize::from(enable.get(row) == 1);
            // The transaction taken in last; before the first, the row after reset.
            let Some(own) = seen.checked_sub(1) else { return lead };
            let edge = own + latency - 1;
            let last = enabled.get(edge).copied();
            // Past the end come enabled idle rows.
            lead + last.unwrap_or_else(|| enable.len() + edge - enabled.len()) + 1
        })
        .collect()
}
