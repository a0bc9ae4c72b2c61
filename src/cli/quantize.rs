//! `qrtl quantize`: converts tensors of reals to codes, and codes back to reals.

use std::path::PathBuf;

use super::{CliError, ExitStatus, OutputFormat, print, print_error, print_json};
use crate::arithmetic::calibration::Calibration;
use crate::arithmetic::quantizer::{Convention, Division, Granularity, QuantizerConfig, Scheme};
use crate::arithmetic::small_float::{NanCode, SmallFloatEncoding, SmallFloatOverflow};
use crate::arithmetic::{Rounding, quantizer};
use crate::quantization::dequantize::{CodeDescription, dequantize_file};
use crate::quantization::float::{FloatConfig, FloatFormat, dequantize_float_file, quantize_float_file};
use crate::quantization::quantize::{NumberSource, ParameterSources, quantize_files};

/// Quantize npy files of reals to integer codes, or dequantize codes
///
/// Prints the quantization parameters and the quantization error. Several files are batches of one tensor: their
/// parameters are derived from all of them, in their order. float16 and bfloat16 are computed as float32.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl quantize weights.npy --bits 4 --granularity channel:0 -o codes.npy
  qrtl quantize x.npy --scheme affine --unsigned --scale 0.05 --zero-point 128 -o codes.npy
  qrtl quantize batch0.npy batch1.npy --scheme affine --calibrate percentile:99.99 -o codes.npz
  qrtl quantize weights.npy --bits 4 --pack -o weights.npz
  qrtl quantize --dequantize weights.npz -o restored.npy
  qrtl quantize weights.npy --float e4m3 --granularity channel:0 -o codes.npz
  qrtl quantize weights.npy --float mxfp4 -o blocks.npz
  qrtl quantize --dequantize blocks.npz --float mxfp4 -o restored.npy

Float formats (docs/formats.md):
  e4m3 e5m2 e4m3fnuz e5m2fnuz e4m3b11fnuz e3m4 e8m0 e2m3 e3m2 e2m1
  mxfp8_e4m3 mxfp8_e5m2 mxfp6_e2m3 mxfp6_e3m2 mxfp4 mxint8 nvfp4

Calibrations:
  minmax             smallest and largest number
  percentile:P       the range that keeps P percent, as ONNX Runtime
  mse                the range of the least squared error, as torch's HistogramObserver
  entropy[:BINS]     the range of the least divergence, as ONNX Runtime; 2048 bins
  moving-average:C   moving average of the ranges of batches with weight C, as torch")]
pub(super) struct Args {
    /// npy files of float64, float32, float16 or bfloat16, or FILE.npz:NAME; codes with --dequantize
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Set the width of a code in bits, 2 to 16 [default: 8]
    #[arg(long)]
    bits: Option<u32>,
    /// Write floats instead of integers: a format of 4, 6 or 8 bits with a scale, or one of blocks
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["bits", "unsigned", "scheme", "reciprocal", "calibrate",
        "convention", "zero_point", "offset", "pack"])]
    float: Option<FloatFormat>,
    /// Encode numbers beyond the largest as infinity or NaN instead of the largest, as ml_dtypes does
    #[arg(long, requires = "float", conflicts_with = "dequantize")]
    propagate: bool,
    /// Select the code of NaN: signed, as ml_dtypes and ONNX, or positive, as PTX
    #[arg(long, requires = "float", conflicts_with = "dequantize", value_name = "CODE", default_value_t = NanCode::Signed)]
    nan: NanCode,
    /// Use unsigned codes instead of two's complement
    #[arg(long)]
    unsigned: bool,
    /// Select how reals map to codes: symmetric (real 0 is code 0), affine (integer zero point), offset (real offset)
    #[arg(long, default_value_t = Scheme::Symmetric)]
    scheme: Scheme,
    /// Select the elements that share a scale: tensor, channel:AXIS or block:AXIS:SIZE; -1 is the last axis [default:
    /// tensor]
    #[arg(long)]
    granularity: Option<Granularity>,
    /// Select the rounding: even (ties to even), away (ties away from zero) or truncate (toward zero)
    #[arg(long, default_value_t = Rounding::HalfEven)]
    rounding: Rounding,
    /// Multiply by the rounded reciprocal of the scale instead of dividing, as PyTorch does
    #[arg(long)]
    reciprocal: bool,
    /// Derive the range by this method: minmax, percentile:P, mse, entropy[:BINS] or moving-average:C [default: minmax]
    #[arg(long, value_name = "METHOD")]
    calibrate: Option<Calibration>,
    /// Derive scale and zero point by the formulas of: published (docs/arithmetic.md), torch or onnxruntime
    #[arg(long, default_value_t = Convention::Published)]
    convention: Convention,
    /// Use this scale instead of deriving one: a number, or an npy file with one number per channel
    #[arg(long, value_name = "NUMBER|NPY")]
    scale: Option<NumberSource>,
    /// Use this zero point: a number, or an npy file with one number per channel
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    zero_point: Option<NumberSource>,
    /// Use this offset, the real number of the smallest code: a number or an npy file
    #[arg(long, value_name = "NUMBER|NPY", allow_hyphen_values = true)]
    offset: Option<NumberSource>,
    /// Pack 2 codes of 4 bits or 4 of 2 bits into a byte, the first into the lowest bits, as ONNX and LiteRT do
    #[arg(long)]
    pack: bool,
    /// Restore reals from codes: an npz file of quantize, or an npy file and --scale
    #[arg(long, conflicts_with_all = ["scheme", "rounding", "reciprocal", "calibrate", "convention"])]
    dequantize: bool,
    /// Set the shape of packed codes that come without one, such as 16,3,3
    #[arg(long, value_name = "N,N", value_delimiter = ',', requires = "dequantize", requires = "pack")]
    shape: Option<Vec<usize>>,
    /// Write codes to X.npy (int8, uint8, int16, uint16), or codes, scales and zero points to X.npz; reals to X.npy
    #[arg(short, long, value_name = "X.npy|X.npz")]
    output: PathBuf,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

