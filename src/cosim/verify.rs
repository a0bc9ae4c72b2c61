//! Verification of one config: stimulus, model, reference and scoreboard put together.

use super::coverage::Coverage;
use super::dut::{DutError, Rtl};
use super::engine::{Chosen, Engine, choose};
use super::explain::explain;
use super::plan::{Part, Plan, Scope};
use super::report::{MismatchView, Report};
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

    /// From how many transactions on a bit-sliced model pays, if there can be one.
    fn worth_slicing(&self) -> Option<u64> {
        None
    }

    /// A bit-sliced model of the Verilog text.
    ///
    /// # Errors
    /// When there is no way to one.
    fn sliced(&self, config: &Config, _verilog: &str) -> Result<Rtl, ModelError> {
        Err(format!("there is no bit-sliced model of {}; use --engine verilated", config.name()).into())
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
    /// What simulates.
    pub engine: Engine,
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
            engine: Engine::Auto,
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
    /// The bit-sliced model is not that of the text.
    #[error(
        "the bit-sliced model of {config} is not that of its Verilog: {}: {} of the gates is {}, of the Verilated text {}; \
         use --engine verilated, and report it if the text neither reads what nothing drives nor depends on the order of its \
         assignments",
        mismatch.inputs.join(" "), mismatch.port, mismatch.got, mismatch.expected
    )]
    Disagreement {
        /// The arguments that name the config.
        config: String,
        /// Where they differ; expected is the Verilated model's.
        mismatch: Box<MismatchView>,
    },
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
    let scope = Scope::new(config, effort)?;
    let Chosen { rtl, engine, unsliced } =
        choose(config, verilog, models, effort, scope.transactions(effort))?;
    let plans = Plan::all(config, effort, scope, rtl.lanes());
    let transactions =
        plans.iter().find(|plan| plan.part == Part::Main).map(|plan| plan.stimulus.transactions());
    let rtl = rtl.recording(models.coverage());
    let mut verdict = None;
    let (mut control_cycles, mut long_sum_cycles, mut random_start_cycles) = (None, None, None);
    for plan in plans {
        let tell: &(dyn Fn(u64) + Sync) = if plan.part == Part::Main { progress } else { &|_| () };
        if plan.part == Part::Main {
            begin(plan.stimulus.transactions() / u64::from(effort.shard.count));
        }
        let rtl = match plan.part {
            // What registers happen to begin with covers nothing.
            Part::RandomStart => rtl.starting_from(plan.start).recording(None),
            _ if plan.lanes != rtl.lanes() => {
                let single = models.rtl(config, verilog, plan.lanes, false).map_err(VerifyError::Model)?;
                single.recording(models.coverage())
            }
            _ => rtl.clone(),
        };
        let clock = Instant::now();
        let shard = if plan.part == Part::Main { effort.shard } else { Shard::WHOLE };
        let outcome = compare_shard(&rtl, plan.stimulus.as_ref(), shard, effort.threads, tell)?;
        match plan.part {
            Part::Main => {}
            Part::Control => *control_cycles.get_or_insert(0) += outcome.compared,
            Part::LongSums => *long_sum_cycles.get_or_insert(0) += outcome.compared,
            Part::RandomStart => *random_start_cycles.get_or_insert(0) += outcome.compared,
        }
        // What fails first is what is told.
        let fails = !outcome.described.is_empty();
        if fails || plan.part == Part::Main {
            verdict = Some((plan, rtl, outcome, clock.elapsed().as_secs_f64()));
        }
        if fails {
            break;
        }
    }
    let (plan, rtl, outcome, seconds) = verdict.expect("the main part is run unless another fails before it");
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
        long_sum_cycles,
        random_start_cycles,
        mismatches: outcome.mismatches,
        seconds,
        seed: (!plan.exhaustive).then_some(effort.seed),
        lanes: plan.lanes.0,
        engine,
        unsliced,
        coverage: models.coverage().map(|coverage| coverage.summary(&format!("{}.v", config.name()))),
        four_state: None,
        failure: None,
    };
    if !outcome.described.is_empty() {
        report.failure = Some(explain(config, verilog, models, effort, &plan, &rtl, &outcome.described)?);
    }
    Ok(report)
}

/// Whether a model of one lane differs from its reference anywhere in the stimulus that [`verify`] would
/// give it; a simulation that ends by itself differs.
///
/// # Errors
/// When the sweep asked for is endless.
pub fn differs(rtl: &Rtl, effort: &Effort) -> Result<bool, VerifyError> {
    let scope = Scope::new(rtl.config(), effort)?;
    let plans = Plan::all(rtl.config(), effort, scope, Lanes::ONE);
    let differs = |plan: &Plan| {
        let rtl = rtl.starting_from(plan.start);
        match compare_shard(&rtl, plan.stimulus.as_ref(), effort.shard, effort.threads, &|_| ()) {
            Ok(outcome) => !outcome.described.is_empty(),
            Err(_) => true,
        }
    };
    Ok(plans.iter().any(differs))
}
