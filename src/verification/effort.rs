//! How much of a config's input space is verified, and with what.

use std::path::PathBuf;

use crate::simulation::SimulationEngine;
use crate::stimulus::Shard;

/// How much to verify.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Random transactions where the domain is not swept whole.
    pub cases: u64,
    /// Seed of the random transactions.
    pub seed: u64,
    /// Domains of up to this many values are swept whole.
    pub exhaustive_limit: u64,
    /// Sweep the domain whole however large it is.
    pub exhaustive: bool,
    /// Worker threads.
    pub threads: usize,
    /// What simulates.
    pub engine: SimulationEngine,
    /// The part of each config's stimulus that is run.
    pub shard: Shard,
    /// Where a failing config gets a folder with testbench, waveform and all else that shows the failure.
    pub failures: Option<PathBuf>,
}

/// What one config is worth: domains of up to 2^24 values whole, else 2^20 transactions, on one thread.
impl Default for Effort {
    fn default() -> Effort {
        Effort {
            cases: 1 << 20,
            seed: 1,
            exhaustive_limit: 1 << 24,
            exhaustive: false,
            threads: 1,
            engine: SimulationEngine::Auto,
            shard: Shard::WHOLE,
            failures: None,
        }
    }
}
