//! `qrtl verify`: compares RTL with its reference.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::count::count;
use super::network::{self, NetworkOptions, RecordedFiles};
use super::progress::ProgressBar;
use super::project::project_configs;
use super::rtl_options::RtlOptions;
use super::select::Select;
use super::watchdog::Watchdog;
use super::{CliError, ExitStatus, OutputFormat, print_error, print_json, print_verdict};
use crate::files::output;
use crate::network::NetworkParameters;
use crate::simulation::{CoverageModels, Models, SimulationEngine};
use crate::stimulus::Shard;
use crate::toolchain::environment::Environment;
use crate::toolchain::parallel;
use crate::unit::Config;
use crate::verification::{Effort, Icarus, Progress, Report, Results, Verification, wrong_module};
use crate::{catalogue, generator, report};

/// Co-simulate units and compare every output with the reference
///
/// The name of a unit selects all of its presets. Input spaces of at most 2^24 values are swept
/// exhaustively; larger ones, and units with state, get random transactions with corner cases. Without a
/// unit, the configs of qrtl.toml are verified.
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
  qrtl verify int8_mac --rtl mac.sv --top mac_core --map rst=!rst_n,a=x,b=w,accum=sum -G WIDTH=8
  qrtl verify int8_mac --coverage --four-state")]
pub(super) struct Args {
    /// Units, presets or network files to verify; without one, all configs of qrtl.toml
    #[arg(conflicts_with = "all")]
    units: Vec<String>,
    #[command(flatten)]
    select: Select,
    #[command(flatten)]
    network: NetworkOptions,
    /// Verify every preset
    #[arg(long, conflicts_with_all = ["preset", "sets", "target", "objective", "dsp", "weights"])]
    all: bool,
    /// Drive N random transactions where the input space is not swept exhaustively
    #[arg(long, value_name = "N", default_value_t = 1 << 20, value_parser = |text: &str| count::<u64>(text, 1..=1 << 40))]
    cases: u64,
    /// Seed the random transactions with S
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Sweep the input space exhaustively even when it is larger than 2^24
    #[arg(long)]
    exhaustive: bool,
    /// Select the simulation engine: `sliced` steps the gates of 512 instances at once, after a check
    /// against the Verilated model; `auto` uses it for long runs of bit-level logic
    #[arg(long, value_enum, default_value_t = SimulationEngine::Auto)]
    engine: SimulationEngine,
    /// Verify the I-th of N shards of each stimulus; `qrtl report merge` merges the JSON of all shards
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Also drive the frames of X.npy into a network, and compare with the reference or with --expect
    #[arg(long, value_name = "X.npy")]
    inputs: Option<PathBuf>,
    /// Compare the outputs of these frames with Y.npy, for example recorded from a runtime
    #[arg(long, value_name = "Y.npy", requires = "inputs")]
    expect: Option<PathBuf>,
    #[command(flatten)]
    rtl: RtlOptions,
    /// Abort if the design makes no progress for S seconds
    #[arg(long, value_name = "S", default_value_t = 300, requires = "files", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    time_limit: u64,
    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a folder for each config that fails: the shortest stimulus as a Verilog testbench for
    /// any simulator, its waveform, the Verilog, and the commands to run them
    #[arg(long, value_name = "DIR")]
    failures: Option<PathBuf>,
    /// Record branch and toggle coverage, and list what was not covered
    #[arg(long)]
    coverage: bool,
    /// Also run the self-checking testbench under Icarus Verilog, with registers initially unknown:
    /// no X may reach an output after reset
    #[arg(long)]
    four_state: bool,
    /// Write the results as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let configs = configs(args)?;
    let has_network = configs.iter().any(|(config, _)| is_network(config));
    if !has_network && (args.network.is_set() || args.inputs.is_some()) {
        return Err(network::only_for_networks(
            "--profile, --cycles, --multipliers, --fold, --inputs or --expect",
        ));
    }
    if has_network && !args.select.is_only_technology() {
        return Err(network::only_for_units());
    }
    args.rtl.require_one(configs.len())?;
    // A run of hours must not fail when it writes its results.
    let readme = args.failures.as_ref().map(|folder| folder.join("README.txt"));
    output::check_all(readme.iter().chain(&args.junit).chain(&args.html))?;
    let icarus = args.four_state.then(|| Icarus::find(&Environment::of_process())).transpose()?;
    let models = args.rtl.models(super::discover_models()?)?;
    let coverage_models = CoverageModels::new(&models);
    let models: &dyn Models = if args.coverage { &coverage_models } else { &models };
    let mut reports = Vec::new();
    for (config, weights) in &configs {
        let report = verify(args, config, weights.as_deref(), models, icarus.as_ref())?;
        show(&report, args.format)?;
        reports.push(report);
    }
    let results = Results::new(args.shard, reports);
    show_end(&results, args.format)?;
    if let Some(path) = &args.junit {
        output::write_if_changed(path, report::junit(&results))?;
    }
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_verify(&results, &super::command_line()))?;
    }
    Ok(ExitStatus::success_if(results.passed()))
}

