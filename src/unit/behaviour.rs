//! Behaviour classes of units: timing and state.

/// Behaviour class of a unit: the relation of its outputs to its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "behaviour", rename_all = "snake_case")]
pub enum Behaviour {
    /// Transactions are independent: outputs appear `latency` clock edges after the inputs.
    FeedForward {
        /// Clock edges from an operand to its result; 0 for a combinational unit.
        latency: usize,
    },
    /// Transactions are independent, and control decides when they move: a transaction enters with its valid
    /// bit on an enabled edge, and leaves `latency` enabled edges later. Outputs with a valid bit of 0 are
    /// undefined. Reset drops the transactions in the pipeline.
    Pipelined {
        /// Enabled clock edges from an operand to its result, at least 1.
        latency: usize,
    },
    /// Outputs depend on all inputs since reset; the reference is compared in every cycle.
    Sequential {
        /// Clock edges from an operand to the first output that includes it.
        latency: usize,
    },
    /// Values move by valid/ready handshakes on every side, in frames, with any latency.
    Stream {
        /// Clock edges from one frame to the next while nothing stalls.
        interval: usize,
        /// Clock edges from the last beat of an input frame to the last of its output frame, at most, while
        /// nothing stalls.
        latency: usize,
    },
}

impl Behaviour {
    /// Whether outputs depend on all inputs since reset.
    pub fn has_history(self) -> bool {
        matches!(self, Self::Sequential { .. } | Self::Stream { .. })
    }

    /// Whether values move by handshakes.
    pub fn is_stream(self) -> bool {
        matches!(self, Self::Stream { .. })
    }

    /// Clock edges from an operand to the first output that depends on it.
    pub fn latency(self) -> usize {
        match self {
            Self::FeedForward { latency }
            | Self::Pipelined { latency }
            | Self::Sequential { latency }
            | Self::Stream { latency, .. } => latency,
        }
    }
}
