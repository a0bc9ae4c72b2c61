//! `qrtl requantize`: converts a tensor of accumulators to codes.

use std::path::PathBuf;

use super::engine::EngineOption;
use super::scaling::Scaling;
use super::{CliError, ExitStatus, OutputFormat, print, print_json};
use crate::arithmetic::rescale::Rule;
use crate::quantization::requantize::requantize_file;

/// Requantize an int32 or int64 npy file of accumulators under a named rounding rule
///
/// Prints the numbers in the form that the rule uses. `qrtl rules` lists the rules.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl requantize acc.npy --rule gemmlowp --multiplier 1185020333 --shift -7 --zero-point -3 -o codes.npy
  qrtl requantize acc.npy --rule f32 --scale scales.npy --unsigned --zero-point 128 -o codes.npy
  qrtl requantize acc.npy --rule single --multiplier q.npy --shift s.npy --engine rtl -o codes.npy")]
pub(super) struct Args {
    /// npy file of accumulators: int32, or int64 for wider ones
    input: PathBuf,
    /// Select the rounding rule
    #[arg(long)]
    rule: Rule,
    #[command(flatten)]
    scaling: Scaling,
    /// Compute the codes with the RTL or with the reference
    #[arg(long, value_enum, default_value_t = EngineOption::Reference)]
    engine: EngineOption,
    /// Write the codes to this npy file: int8, uint8, int16 or uint16
    #[arg(short, long)]
    output: PathBuf,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let (sources, format) = (args.scaling.sources()?, args.scaling.format()?);
    let engine = args.engine.engine();
    let summary = requantize_file(&args.input, args.rule, &sources, format, engine, &args.output)?;
    match args.format {
        OutputFormat::Text => print(&summary.to_string())?,
        OutputFormat::Json => print_json(&summary)?,
    }
    Ok(ExitStatus::Success)
}