impl Args {
    fn parameters(&self) -> ParameterSources {
        ParameterSources {
            scale: self.scale.clone(),
            zero_point: self.zero_point.clone(),
            offset: self.offset.clone(),
            calibration: self.calibrate,
            convention: self.convention,
        }
    }
}

/// Width of a code in bits.
const BITS: u32 = 8;

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    if let Some(format) = args.float {
        return float(args, format);
    }
    if args.dequantize {
        return dequantize(args);
    }
    let format = quantizer::CodeFormat::new(args.bits.unwrap_or(BITS), !args.unsigned)?;
    let Args { scheme, rounding, .. } = *args;
    let granularity = args.granularity.unwrap_or(Granularity::Tensor);
    let division = if args.reciprocal { Division::Reciprocal } else { Division::Exact };
    let config = QuantizerConfig { format, scheme, granularity, rounding, division };
    let summary = quantize_files(&args.inputs, config, &args.parameters(), args.pack, &args.output)?;
    print_summary(&summary, args.format)
}

/// Codes that are small floats.
fn float(args: &Args, format: FloatFormat) -> Result<ExitStatus, CliError> {
    let [input] = &args.inputs[..] else {
        return Err("--float takes one tensor: run it once for each file".into());
    };
    if matches!(format, FloatFormat::Block(_)) && (args.granularity.is_some() || args.scale.is_some()) {
        return Err(format!("{format} has a scale for each block: omit --granularity and --scale").into());
    }
    let granularity = args.granularity.unwrap_or(Granularity::Tensor);
    if args.dequantize {
        let shape = dequantize_float_file(input, format, granularity, args.scale.clone(), &args.output)?;
        print_error(&format!("{format} {shape:?} -> float32\n"));
        return Ok(ExitStatus::Success);
    }
    let overflow = if args.propagate { SmallFloatOverflow::Propagate } else { SmallFloatOverflow::Saturate };
    let encoding = SmallFloatEncoding { rounding: args.rounding.into(), overflow, nan: args.nan };
    let config = FloatConfig { format, granularity, encoding, scale: args.scale.clone() };
    print_summary(&quantize_float_file(input, &config, &args.output)?, args.format)
}

fn dequantize(args: &Args) -> Result<ExitStatus, CliError> {
    let [input] = &args.inputs[..] else {
        return Err("--dequantize restores one tensor: run it once for each file".into());
    };
    let description = CodeDescription {
        parameters: args.parameters(),
        granularity: args.granularity,
        bits: args.bits,
        unsigned: args.unsigned,
        packed: args.pack,
        shape: args.shape.clone(),
    };
    print_summary(&dequantize_file(input, &description, &args.output)?, args.format)
}

fn print_summary(
    summary: &(impl serde::Serialize + ToString),
    format: OutputFormat,
) -> Result<ExitStatus, CliError> {
    match format {
        OutputFormat::Text => print(&summary.to_string())?,
        OutputFormat::Json => print_json(summary)?,
    }
    Ok(ExitStatus::Success)
}
