//! Why a tensor or its parameters cannot be used, and what to do about it.

/// One variant per rule of the quantizer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuantizerError {
    /// A tensor without elements has no range.
    #[error("the tensor is empty: give a tensor with at least one element")]
    Empty,
    /// The shape does not describe the data.
    #[error("shape {shape:?} does not describe {elements} elements: give the tensor's own shape")]
    Shape {
        /// The shape that was given.
        shape: Vec<usize>,
        /// The elements that were given.
        elements: usize,
    },
    /// NaN and infinity have no code.
    #[error("element {index} is {value}: replace NaN and infinity before quantizing")]
    NotFinite {
        /// Row-major position.
        index: usize,
        /// What stands there.
        value: f64,
    },
    /// A width without a defined code range.
    #[error("{0} bits: codes have 2 to 16 bits")]
    Bits(u32),
    /// A word that names no scheme.
    #[error("unknown scheme '{0}': use one of symmetric, affine, offset")]
    UnknownScheme(String),
    /// A word that names no granularity.
    #[error("unknown granularity '{0}': use tensor, channel:AXIS or block:AXIS:SIZE, such as channel:0")]
    UnknownGranularity(String),
    /// The tensor has no such axis.
    #[error("axis {axis} does not exist in a tensor of rank {rank}: count axes from 0")]
    Axis {
        /// The axis asked for.
        axis: usize,
        /// The axes there are.
        rank: usize,
    },
    /// A block holds at least one element.
    #[error("blocks of 0 elements: give a block size of at least 1")]
    BlockSize,
    /// As many scales, zero points and offsets as the granularity has parts.
    #[error("{found} {what}(s) where {expected} are needed: give one for each part of the tensor")]
    Count {
        /// Which parameter.
        what: &'static str,
        /// How many were given.
        found: usize,
        /// How many the shape and the granularity need.
        expected: usize,
    },
    /// A scale is a positive number.
    #[error("scale {index} is {value}: a scale is finite and greater than 0")]
    Scale {
        /// Which part of the tensor.
        index: usize,
        /// The scale that was given.
        value: f64,
    },
    /// A subnormal scale has lost digits, and a scale that became 0 has lost them all.
    #[error(
        "scale {index} is {value:e}, below the smallest normal {dtype}: \
         multiply the tensor by a power of two first, or use float64"
    )]
    Underflow {
        /// Which part of the tensor.
        index: usize,
        /// The scale.
        value: f64,
        /// The type computed in.
        dtype: &'static str,
    },
    /// Every code must stand for a finite number.
    #[error(
        "scale {index} is {value:e}, so large that a code stands for a number beyond {dtype}: \
         multiply the tensor by a power of two such as 2^-8 first, or use float64"
    )]
    Overflow {
        /// Which part of the tensor.
        index: usize,
        /// The scale.
        value: f64,
        /// The type computed in.
        dtype: &'static str,
    },
    /// Real 0 must have a code.
    #[error("zero point {index} is {value}: it is a code, so choose it from {min} to {max}")]
    ZeroPoint {
        /// Which part of the tensor.
        index: usize,
        /// The zero point that was given.
        value: i32,
        /// Smallest code.
        min: i32,
        /// Largest code.
        max: i32,
    },
    /// An offset is a number.
    #[error("offset {index} is {value}: an offset is finite")]
    Offset {
        /// Which part of the tensor.
        index: usize,
        /// The offset that was given.
        value: f64,
    },
    /// A code that the format cannot hold.
    #[error("code {value} at element {index} is outside {min} to {max}: give the format it was made with")]
    Code {
        /// Row-major position.
        index: usize,
        /// What stands there.
        value: i32,
        /// Smallest code.
        min: i32,
        /// Largest code.
        max: i32,
    },
    /// A bias is added to a 32-bit accumulator.
    #[error(
        "bias {index} is {value} in units of the accumulator, beyond 32 bits: \
         its layer needs a larger input or weight scale"
    )]
    Bias {
        /// Which output channel.
        index: usize,
        /// The bias after division by the scales.
        value: f64,
    },
}
