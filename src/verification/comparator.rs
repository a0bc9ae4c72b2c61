//! The comparator of one thread: an instance, its reference, and the columns between them.

use std::ops::Range;

use super::alignment::Alignment;
use super::comparison_result::{ComparisonResult, Mismatch};
use super::frame_driver::FrameDriver;
use super::stream_checker::StreamChecker;
use crate::reference::Model;
use crate::simulation::{CompiledModel, Dut, DutError};
use crate::stimulus::Stimulus;
use crate::unit::{Column, Direction};

/// Transactions per batch: columns of this length stay in the L1 cache.
const BATCH: usize = 4096;

/// An instance and its reference, compared batch by batch.
pub(crate) struct Comparator {
    dut: Dut,
    reference: Reference,
    /// The driver of `tlast`, of a guarded unit.
    frames: Option<FrameDriver>,
    lanes: usize,
    /// Latency in transactions, latency times lanes; 0 when the reference steps with the unit.
    skew: usize,
    /// Warm-up transactions, not compared.
    warm_up: u64,
    /// Whether the first output is a valid bit; while it is 0, all other outputs are don't-cares.
    has_valid: bool,
    output_names: Vec<&'static str>,
    inputs: Vec<Column>,
    got: Vec<Column>,
    expected: Vec<Column>,
    /// The last `skew` expected transactions of the previous batch.
    pending: Vec<Column>,
    /// Current number of rows of the columns.
    rows: usize,
    /// Rows of a full batch.
    full_rows: usize,
}

/// Reference that the outputs are compared with.
enum Reference {
    /// Outputs of every transaction.
    Rows(Box<dyn Model>),
    /// The beats of streams.
    Beats(Box<StreamChecker>),
}

/// Batch that holds the expected outputs of a transaction.
#[derive(Clone, Copy)]
enum Expected {
    /// The previous batch.
    Pending,
    /// This batch.
    Current,
}

impl Comparator {
    pub(crate) fn new(model: &CompiledModel, steady: bool) -> Self {
        let lanes = model.lanes().0 as usize;
        let alignment = Alignment::new(model.config(), steady);
        let reference = match StreamChecker::new(model.config(), lanes) {
            Some(checker) => Reference::Beats(Box::new(checker)),
            None => Reference::Rows(alignment.reference(model.config(), lanes)),
        };
        let rows = (BATCH / lanes).max(alignment.latency).max(1);
        let (inputs, got) = model.columns(rows);
        let (_, pending) = model.columns(alignment.latency);
        let ports = model.config().ports();
        let outputs = ports.iter().filter(|port| port.direction == Direction::Output);
        Self {
            dut: model.instance(),
            reference,
            frames: FrameDriver::new(model.config(), lanes),
            lanes,
            skew: alignment.latency * lanes,
            warm_up: (alignment.warm_up * lanes) as u64,
            has_valid: alignment.has_valid,
            output_names: outputs.map(|port| port.name).collect(),
            inputs,
            expected: got.clone(),
            got,
            pending,
            rows,
            full_rows: rows,
        }
    }

    /// Runs one chunk, plus as many rows as the latency, in which its last outputs appear.
    pub(crate) fn run(
        &mut self,
        stimulus: &dyn Stimulus,
        chunk: Range<u64>,
    ) -> Result<ComparisonResult, DutError> {
        let mut result = ComparisonResult::default();
        let total = chunk.end - chunk.start;
        let skew = self.skew as u64;
        let mut done = 0;
        while done < total + skew && !result.is_full() {
            let rows_left = (total + skew - done).div_ceil(self.lanes as u64);
            let rows = (self.full_rows as u64).min(rows_left) as usize;
            let batch = (rows * self.lanes) as u64;
            self.resize(rows);
            stimulus.fill(chunk.start + done, &mut self.inputs);
            match &mut self.frames {
                Some(frames) => frames.run(&mut self.dut, rows, &mut self.inputs, &mut self.got)?,
                None => self.dut.run(rows, &self.inputs, &mut self.got)?,
            }
            match &mut self.reference {
                Reference::Rows(model) => model.run(&self.inputs, &mut self.expected),
                Reference::Beats(checker) => {
                    let mut mismatches = Vec::new();
                    result.compared +=
                        checker.check(chunk.start + done, &self.inputs, &self.got, &mut mismatches);
                    done += batch;
                    if done >= total {
                        checker.finish(&mut mismatches);
                    }
                    result.add_mismatches(mismatches);
                    continue;
                }
            }
            self.ignore_invalid_outputs();
            // Outputs of this batch belong to transactions `skew` earlier: the first of them to the
            // previous batch, the others to this one.
            let split = done.min(total);
            let first = done.saturating_sub(skew).max(self.warm_up.min(total));
            let last = (done + batch).saturating_sub(skew).min(total);
            self.check(chunk.start, done, first..split.min(last), Expected::Pending, &mut result);
            self.check(chunk.start, done, first.max(split)..last, Expected::Current, &mut result);
            if skew > 0 && batch >= skew {
                for (pending, expected) in self.pending.iter_mut().zip(&self.expected) {
                    pending.copy_from(0, expected, (batch - skew) as usize, self.skew);
                }
            }
            done += batch;
        }
        Ok(result)
    }

    /// Adds the coverage of the instance to that of its model, if recorded.
    pub(crate) fn record_coverage(&mut self) -> Result<(), DutError> {
        self.dut.record_coverage()
    }

    /// Copies the outputs of the RTL to the expected ones where no valid bit is expected.
    fn ignore_invalid_outputs(&mut self) {
        if !self.has_valid {
            return;
        }
        let (valid, results) = self.expected.split_first_mut().expect("valid_out comes first");
        for index in (0..valid.len()).filter(|&index| valid.get(index) == 0) {
            for (expected, got) in results.iter_mut().zip(&self.got[1..]) {
                expected.copy_from(index, got, index, 1);
            }
        }
    }

    fn resize(&mut self, rows: usize) {
        for column in self.inputs.iter_mut().chain(&mut self.got).chain(&mut self.expected) {
            column.resize(rows * (column.len() / self.rows));
        }
        self.rows = rows;
    }

    /// Compares a range of transactions of the chunk that begins at `start`.
    ///
    /// The inputs of this batch began at transaction `done` of the chunk.
    fn check(
        &self,
        start: u64,
        done: u64,
        range: Range<u64>,
        source: Expected,
        result: &mut ComparisonResult,
    ) {
        if range.is_empty() {
            return;
        }
        let len = (range.end - range.start) as usize;
        let got_from = (range.start + self.skew as u64 - done) as usize;
        let (expected, from) = match source {
            Expected::Pending => (&self.pending, got_from),
            Expected::Current => (&self.expected, (range.start - done) as usize),
        };
        result.compared += len as u64;
        let pairs = || self.got.iter().zip(expected);
        if pairs().all(|(got, expected)| got.equals(got_from, expected, from, len)) {
            return;
        }
        for offset in 0..len {
            let differs = |(got, expected): (&Column, &Column)| {
                got.words(got_from + offset) != expected.words(from + offset)
            };
            let Some(output) = pairs().position(differs) else { continue };
            result.mismatches += 1;
            if !result.is_full() {
                result.first_mismatches.push(Mismatch {
                    transaction: start + range.start + offset as u64,
                    port: self.output_names[output],
                    expected: expected[output].words(from + offset),
                    got: self.got[output].words(got_from + offset),
                });
            }
        }
    }
}
