//! Backends that execute the arithmetic of the classifier.

use super::dot_job::DotJob;
use super::mac_job::MacJob;
use super::requantizer_job::RequantizerJob;
use crate::unit::Config;

/// Error of a backend; the message names the cause and the fix.
pub type BackendError = Box<dyn std::error::Error + Send + Sync>;

/// Work for one kind of unit.
pub trait Job {
    /// Result of one element of the work.
    type Result: PartialEq;

    /// Computes the results with the software reference, in the order of a backend.
    fn reference(&self) -> Vec<Self::Result>;
}

/// Hardware or software that executes one kind of job.
pub trait Backend<J: Job> {
    /// Executes a job; number and order of the results are those of [`Job::reference`].
    ///
    /// # Errors
    /// Any error of the backend, such as a simulation that aborts.
    fn run(&mut self, job: &J) -> Result<Vec<J::Result>, BackendError>;

    /// Clock cycles since the backend was created; 0 without a clock.
    fn cycles(&self) -> u64;
}

/// Creates a backend for each unit that the classifier needs.
pub trait Backends {
    /// Creates the backend of a multiply-accumulate unit.
    ///
    /// # Errors
    /// If it cannot be built.
    fn mac(&self, config: &Config) -> Result<Box<dyn Backend<MacJob>>, BackendError>;

    /// Creates the backend of a requantizer.
    ///
    /// # Errors
    /// If it cannot be built.
    fn requantizer(&self, config: &Config) -> Result<Box<dyn Backend<RequantizerJob>>, BackendError>;

    /// Creates the backend of a dot product of 8-bit floats.
    ///
    /// # Errors
    /// If it cannot be built.
    fn dot(&self, config: &Config) -> Result<Box<dyn Backend<DotJob>>, BackendError>;
}
