//! `qrtl rules`: lists, compares and identifies rounding rules.

use std::path::{Path, PathBuf};

use super::progress::ProgressBar;
use super::scaling::Scaling;
use super::{CliError, ExitStatus, OutputFormat, print, print_json};
use crate::arithmetic::rescale::Rule;
use crate::files::output;
use crate::files::tensor::write_npy;
use crate::report;
use crate::rules::{RuleDescription, RuleListing, compare_rules, identify as identify_rules};
use crate::verification::Progress;

/// List, compare or identify rounding rules
///
/// Without options, lists the rules and the runtimes that use them; with the name of a rule, works out numbers.
/// --compare counts the accumulators on which
/// each pair of rules differs, in a sample or among all 2^32. --identify finds the rules that reproduce recorded
/// outputs, and exits with 1 if there is none, or if too few outputs near ties were seen to name the only one left.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl rules
  qrtl rules gemmlowp
  qrtl rules --compare --multiplier 1185020333 --shift -7 --zero-point -3
  qrtl rules --compare --scale 0.0043 --exhaustive --html build/rules.html
  qrtl rules --identify acc.npy out.npy --multiplier 1185020333 --shift -7 --separate more.npy
  qrtl rules --identify acc.npy out.npy --input-scale 0.0235 --weight-scale 0.00414 --output-scale 0.0617")]
pub(super) struct Args {
    /// Describe this rule and work out numbers
    #[arg(conflicts_with_all = ["compare", "identify"])]
    rule: Option<Rule>,
    /// Compare every pair of rules at one scale
    #[arg(long, conflicts_with = "identify")]
    compare: bool,
    /// Compare every rule with outputs OUT.npy recorded for accumulators ACC.npy
    #[arg(long, num_args = 2, value_names = ["ACC.npy", "OUT.npy"])]
    identify: Option<Vec<PathBuf>>,
    /// Write accumulators that separate the rules, to be run through the runtime: int64, rows of channels
    #[arg(long, value_name = "NPY", requires = "identify")]
    separate: Option<PathBuf>,
    #[command(flatten)]
    scaling: Scaling,
    /// Compare all 2^32 accumulators instead of a sample
    #[arg(long, requires = "compare")]
    exhaustive: bool,
    /// Also write the comparison as an HTML page
    #[arg(long, value_name = "FILE", requires = "compare")]
    html: Option<PathBuf>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    match args.identify.as_deref() {
        Some([acc, out]) => identify(args, acc, out),
        _ if args.compare => compare(args),
        _ if args.scaling != Scaling::default() => {
            Err("a scale or code format is given, but nothing to compare: add --compare, or --identify ACC.npy OUT.npy".into())
        }
        _ => list(args.rule, args.format),
    }
}

fn compare(args: &Args) -> Result<ExitStatus, CliError> {
    let (sources, format) = (args.scaling.sources()?, args.scaling.format()?);
    let progress = ProgressBar::new("comparing");
    let begin = |total| progress.begin(total);
    let comparison = compare_rules(&sources, format, args.exhaustive, begin, |step| progress.advance(step))?;
    drop(progress);
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_rules(&comparison))?;
    }
    match args.format {
        OutputFormat::Text => print(&comparison.to_string())?,
        OutputFormat::Json => print_json(&comparison)?,
    }
    Ok(ExitStatus::Success)
}

fn identify(args: &Args, acc: &Path, recorded: &Path) -> Result<ExitStatus, CliError> {
    let Scaling { bits, unsigned, .. } = args.scaling;
    let (acc, recorded) = (acc.to_path_buf().into(), recorded.to_path_buf().into());
    let identification = identify_rules(acc, recorded, &args.scaling.sources()?, bits, unsigned)?;
    if let Some(path) = &args.separate {
        write_npy(path, &identification.separating_array())?;
    }
    match args.format {
        OutputFormat::Text => print(&identification.to_string())?,
        OutputFormat::Json => print_json(&identification)?,
    }
    Ok(ExitStatus::success_if(identification.is_explained()))
}

fn list(rule: Option<Rule>, format: OutputFormat) -> Result<ExitStatus, CliError> {
    match (rule, format) {
        (Some(rule), OutputFormat::Text) => print(&RuleDescription::from(rule).to_string())?,
        (Some(rule), OutputFormat::Json) => print_json(&RuleListing::one(rule))?,
        (None, OutputFormat::Text) => print(&RuleListing::all().to_string())?,
        (None, OutputFormat::Json) => print_json(&RuleListing::all())?,
    }
    Ok(ExitStatus::Success)
}
