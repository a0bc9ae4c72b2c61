//! Runs stimulus through RTL and reference, aligns latency, compares every output.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::alignment::Alignment;
use crate::reference::Model;
use crate::simulation::{CompiledModel, Dut, DutError};
use crate::stimulus::{Shard, Stimulus};
use crate::unit::{Column, Direction};

/// Transactions a batch: columns of this length stay in the L1 cache.
const BATCH: usize = 4096;

/// Mismatches that are described one by one; a run ends with the batch that fills the list.
const DESCRIBED: usize = 8;

/// What a comparison found.
#[derive(Clone, Debug, Default)]
pub struct ComparisonResult {
    /// Transactions whose outputs were compared.
    pub compared: u64,
    /// Transactions that differed, up to the end of the batch in which the run stopped.
    pub mismatches: u64,
    /// The first of them, in the order of the stimulus.
    pub described: Vec<Mismatch>,
}

/// One transaction whose outputs differ from the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The transaction's index in the stimulus; with lanes, row times lanes plus lane.
    pub transaction: u64,
    /// The first output port that differs.
    pub port: &'static str,
    /// What the reference says, 64-bit words, least significant first.
    pub expected: Vec<u64>,
    /// What the RTL gave.
    pub got: Vec<u64>,
}

/// Compares a model of the RTL with the reference over a whole stimulus, on `threads` threads.
/// `progress` is told how many transactions were compared since it was last called.
///
/// # Errors
/// [`DutError::Stopped`] when the simulated code ended the simulation.
pub fn compare(
    rtl: &CompiledModel,
    stimulus: &dyn Stimulus,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<ComparisonResult, DutError> {
    compare_shard(rtl, stimulus, Shard::WHOLE, threads, progress)
}

/// As [`compare`], the chunks of one shard; what is found is told by its place in the whole stimulus.
pub(crate) fn compare_shard(
    rtl: &CompiledModel,
    stimulus: &dyn Stimulus,
    shard: Shard,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<ComparisonResult, DutError> {
    let (total, chunk) = (stimulus.transactions(), stimulus.chunk().max(1));
    let chunks = shard.range(total.div_ceil(chunk));
    let (next, stop) = (AtomicU64::new(chunks.start), AtomicBool::new(false));
    let result = Mutex::new(Ok(ComparisonResult::default()));
    let work = &|| {
        let mut runner = Runner::new(rtl, stimulus.is_steady());
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(start) = index.checked_mul(chunk).filter(|_| index < chunks.end) else { break };
            let outcome = runner.run(stimulus, start..total.min(start.saturating_add(chunk)));
            let mut result = result.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            match (&mut *result, outcome) {
                (Ok(sum), Ok(outcome)) => {
                    progress(outcome.compared);
                    sum.add(outcome);
                    stop.fetch_or(sum.described.len() >= DESCRIBED, Ordering::Relaxed);
                }
                (Ok(_), Err(error)) => {
                    *result = Err(error);
                    stop.store(true, Ordering::Relaxed);
                }
                (Err(_), _) => {}
            }
        }
        if let Err(error) = runner.dut.record_coverage() {
            let mut result = result.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *result = std::mem::replace(&mut *result, Ok(ComparisonResult::default())).and(Err(error));
        }
    };
    let threads = threads.min((chunks.end - chunks.start) as usize).max(1);
    std::thread::scope(|scope| {
        (1..threads).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    result.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl ComparisonResult {
    fn add(&mut self, other: ComparisonResult) {
        self.compared += other.compared;
        self.mismatches += other.mismatches;
        self.described.extend(other.described);
        self.described.sort_by_key(|mismatch| mismatch.transaction);
        self.described.truncate(DESCRIBED);
    }
}

/// One thread's instance, model and columns.
struct Runner {
    dut: Dut,
    model: Box<dyn Model>,
    lanes: usize,
    /// Transactions from an input to its output: latency times lanes, 0 when the reference answers
    /// cycle by cycle.
    skew: usize,
    /// Outputs that say nothing yet: the row before the first reset takes effect.
    warm_up: u64,
    /// Whether the first output is a valid bit without which the others may be anything.
    has_valid: bool,
    outputs: Vec<&'static str>,
    inputs: Vec<Column>,
    got: Vec<Column>,
    expected: Vec<Column>,
    /// The last `skew` expected transactions of the batch before.
    waiting: Vec<Column>,
    /// Rows that the columns hold now, and those of a full batch.
    rows: usize,
    full: usize,
}

impl Runner {
    fn new(rtl: &CompiledModel, steady: bool) -> Runner {
        let lanes = rtl.lanes().0 as usize;
        let alignment = Alignment::new(rtl.config(), steady);
        let rows = (BATCH / lanes).max(alignment.latency).max(1);
        let (inputs, got) = rtl.columns(rows);
        let (_, waiting) = rtl.columns(alignment.latency);
        let outputs = rtl.config().ports();
        let outputs = outputs.iter().filter(|port| port.direction == Direction::Output);
        Runner {
            dut: rtl.instance(),
            model: alignment.model(rtl.config(), lanes),
            lanes,
            skew: alignment.latency * lanes,
            warm_up: (alignment.warm_up * lanes) as u64,
            has_valid: alignment.has_valid,
            outputs: outputs.map(|port| port.name).collect(),
            inputs,
            expected: got.clone(),
            got,
            waiting,
            rows,
            full: rows,
        }
    }

    /// Runs one chunk from its first transaction to its last, and as many rows more as its latency.
    fn run(&mut self, stimulus: &dyn Stimulus, chunk: Range<u64>) -> Result<ComparisonResult, DutError> {
        let mut outcome = ComparisonResult::default();
        let total = chunk.end - chunk.start;
        let skew = self.skew as u64;
        let mut done = 0;
        while done < total + skew && outcome.described.len() < DESCRIBED {
            let rows = (self.full as u64).min((total + skew - done).div_ceil(self.lanes as u64)) as usize;
            let batch = (rows * self.lanes) as u64;
            self.resize(rows);
            stimulus.fill(chunk.start + done, &mut self.inputs);
            self.dut.run(rows, &self.inputs, &mut self.got)?;
            self.model.run(&self.inputs, &mut self.expected);
            self.excuse_invalid();
            // Outputs of this batch belong to transactions `skew` earlier: the first of them to the
            // batch before, the others to this one.
            let split = done.min(total);
            let first = done.saturating_sub(skew).max(self.warm_up.min(total));
            let last = (done + batch).saturating_sub(skew).min(total);
            self.check(chunk.start, done, first..split.min(last), true, &mut outcome);
            self.check(chunk.start, done, first.max(split)..last, false, &mut outcome);
            if skew > 0 && batch >= skew {
                for (waiting, expected) in self.waiting.iter_mut().zip(&self.expected) {
                    waiting.copy_from(0, expected, (batch - skew) as usize, self.skew);
                }
            }
            done += batch;
        }
        Ok(outcome)
    }

    /// Where no valid bit is expected, any data will do.
    fn excuse_invalid(&mut self) {
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

    /// Compares the outputs of some transactions of the chunk with the waiting expectations, or
    /// with those of this batch, whose inputs began at transaction `done`.
    fn check(&self, start: u64, done: u64, range: Range<u64>, waiting: bool, outcome: &mut ComparisonResult) {
        if range.is_empty() {
            return;
        }
        let len = (range.end - range.start) as usize;
        let got_from = (range.start + self.skew as u64 - done) as usize;
        let (expected, from) =
            if waiting { (&self.waiting, got_from) } else { (&self.expected, (range.start - done) as usize) };
        outcome.compared += len as u64;
        let pairs = || self.got.iter().zip(expected);
        if pairs().all(|(got, expected)| got.equals(got_from, expected, from, len)) {
            return;
        }
        for offset in 0..len {
            let differs = |(got, expected): &(&Column, &Column)| {
                got.words(got_from + offset) != expected.words(from + offset)
            };
            let Some(place) = pairs().position(|pair| differs(&pair)) else { continue };
            outcome.mismatches += 1;
            if outcome.described.len() < DESCRIBED {
                outcome.described.push(Mismatch {
                    transaction: start + range.start + offset as u64,
                    port: self.outputs[place],
                    expected: expected[place].words(from + offset),
                    got: self.got[place].words(got_from + offset),
                });
            }
        }
    }
}
