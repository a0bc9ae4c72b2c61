//! Where the arithmetic of a network is done.

use super::blocks::DotJob;
use super::operands::MacJob;
use super::rescaling::RequantizerJob;
use crate::unit::Config;

/// What can go wrong inside an engine; its text names the cause and the fix.
pub type BackendError = Box<dyn std::error::Error + Send + Sync>;

/// Work for one kind of unit.
pub trait Job {
    /// What each element of the work becomes.
    type Result: PartialEq;

    /// The results by the software reference, in the order an engine gives them.
    fn reference(&self) -> Vec<Self::Result>;
}

/// Hardware or software that does a kind of work.
pub trait Backend<J: Job> {
    /// The results, as many and in the order as [`Job::reference`] has them.
    ///
    /// # Errors
    /// What the engine runs into, such as a simulation that stops.
    fn run(&mut self, job: &J) -> Result<Vec<J::Result>, BackendError>;

    /// Clock cycles since the engine was made; 0 for one without a clock.
    fn cycles(&self) -> u64;
}

/// Makes an engine of each unit that a network needs.
pub trait Backends {
    /// An engine of a multiply-accumulate unit.
    ///
    /// # Errors
    /// When it cannot be built.
    fn mac(&self, config: &Config) -> Result<Box<dyn Backend<MacJob>>, BackendError>;

    /// An engine of a requantizer.
    ///
    /// # Errors
    /// When it cannot be built.
    fn requantizer(&self, config: &Config) -> Result<Box<dyn Backend<RequantizerJob>>, BackendError>;

    /// An engine of a dot product of 8-bit floats.
    ///
    /// # Errors
    /// When it cannot be built.
    fn dot(&self, config: &Config) -> Result<Box<dyn Backend<DotJob>>, BackendError>;
}

/// The reference itself, in place of any unit.
#[derive(Debug, Clone, Copy, Default)]
pub struct SoftwareBackend;

impl<J: Job> Backend<J> for SoftwareBackend {
    fn run(&mut self, job: &J) -> Result<Vec<J::Result>, BackendError> {
        Ok(job.reference())
    }

    fn cycles(&self) -> u64 {
        0
    }
}

impl Backends for SoftwareBackend {
    fn mac(&self, _: &Config) -> Result<Box<dyn Backend<MacJob>>, BackendError> {
        Ok(Box::new(SoftwareBackend))
    }

    fn requantizer(&self, _: &Config) -> Result<Box<dyn Backend<RequantizerJob>>, BackendError> {
        Ok(Box::new(SoftwareBackend))
    }

    fn dot(&self, _: &Config) -> Result<Box<dyn Backend<DotJob>>, BackendError> {
        Ok(Box::new(SoftwareBackend))
    }
}
