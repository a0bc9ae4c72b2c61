//! Backend without any hardware, for tests.

use super::backend::{Backend, BackendError, Backends, Job};
use super::dot_job::DotJob;
use super::mac_job::MacJob;
use super::requantizer_job::RequantizerJob;
use crate::unit::Config;

/// Backend that computes with the software reference.
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
        Ok(Box::new(Self))
    }

    fn requantizer(&self, _: &Config) -> Result<Box<dyn Backend<RequantizerJob>>, BackendError> {
        Ok(Box::new(Self))
    }

    fn dot(&self, _: &Config) -> Result<Box<dyn Backend<DotJob>>, BackendError> {
        Ok(Box::new(Self))
    }
}
