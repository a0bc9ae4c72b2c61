//! `qrtl rules`: which rounding rules there are, how far apart they are, which of them somebody used.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::progress::ProgressBar;
use super::scaling::Scaling;
use super::{CliError, ExitStatus, OutputFormat, print, print_json};
use crate::arithmetic::rescale::Rule;
use crate::files::output;
use crate::report;
use crate::rules::{compare_rules, identify_file};
use crate::verification::Progress;

/// Show the rounding rules and who uses them, compare them, or find out which one made recorded outputs
///
/// --compare counts the accumulators on which each pair of rules differs: ties, powers of two, both ends and
/// random ones, or all 2^32. --identify exits with 1 when no rule explains every recorded output.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl rules
  qrtl rules --compare --multiplier 1185020333 --shift -7 --zero-point -3
  qrtl rules --compare --scale 0.0043 --exhaustive --html build/rules.html
  qrtl rules --identify acc.npy out.npy --multiplier 1185020333 --shift -7")]
pub(super) struct Args {
    /// Compare every pair of rules at one scale
    #[arg(long, conflicts_with = "identify")]
    compare: bool,
    /// Hold every rule against the outputs recorded for accumulators
    #[arg(long, num_args = 2, value_names = ["ACC.npy", "OUT.npy"])]
    identify: Option<Vec<PathBuf>>,
    #[command(flatten)]
    scaling: Scaling,
    /// Compare all 2^32 accumulators instead of a sample
    #[arg(long, requires = "compare")]
    exhaustive: bool,
    /// Write the comparison as a page too
    #[arg(long, value_name = "FILE", requires = "compare")]
    html: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    match args.identify.as_deref() {
        Some([acc, out]) => identify(args, acc, out),
        _ if args.compare => compare(args),
        _ if args.scaling != Scaling::default() => {
            Err("numbers alone ask nothing: add --compare, or --identify ACC.npy OUT.npy".into())
        }
        _ => table(args.format),
    }
}

fn compare(args: &Args) -> Result<ExitStatus, CliError> {
    let (given, format) = (args.scaling.given()?, args.scaling.format()?);
    let progress = ProgressBar::new("comparing");
    let begin = |total| progress.begin(total);
    let compared = compare_rules(&given, format, args.exhaustive, begin, |step| progress.advance(step))?;
    drop(progress);
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_rules(&compared))?;
    }
    match args.format {
        OutputFormat::Text => print(&compared.to_string())?,
        OutputFormat::Json => print_json(&compared)?,
    }
    Ok(ExitStatus::Success)
}

fn identify(args: &Args, acc: &Path, recorded: &Path) -> Result<ExitStatus, CliError> {
    let Scaling { bits, unsigned, .. } = args.scaling;
    let identified = identify_file(acc, recorded, &args.scaling.given()?, bits, unsigned)?;
    match args.format {
        OutputFormat::Text => print(&identified.to_string())?,
        OutputFormat::Json => print_json(&identified)?,
    }
    Ok(ExitStatus::success_if(identified.is_explained()))
}

fn table(format: OutputFormat) -> Result<ExitStatus, CliError> {
    match format {
        OutputFormat::Json => {
            let view = |rule: Rule| -> Json {
                let shifts = rule.shifts().map(|shifts| [*shifts.start(), *shifts.end()]);
                json!({
                    "rule": rule,
                    "equation": rule.equation(),
                    "formula": rule.formula(),
                    "used_by": rule.used_by(),
                    "shifts": shifts,
                    "max_acc_bits": rule.max_acc_bits(),
                })
            };
            print_json(&json!({ "rules": Rule::ALL.map(view) }))?;
        }
        OutputFormat::Text => {
            for rule in Rule::ALL {
                let equation = format!("({})", rule.equation());
                print(&format!("{rule:<11}{equation}  {}\n", rule.formula()))?;
                print(&format!("{:<11}used by {}\n", "", rule.used_by()))?;
            }
        }
    }
    Ok(ExitStatus::Success)
}
