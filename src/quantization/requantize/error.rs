use crate::arithmetic::quantizer;
use crate::arithmetic::rescale::{RescaleError, Rule};
use crate::files::output::OutputError;
use crate::files::tensor;
use crate::simulation::{DutError, ModelError};

/// Why accumulators were not requantized, or rules not told apart.
#[derive(Debug, thiserror::Error)]
pub enum RequantizeError {
    /// A file that cannot be used.
    #[error(transparent)]
    Read(#[from] tensor::Error),
    /// A rule of the rescaling.
    #[error(transparent)]
    Rule(#[from] RescaleError),
    /// A width that codes cannot have.
    #[error(transparent)]
    Bits(#[from] quantizer::QuantizerError),
    /// Neither form of the scale, or half of one.
    #[error("no scale is given: give --multiplier and --shift, or --scale")]
    NoScale,
    /// A word where a whole number is needed, or one that no integer of its width holds.
    #[error(
        "{option} {word} is no whole number of {bits} bits: give one, or an npy file with one per channel"
    )]
    Number {
        /// The option.
        option: &'static str,
        /// What was given.
        word: String,
        /// The width that is needed.
        bits: u32,
    },
    /// A list for no channel.
    #[error("{file}: holds no numbers: give one per channel of the last axis")]
    NoNumbers {
        /// The file of parameters.
        file: String,
    },
    /// Lists for other channels than the tensor has.
    #[error(
        "{file}: has shape {shape:?}, but numbers are given for {channels} channels: give one for each entry \
         of the last axis, or one number for all"
    )]
    Channels {
        /// The tensor.
        file: String,
        /// Its shape.
        shape: Vec<usize>,
        /// Entries in the lists of parameters.
        channels: usize,
    },
    /// No accumulator at all.
    #[error("{file}: the tensor is empty: give at least one element")]
    Empty {
        /// The tensor.
        file: String,
    },
    /// Recorded outputs of some other accumulators.
    #[error("{file}: has shape {found:?} where the accumulators have {expected:?}: give one output for each")]
    Shapes {
        /// The recorded outputs.
        file: String,
        /// Their shape.
        found: Vec<usize>,
        /// The shape of the accumulators.
        expected: Vec<usize>,
    },
    /// A comparison is of one scale.
    #[error(
        "numbers are given for {0} channels, and rules are compared at one scale: give the numbers of one channel"
    )]
    OneScale(usize),
    /// A rule that exists in software alone.
    #[error(
        "no unit computes rule `{0}`: take --engine reference, or one of the rules of `qrtl list requantizer`"
    )]
    NoUnit(Rule),
    /// The model cannot be built.
    #[error("{0}")]
    Model(ModelError),
    /// The simulation ended by itself.
    #[error(transparent)]
    Dut(#[from] DutError),
    /// The codes could not be written.
    #[error(transparent)]
    Write(#[from] OutputError),
}
