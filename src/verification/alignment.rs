//! Which output of the RTL belongs to which answer of the reference.

use crate::reference::{Model, model, steady_model};
use crate::unit::{Behaviour, Config};

/// How outputs are compared with a reference that steps with the unit, or answers in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alignment {
    /// Rows from an input to the output that the reference answers in its place; 0 when it answers
    /// cycle by cycle.
    pub(crate) latency: usize,
    /// Rows that say nothing yet: the one before the first reset takes effect.
    pub(crate) warm_up: usize,
    /// Whether the first output is a valid bit without which the others may be anything.
    pub(crate) has_valid: bool,
    in_place: bool,
}

impl Alignment {
    /// That of a stimulus, whose control rests throughout if it is `steady`.
    pub(crate) fn new(config: &Config, steady: bool) -> Alignment {
        let behaviour = config.behaviour();
        let in_place = match behaviour {
            Behaviour::FeedForward { .. } => true,
            Behaviour::Pipelined { .. } => steady,
            Behaviour::Sequential { .. } => false,
        };
        Alignment {
            latency: if in_place { behaviour.latency() } else { 0 },
            warm_up: usize::from(!in_place),
            has_valid: !in_place && matches!(behaviour, Behaviour::Pipelined { .. }),
            in_place,
        }
    }

    /// The reference that answers so.
    pub(crate) fn model(&self, config: &Config, lanes: usize) -> Box<dyn Model> {
        if self.in_place { steady_model(config, lanes) } else { model(config, lanes) }
    }
}
