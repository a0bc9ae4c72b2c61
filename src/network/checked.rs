//! An engine whose every sum is compared.

use super::{EngineError, MatrixEngine, Operands, Software};

/// Runs the software reference beside another engine and counts the sums that differ.
///
/// The other engine's sums are passed on, so that what follows shows what the hardware would do.
#[derive(Debug, Clone)]
pub struct Checked<E> {
    engine: E,
    compared: u64,
    mismatches: u64,
}

/// An engine that returned too few or too many sums.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the engine returned {found} sums where {expected} are due: return one per row of x and row of w")]
pub struct WrongCount {
    found: usize,
    expected: usize,
}

impl<E> Checked<E> {
    /// Nothing is compared yet.
    pub fn new(engine: E) -> Self {
        Self { engine, compared: 0, mismatches: 0 }
    }

    /// Sums compared so far.
    pub fn compared(&self) -> u64 {
        self.compared
    }

    /// Sums that differed from the reference so far.
    pub fn mismatches(&self) -> u64 {
        self.mismatches
    }
}

impl<E: MatrixEngine> MatrixEngine for Checked<E> {
    fn accumulate(&mut self, operands: &Operands) -> Result<Vec<i64>, EngineError> {
        let found = self.engine.accumulate(operands)?;
        let expected = Software.accumulate(operands)?;
        if found.len() != expected.len() {
            return Err(WrongCount { found: found.len(), expected: expected.len() }.into());
        }
        self.compared += found.len() as u64;
        self.mismatches +=
            found.iter().zip(&expected).filter(|(found, expected)| found != expected).count() as u64;
        Ok(found)
    }

    fn cycles(&self) -> u64 {
        self.engine.cycles()
    }
}
