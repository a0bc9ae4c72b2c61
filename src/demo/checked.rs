//! An engine whose every result is compared.

use std::ops::Add;

use super::backend::{Backend, BackendError, Job};

/// Runs the software reference beside an engine and counts the results that differ.
///
/// The engine's results are passed on, so that what follows shows what the hardware would do.
pub struct CheckedBackend<J: Job> {
    engine: Box<dyn Backend<J>>,
    tally: ComparisonTally,
}

/// What an engine has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ComparisonTally {
    /// Clock cycles.
    pub cycles: u64,
    /// Results compared with the software reference.
    pub compared: u64,
    /// Results that differed from it.
    pub mismatches: u64,
}

/// An engine that returned too few or too many results.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the engine returned {found} results where {expected} are due: return one for each element of the job"
)]
pub struct WrongCount {
    found: usize,
    expected: usize,
}

impl<J: Job> CheckedBackend<J> {
    /// Nothing is compared yet.
    pub fn new(engine: Box<dyn Backend<J>>) -> Self {
        Self { engine, tally: ComparisonTally::default() }
    }

    /// The engine's results.
    ///
    /// # Errors
    /// The engine's own, and [`WrongCount`].
    pub fn run(&mut self, job: &J) -> Result<Vec<J::Result>, BackendError> {
        let found = self.engine.run(job)?;
        let expected = job.reference();
        if found.len() != expected.len() {
            return Err(WrongCount { found: found.len(), expected: expected.len() }.into());
        }
        let differ = found.iter().zip(&expected).filter(|(found, expected)| found != expected);
        self.tally.mismatches += differ.count() as u64;
        self.tally.compared += found.len() as u64;
        self.tally.cycles = self.engine.cycles();
        Ok(found)
    }

    /// What the engine has done so far.
    pub fn tally(&self) -> ComparisonTally {
        self.tally
    }
}

impl ComparisonTally {
    /// Whether something was compared and nothing differed.
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
