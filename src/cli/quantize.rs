//! `qrtl quantize`: converts a tensor of reals to codes.

use std::path::PathBuf;

use super::{CliError, ExitStatus, OutputFormat, print, print_json};
use crate::arithmetic::quantizer::{Division, Granularity, QuantizerConfig, Scheme};
use crate::arithmetic::{Rounding, quantizer};
use crate::quantization::quantize::{NumberSource, ParameterSources, quantize_file};

/// Quantize a float32 or float64 npy file to integer codes
///
/// Prints the quantization parameters and the quantization error.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl quantize weights.npy --bits 4 --granularity channel:0 -o codes.npy
  qrtl quantize x.npy --scheme affine --unsigned --scale 0.05 --zero-point 128 -o codes.npy")]
pub(super) struct Args {
    /// npy file of float32 or float64; the computation uses the same type
    input: PathBuf,
    /// Set the width of a code in bits, 2 to 16
    #[arg(long, default_value_t = 8)]
    bits: u32,
    /// Use unsigned codes instead of two's complement
    #[arg(long)]
    unsigned: bool,
    /// Select how reals map to codes: symmetric (real 0 is code 0), affine (integer zero point), offset (real offset)
    #[arg(long, default_value_t = Scheme::Symmetric)]
    scheme: Scheme,
    /// Select the elements that share a scale: tensor, channel:AXIS or block:AXIS:SIZE; -1 is the last axis
    #[arg(long, default_value_t = Granularity::Tensor)]
    granularity: Granularity,
    /// Select the rounding: even (ties to even), away (ties away from zero) or truncate (toward zero)
    #[arg(long, default_value_t = Rounding::HalfEven)]
    rounding: Rounding,
    /// Multiply by the rounded reciprocal of the scale instead of dividing, as PyTorch does
    #[arg(long)]
    reciprocal: bool,
    /// Use this scale instead of deriving one: a number, or an npy file with one number per channel
    #[arg(long, value_name = "NUMBER|NPY")]
    scale: Option<NumberSource>,
    /// Use this zero point: a number, or an npy file with one number per channel
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    zero_point: Option<NumberSource>,
    /// Use this offset, the real number of the smallest code: a number or an npy file
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    offset: Option<NumberSource>,
    /// Write the codes to this npy file: int8, uint8, int16 or uint16
    #[arg(short, long)]
    output: PathBuf,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let format = quantizer::CodeFormat::new(args.bits, !args.unsigned)?;
    let Args { scheme, granularity, rounding, .. } = *args;
    let division = if args.reciprocal { Division::Reciprocal } else { Division::Exact };
    let config = QuantizerConfig { format, scheme, granularity, rounding, division };
    let sources = ParameterSources {
        scale: args.scale.clone(),
        zero_point: args.zero_point.clone(),
        offset: args.offset.clone(),
    };
    let summary = quantize_file(&args.input, config, &sources, &args.output)?;
    match args.format {
        OutputFormat::Text => print(&summary.to_string())?,
        OutputFormat::Json => print_json(&summary)?,
    }
    Ok(ExitStatus::Success)
}
