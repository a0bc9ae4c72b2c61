//! Errors of a requantization, and of the comparison and identification of rules.

use crate::arithmetic::quantizer;
use crate::arithmetic::rescale::RescaleError;
use crate::files::output::OutputError;
use crate::files::tensor;
use crate::simulation::{DutError, ModelError};

/// Error for accumulators or numbers that cannot be used.
///
/// Each message ends with the fix.
#[derive(Debug, thiserror::Error)]
pub enum RequantizeError {
    /// An input file cannot be read.
    #[error(transparent)]
    Read(#[from] tensor::Error),
    /// The rescaling is not defined.
    #[error(transparent)]
    Rule(#[from] RescaleError),
    /// The width of the codes is not supported.
    #[error(transparent)]
    Bits(#[from] quantizer::QuantizerError),
    /// Neither form of the scale is complete.
    #[error("no scale is given: give --multiplier and --shift, --scale, or the three scales of a layer")]
    NoScale,
    /// An option is not an integer of the required width.
    #[error(
        "{option} {word} is not an integer of {bits} bits: give one, or an npy file with one per channel"
    )]
    Number {
        /// The option.
        option: &'static str,
        /// The value given.
        word: String,
        /// The required width.
        bits: u32,
    },
    /// A parameter file is empty.
    #[error("{file}: holds no numbers: give one per channel of the last axis")]
    NoNumbers {
        /// File of the parameters.
        file: String,
    },
    /// The parameter lists do not match the last axis of the accumulators.
    #[error(
        "{file}: has shape {shape:?}, but numbers are given for {channels} channels: give one for each entry \
         of the last axis, or one number for all"
    )]
    Channels {
        /// File of the accumulators.
        file: String,
        /// Shape of the accumulators.
        shape: Vec<usize>,
        /// Length of the parameter lists.
        channels: usize,
    },
    /// The simulation does not fit in memory.
    #[error("the simulation of the accumulators {0}")]
    Memory(tensor::Cause),
    /// The file holds no accumulators.
    #[error("{file}: the tensor is empty: give at least one element")]
    Empty {
        /// File of the accumulators.
        file: String,
    },
    /// Recorded outputs and accumulators differ in shape.
    #[error(
        "{file}: has shape {found:?}, but the accumulators have {expected:?}: give one output for each \
         accumulator"
    )]
    Shapes {
        /// File of the recorded outputs.
        file: String,
        /// Shape of the recorded outputs.
        found: Vec<usize>,
        /// Shape of the accumulators.
        expected: Vec<usize>,
    },
    /// Rules are compared at one scale.
    #[error(
        "numbers are given for {0} channels, but rules are compared at one scale: give the numbers of one channel"
    )]
    OneScale(usize),
    /// The model cannot be built.
    #[error("{0}")]
    Model(ModelError),
    /// The simulation aborted.
    #[error(transparent)]
    Dut(#[from] DutError),
    /// The codes cannot be written.
    #[error(transparent)]
    Write(#[from] OutputError),
}
