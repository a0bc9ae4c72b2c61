//! Errors of the quantizer.

use super::derive::Scheme;

/// Error for a tensor or parameters that cannot be quantized.
///
/// Each message ends with the fix.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuantizerError {
    /// The tensor has no elements.
    #[error("the tensor is empty: give a tensor with at least one element")]
    Empty,
    /// The shape does not describe the data.
    #[error("shape {shape:?} does not describe {elements} elements: give the tensor's own shape")]
    Shape {
        /// The shape.
        shape: Vec<usize>,
        /// Number of elements of the data.
        elements: usize,
    },
    /// An element is NaN or infinite.
    #[error("element {index} is {value}: replace NaN and infinity before quantizing")]
    NotFinite {
        /// Row-major index.
        index: usize,
        /// The element.
        value: f64,
    },
    /// The width of a code is not supported.
    #[error("codes of {0} bits are not supported: use 2 to 16 bits")]
    Bits(u32),
    /// Codes of this width are not packed.
    #[error("codes of {0} bits are not packed: use 2 or 4 bits, or store a code per element")]
    Packing(u32),
    /// Packed bytes are not those of the codes.
    #[error(
        "{found} byte(s) instead of {expected} for {codes} packed code(s): give the shape and the width of the codes"
    )]
    PackedLength {
        /// Number of bytes.
        found: usize,
        /// Number that the codes need.
        expected: usize,
        /// Number of codes.
        codes: usize,
    },
    /// The word does not name a scheme.
    #[error("unknown scheme '{0}': use one of symmetric, affine, offset")]
    UnknownScheme(String),
    /// The word does not name a convention.
    #[error("unknown convention '{0}': use one of published, torch, onnxruntime")]
    UnknownConvention(String),
    /// The runtime does not define the scheme for the codes.
    #[error("{convention} has no scheme {scheme} for {} codes: use --convention published, or {fix}", sign(*.signed))]
    NoConvention {
        /// Runtime.
        convention: &'static str,
        /// The scheme.
        scheme: Scheme,
        /// Whether the codes are signed.
        signed: bool,
        /// What the runtime has instead.
        fix: &'static str,
    },
    /// The word does not name a granularity.
    #[error("unknown granularity '{0}': use tensor, channel:AXIS or block:AXIS:SIZE, such as channel:0")]
    UnknownGranularity(String),
    /// The tensor does not have the axis.
    #[error("axis {axis} does not exist in a tensor of rank {rank}: count axes from 0, or from -1 backwards")]
    Axis {
        /// The axis.
        axis: isize,
        /// Number of axes of the tensor.
        rank: usize,
    },
    /// The block size is 0.
    #[error("the block size is 0: give a block size of at least 1")]
    BlockSize,
    /// The number of scales, zero points or offsets is not the number of parts.
    #[error("{found} {what}(s) instead of {expected}: give one for each part of the tensor")]
    Count {
        /// Name of the parameter.
        what: &'static str,
        /// Number given.
        found: usize,
        /// Number of parts of the tensor.
        expected: usize,
    },
    /// A scale is not a positive number.
    #[error("scale {index} is {value}: give a finite scale greater than 0")]
    Scale {
        /// Index of the part.
        index: usize,
        /// The scale.
        value: f64,
    },
    /// A scale is subnormal or 0 and has lost precision.
    #[error(
        "scale {index} is {value:e}, below the smallest normal {dtype}: \
         multiply the tensor by a power of two first, or use float64"
    )]
    Underflow {
        /// Index of the part.
        index: usize,
        /// The scale.
        value: f64,
        /// Type of the computation.
        dtype: &'static str,
    },
    /// A code would dequantize to infinity.
    #[error(
        "scale {index} is {value:e}, so large that a code dequantizes to a value outside the range of {dtype}: \
         multiply the tensor by a power of two such as 2^-8 first, or use float64"
    )]
    Overflow {
        /// Index of the part.
        index: usize,
        /// The scale.
        value: f64,
        /// Type of the computation.
        dtype: &'static str,
    },
    /// A zero point is not a code.
    #[error("zero point {index} is {value}, which is not a code: choose one from {min} to {max}")]
    ZeroPoint {
        /// Index of the part.
        index: usize,
        /// The zero point.
        value: i32,
        /// Smallest code.
        min: i32,
        /// Largest code.
        max: i32,
    },
    /// An offset is NaN or infinite.
    #[error("offset {index} is {value}: give a finite offset")]
    Offset {
        /// Index of the part.
        index: usize,
        /// The offset.
        value: f64,
    },
    /// A code is outside the format.
    #[error("code {value} at element {index} is outside {min} to {max}: give the format that the codes have")]
    Code {
        /// Row-major index.
        index: usize,
        /// The code.
        value: i32,
        /// Smallest code.
        min: i32,
        /// Largest code.
        max: i32,
    },
    /// A bias does not fit a 32-bit accumulator.
    #[error(
        "bias {index} is {value} steps of the accumulator, beyond 32 bits: \
         use a larger input or weight scale"
    )]
    Bias {
        /// Output channel.
        index: usize,
        /// The bias divided by the scales.
        value: f64,
    },
}

fn sign(signed: bool) -> &'static str {
    if signed { "signed" } else { "unsigned" }
}
