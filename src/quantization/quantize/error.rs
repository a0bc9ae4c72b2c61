//! Errors of a quantization.

use std::path::PathBuf;

use crate::arithmetic::calibration::CalibrationError;
use crate::arithmetic::quantizer;
use crate::files::output::OutputError;
use crate::files::tensor;
use crate::files::tensor::Dtype;

/// Error for a file that cannot be quantized or dequantized; each message ends with the fix.
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
    /// The batches cannot be calibrated.
    #[error("{files}: {rule}")]
    Calibration {
        /// Files of the batches.
        files: String,
        /// The rule that they break.
        rule: CalibrationError,
    },
    /// Tensors that share parameters differ in their types.
    #[error(
        "{file}: holds {found}, the first tensor {expected}: convert it with array.astype(np.{expected})"
    )]
    MixedTypes {
        /// File of the tensor.
        file: String,
        /// Its element type.
        found: Dtype,
        /// Element type of the first tensor.
        expected: Dtype,
    },
    /// A scale is given, and a method to derive one.
    #[error("{0} derives the parameters that --scale gives: omit one of the two")]
    Contradiction(&'static str),
    /// An npy file holds the codes of one tensor only.
    #[error("{}: an npy file holds the codes of one tensor, not of {inputs}: write them to an npz file", .path.display())]
    SeveralInputs {
        /// The requested file.
        path: PathBuf,
        /// Number of tensors.
        inputs: usize,
    },
    /// Dequantized reals are one array.
    #[error("{}: dequantized reals are one array: write them to an npy file", .path.display())]
    OneArray {
        /// The requested file.
        path: PathBuf,
    },
    /// The scales of blocks have no place in an npy file.
    #[error("{}: an npy file holds codes without the scales of their blocks: write an npz file", .path.display())]
    ScalesLost {
        /// The requested file.
        path: PathBuf,
    },
    /// A byte is not a code of the format.
    #[error("{file}: {code:#04x} is not a code of {format}: give the format of the codes, one code per byte")]
    NoCode {
        /// The file.
        file: String,
        /// The byte.
        code: u8,
        /// Name of the format.
        format: String,
    },
    /// A file of codes and an option both say something, and not the same.
    #[error("{file} contains {member}: omit {option}")]
    TwoSources {
        /// The file.
        file: String,
        /// Name of the array in the file.
        member: &'static str,
        /// The option.
        option: &'static str,
    },
    /// Codes without a scale.
    #[error("{file}: comes without a scale: add --scale, or give the npz file that quantize wrote")]
    ScaleMissing {
        /// File of the codes.
        file: String,
    },
    /// Packed bytes need the width and the shape of their codes.
    #[error("{file}: packed codes need {missing}: add it, or give the npz file that quantize wrote")]
    PackedFormat {
        /// File of the codes.
        file: String,
        /// The missing option.
        missing: &'static str,
    },
    /// An array that describes the codes is not one number of its kind.
    #[error(
        "{file}: array '{member}' is not a whole number that describes codes: write the file with quantize again"
    )]
    Description {
        /// The file.
        file: String,
        /// Name of the array.
        member: &'static str,
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
