//! `qrtl sweep`: every legal combination of parameter values against the reference.

use std::path::PathBuf;
use std::time::Instant;

use super::progress::Progress;
use super::{CliError, ExitStatus, OutputFormat, discover_models, print, print_error, print_json};
use crate::catalogue::unit;
use crate::files::output;
use crate::stimulus::Shard;
use crate::unit::Grid;
use crate::verification::sweep::{Sweep, sweep};
use crate::{generator, report};

/// Verify every combination of parameter values, many configs in one build
///
/// Combinations that the unit's own rules exclude are counted and left out. A config with at most
/// --cases input values is swept whole; others get as many random transactions with corners.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl sweep multiplier --set a_bits=2..=8 --set b_bits=2..=8 --set stages=0,1,2
  qrtl sweep mac --set a_bits=2..=8 --set acc_bits=16,24,32 --set overflow=wrap,saturate
  qrtl sweep requantizer --set rule=gemmlowp,ruy --set out_bits=4..=8 --cases 1000000 --seed 7
  qrtl sweep multiplier --set a_bits=2..=16 --html build/sweep.html --junit build/sweep.xml")]
pub(super) struct Args {
    /// The unit
    unit: String,
    /// Values of a parameter: lo..=hi, or numbers and words with commas; `qrtl list UNIT` shows them
    #[arg(long = "set", value_name = "K=VALUES", required = true)]
    sets: Vec<String>,
    /// Random transactions for a config with more input values than this
    #[arg(long, value_name = "N", default_value_t = 1 << 16, value_parser = clap::value_parser!(u64).range(1..=1 << 40))]
    cases: u64,
    /// Seed of the random transactions
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Verify the I-th of N parts of the configs; `qrtl report merge` adds up the JSON of all parts
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the results as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// How to write the results
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

/// Failing configs that are explained on stderr; all are in the JSON, the XML and the page.
const EXPLAINED: usize = 4;

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let grid = Grid::new(unit(&args.unit)?, &args.sets)?;
    let (mut configs, refused) = grid.configs()?;
    let part = args.shard.unwrap_or(Shard::WHOLE).range(configs.len() as u64);
    configs.truncate(part.end as usize);
    configs.drain(..part.start as usize);
    output::check_all(args.junit.iter().chain(&args.html))?;
    let models = discover_models()?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let effort = Sweep::effort(args.cases, args.seed, threads);
    let progress = Progress::new(&args.unit);
    progress.begin(configs.len() as u64);
    let clock = Instant::now();
    let reports = sweep(&configs, &generator::render, &models, &effort, &|| progress.advance(1))?;
    let seconds = clock.elapsed().as_secs_f64();
    drop(progress);
    let sweep = Sweep::new(&grid, refused, &effort, seconds, &configs, reports).of_shard(args.shard);
    show(&sweep, args.format)?;
    if let Some(path) = &args.junit {
        let reports = sweep.results.iter().map(|point| &point.report);
        output::write_if_changed(path, report::junit("sweep", reports))?;
    }
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_sweep(&sweep))?;
    }
    Ok(ExitStatus::success_if(sweep.passed()))
}

/// What is printed and told of a sweep, the same for a run and for merged shards.
pub(super) fn show(sweep: &Sweep, format: OutputFormat) -> Result<(), CliError> {
    match format {
        OutputFormat::Text => print(&sweep.to_string())?,
        OutputFormat::Json => print_json(sweep)?,
    }
    for point in sweep.failures().take(EXPLAINED) {
        if let Some(failure) = &point.report.failure {
            print_error(&format!("{}: FAILED\n{failure}", point.report.preset));
        }
    }
    Ok(())
}
