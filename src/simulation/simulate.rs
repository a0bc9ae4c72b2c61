//! Simulates transactions on the RTL or the reference, and aligns outputs to their inputs.

mod serial;

use std::borrow::Cow;

use super::dut::CompiledModel;
use super::error::DutError;
use super::streams::{Stalls, beats_of_columns, columns_of_beats, simulate_streams};
use crate::reference::model;
use crate::stimulus::Sequence;
use crate::unit::{Beat, Behaviour, Column, Config, Direction, FrameFunction, FrameGuard, Role};

/// Rows per batch: columns stay in the L1 cache.
const BATCH: usize = 4096;

/// Runs transactions through a compiled model.
///
/// Returns one column per output; entry `t` belongs to transaction `t`, independent of the latency. A
/// sequential or pipelined unit is reset first. Its output of transaction `t` is the first that includes the
/// operands of `t`; a transaction with `en = 0` is not accepted and repeats the previous output. A serial
/// unit finishes each transaction before the next one starts, and repeats its output for a transaction that
/// does not start. Inputs and outputs of a unit with streams are beats; the outputs are those of all complete
/// frames.
///
/// # Errors
/// [`DutError::Stopped`] when the design ends its simulation.
pub fn simulate_rtl(model: &CompiledModel, transactions: &Sequence) -> Result<Vec<Column>, DutError> {
    let config = model.config();
    if let Some(function) = config.frame_function() {
        let inputs = beats_of_columns(config, transactions.inputs());
        let frames = frames(&*function, &framed(&*function, &inputs));
        let lengths: Vec<usize> = function.output_lengths().iter().map(|length| length * frames).collect();
        let run = simulate_streams(model, &inputs, &lengths, Stalls::None, &|_| ())?;
        return Ok(columns_of_beats(config, &run.outputs));
    }
    let mut dut = model.instance();
    let step = |inputs: &[Column], outputs: &mut [Column]| dut.run(inputs[0].len(), inputs, outputs);
    if serial::is_serial(config) {
        return serial::run(config, transactions, step);
    }
    Rows::new(config, transactions, config.behaviour().latency()).run(step)
}

/// Runs transactions through the reference; the result equals [`simulate_rtl`] if the RTL is correct.
pub fn simulate_reference(config: &Config, transactions: &Sequence) -> Vec<Column> {
    if let Some(function) = config.frame_function() {
        let inputs = beats_of_columns(config, transactions.inputs());
        return columns_of_beats(config, &reference_streams(&*function, &inputs));
    }
    let mut model = model(config, 1);
    // A feed-forward reference computes each transaction in its own row.
    let latency = match config.behaviour() {
        Behaviour::FeedForward { .. } => 0,
        behaviour => behaviour.latency(),
    };
    let step = |inputs: &[Column], outputs: &mut [Column]| {
        model.run(inputs, outputs);
        Ok::<(), std::convert::Infallible>(())
    };
    let result = if serial::is_serial(config) {
        serial::run(config, transactions, step)
    } else {
        Rows::new(config, transactions, latency).run(step)
    };
    result.unwrap_or_else(|never| match never {})
}

/// The beats of frames at the inputs: those that a guarded input makes of a stream, else the stream itself.
fn framed<'a>(function: &dyn FrameFunction, inputs: &'a [Vec<Beat>]) -> Cow<'a, [Vec<Beat>]> {
    match FrameGuard::of_function(function) {
        Some(guard) => vec![guard.accept_all(&inputs[0]).0].into(),
        None => inputs.into(),
    }
}

/// Whole frames of the inputs.
fn frames(function: &dyn FrameFunction, inputs: &[Vec<Beat>]) -> usize {
    let lengths = function.input_lengths();
    inputs.iter().zip(&lengths).map(|(beats, length)| beats.len() / length).min().unwrap_or(0)
}

