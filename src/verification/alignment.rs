//! Latency alignment between RTL and reference outputs.

use crate::reference::{Model, model, steady_model};
use crate::unit::{Behaviour, Config};

/// Latency alignment of a comparison.
///
/// The reference either steps cycle by cycle with the unit, or computes each transaction in its own row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alignment {
    /// Rows from an input to its output; 0 when the reference steps with the unit.
    pub(crate) latency: usize,
    /// Warm-up rows, not compared: the row before the first reset takes effect.
    pub(crate) warm_up: usize,
    /// Whether the first output is a valid bit; while it is 0, all other outputs are don't-cares.
    pub(crate) has_valid: bool,
    answers_in_place: bool,
}

impl Alignment {
    /// Alignment for a stimulus whose control inputs are idle throughout if it is `steady`.
    pub(crate) fn new(config: &Config, steady: bool) -> Self {
        let behaviour = config.behaviour();
        let answers_in_place = match behaviour {
            Behaviour::FeedForward { .. } => true,
            Behaviour::Pipelined { .. } => steady,
            Behaviour::Sequential { .. } | Behaviour::Stream { .. } => false,
        };
        Self {
            latency: if answers_in_place { behaviour.latency() } else { 0 },
            warm_up: usize::from(!answers_in_place),
            has_valid: !answers_in_place && matches!(behaviour, Behaviour::Pipelined { .. }),
            answers_in_place,
        }
    }

    /// The reference model with this alignment.
    pub(crate) fn reference(&self, config: &Config, lanes: usize) -> Box<dyn Model> {
        if self.answers_in_place { steady_model(config, lanes) } else { model(config, lanes) }
    }
}
