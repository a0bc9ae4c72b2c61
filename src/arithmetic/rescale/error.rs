use super::rule::Rule;

/// Why a rescaling was refused: one variant per rule, each text with its fix.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RescaleError {
    /// The fixed-point multiplier is a Q0.31 fraction, so it is neither negative nor over 31 bits.
    #[error(
        "multiplier {0} is outside 0..=2147483647: give the Q0.31 fraction that `quantize_multiplier` returns"
    )]
    Multiplier(i64),
    /// Each fixed-point rule accepts the shifts of the runtime that defines it.
    #[error(
        "shift {shift} is outside {min}..={max}, the range of rule `{rule}`: choose scales whose ratio lies in it"
    )]
    Shift {
        /// The rule asked for.
        rule: Rule,
        /// The left shift asked for; negative shifts right.
        shift: i32,
        /// Smallest shift the rule accepts.
        min: i32,
        /// Largest shift the rule accepts.
        max: i32,
    },
    /// A scale is a ratio of step sizes.
    #[error(
        "scale {0} is not a positive finite number: check that no tensor's step size is zero, infinite or NaN"
    )]
    Scale(f64),
    /// Rule `f32` holds its factor in binary32.
    #[error(
        "scale {0} is zero or infinite as a 32-bit float, which rule `f32` multiplies by: choose another rule"
    )]
    ScaleNotF32(f64),
    /// Rules `pow2` and `pow2_floor` only shift right, by at most 63.
    #[error(
        "scale {0} is not 2^-r with r in 0..=63, the only scales rules `pow2` and `pow2_floor` can apply: choose the nearest power of two or another rule"
    )]
    NotPowerOfTwo(f64),
    /// Accumulator widths that can be built and simulated.
    #[error(
        "an accumulator of {bits} bits is outside 8..={max}, the range of rule `{rule}`: choose a width inside it"
    )]
    AccBits {
        /// The rule asked for.
        rule: Rule,
        /// The width asked for.
        bits: u32,
        /// Widest accumulator the rule is defined on.
        max: u32,
    },
    /// Real zero has to have a code.
    #[error("zero point {zero_point} is outside the output type's {min}..={max}: choose a code of that type")]
    ZeroPoint {
        /// The zero point asked for.
        zero_point: i32,
        /// Smallest code of the output type.
        min: i32,
        /// Largest code of the output type.
        max: i32,
    },
    /// A clamp has to leave at least one code.
    #[error("the clamp {min}..={max} contains no code: give a minimum that is at most the maximum")]
    EmptyClamp {
        /// Smallest code asked for.
        min: i32,
        /// Largest code asked for.
        max: i32,
    },
    /// A clamp cannot widen the output type.
    #[error(
        "the clamp {min}..={max} reaches outside the output type's {type_min}..={type_max}: narrow it or widen the type"
    )]
    ClampOutsideType {
        /// Smallest code asked for.
        min: i32,
        /// Largest code asked for.
        max: i32,
        /// Smallest code of the output type.
        type_min: i32,
        /// Largest code of the output type.
        type_max: i32,
    },
    /// Channel `i` takes multiplier `i` and shift `i`.
    #[error("{multipliers} multipliers but {shifts} shifts: give one of each per channel")]
    UnequalChannels {
        /// Entries in the list of multipliers.
        multipliers: usize,
        /// Entries in the list of shifts.
        shifts: usize,
    },
    /// Channel `i` takes scale `i` and output stage `i`.
    #[error("{scales} scales but {outputs} zero points: give one of each per channel, or one for all")]
    UnequalOutputs {
        /// Entries in the list of scales.
        scales: usize,
        /// Entries in the list of output stages.
        outputs: usize,
    },
    /// There is always at least one channel.
    #[error("no scale was given: give one for the whole tensor or one per channel")]
    NoChannels,
    /// Channels are the last, fastest axis.
    #[error(
        "{len} accumulators do not divide into rows of {channels} channels: the last axis must be the channels"
    )]
    PartialRow {
        /// Accumulators given.
        len: usize,
        /// Channels of the rescaler.
        channels: usize,
    },
    /// One output per accumulator.
    #[error("{acc} accumulators but {out} outputs: give as many of one as of the other")]
    UnequalLengths {
        /// Accumulators given.
        acc: usize,
        /// Room for outputs.
        out: usize,
    },
    /// The array that takes the outputs must hold every code.
    #[error("codes {min}..={max} do not fit the array that takes them: use a wider element type")]
    CodeType {
        /// Smallest code the rescaler can return.
        min: i32,
        /// Largest code the rescaler can return.
        max: i32,
    },
    /// A comparison that compared nothing would look like agreement.
    #[error(
        "there is nothing to compare: give at least one accumulator, and a scale that two rules can apply"
    )]
    NothingToCompare,
    /// Exhaustive sweeps end at 2^32.
    #[error("all accumulators of {0} bits are too many to sweep: give a list, or at most 32 bits")]
    NotExhaustible(u32),
    /// A name that is no rule.
    #[error(
        "there is no rounding rule `{name}`{hint}: choose one of gemmlowp, ruy, single, f32, f64, floor, pow2, pow2_floor, int16"
    )]
    UnknownRule {
        /// What was asked for.
        name: String,
        /// The nearest name, ready to append, or nothing.
        hint: String,
    },
}