fn verify(
    args: &Args,
    config: &Config,
    weights: Option<&Path>,
    models: &dyn Models,
    icarus: Option<&Icarus>,
) -> Result<Report, CliError> {
    let verilog = if args.rtl.is_set() { args.rtl.text(config)? } else { generator::render(config) };
    let is_network = is_network(config);
    if is_network {
        network::announce_build(config);
    }
    let effort = effort(args, config);
    let is_first_shard = effort.shard.is_first();
    let progress = WatchedProgress::new(args, config);
    let mut report = Verification::new(config, models)
        .verilog(&verilog)
        .verilog_options(args.rtl.arguments())
        .weights_file(weights)
        .effort(effort)
        .progress(&progress)
        .run()
        .map_err(|error| args.rtl.located(config, error))?;
    drop(progress);
    if let Some(reason) = &report.unsliced {
        super::print_notice(&format!("{}: not bit-sliced: {reason}", report.preset));
    }
    if let Some(inputs) = args.inputs.as_deref().filter(|_| is_network) {
        let frames = RecordedFiles { inputs, expect: args.expect.as_deref(), seed: args.seed };
        report.recorded = Some(network::check_frames(config, &verilog, models, &frames)?);
    }
    // Where only recorded frames differ, the RTL equals the reference: no module is wrong.
    if is_network && report.mismatches > 0 {
        report.wrong_module = Some(wrong_module(config, &verilog, models)?);
    }
    if let Some(icarus) = icarus.filter(|_| is_first_shard) {
        let verilog = args.rtl.unconfined_text(config, &verilog)?;
        report.four_state = Some(icarus.verify(config, &verilog)?);
    }
    Ok(report)
}

fn effort(args: &Args, config: &Config) -> Effort {
    let is_sequential = config.behaviour().has_history();
    Effort {
        cases: args.cases,
        seed: args.seed,
        // With --all, units without a finite input space get random transactions.
        exhaustive: args.exhaustive && !(args.all && is_sequential),
        engine: args.engine,
        threads: parallel::threads(),
        shard: args.shard.unwrap_or(Shard::WHOLE),
        failures: args.failures.clone(),
        ..Effort::default()
    }
}

/// A progress bar, and a watchdog for Verilog that was not generated here.
struct WatchedProgress {
    bar: ProgressBar,
    watchdog: Option<Watchdog>,
}

impl WatchedProgress {
    fn new(args: &Args, config: &Config) -> Self {
        Self { bar: ProgressBar::new(config.name()), watchdog: args.rtl.watchdog(args.time_limit) }
    }
}

impl Progress for WatchedProgress {
    fn begin(&self, total: u64) {
        self.bar.begin(total);
    }

    fn advance(&self, steps: u64) {
        self.watchdog.iter().for_each(Watchdog::restart);
        self.bar.advance(steps);
    }
}

fn is_network(config: &Config) -> bool {
    config.try_parameters::<NetworkParameters>().is_some()
}

/// The configs to verify, each with the file of its weights.
fn configs(args: &Args) -> Result<Vec<(Config, Option<PathBuf>)>, CliError> {
    if args.all {
        return Ok(catalogue::presets().map(|config| (config, None)).collect());
    }
    if args.units.is_empty() {
        let configs = project_configs(&args.select, &args.network)?.ok_or(
            "nothing to verify: name units, presets or networks (`qrtl list` shows them), give --all, or list the \
             configs of your project in a qrtl.toml",
        )?;
        return Ok(configs.into_iter().map(|own| (own.config, own.weights)).collect());
    }
    let mut configs: Vec<Config> = Vec::new();
    for name in &args.units {
        if let Some(path) = network::path(name) {
            configs.push(network::hardware(path, &args.network, &args.select)?.config);
            continue;
        }
        if args.rtl.is_set() {
            configs.push(args.select.config(name)?);
        } else {
            configs.extend(args.select.configs(name)?);
        }
    }
    let mut seen = HashSet::new();
    configs.retain(|config| seen.insert(config.name().to_string()));
    let weights = args.select.weights_file().map(Path::to_path_buf);
    Ok(configs.into_iter().map(|config| (config, weights.clone())).collect())
}

/// Prints the verdict over all configs, or the results as JSON.
pub(super) fn show_end(results: &Results, format: OutputFormat) -> Result<(), CliError> {
    match format {
        OutputFormat::Text => results.verdict().map_or(Ok(()), |verdict| print_verdict(&verdict)),
        OutputFormat::Json => print_json(results),
    }
}

/// Prints the summary of a config to stdout and its failures to stderr.
pub(super) fn show(report: &Report, format: OutputFormat) -> Result<(), CliError> {
    if format == OutputFormat::Text {
        print_verdict(&report.summary())?;
    }
    print_error(&report.explanation());
    Ok(())
}
