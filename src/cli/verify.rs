//! `qrtl verify`: RTL against reference.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::progress::Progress;
use super::select::Select;
use super::watchdog::Watchdog;
use super::{CliError, ExitStatus, OutputFormat, print, print_error, print_json, shell_word};
use crate::files::output;
use crate::simulation::{CoverageModels, Models, SimulationEngine};
use crate::stimulus::Shard;
use crate::toolchain::environment::Environment;
use crate::unit::{Behaviour, Config};
use crate::verification::{Effort, FourState, Icarus, Report, Results, verify};
use crate::{catalogue, generator, report};

/// Co-simulate units and compare every output with the reference
///
/// A unit alone stands for all of its presets. Input spaces of at most 2^24 values are swept whole;
/// larger ones, and units with state, get random transactions with corners.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl verify int8_multiplier
  qrtl verify mac --set a_bits=5 --set acc_bits=40 --cases 10000000 --seed 7
  qrtl verify multiplier --target ecp5 --dsp avoid
  qrtl verify int16_multiplier --exhaustive
  qrtl verify mac --set arch=booth_dadda --cases 1000000000 --engine sliced
  qrtl verify --all --format json --junit build/verify.xml
  qrtl verify int8_mac --rtl edited/int8_mac.v --failures build/failures
  qrtl verify int8_mac --coverage --four-state")]
pub(super) struct Args {
    /// Units or presets
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    units: Vec<String>,
    #[command(flatten)]
    select: Select,
    /// Every preset
    #[arg(long, conflicts_with_all = ["preset", "sets", "target", "objective", "dsp", "weights"])]
    all: bool,
    /// Random transactions where the input space is not swept whole
    #[arg(long, value_name = "N", default_value_t = 1 << 20, value_parser = clap::value_parser!(u64).range(1..=1 << 40))]
    cases: u64,
    /// Seed of the random transactions
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Sweep the input space whole even when it is larger than 2^24
    #[arg(long)]
    exhaustive: bool,
    /// What simulates: `sliced` is the module in gates, hundreds of instances at once, held against the
    /// Verilated model first; `auto` takes it for long runs of logic that is written bit by bit
    #[arg(long, value_enum, default_value_t = Simulator::Auto)]
    engine: Simulator,
    /// Verify the I-th of N parts of each stimulus; `qrtl report merge` adds up the JSON of all parts
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Verify this file in place of the generated text
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    rtl: Option<PathBuf>,
    /// Seconds after which a file is given up that does not get on with its work
    #[arg(long, value_name = "S", default_value_t = 300, requires = "rtl", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    time_limit: u64,
    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a folder for each config that fails: the shortest stimulus as a Verilog testbench for
    /// any simulator, its waveform, the Verilog, and the commands
    #[arg(long, value_name = "DIR")]
    failures: Option<PathBuf>,
    /// Record which branches were taken and which bits changed, and list those that never did
    #[arg(long)]
    coverage: bool,
    /// Run the self-checking testbench under Icarus Verilog too: registers begin unknown, and no X
    /// may reach an output after reset
    #[arg(long)]
    four_state: bool,
    /// How to write the results
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

/// What simulates.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Simulator {
    Auto,
    Verilated,
    Sliced,
}

