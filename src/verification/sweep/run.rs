//! A run of a sweep: the configs of a grid, or of a shard of it.

use std::time::Instant;

use super::batch::verify_configs;
use super::result::Sweep;
use crate::generator;
use crate::simulation::ModelBuilder;
use crate::stimulus::Shard;
use crate::unit::{Config, ConfigError, Grid, RefusedCombinations};
use crate::verification::effort::Effort;
use crate::verification::progress::Progress;
use crate::verification::verify_error::VerifyError;

/// Builder of a sweep.
///
/// ```no_run
/// use qrtl::{Grid, ModelBuilder, SweepRun, unit};
///
/// let grid = Grid::new(unit("multiplier")?, &["a_bits=2..=8", "b_bits=2..=8"])?;
/// let models = ModelBuilder::discover(&|notice| eprintln!("{notice}"))?;
/// let sweep = SweepRun::new(&grid)?.cases(1 << 20).threads(4).run(&models)?;
/// println!("{sweep}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SweepRun<'a> {
    grid: &'a Grid,
    configs: Vec<Config>,
    refused: Vec<RefusedCombinations>,
    shard: Option<Shard>,
    effort: Effort,
    progress: &'a dyn Progress,
}

impl<'a> SweepRun<'a> {
    /// A sweep of all legal configs of the grid, with 2^16 cases each, seed 1, on one thread.
    ///
    /// # Errors
    /// When no combination of the grid is legal.
    pub fn new(grid: &'a Grid) -> Result<Self, ConfigError> {
        let (configs, refused) = grid.configs()?;
        let effort = Sweep::effort(1 << 16, 1, 1);
        Ok(Self { grid, configs, refused, shard: None, effort, progress: &() })
    }

    /// Sets the largest input space swept exhaustively, and the random transactions for larger ones.
    pub fn cases(self, cases: u64) -> Self {
        Self { effort: Sweep::effort(cases, self.effort.seed, self.effort.threads), ..self }
    }

    /// Sets the seed of the random transactions.
    pub fn seed(mut self, seed: u64) -> Self {
        self.effort.seed = seed;
        self
    }

    /// Sets the number of worker threads.
    pub fn threads(mut self, threads: usize) -> Self {
        self.effort.threads = threads;
        self
    }

    /// Restricts the sweep to a shard of its configs.
    pub fn shard(self, shard: Option<Shard>) -> Self {
        Self { shard, ..self }
    }

    /// Reports progress, in configs.
    pub fn progress(self, progress: &'a dyn Progress) -> Self {
        Self { progress, ..self }
    }

    /// Builds and verifies all configs.
    ///
    /// # Errors
    /// As [`Verification::run`](crate::verification::Verification::run), for the first config without a
    /// verdict.
    pub fn run(self, models: &ModelBuilder) -> Result<Sweep, VerifyError> {
        let shard = self.shard.unwrap_or(Shard::WHOLE);
        let configs = &self.configs[shard.index_range(self.configs.len())];
        self.progress.begin(configs.len() as u64);
        let clock = Instant::now();
        let done = || self.progress.advance(1);
        let reports = verify_configs(configs, &generator::render, models, &self.effort, &done)?;
        let seconds = clock.elapsed().as_secs_f64();
        let sweep = Sweep::new(self.grid, self.refused, &self.effort, seconds, configs, reports);
        Ok(sweep.of_shard(self.shard))
    }
}
