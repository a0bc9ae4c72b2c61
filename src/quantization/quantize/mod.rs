//! Quantization of reals to codes and a [`QuantizeSummary`].

mod error;
mod output;
mod sources;
mod summary;

pub use error::QuantizeError;
pub use output::QuantizedTensors;
pub(crate) use output::{AXIS, BITS, BLOCK, CODES, OFFSET, SCALE, SHAPE, SIGNED, ZERO_POINT, is_npz};
pub use sources::{DecimalComma, NumberSource, ParameterSources};
pub use summary::{QuantizeSummary, ZeroSummary};

use std::path::{Path, PathBuf};
use std::str::FromStr;

use sources::ResolvedParameters;

use crate::arithmetic::Real;
use crate::arithmetic::calibration::{CalibrationBatch, CalibrationError, observed_ranges};
use crate::arithmetic::quantizer::{CodeFormat, QuantizerConfig, QuantizerError, RealRange, TensorQuantizer};
use crate::files::tensor;
use crate::files::tensor::{Array, ArraySource, Cause, Dtype, Element, Tensor, require_memory};

/// Bytes that a code takes while it is computed and written.
pub(crate) const CODE_BYTES: usize = size_of::<i32>() + size_of::<i16>();

/// Bytes that the parameters of one part take, at most.
const PART_BYTES: usize = 128;

/// Quantizes the tensor in `input` and writes its codes to `output`, as [`quantize`] does.
///
/// # Errors
/// Every [`QuantizeError`]; `output` is then unchanged.
pub fn quantize_file(
    input: &Path,
    config: QuantizerConfig,
    sources: &ParameterSources,
    output: &Path,
) -> Result<QuantizeSummary, QuantizeError> {
    quantize_files(&[input.to_path_buf()], config, sources, false, output)
}

/// Quantizes tensors with parameters that they share, and writes codes to an npy file, or codes and parameters to an
/// npz file.
///
/// Inputs are npy files or `FILE.npz:NAME`. `packed` codes are uint8, several to the byte.
///
/// # Errors
/// Every [`QuantizeError`]; `output` is then unchanged.
pub fn quantize_files(
    inputs: &[PathBuf],
    config: QuantizerConfig,
    sources: &ParameterSources,
    packed: bool,
    output: &Path,
) -> Result<QuantizeSummary, QuantizeError> {
    if inputs.len() > 1 && !is_npz(output) {
        return Err(QuantizeError::SeveralInputs { path: output.to_path_buf(), inputs: inputs.len() });
    }
    if packed {
        let rule = |rule| QuantizeError::Rule { file: output.display().to_string(), rule };
        config.format.packed_length(0).map_err(rule)?;
    }
    let inputs = inputs.iter().map(|input| input.clone().into()).collect();
    let (tensors, summary) = quantize_batches(inputs, config, sources)?;
    tensors.write(packed, output)?;
    Ok(summary)
}

/// Quantizes float32 or float64 reals, computing in their type.
///
/// Codes have the shape of the reals and the smallest of int8, uint8, int16 and uint16 that holds the format.
/// Parameters that `sources` leaves open are derived from the reals.
///
/// # Errors
/// Every [`QuantizeError`] but that of writing.
pub fn quantize(
    input: ArraySource,
    config: QuantizerConfig,
    sources: &ParameterSources,
) -> Result<(Array, QuantizeSummary), QuantizeError> {
    let (mut tensors, summary) = quantize_batches(vec![input], config, sources)?;
    Ok((tensors.codes.remove(0), summary))
}

/// Quantizes tensors of one type as [`quantize`] does, with parameters that they share.
///
/// Parameters that `sources` leaves open are derived from all tensors, in their order.
///
/// # Errors
/// Every [`QuantizeError`] but that of writing.
pub fn quantize_batches(
    inputs: Vec<ArraySource>,
    config: QuantizerConfig,
    sources: &ParameterSources,
) -> Result<(QuantizedTensors, QuantizeSummary), QuantizeError> {
    let mut named = Vec::with_capacity(inputs.len());
    for input in inputs {
        named.push(input.read_named()?);
    }
    match named.first().map(|(_, array)| array.dtype()) {
        Some(Dtype::Float64) => quantize_reals(Reals::<f64>::all(named)?, config, sources),
        _ => quantize_reals(Reals::<f32>::all(named)?, config, sources),
    }
}

/// A tensor of reals with the name of its file.
struct Reals<T> {
    name: String,
    tensor: Tensor<T>,
}

impl<T> Reals<T>
where
    T: Element,
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    /// All tensors, which must be of type `T`.
    fn all(named: Vec<(String, Array)>) -> Result<Vec<Self>, QuantizeError> {
        let typed = named.into_iter().map(|(name, array)| match Tensor::try_from(array) {
            Ok(tensor) => Ok(Self { name, tensor }),
            Err(other) => Err(match other.dtype() {
                found @ (Dtype::Float32 | Dtype::Float64) => {
                    QuantizeError::MixedTypes { file: name, found, expected: T::DTYPE }
                }
                found => {
                    let accepted = vec![Dtype::Float32, Dtype::Float64];
                    tensor::Error::named(&name, Cause::Type { found: found.to_string(), accepted }).into()
                }
            }),
        });
        typed.collect()
    }
}