impl From<Simulator> for SimulationEngine {
    fn from(simulator: Simulator) -> SimulationEngine {
        match simulator {
            Simulator::Auto => SimulationEngine::Auto,
            Simulator::Verilated => SimulationEngine::Verilated,
            Simulator::Sliced => SimulationEngine::Sliced,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let configs = configs(args)?;
    if args.rtl.is_some() && configs.len() != 1 {
        return Err("--rtl replaces the text of one config; name one preset, or use --set".into());
    }
    // A run of hours must not end without a place for what it found.
    let readme = args.failures.as_ref().map(|folder| folder.join("README.txt"));
    output::check_all(readme.iter().chain(&args.junit))?;
    let icarus = args.four_state.then(|| Icarus::find(&Environment::of_process())).transpose()?;
    let built = super::discover_models()?;
    let covering = CoverageModels::new(&built);
    let models: &dyn Models = if args.coverage { &covering } else { &built };
    let mut effort = Effort {
        cases: args.cases,
        seed: args.seed,
        exhaustive: args.exhaustive,
        engine: args.engine.into(),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        shard: args.shard.unwrap_or(Shard::WHOLE),
        failures: args.failures.clone(),
        ..Effort::default()
    };
    let mut reports = Vec::new();
    for config in &configs {
        let sequential = matches!(config.behaviour(), Behaviour::Sequential { .. });
        // With --all the units that have no finite input space are verified as well as they can be.
        effort.exhaustive = args.exhaustive && !(args.all && sequential);
        let verilog = match &args.rtl {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| format!("cannot read {}: {error}; give a Verilog file", path.display()))?,
            None => generator::render(config),
        };
        let watchdog = args.rtl.as_deref().map(|path| watchdog(path, args.time_limit));
        let progress = Progress::new(config.name());
        let mut report =
            verify(config, &verilog, models, &effort, &|total| progress.begin(total), &|step| {
                watchdog.iter().for_each(Watchdog::restart);
                progress.advance(step);
            })?;
        drop((watchdog, progress));
        if let Some(reason) = &report.unsliced {
            super::print_notice(&format!("{}: one instance at a time: {reason}", report.preset));
        }
        if let Some(icarus) = icarus.as_ref().filter(|_| effort.shard.is_first()) {
            report.four_state = Some(icarus.verify(config, &verilog)?);
        }
        if let Some(failure) = &mut report.failure {
            failure.replay = args.select.with_weights(&failure.replay);
        }
        if let (Some(failure), Some(path)) = (&mut report.failure, &args.rtl) {
            failure.replay += &format!(" --rtl {}", shell_word(path));
        }
        show(&report, args.format)?;
        reports.push(report);
    }
    let results = Results::new(args.shard, reports);
    if args.format == OutputFormat::Json {
        print_json(&results)?;
    }
    if let Some(path) = &args.junit {
        output::write_if_changed(path, report::junit("verify", results.results.iter()))?;
    }
    Ok(ExitStatus::success_if(results.passed()))
}

/// The generated text needs none.
fn watchdog(path: &Path, seconds: u64) -> Watchdog {
    let error = format!(
        "{} did not get on for {seconds} s: it may loop without advancing time; raise --time-limit, or look at \
         it with a simulator",
        path.display()
    );
    Watchdog::new(Duration::from_secs(seconds), error)
}

fn configs(args: &Args) -> Result<Vec<Config>, CliError> {
    if args.all {
        return Ok(catalogue::presets().collect());
    }
    let mut configs: Vec<Config> = Vec::new();
    for name in &args.units {
        match &args.rtl {
            None => configs.extend(args.select.configs(name)?),
            Some(_) => configs.push(args.select.config(name)?),
        }
    }
    let mut seen = HashSet::new();
    configs.retain(|config| seen.insert(config.name().to_string()));
    Ok(configs)
}

/// What is printed and told of a config, the same for a run and for merged shards.
pub(super) fn show(report: &Report, format: OutputFormat) -> Result<(), CliError> {
    if format == OutputFormat::Text {
        print(&line(report))?;
        if let Some(coverage) = &report.coverage {
            print(&coverage.to_string())?;
        }
    }
    if let Some(failure) = &report.failure {
        print_error(&format!("{}: FAILED\n{failure}", report.preset));
    }
    if let Some(failure) = report.four_state.as_ref().and_then(|opinion| opinion.failure.as_ref()) {
        print_error(&format!("{}: FAILED under Icarus Verilog\n  {failure}\n", report.preset));
    }
    Ok(())
}

/// One line a config, the same wherever results are shown as text.
pub(super) fn line(report: &Report) -> String {
    let verdict = match (report.mismatches, report.compared) {
        (0, 0) => "NOTHING COMPARED".to_string(),
        (0, _) if report.exhaustive => "exhaustive, all equal".to_string(),
        (0, _) => "all equal".to_string(),
        (mismatches, _) => format!("{mismatches} MISMATCHES"),
    };
    let domain = report.domain.map_or("unbounded".to_string(), |domain| domain.to_string());
    let four_state = match &report.four_state {
        None => String::new(),
        Some(FourState { compared, failure: None }) => format!(", {compared} four-state"),
        Some(_) => ", FOUR-STATE MISMATCH".to_string(),
    };
    format!(
        "{:<22} domain {domain:>10}  compared {:>10}  {verdict}{four_state} ({:.1} M/s)\n",
        report.preset,
        report.compared,
        report.rate() / 1e6,
    )
}
