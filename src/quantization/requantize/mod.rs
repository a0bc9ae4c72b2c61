//! Requantizing a file: accumulators in, codes out, under a named rounding rule. Beside it the two
//! questions that come before: how far the rules are apart, and which of them made what was recorded.

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
use crate::arithmetic::rescale::{Rescaler, Rule};
use crate::files::tensor::write_npy;
use crate::simulation::Models;

/// What computes the codes; every engine gives the same.
#[derive(Clone, Copy)]
pub enum RequantizeEngine<'a> {
    /// The software reference.
    Reference,
    /// The Verilated RTL of a requantizer with these numbers.
    Rtl(&'a dyn Models),
}

/// Requantizes the accumulators in `input`, int32 or int64, and writes their codes to `output`, in the
/// smallest of int8, uint8, int16 and uint16 that holds the format.
///
/// # Errors
/// Every [`RequantizeError`]; `output` is then untouched.
pub fn requantize_file(
    input: &Path,
    rule: Rule,
    given: &RescaleSources,
    format: CodeFormat,
    engine: RequantizeEngine,
    output: &Path,
) -> Result<RequantizeSummary, RequantizeError> {
    let RescaleParameters { scales, outputs } = given.resolve(format)?;
    // Before the file is read: numbers that are wrong are so whatever it holds.
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
