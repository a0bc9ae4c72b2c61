//! Verification of one config: stimulus, model, reference and scoreboard put together.

use super::dut::{DutError, Rtl};
use super::report::{Failure, MismatchView, Report, ShrunkView};
use super::scoreboard::{Mismatch, compare};
use super::shrink::{Counterexample, shrink};
use super::source::Lanes;
use super::stimulus::{EPISODE_ROWS, Exhaustive, Random, Sequence, Stimulus, domain, domain_bits};
use crate::catalogue::{Behaviour, Config};
use crate::output::{self, OutputError};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// From this many transactions on, compiling the lanes costs less than they save.
const WORTH_LANES: u64 = 1 << 25;

/// Cycles of random control beside a sweep in which control rests.
const CONTROL_CYCLES: u64 = 1 << 18;

/// Where models come from: built on demand, or linked into the program.
pub trait Models: Sync {
    /// A model of the Verilog text, which defines the module of the config.
    ///
    /// # Errors
    /// When it cannot be built or loaded.
    fn rtl(&self, config: &Config, verilog: &str, lanes: Lanes, trace: bool) -> Result<Rtl, ModelError>;
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
    /// Where the waveform of a failure goes.
    pub wave: Option<PathBuf>,
}

/// What one config is worth: domains of up to 2^24 values whole, else 2^20 transactions, on one thread.
impl Default for Effort {
    fn default() -> Effort {
        Effort { cases: 1 << 20, seed: 1, whole: 1 << 24, exhaustive: false, threads: 1, wave: None }
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
    /// The waveform cannot be written.
    #[error(transparent)]
    Wave(#[from] OutputError),
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
    let plan = Plan::new(config, effort)?;
    let rtl = models.rtl(config, verilog, plan.lanes, false).map_err(VerifyError::Model)?;
    begin(plan.stimulus.transactions());
    let control = match plan.control(config, effort) {
        Some(control) => Some((compare(&rtl, control.stimulus.as_ref(), effort.threads, &|_| ())?, control)),
        None => None,
    };
    let control_cycles = control.as_ref().map(|(outcome, _)| outcome.compared);
    let clock = Instant::now();
    let (outcome, plan) = match control {
        Some((outcome, control)) if !outcome.described.is_empty() => (outcome, control),
        _ => (compare(&rtl, plan.stimulus.as_ref(), effort.threads, progress)?, plan),
    };
    let seconds = clock.elapsed().as_secs_f64();
    let mut report = Report {
        preset: config.name().to_string(),
        unit: config.unit().name().to_string(),
        arguments: config.arguments(),
        domain: plan.domain,
        compared: outcome.compared,
        exhaustive: plan.exhaustive && Some(outcome.compared) == plan.domain,
        control_cycles,
        mismatches: outcome.mismatches,
        seconds,
        seed: (!plan.exhaustive).then_some(effort.seed),
        lanes: plan.lanes.0,
        failure: None,
    };
    if !outcome.described.is_empty() {
        report.failure = Some(explain(config, verilog, models, effort, &plan, &rtl, &outcome.described)?);
    }
    Ok(report)
}

/// The stimulus and the lanes that suit it.
struct Plan {
    stimulus: Box<dyn Stimulus>,
    lanes: Lanes,
    domain: Option<u64>,
    exhaustive: bool,
}

impl Plan {
    fn new(config: &Config, effort: &Effort) -> Result<Plan, VerifyError> {
        let ports = config.ports();
        let stateless = !matches!(config.behaviour(), Behaviour::Sequential { .. });
        let domain = domain(&ports).filter(|_| stateless);
        let lanes_for = |transactions| match transactions {
            ..WORTH_LANES => Lanes::ONE,
            _ => Lanes::worthwhile(config),
        };
        let refuse =
            |reason: String| VerifyError::NotExhaustible { config: config.name().to_string(), reason };
        if effort.exhaustive && !stateless {
            return Err(refuse("its outputs depend on the history of its inputs".to_string()));
        }
        if stateless && (effort.exhaustive || domain.is_some_and(|domain| domain <= effort.whole)) {
            let stimulus = Exhaustive::new(&ports).ok_or_else(|| {
                let bits = domain_bits(&ports);
                refuse(format!("its inputs have 2^{bits} values, more than 2^{}", Exhaustive::MAX_BITS))
            })?;
            let lanes = lanes_for(stimulus.transactions());
            return Ok(Plan { stimulus: Box::new(stimulus), lanes, domain, exhaustive: true });
        }
        let lanes = lanes_for(effort.cases);
        let stimulus = Random::new(config, effort.seed, effort.cases, lanes.0);
        Ok(Plan { stimulus: Box::new(stimulus), lanes, domain, exhaustive: false })
    }

    /// What a sweep of a pipelined unit, whose control rests, leaves out: stalls, bubbles and resets.
    fn control(&self, config: &Config, effort: &Effort) -> Option<Plan> {
        let pipelined = matches!(config.behaviour(), Behaviour::Pipelined { .. });
        (pipelined && self.stimulus.is_steady()).then(|| {
            let stimulus = Random::new(config, effort.seed, CONTROL_CYCLES, self.lanes.0);
            Plan { stimulus: Box::new(stimulus), lanes: self.lanes, domain: self.domain, exhaustive: false }
        })
    }

    /// Whether rows depend on those before them.
    fn has_history(&self, config: &Config) -> bool {
        match config.behaviour() {
            Behaviour::FeedForward { .. } => false,
            Behaviour::Pipelined { .. } => !self.stimulus.is_steady(),
            Behaviour::Sequential { .. } => true,
        }
    }

    /// The rows around a transaction, and its own row among them: from the reset before it where rows
    /// depend on those before them, for a pipeline without control all that are in it together with
    /// the transaction.
    fn history(&self, rtl: &Rtl, transaction: u64) -> (Sequence, usize) {
        let lanes = u64::from(self.lanes.0);
        let (row, lane) = (transaction / lanes, transaction % lanes);
        let (first, last) = match rtl.config().behaviour() {
            _ if self.has_history(rtl.config()) => (row / EPISODE_ROWS * EPISODE_ROWS, row),
            Behaviour::FeedForward { latency } => (row.saturating_sub(latency as u64), row + latency as u64),
            _ => (row, row),
        };
        let rows = (last - first + 1) as usize;
        let (mut inputs, _) = rtl.columns(rows);
        let stimulus = self.stimulus.as_ref();
        (
            Sequence::of_lane(stimulus, &mut inputs, first * lanes, rows, lanes as usize, lane as usize),
            (row - first) as usize,
        )
    }

    /// The same rows as a stimulus that stands alone: a transaction of a sweep gets its reset before
    /// it, and after it the rows in which its result comes out.
    fn replay(&self, rtl: &Rtl, transaction: u64) -> Sequence {
        let (history, _) = self.history(rtl, transaction);
        match rtl.config().behaviour() {
            Behaviour::Pipelined { latency } if self.stimulus.is_steady() => {
                let mut sequence = Sequence::idle(rtl.config(), latency + 2);
                for (column, given) in sequence.inputs_mut().iter_mut().zip(history.inputs()) {
                    column.copy_from(1, given, 0, 1);
                }
                sequence
            }
            _ => history,
        }
    }
}

fn explain(
    config: &Config,
    verilog: &str,
    models: &dyn Models,
    effort: &Effort,
    plan: &Plan,
    rtl: &Rtl,
    described: &[Mismatch],
) -> Result<Failure, VerifyError> {
    let has_history = plan.has_history(config);
    let views = described.iter().map(|mismatch| {
        let (history, row) = plan.history(rtl, mismatch.transaction);
        let inputs: Vec<Vec<u64>> = history.inputs().iter().map(|column| column.words(row)).collect();
        MismatchView::new(config, mismatch, has_history.then_some(row as u64), &inputs)
    });
    let mismatches = views.collect();
    let traced = effort.wave.is_some();
    let single = models.rtl(config, verilog, Lanes::ONE, traced).map_err(VerifyError::Model)?;
    let shrunk = shrink(&single, plan.replay(rtl, described[0].transaction))?;
    let wave = match (&effort.wave, &shrunk) {
        (Some(path), Some(found)) => {
            write_wave(&single, found, path)?;
            Some(path.clone())
        }
        _ => None,
    };
    let mut replay = format!("qrtl verify {}", config.arguments());
    if plan.exhaustive {
        replay += if effort.exhaustive { " --exhaustive" } else { "" };
    } else {
        replay += &format!(" --cases {} --seed {}", effort.cases, effort.seed);
    }
    Ok(Failure { mismatches, shrunk: shrunk.map(|found| ShrunkView::new(config, &found)), replay, wave })
}

/// Replays the failing rows, and as many more as the latency, into a VCD.
fn write_wave(rtl: &Rtl, found: &Counterexample, path: &Path) -> Result<(), VerifyError> {
    let rows = found.sequence.rows() + rtl.config().behaviour().latency() + 1;
    let (mut inputs, mut outputs) = rtl.columns(rows);
    found.sequence.fill(0, &mut inputs);
    let failed = |source| OutputError::Write { path: path.to_path_buf(), source };
    let scratch = tempfile::NamedTempFile::new().map_err(failed)?;
    let mut dut = rtl.instance();
    dut.trace(scratch.path())?;
    dut.run(rows, &inputs, &mut outputs)?;
    // The simulator completes the file when the instance goes.
    drop(dut);
    let waves = std::fs::read(scratch.path()).map_err(failed)?;
    Ok(output::write(path, waves)?)
}
