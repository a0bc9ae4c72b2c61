//! Candidate rules for one scale.

use crate::arithmetic::rescale::{OutputStage, RescaleError, Rescaler, Rule, Scale};

/// Rules that can apply a scale, and the reasons why the others cannot.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// One rescaler per applicable rule.
    pub rescalers: Vec<Rescaler>,
    /// The other rules, each with the reason.
    pub inapplicable: Vec<(Rule, RescaleError)>,
}

impl Candidates {
    /// Tries every rule of [`Rule::ALL`] with [`Rescaler::per_channel`].
    pub fn new(acc_bits: u32, scales: &[Scale], outputs: &[OutputStage]) -> Self {
        let mut candidates = Self { rescalers: Vec::new(), inapplicable: Vec::new() };
        for rule in Rule::ALL {
            match Rescaler::per_channel(rule, acc_bits, scales, outputs) {
                Ok(rescaler) => candidates.rescalers.push(rescaler),
                Err(reason) => candidates.inapplicable.push((rule, reason)),
            }
        }
        candidates
    }

    /// Number of accumulators per chunk.
    ///
    /// Whole rows, few enough that the codes of all rules stay in the cache.
    pub(crate) fn chunk_len(&self) -> usize {
        const TARGET: usize = 1024;
        let channels = self.rescalers.first().map_or(1, |rescaler| rescaler.channels().len());
        channels * (TARGET / channels).max(1)
    }
}
