//! Requantizing a file: accumulators in, codes out, under a named rounding rule. Beside it the two
//! questions that come before: how far the rules are apart, and which of them made what was recorded.

mod accumulators;
mod error;
mod given;
mod hardware;
mod summary;

pub use error::Error;
pub use given::{Given, GivenScale, Parameters};
pub use summary::{ChannelSummary, Summary};

pub(crate) use accumulators::Accumulators;

use std::path::Path;

use super::quantize::pack;
use crate::arithmetic::quantizer::Format;
use crate::arithmetic::rescale::{Rescaler, Rule};
use crate::files::tensor::write_npy;
use crate::simulation::Models;

/// What computes the codes; every engine gives the same.
#[derive(Clone, Copy)]
pub enum Engine<'a> {
    /// The software reference.
    Reference,
    /// The Verilated RTL of a requantizer with these numbers.
    Rtl(&'a dyn Models),
}

/// Requantizes the accumulators in `input`, int32 or int64, and writes their codes to `output`, in the
/// smallest of int8, uint8, int16 and uint16 that holds the format.
///
/// # Errors
/// Every [`Error`]; `output` is then untouched.
pub fn requantize_file(
    input: &Path,
    rule: Rule,
    given: &Given,
    format: Format,
    engine: Engine,
    output: &Path,
) -> Result<Summary, Error> {
    let Parameters { scales, outputs } = given.resolve(format)?;
    // Before the file is read: numbers that are wrong are so whatever it holds.
    let channels = Rescaler::per_channel(rule, 32, &scales, &outputs)?.channels().len();
    let accumulators = Accumulators::read(input, channels)?;
    let rescaler = Rescaler::per_channel(rule, accumulators.bits, &scales, &outputs)?;
    let codes = match engine {
        Engine::Reference => {
            let mut codes = vec![0; accumulators.data.len()];
            rescaler.rescale_slice(&accumulators.data, &mut codes)?;
            codes
        }
        Engine::Rtl(models) => hardware::requantize(&rescaler, &accumulators.data, models)?,
    };
    let codes = pack(format, &accumulators.shape, &codes);
    write_npy(output, &codes)?;
    Ok(Summary::new(&accumulators, &rescaler, engine, codes.dtype()))
}
