//! The scoreboard: compares RTL with its reference, chunk by chunk, on several threads.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use super::comparator::Comparator;
use super::comparison_result::ComparisonResult;
use crate::simulation::{CompiledModel, DutError};
use crate::stimulus::{Shard, Stimulus};

/// Compares a model with its reference over a whole stimulus, on this many threads.
///
/// # Errors
/// [`DutError::Stopped`] when the design ends its simulation.
pub fn compare(
    model: &CompiledModel,
    stimulus: &dyn Stimulus,
    threads: usize,
) -> Result<ComparisonResult, DutError> {
    compare_shard(model, stimulus, Shard::WHOLE, threads, &|_| ())
}

/// Like [`compare`], for the chunks of one shard; transactions keep their index in the whole stimulus.
///
/// `progress` is called after each chunk, with the number of transactions compared.
pub(crate) fn compare_shard(
    model: &CompiledModel,
    stimulus: &dyn Stimulus,
    shard: Shard,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<ComparisonResult, DutError> {
    let chunk = stimulus.chunk().max(1);
    let chunks = shard.range(stimulus.transactions().div_ceil(chunk));
    let scoreboard = Scoreboard {
        model,
        stimulus,
        chunk,
        end: chunks.end,
        next: AtomicU64::new(chunks.start),
        stop: AtomicBool::new(false),
        result: Mutex::new(Ok(ComparisonResult::default())),
        progress,
    };
    let threads = threads.min((chunks.end - chunks.start) as usize).max(1);
    std::thread::scope(|scope| {
        (1..threads).for_each(|_| drop(scope.spawn(|| scoreboard.work())));
        scoreboard.work();
    });
    scoreboard.result.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The chunks of a comparison, taken by threads one after the other, and the sum of their results.
struct Scoreboard<'a> {
    model: &'a CompiledModel,
    stimulus: &'a dyn Stimulus,
    /// Transactions per chunk.
    chunk: u64,
    /// Index after the last chunk.
    end: u64,
    /// Index of the next chunk to be taken.
    next: AtomicU64,
    stop: AtomicBool,
    result: Mutex<Result<ComparisonResult, DutError>>,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl Scoreboard<'_> {
    /// Compares chunks until none is left, enough mismatches are found, or a simulation fails.
    fn work(&self) {
        let mut comparator = Comparator::new(self.model, self.stimulus.is_steady());
        while let Some(first) = self.take_chunk() {
            let last = self.stimulus.transactions().min(first.saturating_add(self.chunk));
            let found = comparator.run(self.stimulus, first..last);
            self.add(found);
        }
        if let Err(error) = comparator.record_coverage() {
            self.fail(error);
        }
    }

    /// The first transaction of the next chunk.
    fn take_chunk(&self) -> Option<u64> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        index.checked_mul(self.chunk).filter(|_| index < self.end)
    }

    fn add(&self, found: Result<ComparisonResult, DutError>) {
        let found = match found {
            Ok(found) => found,
            Err(error) => return self.fail(error),
        };
        if let Ok(sum) = &mut *self.result() {
            (self.progress)(found.compared);
            sum.add(found);
            self.stop.fetch_or(sum.is_full(), Ordering::Relaxed);
        }
    }

    /// Keeps the first error, and stops all threads.
    fn fail(&self, error: DutError) {
        let mut result = self.result();
        if result.is_ok() {
            *result = Err(error);
        }
        self.stop.store(true, Ordering::Relaxed);
    }

    fn result(&self) -> MutexGuard<'_, Result<ComparisonResult, DutError>> {
        self.result.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
