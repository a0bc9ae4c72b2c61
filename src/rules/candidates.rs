//! Candidate rules for one scale.

use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule};
use crate::quantization::requantize::RescaleParameters;

/// Rules that can apply a scale, and the reasons why the others cannot.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// One rescaler per applicable rule.
    pub rescalers: Vec<Rescaler>,
    /// The other rules, each with the reason.
    pub inapplicable: Vec<(Rule, RescaleError)>,
    /// The bias of each channel as an integer, which every rule but `f32_bias` adds to the accumulator; empty
    /// without a bias.
    integer_biases: Vec<i64>,
}

impl Candidates {
    /// Tries every rule of [`Rule::ALL`].
    pub fn new(acc_bits: u32, parameters: &RescaleParameters) -> Self {
        let integer_biases = integer_biases(parameters);
        let mut candidates = Self { rescalers: Vec::new(), inapplicable: Vec::new(), integer_biases };
        for rule in Rule::ALL {
            match candidate(rule, acc_bits, parameters) {
                Ok(rescaler) => candidates.rescalers.push(rescaler),
                Err(reason) => candidates.inapplicable.push((rule, reason)),
            }
        }
        candidates
    }

    /// Number of accumulators per chunk.
    ///
    /// Whole rows, few enough that the codes of all rules stay in the cache.
    pub(super) fn chunk_len(&self) -> usize {
        const TARGET: usize = 1024;
        let channels = self.rescalers.first().map_or(1, |rescaler| rescaler.channels().len());
        channels * (TARGET / channels).max(1)
    }

    /// The accumulators with the integer bias of their channels.
    pub(super) fn biased(&self, acc: &[i64]) -> Vec<i64> {
        with_bias(&self.integer_biases, acc)
    }
}

/// The rescaler of a rule; a bias belongs to the accumulators of every rule but `f32_bias`.
pub(super) fn candidate(
    rule: Rule,
    acc_bits: u32,
    parameters: &RescaleParameters,
) -> Result<Rescaler, RescaleError> {
    match rule {
        Rule::F32Bias => parameters.rescaler(rule, acc_bits),
        _ => Rescaler::per_channel(rule, acc_bits, &parameters.scales, &parameters.outputs),
    }
}

/// Biases to the nearest integer; empty without biases.
pub(super) fn integer_biases(parameters: &RescaleParameters) -> Vec<i64> {
    let biases = parameters.biases.as_deref().unwrap_or_default();
    biases.iter().map(|bias| bias.round_ties_even() as i64).collect()
}

/// Accumulators, each with the bias of its channel.
pub(super) fn with_bias(biases: &[i64], acc: &[i64]) -> Vec<i64> {
    match biases {
        [] => acc.to_vec(),
        biases => acc.iter().zip(biases.iter().cycle()).map(|(acc, bias)| acc.wrapping_add(*bias)).collect(),
    }
}
