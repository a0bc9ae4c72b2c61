//! `qrtl mutate`: scores the verification, or a user's vectors, by the mutants they kill.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

use super::count::count;
use super::network::{self, NetworkOptions};
use super::progress::{ProgressBar, prepare_tools};
use super::rtl_options::RtlOptions;
use super::select::Select;
use super::{CliError, ExitStatus, OutputFormat, print, print_error, print_json, print_notice};
use crate::catalogue;
use crate::files::output;
use crate::files::tensor::read_npz;
use crate::generator::render;
use crate::mutation::{Baseline, Campaign, Options, Score, Vectors};
use crate::report;
use crate::toolchain::environment::Environment;
use crate::toolchain::parallel::in_parallel;
use crate::unit::Config;
use crate::verification::{Effort, Progress};

/// The committed scores.
const BASELINE: &str = "data/mutation.json";

/// Inject faults into units and count those that the verification detects
///
/// Half of the mutants are typical design errors (a dropped sign extension, a truncated product, a tie that is
/// rounded the wrong way); in the others, one bit of an operator is stuck or inverted. Each mutant is verified
/// as by `verify`. If it is not killed, a solver looks for a proof of equivalence or for a difference: the
/// mutant is equivalent, undetected within the stated bounds, or has survived. Exits with 1 if one survives.
/// The name of a unit selects all of its presets. The tools are pinned and fetched on first use.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl mutate int8_mac
  qrtl mutate requantizer --format json
  qrtl mutate --all --check
  qrtl mutate requantizer --vectors theirs.npz
  qrtl mutate int8_mac --rtl mac.v --top mac_core --map a=x,b=w,accum=sum
  qrtl mutate digits.tflite --mutants 50 --time-limit 2
  qrtl mutate mac --set a_bits=4 --mutants 1000 --seed 7")]
pub(super) struct Args {
    /// Units, presets or network files
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    units: Vec<String>,
    #[command(flatten)]
    select: Select,
    #[command(flatten)]
    network: NetworkOptions,
    /// Select every preset of the units without streams
    #[arg(long, conflicts_with_all = ["preset", "sets", "target", "objective", "dsp", "weights"])]
    all: bool,
    /// Score these vectors: arrays named after the ports, one row per transaction; if there are no outputs,
    /// the reference computes them. The name of a unit then selects its default config
    #[arg(long, value_name = "X.npz", conflicts_with_all = ["all", "baseline", "check"])]
    vectors: Option<PathBuf>,
    #[command(flatten)]
    rtl: RtlOptions,
    /// Generate N mutants of each config
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = |text: &str| count::<u32>(text, 1..=4096))]
    mutants: u32,
    /// Choose the mutants with seed S
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Limit each query of the solver to S seconds
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: u64,
    /// Write the scores, without times, to this file; scores of other presets in it are kept
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    baseline: Option<PathBuf>,
    /// Compare with the scores in FILE, and exit with 1 if one differs, not if a mutant survives;
    /// mutants listed there as equivalent or undetected go to the solver again only if the module changed
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = BASELINE)]
    check: Option<PathBuf>,
    /// Write the results as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let configs = configs(args)?;
    args.rtl.require_one(configs.len())?;
    output::check_all(&args.html)?;
    let known = args.check.as_deref().map(read).transpose()?;
    let written = args.baseline.as_deref().map(|path| written(path, args)).transpose()?;
    let vectors = match &args.vectors {
        Some(path) => {
            let vectors = Vectors::new(&configs[0], read_npz(path)?);
            Some(vectors.map_err(|error| format!("{}: {error}", path.display()))?)
        }
        None => None,
    };
    let options = Options {
        mutants: args.mutants as usize,
        seed: args.seed,
        effort: Effort::default(),
        time_limit: Duration::from_secs(args.time_limit),
        known: known.clone(),
    };
    let campaign = prepare_tools(|| Campaign::open(&Environment::of_process(), options, &print_notice))?;
    let survived = if vectors.is_some() { "MISSED by the vectors" } else { "SURVIVED" };
    let clock = Instant::now();
    let progress = ProgressBar::new("mutate");
    progress.begin(configs.len() as u64 * u64::from(args.mutants));
    let scores = in_parallel(&configs, |config| {
        let verilog = if args.rtl.is_set() { args.rtl.text(config)? } else { render(config) };
        let score = campaign.score(config, &verilog, vectors.as_ref(), &|| progress.advance(1))?;
        if args.format == OutputFormat::Text {
            print(&format!("{score}\n"))?;
        }
        for mutant in &score.survivors {
            print_error(&format!("{}: {survived}: {mutant}\n", score.preset));
        }
        for mutant in score.undetected.iter().filter(|_| args.check.is_none()) {
            print_error(&format!("{}: {}: {mutant}\n", score.preset, undetected(&score)));
        }
        Ok::<_, CliError>(score)
    })?;
    drop(progress);
    let seconds = clock.elapsed().as_secs_f64();
    let baseline = Baseline::new(args.mutants as usize, args.seed, &scores);
    match args.format {
        OutputFormat::Text => print(&summary(&scores, seconds))?,
        OutputFormat::Json => print_json(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "seed": args.seed,
            "seconds": seconds,
            "results": scores,
        }))?,
    }
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_scores(&scores, &super::command_line()))?;
    }
    let differences = known.map_or(Vec::new(), |known| known.differences(&baseline));
    if let (Some(path), Some(mut written)) = (&args.baseline, written) {
        written.update(baseline);
        output::write_if_changed(path, serde_json::to_string_pretty(&written)? + "\n")?;
    }
    differences.iter().for_each(|line| print_error(&format!("{line}\n")));
    // Survivors listed in the baseline do not fail --check.
    let passed = args.check.is_some() || scores.iter().all(Score::passed);
    Ok(ExitStatus::success_if(differences.is_empty() && passed))
}

