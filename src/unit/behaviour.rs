//! How the outputs of a unit follow its inputs.

/// How the outputs of a unit follow its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "behaviour", rename_all = "snake_case")]
pub enum Behaviour {
    /// Each transaction stands alone: its outputs appear `latency` clock edges after its inputs.
    FeedForward {
        /// Clock edges from an operand to its result; 0 for a combinational unit.
        latency: usize,
    },
    /// Each transaction stands alone, and control decides when it moves: it enters together with
    /// its valid bit on an enabled edge, and leaves `latency` enabled edges later. Outputs beside a
    /// valid bit of 0 mean nothing. Reset drops what is on its way.
    Pipelined {
        /// Enabled clock edges from an operand to its result, at least 1.
        latency: usize,
    },
    /// Outputs depend on the history since reset; the reference is compared every cycle.
    Sequential {
        /// Clock edges from an operand to the first output that includes it.
        latency: usize,
    },
}

impl Behaviour {
    /// Clock edges from an operand to the first output that depends on it.
    pub fn latency(self) -> usize {
        match self {
            Self::FeedForward { latency } | Self::Pipelined { latency } | Self::Sequential { latency } => {
                latency
            }
        }
    }
}
