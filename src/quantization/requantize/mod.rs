//! Requantization of accumulators to codes and a [`RequantizeSummary`].

mod accumulators;
mod error;
mod hardware;
mod sources;
mod summary;

pub use error::RequantizeError;
pub use sources::{RescaleParameters, RescaleSources, ScaleSource};
pub use summary::{ChannelSummary, RequantizeSummary};

pub(crate) use accumulators::AccumulatorTensor;

use std::path::Path;

use super::quantize::pack;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::Rule;
use crate::files::tensor::{Array, ArraySource, write_npy};
use crate::simulation::ComputeEngine;

/// Requantizes the int32 or int64 accumulators in `input` to codes in `output`, as [`requantize`] does.
///
/// # Errors
/// Every [`RequantizeError`]; `output` is then unchanged.
pub fn requantize_file(
    input: &Path,
    rule: Rule,
    sources: &RescaleSources,
    format: CodeFormat,
    engine: ComputeEngine,
    output: &Path,
) -> Result<RequantizeSummary, RequantizeError> {
    let (codes, summary) = requantize(input.to_path_buf().into(), rule, sources, format, engine)?;
    write_npy(output, &codes)?;
    Ok(summary)
}

/// Requantizes int32 or int64 accumulators.
///
/// Codes have the shape of the accumulators and the smallest of int8, uint8, int16 and uint16 that holds the format.
///
/// # Errors
/// Every [`RequantizeError`] but that of writing.
pub fn requantize(
    input: ArraySource,
    rule: Rule,
    sources: &RescaleSources,
    format: CodeFormat,
    engine: ComputeEngine,
) -> Result<(Array, RequantizeSummary), RequantizeError> {
    let parameters = sources.resolve(format)?;
    // Checked before the accumulators are read: illegal numbers are illegal for any file.
    let channels = parameters.rescaler(rule, 32)?.channels().len();
    let accumulators = AccumulatorTensor::read(input, channels)?;
    let rescaler = parameters.rescaler(rule, accumulators.bits)?;
    let codes = match engine {
        ComputeEngine::Reference => {
            let mut codes = vec![0; accumulators.data.len()];
            rescaler.rescale_slice(&accumulators.data, &mut codes)?;
            codes
        }
        ComputeEngine::Rtl(models) => hardware::requantize(&rescaler, &accumulators.data, models)?,
    };
    let codes = pack(format, &accumulators.shape, &codes);
    let summary = RequantizeSummary::new(&accumulators, &rescaler, engine, codes.dtype());
    Ok((codes, summary))
}
