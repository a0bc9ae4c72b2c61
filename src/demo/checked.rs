//! A backend whose results are compared with the reference.

use std::ops::Add;

use super::backend::{Backend, BackendError, Job};

/// Runs the software reference beside a backend and counts mismatches.
///
/// The backend's results are passed on, so that the next layer sees what the hardware computed.
pub struct CheckedBackend<J: Job> {
    engine: Box<dyn Backend<J>>,
    tally: ComparisonTally,
}

/// Cycles, comparisons and mismatches of a backend.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ComparisonTally {
    /// Clock cycles.
    pub cycles: u64,
    /// Results compared with the software reference.
    pub compared: u64,
    /// Results that differ from it.
    pub mismatches: u64,
}

/// Error for a backend that returns too few or too many results.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the backend returned {found} results instead of {expected}: return one for each element of the job")]
pub struct ResultCountError {
    found: usize,
    expected: usize,
}

impl<J: Job> CheckedBackend<J> {
    /// Wraps a backend.
    pub fn new(engine: Box<dyn Backend<J>>) -> Self {
        Self { engine, tally: ComparisonTally::default() }
    }

    /// Executes a job, compares its results with the reference and returns them.
    ///
    /// # Errors
    /// Those of the backend, and [`ResultCountError`].
    pub fn run(&mut self, job: &J) -> Result<Vec<J::Result>, BackendError> {
        let found = self.engine.run(job)?;
        let expected = job.reference();
        if found.len() != expected.len() {
            return Err(ResultCountError { found: found.len(), expected: expected.len() }.into());
        }
        let differ = found.iter().zip(&expected).filter(|(found, expected)| found != expected);
        self.tally.mismatches += differ.count() as u64;
        self.tally.compared += found.len() as u64;
        self.tally.cycles = self.engine.cycles();
        Ok(found)
    }

    /// Counts so far.
    pub fn tally(&self) -> ComparisonTally {
        self.tally
    }
}

impl ComparisonTally {
    /// Whether at least one result was compared and none differed.
    pub fn passed(self) -> bool {
        self.compared > 0 && self.mismatches == 0
    }
}

impl Add for ComparisonTally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            cycles: self.cycles + other.cycles,
            compared: self.compared + other.compared,
            mismatches: self.mismatches + other.mismatches,
        }
    }
}

impl std::iter::Sum for ComparisonTally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}
