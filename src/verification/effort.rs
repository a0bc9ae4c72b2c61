//! Effort of a verification: size of the stimulus, and simulation engine.

use std::path::PathBuf;

use crate::simulation::SimulationEngine;
use crate::stimulus::Shard;

/// Effort of a verification.
///
/// By default, input spaces of up to 2^24 values are swept exhaustively, larger ones and units with state
/// get 2^20 random transactions, on one thread.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Random transactions where the input space is not swept exhaustively.
    pub cases: u64,
    /// Seed of the random transactions.
    pub seed: u64,
    /// Largest input space that is swept exhaustively, in values.
    pub exhaustive_limit: u64,
    /// Sweep the input space exhaustively, regardless of its size.
    pub exhaustive: bool,
    /// Worker threads.
    pub threads: usize,
    /// Simulation engine.
    pub engine: SimulationEngine,
    /// Shard of the stimulus to run.
    pub shard: Shard,
    /// Parent folder of the reproducers of failing configs, with testbench and waveform.
    pub failures: Option<PathBuf>,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
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
