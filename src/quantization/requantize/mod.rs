//! Requantization of an npy file to a file of codes and a [`RequantizeSummary`].

mod accumulators;
mod engine;
mod error;
mod hardware;
mod sources;
mod summary;

pub use engine::RequantizeEngine;
pub use error::RequantizeError;
pub use sources::{RescaleParameters, RescaleSources, ScaleSource};
pub use summary::{ChannelSummary, RequantizeSummary};

pub(crate) use accumulators::AccumulatorTensor;

use std::path::Path;

use super::quantize::pack;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{Rescaler, Rule};
use crate::files::tensor::write_npy;

/// Requantizes the int32 or int64 accumulators in `input` to codes in `output`.
///
/// Codes have the smallest of int8, uint8, int16 and uint16 that holds the format.
///
/// # Errors
/// Every [`RequantizeError`]; `output` is then unchanged.
pub fn requantize_file(
    input: &Path,
    rule: Rule,
    sources: &RescaleSources,
    format: CodeFormat,
    engine: RequantizeEngine,
    output: &Path,
) -> Result<RequantizeSummary, RequantizeError> {
    let RescaleParameters { scales, outputs } = sources.resolve(format)?;
    // Checked before the accumulators are read: illegal numbers are illegal for any file.
    let channels = Rescaler::per_channel(rule, 32, &scales, &outputs)?.channels().len();
    let accumulators = AccumulatorTensor::read(input, channels)?;
    let rescaler = Rescaler::per_channel(rule, accumulators.bits, &scales, &outputs)?;
    let codes = match engine {
        RequantizeEngine::Reference => {
            let mut codes = vec![0; accumulators.data.len()];
            rescaler.rescale_slice(&accumulators.data, &mut codes)?;
            codes
        }
        RequantizeEngine::Rtl(models) => hardware::requantize(&rescaler, &accumulators.data, models)?,
    };
    let codes = pack(format, &accumulators.shape, &codes);
    write_npy(output, &codes)?;
    Ok(RequantizeSummary::new(&accumulators, &rescaler, engine, codes.dtype()))
}
