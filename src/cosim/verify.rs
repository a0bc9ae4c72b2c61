//! Verification of one config: stimulus, model, reference and scoreboard put together.

use super::dut::{DutError, Rtl};
use super::plan::Plan;
use super::report::{Failure, MismatchView, Report, ShrunkView};
use super::scoreboard::Mismatch;
use super::shrink::{Counterexample, shrink};
use super::source::Lanes;
use super::stimulus::Stimulus;
use crate::catalogue::Config;
use crate::output::{self, OutputError};
use std::path::{Path, PathBuf};
use std::time::Instant;

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
    let beside = match plan.beside(config, effort) {
        Some(beside) => Some((beside.compare(&rtl, effort.threads, &|_| ())?, beside)),
        None => None,
    };
    let control_cycles = beside.as_ref().map(|(outcome, _)| outcome.compared);
    let clock = Instant::now();
    let (outcome, plan) = match beside {
        Some((outcome, beside)) if !outcome.described.is_empty() => (outcome, beside),
        _ => (plan.compare(&rtl, effort.threads, progress)?, plan),
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

/// Whether a model differs from its reference anywhere in the stimulus that [`verify`] would give it; a simulation that ends by itself differs.
///
/// # Errors
/// When the sweep asked for is endless.
pub fn differs(rtl: &Rtl, effort: &Effort) -> Result<bool, VerifyError> {
    let plan = Plan::new(rtl.config(), effort)?;
    let beside = plan.beside(rtl.config(), effort);
    let differs = |plan: &Plan| match plan.compare(rtl, effort.threads, &|_| ()) {
        Ok(outcome) => !outcome.described.is_empty(),
        Err(_) => true,
    };
    Ok(differs(&plan) || beside.as_ref().is_some_and(differs))
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
