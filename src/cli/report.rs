//! `qrtl report`: merges results.

use std::path::PathBuf;

use clap::Subcommand;

use super::{CliError, ExitStatus, OutputFormat, sweep, verify};
use crate::files::output;
use crate::report;
use crate::verification::VerbResults;
use crate::verification::merge::MergedResults;

/// Merge the results of the shards of a job
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl report merge 1.json 2.json")]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Merge(Merge),
}

/// Merge the JSON of all shards into the results of the whole job
///
/// A shard that is missing, repeated or of another job is refused.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl verify int16_multiplier --exhaustive --shard 1/2 --format json > 1.json
  qrtl verify int16_multiplier --exhaustive --shard 2/2 --format json > 2.json
  qrtl report merge 1.json 2.json")]
struct Merge {
    /// Read the JSON that verify or sweep wrote with `--shard I/N --format json`, for every I
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the results of a sweep as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let Verb::Merge(args) = &args.verb;
    output::check_all(args.junit.iter().chain(&args.html))?;
    let files = args.files.iter().map(read).collect::<Result<Vec<_>, CliError>>()?;
    match MergedResults::merge(&files)? {
        MergedResults::Verify(_) if args.html.is_some() => {
            Err("--html shows sweeps, and these are results of verify; omit it".into())
        }
        MergedResults::Verify(results) => {
            results.results.iter().try_for_each(|report| verify::show(report, args.format))?;
            verify::show_end(&results, args.format)?;
            write_junit(args, &results)?;
            Ok(ExitStatus::success_if(results.passed()))
        }
        MergedResults::Sweep(sweep) => {
            sweep::show(&sweep, args.format)?;
            write_junit(args, sweep.as_ref())?;
            if let Some(path) = &args.html {
                output::write_if_changed(path, report::html_of_sweep(&sweep))?;
            }
            Ok(ExitStatus::success_if(sweep.passed()))
        }
    }
}

/// Path and text of a file.
fn read(path: &PathBuf) -> Result<(String, String), CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}; give the JSON file of a shard", path.display()))?;
    Ok((path.display().to_string(), text))
}

fn write_junit(args: &Merge, results: &dyn VerbResults) -> Result<(), CliError> {
    if let Some(path) = &args.junit {
        output::write_if_changed(path, report::junit(results))?;
    }
    Ok(())
}