fn configs(args: &Args) -> Result<Vec<Config>, CliError> {
    if args.all {
        return Ok(catalogue::measured_presets().collect());
    }
    if args.vectors.is_some() {
        return match args.units.as_slice() {
            [unit] => Ok(vec![args.select.config(unit)?]),
            _ => Err("--vectors scores one config; name one unit or preset".into()),
        };
    }
    let has_network = args.units.iter().any(|name| network::path(name).is_some());
    if !has_network && args.network.is_set() {
        return Err(network::only_for_networks("--profile, --cycles, --multipliers or --fold"));
    }
    let mut configs: Vec<Config> = Vec::new();
    for name in &args.units {
        match network::path(name) {
            Some(path) => configs.push(network::hardware(path, &args.network, &args.select)?.config),
            None => configs.extend(args.select.configs(name)?),
        }
    }
    let mut seen = std::collections::HashSet::new();
    configs.retain(|config| seen.insert(config.name().to_string()));
    Ok(configs)
}

/// The scores that new ones are added to: those of an existing file, or none.
fn written(path: &Path, args: &Args) -> Result<Baseline, CliError> {
    output::check(path)?;
    let own = Baseline::new(args.mutants as usize, args.seed, &[]);
    if !path.exists() {
        return Ok(own);
    }
    let known = read(path)?;
    match known.differences(&own).as_slice() {
        [] => Ok(known),
        [difference, ..] => Err(format!("{}: {difference}; name another file", path.display()).into()),
    }
}

/// Reads the scores of a file.
pub(super) fn read(path: &Path) -> Result<Baseline, CliError> {
    let fix = "write it with qrtl mutate --all --baseline";
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}; {fix}", path.display()))?;
    let baseline = serde_json::from_str(&text);
    Ok(baseline.map_err(|error| format!("{} holds no scores: {error}; {fix}", path.display()))?)
}

/// The bounds of the search for a difference in undetected mutants.
fn undetected(score: &Score) -> String {
    let (cycles, vectors) = (score.bounds.cycles.unwrap_or_default(), score.bounds.vectors);
    format!("UNDETECTED, no difference found within {cycles} cycles and {vectors} vectors")
}

fn summary(scores: &[Score], seconds: f64) -> String {
    let sum = |count: fn(&Score) -> usize| scores.iter().map(count).sum::<usize>();
    format!(
        "{} mutants of {} module{}: {} killed, {} equivalent, {} undetected, {} survived, in {seconds:.0} s\n",
        sum(|score| score.total.mutants),
        scores.len(),
        if scores.len() == 1 { "" } else { "s" },
        sum(|score| score.total.killed),
        sum(|score| score.total.equivalent),
        sum(|score| score.total.undetected),
        sum(|score| score.total.survived),
    )
}