fn quantize_reals<T>(
    reals: Vec<Reals<T>>,
    config: QuantizerConfig,
    sources: &ParameterSources,
) -> Result<(QuantizedTensors, QuantizeSummary), QuantizeError>
where
    T: Real + Element + FromStr,
    Tensor<T>: TryFrom<Array, Error = Array>,
    Array: From<Tensor<T>>,
{
    let Some(Reals { name: first, tensor }) = reals.first() else {
        return Err(QuantizeError::Calibration {
            files: "no file".to_string(),
            rule: CalibrationError::NoBatch,
        });
    };
    let in_first = |rule| QuantizeError::Rule { file: first.clone(), rule };
    let parts = config.granularity.parts(tensor.shape()).map_err(in_first)?;
    let elements: usize = reals.iter().map(|reals| reals.tensor.data().len()).sum();
    let size = CODE_BYTES + (PART_BYTES * parts).div_ceil(elements.max(1));
    require_memory(elements, size).map_err(|cause| tensor::Error::named(first, cause))?;
    let (parameters, range) = match sources.resolve::<T>(config.scheme, parts)? {
        Some(ResolvedParameters { scales, zero }) => {
            let known =
                TensorQuantizer::new(config.format, config.granularity, config.rounding, scales, zero);
            (known.map_err(in_first)?.with_division(config.division), vec![])
        }
        None => derive(&reals, config, sources)?,
    };
    let mut codes = Vec::with_capacity(reals.len());
    for Reals { name, tensor } in &reals {
        let in_file = |rule| QuantizeError::Rule { file: name.clone(), rule };
        let own = parameters.quantize(tensor.data(), tensor.shape()).map_err(in_file)?;
        codes.push(pack(config.format, tensor.shape(), &own));
    }
    let tensors: Vec<_> = reals.iter().map(|reals| (reals.tensor.data(), reals.tensor.shape())).collect();
    let metrics = parameters.metrics_of_all(&tensors).map_err(in_first)?;
    let summary = QuantizeSummary {
        shape: tensor.shape().to_vec(),
        batches: tensors.iter().map(|(_, shape)| shape.to_vec()).collect(),
        input: T::DTYPE.to_string(),
        output: codes[0].dtype().to_string(),
        config,
        calibration: if range.is_empty() { None } else { Some(sources.calibration.unwrap_or_default()) },
        convention: sources.convention,
        range: range.iter().map(|range| [range.low.to_f64(), range.high.to_f64()]).collect(),
        scale: parameters.scales().iter().map(|scale| scale.to_f64()).collect(),
        zero: (&parameters).into(),
        metrics,
    };
    let tensors = QuantizedTensors::new(codes, &parameters, tensor.shape()).map_err(in_first)?;
    Ok((tensors, summary))
}

/// Parameters and ranges that the tensors themselves give.
fn derive<T: Real>(
    reals: &[Reals<T>],
    config: QuantizerConfig,
    sources: &ParameterSources,
) -> Result<(TensorQuantizer<T>, Vec<RealRange<T>>), QuantizeError> {
    let batch = |reals| {
        let Reals { tensor, .. }: &Reals<T> = reals;
        CalibrationBatch { reals: tensor.data(), shape: tensor.shape() }
    };
    let batches: Vec<CalibrationBatch<T>> = reals.iter().map(batch).collect();
    let range =
        observed_ranges(&config, sources.calibration.unwrap_or_default(), &batches).map_err(|rule| {
            let file = |batch: usize| reals[batch].name.clone();
            match rule {
                CalibrationError::Batch { batch, rule } => QuantizeError::Rule { file: file(batch), rule },
                CalibrationError::Quantizer(rule) => QuantizeError::Rule { file: names(reals), rule },
                rule @ (CalibrationError::Count { batch, .. } | CalibrationError::Bins { batch }) => {
                    QuantizeError::Calibration { files: file(batch), rule }
                }
                rule => QuantizeError::Calibration { files: names(reals), rule },
            }
        })?;
    let parameters = config.quantizer_of_ranges(&range, sources.convention);
    let in_files = |rule: QuantizerError| QuantizeError::Rule { file: names(reals), rule };
    Ok((parameters.map_err(in_files)?, range))
}

/// Name of the first file, and how many follow.
fn names<T>(reals: &[Reals<T>]) -> String {
    match reals {
        [only] => only.name.clone(),
        _ => format!("{} and {} more", reals[0].name, reals.len() - 1),
    }
}

/// Packs codes into the smallest element type that holds their format.
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
