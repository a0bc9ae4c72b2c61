//! `qrtl sweep`: verifies every legal combination of parameter values.

use std::path::PathBuf;

use super::count::count;
use super::progress::ProgressBar;
use super::{CliError, ExitStatus, OutputFormat, discover_models, print_error, print_json, print_verdict};
use crate::catalogue::unit;
use crate::files::output;
use crate::report;
use crate::stimulus::Shard;
use crate::toolchain::parallel;
use crate::unit::Grid;
use crate::verification::sweep::{Sweep, SweepRun};

/// Verify every legal combination of parameter values, many configs in one build
///
/// Combinations that the unit's rules exclude are counted and skipped. A config with at most --cases
/// input values is swept exhaustively; others get as many random transactions with corner cases.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl sweep multiplier --set a_bits=2..=8 --set b_bits=2..=8 --set stages=0,1,2
  qrtl sweep mac --set a_bits=2..=8 --set acc_bits=16,24,32 --set overflow=wrap,saturate
  qrtl sweep requantizer --set rule=gemmlowp,ruy --set out_bits=4..=8 --cases 1000000 --seed 7
  qrtl sweep multiplier --set a_bits=2..=16 --html build/sweep.html --junit build/sweep.xml")]
pub(super) struct Args {
    /// Unit to sweep
    unit: String,
    /// Sweep parameter K over VALUES: lo..=hi, or a list with commas; `qrtl list UNIT` shows parameters
    #[arg(long = "set", value_name = "K=VALUES", required = true)]
    sets: Vec<String>,
    /// Drive N random transactions into a config with more than N input values
    #[arg(long, value_name = "N", default_value_t = 1 << 16, value_parser = |text: &str| count::<u64>(text, 1..=1 << 40))]
    cases: u64,
    /// Seed the random transactions with S
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Verify the I-th of N shards of the configs; `qrtl report merge` merges the JSON of all shards
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the results as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

/// Number of failing configs explained on stderr; JSON, JUnit and HTML explain all of them.
const MAX_EXPLAINED: usize = 4;

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let grid = Grid::new(unit(&args.unit)?, &args.sets)?;
    let progress = ProgressBar::new(&args.unit);
    let run = SweepRun::new(&grid)?
        .cases(args.cases)
        .seed(args.seed)
        .threads(parallel::threads())
        .shard(args.shard)
        .progress(&progress);
    output::check_all(args.junit.iter().chain(&args.html))?;
    let sweep = run.run(&discover_models()?)?;
    drop(progress);
    show(&sweep, args.format)?;
    if let Some(path) = &args.junit {
        output::write_if_changed(path, report::junit(&sweep))?;
    }
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_sweep(&sweep))?;
    }
    Ok(ExitStatus::success_if(sweep.passed()))
}

/// Prints a sweep to stdout and its first failures to stderr.
pub(super) fn show(sweep: &Sweep, format: OutputFormat) -> Result<(), CliError> {
    match format {
        OutputFormat::Text => print_verdict(&sweep.to_string())?,
        OutputFormat::Json => print_json(sweep)?,
    }
    for point in sweep.failures().take(MAX_EXPLAINED) {
        print_error(&point.report.explanation());
    }
    Ok(())
}
