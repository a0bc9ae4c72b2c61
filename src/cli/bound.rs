//! `qrtl bound`: the least accumulator of weights or of a network's layers.

use std::path::{Path, PathBuf};

use super::network::{path as network_path, tensor_path};
use super::{CliError, ExitStatus, OutputFormat, print, print_json};
use crate::files::tensor::write_npy;
use crate::network::{AccumulatorListing, Network, Profile};
use crate::quantization::bound::{InputRange, bound_accumulator};

/// Find the least accumulator that cannot overflow, and the input that needs its last bit
///
/// Weights are an npy file of integers: one row, or a matrix with one row per output. A .tflite or .onnx file is
/// bounded layer by layer. The input that is written wraps an accumulator that is one bit narrower; with --saturate,
/// it is one on which an accumulator that saturates gives another, small sum.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl bound --weights w.npy --input-bits 8
  qrtl bound --weights w.npy --input-range 0..15 --bias b.npy --output worst.npy
  qrtl bound --weights w.npy --input-bits 8 --saturate 16 --output worst.npy
  qrtl bound kws.tflite --output build/worst")]
pub(super) struct Args {
    /// Network file; without one, give --weights
    #[arg(conflicts_with = "weights")]
    network: Option<PathBuf>,
    /// npy file of integer weights
    #[arg(long, value_name = "NPY")]
    weights: Option<PathBuf>,
    /// npy file of integer biases, one per row of the weights
    #[arg(long, value_name = "NPY", requires = "weights")]
    bias: Option<PathBuf>,
    /// Set the width of the signed input codes, 2 to 32 [default: 8]
    #[arg(long, value_name = "N", requires = "weights", value_parser = clap::value_parser!(u32).range(2..=32))]
    input_bits: Option<u32>,
    /// Set the smallest and the largest input code, instead of the width
    #[arg(
        long,
        value_name = "A..B",
        requires = "weights",
        conflicts_with = "input_bits",
        value_parser = range,
        allow_hyphen_values = true
    )]
    input_range: Option<InputRange>,
    /// Find an input on which an accumulator of N bits that saturates gives another sum
    #[arg(long, value_name = "N", requires = "weights", value_parser = clap::value_parser!(u32).range(2..=63))]
    saturate: Option<u32>,
    /// Reproduce the bytes of this runtime: tflm, litert-reference, litert-optimized, ort
    #[arg(long, value_name = "P", conflicts_with = "weights")]
    profile: Option<Profile>,
    /// Write the input to this npy file; for a network, the input of each layer to this folder
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    match (&args.network, &args.weights) {
        (Some(network), _) => of_network(args, network),
        (None, Some(weights)) => of_weights(args, weights),
        (None, None) => Err("nothing to bound: give --weights W.npy, or a .tflite or .onnx file".into()),
    }
}

fn of_weights(args: &Args, weights: &Path) -> Result<ExitStatus, CliError> {
    let half = 1i64 << (args.input_bits.unwrap_or(8) - 1);
    let input = args.input_range.unwrap_or(InputRange { min: -half, max: half - 1 });
    let bias = args.bias.clone().map(Into::into);
    let bound = bound_accumulator(weights.to_path_buf().into(), bias, input, args.saturate)?;
    if let Some(path) = &args.output {
        write_npy(path, &bound.input_array())?;
    }
    match args.format {
        OutputFormat::Text => print(&bound.to_string())?,
        OutputFormat::Json => print_json(&bound)?,
    }
    let is_shown = args.saturate.is_none() || bound.saturation.is_some();
    if !is_shown {
        super::print_notice("no input shows the saturation: every sum whose total fits is exact");
    }
    Ok(ExitStatus::success_if(is_shown))
}

fn of_network(args: &Args, file: &Path) -> Result<ExitStatus, CliError> {
    if network_path(&file.to_string_lossy()).is_none() {
        return Err(
            format!("{}: is no .tflite or .onnx file: give weights with --weights", file.display()).into()
        );
    }
    let network = Network::open(file, args.profile)?;
    let listing = AccumulatorListing::new(&network);
    if let Some(folder) = &args.output {
        for layer in &listing.layers {
            if let Some(input) = &layer.input {
                write_npy(&tensor_path(folder, &layer.tensor), input)?;
            }
        }
    }
    match args.format {
        OutputFormat::Text => print(&listing.to_string())?,
        OutputFormat::Json => print_json(&listing)?,
    }
    Ok(ExitStatus::Success)
}

/// Parses `A..B`, both included.
fn range(text: &str) -> Result<InputRange, String> {
    let numbers = text.split_once("..").and_then(|(min, max)| {
        let max = max.strip_prefix('=').unwrap_or(max);
        Some(InputRange { min: min.parse().ok()?, max: max.parse().ok()? })
    });
    numbers.ok_or_else(|| "give the smallest and the largest code, such as -8..7".to_string())
}
