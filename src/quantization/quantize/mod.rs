//! Quantization of reals to codes and a [`QuantizeSummary`].

mod error;
mod sources;
mod summary;

pub use error::QuantizeError;
pub use sources::{NumberSource, ParameterSources};
pub use summary::{QuantizeSummary, ZeroSummary};

use std::path::Path;
use std::str::FromStr;

use sources::ResolvedParameters;

use crate::arithmetic::Real;
use crate::arithmetic::quantizer::{CodeFormat, QuantizerConfig, TensorQuantizer};
use crate::files::tensor;
use crate::files::tensor::{Array, ArraySource, Cause, Dtype, Element, Tensor, require_memory, write_npy};

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
    let (codes, summary) = quantize(input.to_path_buf().into(), config, sources)?;
    write_npy(output, &codes)?;
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
    let (name, array) = input.read_named()?;
    match array {
        Array::Float32(reals) => quantize_reals(&reals, &name, config, sources),
        Array::Float64(reals) => quantize_reals(&reals, &name, config, sources),
        other => {
            let found = other.dtype().to_string();
            let accepted = vec![Dtype::Float32, Dtype::Float64];
            Err(tensor::Error::named(&name, Cause::Type { found, accepted }).into())
        }
    }
}

fn quantize_reals<T>(
    reals: &Tensor<T>,
    name: &str,
    config: QuantizerConfig,
    sources: &ParameterSources,
) -> Result<(Array, QuantizeSummary), QuantizeError>
where
    T: Real + Element + FromStr,
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    let in_file = |rule| QuantizeError::Rule { file: name.to_string(), rule };
    let shape = reals.shape();
    let parts = config.granularity.parts(shape).map_err(in_file)?;
    let elements = reals.data().len();
    let size = CODE_BYTES + (PART_BYTES * parts).div_ceil(elements.max(1));
    require_memory(elements, size).map_err(|cause| tensor::Error::named(name, cause))?;
    let parameters = match sources.resolve::<T>(config.scheme, parts)? {
        Some(ResolvedParameters { scales, zero }) => {
            TensorQuantizer::new(config.format, config.granularity, config.rounding, scales, zero)
                .map(|parameters| parameters.with_division(config.division))
        }
        None => config.derive(reals.data(), shape),
    }
    .map_err(in_file)?;
    let metrics = parameters.metrics(reals.data(), shape).map_err(in_file)?;
    let codes = parameters.quantize(reals.data(), shape).map_err(in_file)?;
    let array = pack(config.format, shape, &codes);
    let summary = QuantizeSummary {
        shape: shape.to_vec(),
        input: T::DTYPE.to_string(),
        output: array.dtype().to_string(),
        config,
        scale: parameters.scales().iter().map(|scale| scale.to_f64()).collect(),
        zero: (&parameters).into(),
        metrics,
    };
    Ok((array, summary))
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
