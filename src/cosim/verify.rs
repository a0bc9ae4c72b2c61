//! Verification of one config: stimulus, model, reference and scoreboard put together.

use super::coverage::Coverage;
use super::dut::{DutError, Rtl};
use super::explain::explain;
use super::plan::{Part, Plan};
use super::report::Report;
use super::scoreboard::compare_shard;
use super::shard::Shard;
use super::source::Lanes;
use crate::catalogue::{Config, hex_digest};
use crate::output::OutputError;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Where models come from: built on demand, or linked into the program.
pub trait Models: Sync {
    /// A model of the Verilog text, which defines the module of the config.
    ///
    /// # Errors
    /// When it cannot be built or loaded.
    fn rtl(&self, config: &Config, verilog: &str, lanes: Lanes, trace: bool) -> Result<Rtl, ModelError>;

    /// Where the models record what they cover, if they do.
    fn coverage(&self) -> Option<Arc<Coverage>> {
        None
    }
}

/// Why there is no model: the message of whatever failed, with its fix.
pub type ModelError = Box<dyn std::error::Error + Send + Sync>;

/// How much to verify.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Random transactions where the domain is not swept whole.
    pub cases: u64,
    /// Seed of the random transactions.
    pub seed: u64,
    /// Domains of up to this many values are swept whole.
    pub whole: u64,
    /// Sweep the domain whole however large it is.
    pub exhaustive: bool,
    /// Worker threads.
    pub threads: usize,
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
            whole: 1 << 24,
            exhaustive: false,
            threads: 1,
            shard: Shard::WHOLE,
            failures: None,
        }
    }
}

/// Why a verification has no verdict.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The model cannot be built or loaded.
    #[error("{0}")]
    Model(ModelError),
    /// The simulation ended by itself.
    #[error(transparent)]
    Dut(#[from] DutError),
    /// The folder of a failure cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Nobody can wait for the sweep.
    #[error(
        "{config} cannot be swept exhaustively: {reason}; leave --exhaustive out and choose the effort with --cases"
    )]
    NotExhaustible {
        /// The config.
        config: String,
        /// Why not.
        reason: String,
    },
}

/// Verifies `verilog`, which defines the module of the config, against the config's reference.
/// `begin` is told the number of transactions, then `progress` each time how many more were compared.
///
/// # Errors
/// When there is no model, the simulation stops by itself, or the sweep asked for is endless.
pub fn verify(
    config: &Config,
    verilog: &str,
    models: &dyn Models,
    effort: &Effort,
    begin: &dyn Fn(u64),
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Report, VerifyError> {
    let plans = Plan::all(config, effort)?;
    let transactions =
        plans.iter().find(|plan| plan.part == Part::Main).map(|plan| plan.stimulus.transactions());
    let rtl = models.rtl(config, verilog, plans[0].lanes, false).map_err(VerifyError::Model)?;
    let rtl = rtl.recording(models.coverage());
    let (mut verdict, mut control_cycles, mut random_start_cycles) = (None, None, None);
    for plan in plans {
        let tell: &(dyn Fn(u64) + Sync) = if plan.part == Part::Main { progress } else { &|_| () };
        if plan.part == Part::Main {
            begin(plan.stimulus.transactions() / u64::from(effort.shard.count));
        }
        let rtl = match plan.part {
            // What registers happen to begin with covers nothing.
            Part::RandomStart => rtl.starting_from(plan.start).recording(None),
            _ => rtl.clone(),
        };
        let clock = Instant::now();
        let shard = if plan.part == Part::Main { effort.shard } else { Shard::WHOLE };
        let outcome = compare_shard(&rtl, plan.stimulus.as_ref(), shard, effort.threads, tell)?;
        match plan.part {
            Part::Main => {}
            Part::Control => *control_cycles.get_or_insert(0) += outcome.compared,
            Part::RandomStart => *random_start_cycles.get_or_insert(0) += outcome.compared,
        }
        // What fails first is what is told.
        let fails = !outcome.described.is_empty();
        if fails || plan.part == Part::Main {
            verdict = Some((plan, outcome, clock.elapsed().as_secs_f64()));
        }
        if fails {
            break;
        }
    }
    let (plan, outcome, seconds) = verdict.expect("the main part is run unless another fails before it");
    let mut report = Report {
        preset: config.name().to_string(),
        unit: config.unit().name().to_string(),
        arguments: config.arguments(),
        digest: hex_digest(&[config.digest().as_bytes(), verilog.as_bytes()]),
        domain: plan.domain,
        transactions: transactions.unwrap_or_default(),
        compared: outcome.compared,
        exhaustive: plan.exhaustive && Some(outcome.compared) == plan.domain,
        control_cycles,
        random_start_cycles,
        mismatches: outcome.mismatches,
        seconds,
        seed: (!plan.exhaustive).then_some(effort.seed),
        lanes: plan.lanes.0,
        coverage: models.coverage().map(|coverage| coverage.summary(&format!("{}.v", config.name()))),
        four_state: None,
        failure: None,
    };
    if !outcome.described.is_empty() {
        report.failure = Some(explain(config, verilog, models, effort, &plan, &rtl, &outcome.described)?);
    }
    Ok(report)
}