/// Beats of each output for whole frames of the inputs.
pub fn reference_streams(function: &dyn FrameFunction, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
    let inputs = framed(function, inputs);
    let lengths = function.input_lengths();
    let mut outputs = vec![Vec::new(); function.output_lengths().len()];
    for frame in 0..frames(function, &inputs) {
        let pairs = inputs.iter().zip(&lengths);
        let parts: Vec<Vec<Beat>> =
            pairs.map(|(beats, &length)| beats[frame * length..(frame + 1) * length].to_vec()).collect();
        for (output, result) in outputs.iter_mut().zip(function.frame(&parts)) {
            output.extend(result);
        }
    }
    outputs
}

/// Zeroed output columns.
fn output_columns(config: &Config, rows: usize) -> Vec<Column> {
    let ports = config.ports();
    let outputs = ports.iter().filter(|port| port.direction == Direction::Output);
    outputs.map(|port| Column::zeros(port.width(), rows)).collect()
}

/// The rows of a simulation: a reset, the transactions, and idle rows until the last output appears.
struct Rows<'a> {
    config: &'a Config,
    transactions: &'a Sequence,
    lead: Sequence,
    tail: Sequence,
    /// The row that samples each transaction's output; `None` if that is `latency` rows later for all.
    sample_rows: Option<Vec<usize>>,
    latency: usize,
}

impl<'a> Rows<'a> {
    fn new(config: &'a Config, transactions: &'a Sequence, latency: usize) -> Self {
        let ports = config.ports();
        let resets = !matches!(config.behaviour(), Behaviour::FeedForward { .. });
        let mut tail = Sequence::idle(config, latency + 1);
        let driven = ports.iter().filter(|port| port.is_driven());
        let control = |role: Role| driven.clone().position(|port| port.role == role);
        if let Some(rst) = control(Role::Reset) {
            tail.inputs_mut()[rst].set(0, 0);
        }
        let lead = Sequence::idle(config, usize::from(resets));
        let sample_rows = control(Role::Enable)
            .map(|enable| rows_after_latency(&transactions.inputs()[enable], lead.rows(), latency));
        Self { config, transactions, lead, tail, sample_rows, latency }
    }

    fn run<E>(
        &self,
        mut step: impl FnMut(&[Column], &mut [Column]) -> Result<(), E>,
    ) -> Result<Vec<Column>, E> {
        let parts = [&self.lead, self.transactions, &self.tail];
        let mut all = output_columns(self.config, parts.iter().map(|part| part.rows()).sum());
        let mut done = 0;
        for part in parts {
            for start in (0..part.rows()).step_by(BATCH) {
                let rows = BATCH.min(part.rows() - start);
                let inputs: Vec<Column> =
                    part.inputs().iter().map(|column| column.slice(start, rows)).collect();
                let mut outputs = output_columns(self.config, rows);
                step(&inputs, &mut outputs)?;
                for (all, output) in all.iter_mut().zip(&outputs) {
                    all.copy_from(done, output, 0, rows);
                }
                done += rows;
            }
        }
        Ok(self.align(&all))
    }

    /// The output of each transaction, from those of all rows.
    fn align(&self, all: &[Column]) -> Vec<Column> {
        let count = self.transactions.rows();
        let mut aligned = output_columns(self.config, count);
        for (aligned, all) in aligned.iter_mut().zip(all) {
            match &self.sample_rows {
                None => aligned.copy_from(0, all, self.lead.rows() + self.latency, count),
                Some(rows) => {
                    for (transaction, &row) in rows.iter().enumerate() {
                        aligned.copy_from(transaction, all, row, 1);
                    }
                }
            }
        }
        aligned
    }
}

/// For each transaction, the row after the `latency`-th enabled edge, counting its own as the first.
fn rows_after_latency(enable: &Column, lead: usize, latency: usize) -> Vec<usize> {
    let enabled: Vec<usize> = (0..enable.len()).filter(|&row| enable.get(row) == 1).collect();
    let mut seen = 0;
    (0..enable.len())
        .map(|row| {
            seen += usize::from(enable.get(row) == 1);
            // The transaction accepted last; before the first, the row after reset.
            let Some(own) = seen.checked_sub(1) else { return lead };
            let edge = own + latency - 1;
            let last = enabled.get(edge).copied();
            // Idle rows past the end are enabled.
            lead + last.unwrap_or_else(|| enable.len() + edge - enabled.len()) + 1
        })
        .collect()
}
