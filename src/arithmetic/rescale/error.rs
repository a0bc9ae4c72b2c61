//! Errors of rescaling.

use super::rule::Rule;

/// Error for a rescaling that is not defined; each message ends with the fix.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RescaleError {
    /// The fixed-point multiplier is not a Q0.31 fraction.
    #[error(
        "multiplier {0} is outside 0..=2147483647: give the Q0.31 fraction that `quantize_multiplier` returns"
    )]
    Multiplier(i64),
    /// The shift is outside the range of the runtime that defines the rule.
    #[error(
        "shift {shift} is outside {min}..={max}, the range of rule `{rule}`: choose scales whose ratio lies in it"
    )]
    Shift {
        /// The rule.
        rule: Rule,
        /// The left shift; negative shifts right.
        shift: i32,
        /// Smallest shift the rule accepts.
        min: i32,
        /// Largest shift the rule accepts.
        max: i32,
    },
    /// The scale is not a positive finite number.
    #[error(
        "scale {0} is not a positive finite number: check that no tensor's step size is zero, infinite or NaN"
    )]
    Scale(f64),
    /// The scale does not fit the binary32 number that the rule multiplies by.
    #[error(
        "scale {scale} is zero or infinite as a 32-bit float, which rule `{rule}` multiplies by: choose another rule"
    )]
    ScaleNotF32 {
        /// The rule.
        rule: Rule,
        /// The scale.
        scale: f64,
    },
    /// Rule `f32_bias` needs a bias.
    #[error(
        "rule `f32_bias` adds a bias to the accumulator as a 32-bit float, and none is given: give one with --bias, or choose rule `f32`"
    )]
    NoBias,
    /// The bias is not a finite number.
    #[error("bias {0} is not a finite number: give bias / (input scale * weight scale)")]
    Bias(f32),
    /// Biases and channels differ in number.
    #[error("{biases} biases but {channels} channels: give one bias per channel, or one for all channels")]
    UnequalBiases {
        /// Number of channels of scales and zero points.
        channels: usize,
        /// Number of biases.
        biases: usize,
    },
    /// The scale is not a right shift by at most 63, which `pow2` requires.
    #[error(
        "scale {0} is not 2^-r with r in 0..=63, the only scales rules `pow2` and `pow2_floor` can apply: choose the nearest power of two or another rule"
    )]
    NotPowerOfTwo(f64),
    /// The rule is not defined for the accumulator width.
    #[error(
        "an accumulator of {bits} bits is outside 8..={max}, the range of rule `{rule}`: choose a width inside it"
    )]
    AccBits {
        /// The rule.
        rule: Rule,
        /// The width.
        bits: u32,
        /// Widest accumulator of the rule.
        max: u32,
    },
    /// The zero point is not a code.
    #[error("zero point {zero_point} is outside the output type's {min}..={max}: choose a code of that type")]
    ZeroPoint {
        /// The zero point.
        zero_point: i32,
        /// Smallest code of the output type.
        min: i32,
        /// Largest code of the output type.
        max: i32,
    },
    /// The clamp leaves no code.
    #[error("the clamp {min}..={max} contains no code: give a minimum that is at most the maximum")]
    EmptyClamp {
        /// Smallest code of the clamp.
        min: i32,
        /// Largest code of the clamp.
        max: i32,
    },
    /// The clamp reaches outside the output type.
    #[error(
        "the clamp {min}..={max} reaches outside the output type's {type_min}..={type_max}: narrow it or widen the type"
    )]
    ClampOutsideType {
        /// Smallest code of the clamp.
        min: i32,
        /// Largest code of the clamp.
        max: i32,
        /// Smallest code of the output type.
        type_min: i32,
        /// Largest code of the output type.
        type_max: i32,
    },
    /// Multipliers and shifts differ in number.
    #[error("{multipliers} multipliers but {shifts} shifts: give one of each per channel")]
    UnequalChannels {
        /// Number of multipliers.
        multipliers: usize,
        /// Number of shifts.
        shifts: usize,
    },
    /// Scales and output stages differ in number.
    #[error(
        "{scales} scales but {outputs} zero points: give one of each per channel, or one for all channels"
    )]
    UnequalOutputs {
        /// Number of scales.
        scales: usize,
        /// Number of output stages.
        outputs: usize,
    },
    /// No scale or output stage was given.
    #[error("no scale was given: give one for the whole tensor or one per channel")]
    NoChannels,
    /// Scales of three tensors differ in number.
    #[error("{scales} scales of one tensor but {channels} of another: give one per channel, or one for all")]
    UnequalScales {
        /// Largest number of scales.
        channels: usize,
        /// Number of scales of another tensor.
        scales: usize,
    },
    /// A bias is given for a rule that does not add one.
    #[error(
        "rule `{0}` takes no bias: add the int32 bias to the accumulators, or choose rule `f32_bias`, which adds a float"
    )]
    UnusedBias(Rule),
    /// The name is not a form of the multiplier.
    #[error(
        "unknown form of the multiplier `{name}`{hint}: choose one of f64, f32, f32_reciprocal, f32_product"
    )]
    UnknownForm {
        /// The unknown name.
        name: String,
        /// Suggestion to append, or an empty string.
        hint: String,
    },
    /// The accumulators are not whole rows of channels.
    #[error(
        "{len} accumulators do not divide into rows of {channels} channels: the last axis must be the channels"
    )]
    PartialRow {
        /// Number of accumulators.
        len: usize,
        /// Channels of the rescaler.
        channels: usize,
    },
    /// Accumulators and outputs differ in number.
    #[error("{acc} accumulators but {out} outputs: give one output per accumulator")]
    UnequalLengths {
        /// Number of accumulators.
        acc: usize,
        /// Number of outputs.
        out: usize,
    },
    /// The element type of the output array cannot hold every code.
    #[error("codes {min}..={max} do not fit the output array: use a wider element type")]
    CodeType {
        /// Smallest code the rescaler can return.
        min: i32,
        /// Largest code the rescaler can return.
        max: i32,
    },
    /// There are no accumulators or fewer than two rules to compare.
    #[error(
        "there is nothing to compare: give at least one accumulator, and a scale that two rules can apply"
    )]
    NothingToCompare,
    /// An exhaustive sweep covers at most 2^32 accumulators.
    #[error("accumulators of {0} bits have too many values to sweep: give a list, or at most 32 bits")]
    NotExhaustible(u32),
    /// The name is not a rule.
    #[error(
        "unknown rounding rule `{name}`{hint}: choose one of gemmlowp, ruy, single, f32, f64, floor, pow2, pow2_floor, int16, f32_after_zp, f32_bias, f32_away"
    )]
    UnknownRule {
        /// The unknown name.
        name: String,
        /// Suggestion to append, or an empty string.
        hint: String,
    },
}
