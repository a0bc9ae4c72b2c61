//! Profiles of random stimulus: how often corner cases, stalls and clears occur.

/// Profile of a lane during an episode; probabilities in 256ths.
#[derive(Clone, Copy)]
pub(crate) struct StimulusProfile {
    /// Rows that repeat the lane's extreme operand; 0 to draw every operand.
    pub(crate) holds: u64,
    /// Operands that are corner cases.
    pub(crate) corners: u64,
    /// Rows that are not enabled, or not valid.
    pub(crate) stalls: u64,
    /// Rows that clear the accumulator.
    pub(crate) clears: u64,
}

impl StimulusProfile {
    /// Mostly uniform operands.
    pub(crate) const UNIFORM: Self = Self { holds: 0, corners: 32, stalls: 64, clears: 16 };
    /// Corner cases in half of the rows.
    const CORNER_BIASED: Self = Self { corners: 128, stalls: 16, ..Self::UNIFORM };
    /// One pair of extreme operands, never cleared, so that sums overflow.
    const HELD_EXTREMES: Self = Self { holds: 256, stalls: 0, clears: 0, ..Self::UNIFORM };
    /// Extreme operands in most rows, with stalls, so that sums also return from a limit.
    const HELD_WITH_STALLS: Self = Self { holds: 224, stalls: 64, clears: 1, ..Self::UNIFORM };

    /// Profiles of a pipelined unit, which has no sums.
    pub(crate) const PIPELINED: &[Self] = &[Self::UNIFORM, Self::CORNER_BIASED];
    /// Probabilities in 256ths that a handshake is withheld in a row; each handshake draws one of them.
    pub(crate) const STREAM_STALLS: &[u64] = &[0, 0, 16, 96, 224];

    /// Profiles of a unit with state.
    pub(crate) const SEQUENTIAL: &[Self] =
        &[Self::UNIFORM, Self::CORNER_BIASED, Self::HELD_EXTREMES, Self::HELD_WITH_STALLS];
}
