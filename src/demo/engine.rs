//! Where the arithmetic of a network is done.

use super::blocks::Blocks;
use super::operands::Operands;
use super::rescaling::Rescaling;
use crate::unit::Config;

/// What can go wrong inside an engine; its text names the cause and the fix.
pub type EngineError = Box<dyn std::error::Error + Send + Sync>;

/// Work for one kind of unit.
pub trait Job {
    /// What each element of the work becomes.
    type Result: PartialEq;

    /// The results by the software reference, in the order an engine gives them.
    fn reference(&self) -> Vec<Self::Result>;
}

/// Hardware or software that does a kind of work.
pub trait Engine<J: Job> {
    /// The results, as many and in the order as [`Job::reference`] has them.
    ///
    /// # Errors
    /// What the engine runs into, such as a simulation that stops.
    fn run(&mut self, job: &J) -> Result<Vec<J::Result>, EngineError>;

    /// Clock cycles since the engine was made; 0 for one without a clock.
    fn cycles(&self) -> u64;
}

/// Makes an engine of each unit that a network needs.
pub trait Units {
    /// An engine of a multiply-accumulate unit.
    ///
    /// # Errors
    /// When it cannot be built.
    fn mac(&self, config: &Config) -> Result<Box<dyn Engine<Operands>>, EngineError>;

    /// An engine of a requantizer.
    ///
    /// # Errors
    /// When it cannot be built.
    fn requantizer(&self, config: &Config) -> Result<Box<dyn Engine<Rescaling>>, EngineError>;

    /// An engine of a dot product of 8-bit floats.
    ///
    /// # Errors
    /// When it cannot be built.
    fn dot(&self, config: &Config) -> Result<Box<dyn Engine<Blocks>>, EngineError>;
}

/// The reference itself, in place of any unit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Software;

impl<J: Job> Engine<J> for Software {
    fn run(&mut self, job: &J) -> Result<Vec<J::Result>, EngineError> {
        Ok(job.reference())
    }

    fn cycles(&self) -> u64 {
        0
    }
}

impl Units for Software {
    fn mac(&self, _: &Config) -> Result<Box<dyn Engine<Operands>>, EngineError> {
        Ok(Box::new(Software))
    }

    fn requantizer(&self, _: &Config) -> Result<Box<dyn Engine<Rescaling>>, EngineError> {
        Ok(Box::new(Software))
    }

    fn dot(&self, _: &Config) -> Result<Box<dyn Engine<Blocks>>, EngineError> {
        Ok(Box::new(Software))
    }
}
