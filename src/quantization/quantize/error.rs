//! Errors of a quantization.

use crate::arithmetic::quantizer;
use crate::files::output::OutputError;
use crate::files::tensor;

/// Error for a file that cannot be quantized; each message ends with the fix.
#[derive(Debug, thiserror::Error)]
pub enum QuantizeError {
    /// An input file cannot be read.
    #[error(transparent)]
    Read(#[from] tensor::Error),
    /// The quantizer rejects the tensor or the parameters.
    #[error("{file}: {rule}")]
    Rule {
        /// File of the tensor.
        file: String,
        /// The quantizer's error.
        rule: quantizer::QuantizerError,
    },
    /// A zero point or an offset is given without a scale.
    #[error("a zero point or an offset is given without a scale: add --scale, or omit it to derive both")]
    NoScale,
    /// The scheme needs a second parameter beside the scale.
    #[error("--scale with --scheme {scheme} needs {option} too: give both, or neither to derive them")]
    Incomplete {
        /// The scheme.
        scheme: quantizer::Scheme,
        /// The missing option.
        option: &'static str,
    },
    /// The scheme does not have the parameter.
    #[error("--scheme {scheme} has no {option}: omit it or choose another scheme")]
    Superfluous {
        /// The scheme.
        scheme: quantizer::Scheme,
        /// The superfluous option.
        option: &'static str,
    },
    /// A parameter file does not hold one number per part of the tensor.
    #[error("{file}: holds {found} number(s) for {expected} part(s) of the tensor: give one number per part")]
    Count {
        /// File of the parameters.
        file: String,
        /// Number of parameters in the file.
        found: usize,
        /// Number of parts of the tensor.
        expected: usize,
    },
    /// A word is not a number.
    #[error("'{0}' is not a number of the required type: give a number or an npy file")]
    Number(String),
    /// The codes cannot be written.
    #[error(transparent)]
    Write(#[from] OutputError),
}
