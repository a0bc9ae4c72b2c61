//! Quantizing a file: a tensor in, its codes out, and a [`QuantizeSummary`] of what was done.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::arithmetic::quantizer::{CodeFormat, Metrics, QuantizerConfig, QuantizerParameters, Zero};
use crate::arithmetic::{Real, quantizer};
use crate::files::output::OutputError;
use crate::files::tensor;
use crate::files::tensor::{Array, Cause, Dtype, Element, Tensor, read_npy, write_npy};

mod sources;

pub use sources::{NumberSource, ParameterSources};

/// Why a file was not quantized.
#[derive(Debug, thiserror::Error)]
pub enum QuantizeError {
    /// A file that cannot be used.
    #[error(transparent)]
    Read(#[from] tensor::Error),
    /// A rule of the quantizer.
    #[error("{file}: {rule}")]
    Rule {
        /// The tensor.
        file: String,
        /// The rule it breaks.
        rule: quantizer::QuantizerError,
    },
    /// A zero point or an offset says nothing without a scale.
    #[error("a zero point or an offset is given without a scale: give --scale too, or neither")]
    NoScale,
    /// The scheme needs a second parameter beside the scale.
    #[error("--scale with --scheme {scheme} needs {option} too: give both, or neither to derive them")]
    Incomplete {
        /// The scheme asked for.
        scheme: quantizer::Scheme,
        /// What is missing.
        option: &'static str,
    },
    /// A parameter that the scheme does not have.
    #[error("--scheme {scheme} has no {option}: leave it out or choose another scheme")]
    Superfluous {
        /// The scheme asked for.
        scheme: quantizer::Scheme,
        /// What it has no use for.
        option: &'static str,
    },
    /// A file with a number for each part of some other tensor.
    #[error(
        "{file}: holds {found} numbers where {expected} are needed: give one for each part of the tensor"
    )]
    Count {
        /// The file of parameters.
        file: String,
        /// How many it holds.
        found: usize,
        /// How many parts there are.
        expected: usize,
    },
    /// A word where a number is needed.
    #[error("'{0}' is neither a number of the type needed nor the name of an npy file")]
    Number(String),
    /// The codes could not be written.
    #[error(transparent)]
    Write(#[from] OutputError),
}

/// What was done to a tensor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuantizeSummary {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// Type that was computed in.
    pub input: String,
    /// Type that holds the codes.
    pub output: String,
    /// How codes were made.
    #[serde(flatten)]
    pub config: QuantizerConfig,
    /// One scale per part of the tensor, exactly.
    pub scale: Vec<f64>,
    /// One zero point or offset per part of the tensor, exactly.
    #[serde(flatten)]
    pub zero: SummaryZero,
    /// What was lost.
    pub metrics: Metrics,
}

/// Where real 0 or the smallest real went.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SummaryZero {
    /// The code of real 0.
    ZeroPoint(Vec<i32>),
    /// The real number of the smallest code.
    Offset(Vec<f64>),
}

/// Quantizes the tensor in `input` and writes its codes to `output`, in the smallest of int8, uint8,
/// int16 and uint16 that holds them.
///
/// # Errors
/// Every [`QuantizeError`]; `output` is then untouched.
pub fn quantize_file(
    input: &Path,
    config: QuantizerConfig,
    given: &ParameterSources,
    output: &Path,
) -> Result<QuantizeSummary, QuantizeError> {
    let (codes, summary) = match read_npy(input)? {
        Array::Float32(reals) => quantize(&reals, input, config, given)?,
        Array::Float64(reals) => quantize(&reals, input, config, given)?,
        other => {
            let found = other.dtype().to_string();
            let accepted = vec![Dtype::Float32, Dtype::Float64];
            return Err(tensor::Error::new(input, Cause::Type { found, accepted }).into());
        }
    };
    write_npy(output, &codes)?;
    Ok(summary)
}

fn quantize<T>(
    reals: &Tensor<T>,
    file: &Path,
    config: QuantizerConfig,
    given: &ParameterSources,
) -> Result<(Array, QuantizeSummary), QuantizeError>
where
    T: Real + Element + std::str::FromStr,
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    let in_file = |rule| QuantizeError::Rule { file: file.display().to_string(), rule };
    let shape = reals.shape();
    let parts = config.granularity.parts(shape).map_err(in_file)?;
    let parameters = match given.resolve::<T>(config.scheme, parts)? {
        Some(sources::ResolvedParameters { scales, zero }) => {
            QuantizerParameters::new(config.format, config.granularity, config.rounding, scales, zero)
        }
        None => config.derive(reals.data(), shape),
    }
    .map_err(in_file)?;
    let metrics = parameters.metrics(reals.data(), shape).map_err(in_file)?;
    let codes = parameters.quantize(reals.data(), shape).map_err(in_file)?;
    let codes = pack(config.format, shape, &codes);
    let exact = |reals: &[T]| reals.iter().map(|real| real.to_f64()).collect();
    let summary = QuantizeSummary {
        shape: shape.to_vec(),
        input: T::DTYPE.to_string(),
        output: codes.dtype().to_string(),
        config,
        scale: exact(parameters.scales()),
        zero: match parameters.zero() {
            Zero::Points(points) => SummaryZero::ZeroPoint(points.clone()),
            Zero::Offsets(offsets) => SummaryZero::Offset(exact(offsets)),
        },
        metrics,
    };
    Ok((codes, summary))
}

/// The codes in the smallest type of their format.
pub(crate) fn pack(format: CodeFormat, shape: &[usize], codes: &[i32]) -> Array {
    fn tensor<T>(shape: &[usize], codes: &[i32], convert: impl Fn(i32) -> T) -> Array
    where
        Array: From<Tensor<T>>,
    {
        let data = codes.iter().map(|&code| convert(code)).collect();
        Tensor::new(shape.to_vec(), data).expect("one code for each real").into()
    }
    match (format.bits(), format.signed()) {
        (..=8, true) => tensor(shape, codes, |code| code as i8),
        (..=8, false) => tensor(shape, codes, |code| code as u8),
        (_, true) => tensor(shape, codes, |code| code as i16),
        (_, false) => tensor(shape, codes, |code| code as u16),
    }
}

/// Parts that a text lists; JSON lists all.
const LISTED: usize = 16;

impl fmt::Display for QuantizeSummary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let QuantizerConfig { format, scheme, granularity, rounding } = self.config;
        let sign = if format.signed() { "signed" } else { "unsigned" };
        writeln!(f, "{} {:?} -> {}", self.input, self.shape, self.output)?;
        writeln!(f, "{} bits {sign}, {scheme}, {granularity}, rounding {rounding}", format.bits())?;
        for (part, scale) in self.scale.iter().enumerate().take(LISTED) {
            match &self.zero {
                SummaryZero::ZeroPoint(points) => {
                    writeln!(f, "{part:>4}  scale {scale:e}  zero point {}", points[part])?;
                }
                SummaryZero::Offset(offsets) => {
                    writeln!(f, "{part:>4}  scale {scale:e}  offset {:e}", offsets[part])?;
                }
            }
        }
        if self.scale.len() > LISTED {
            writeln!(f, "      {} more (--format json lists all)", self.scale.len() - LISTED)?;
        }
        let Metrics { max_abs_error, mean_abs_error, mse, sqnr_db, clipped } = self.metrics;
        writeln!(f, "max |error| {max_abs_error:e}  mean |error| {mean_abs_error:e}  MSE {mse:e}")?;
        writeln!(f, "SQNR {sqnr_db:.2} dB  clipped {:.3} %", clipped * 100.0)
    }
}
