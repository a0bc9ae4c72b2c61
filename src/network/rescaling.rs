//! What a requantizer makes codes of.

use super::Job;
use crate::reference::rescale::{Output, RescaleError, Rescaler, Rule, Scale};

/// Bits of the accumulators.
pub(super) const ACC_BITS: u32 = 32;

/// A rounding rule with its scales and its output: how the sums of a layer become codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    scales: Vec<Scale>,
    rescaler: Rescaler,
}

/// Sums to be rescaled: the work of a requantizer. The results are codes, in the order of the sums.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescaling {
    /// Sums of 32 bits, whole rows of one for each output of the layer.
    pub sums: Vec<i64>,
    /// What they go through.
    pub stage: Stage,
}

impl Stage {
    /// One scale for each output of the layer.
    ///
    /// # Errors
    /// [`RescaleError`] when the rule cannot apply a scale.
    pub fn new(rule: Rule, scales: Vec<Scale>, output: Output) -> Result<Self, RescaleError> {
        Ok(Self { rescaler: Rescaler::per_channel(rule, ACC_BITS, &scales, output)?, scales })
    }

    /// The rounding rule.
    pub fn rule(&self) -> Rule {
        self.rescaler.rule()
    }

    /// The scale of each output of the layer.
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// Zero point and clamp.
    pub fn output(&self) -> Output {
        self.rescaler.output()
    }
}

/// The scale `sx * sw / sy` from the steps of a product to those of a code, in the arithmetic of the rule:
/// binary64 for a fixed-point multiplier, binary32 for (R4). (R7) only shifts and gets the nearest power of
/// two, by the logarithm.
///
/// # Errors
/// [`RescaleError::Scale`] for a scale that is not a positive number.
pub fn factor(rule: Rule, x: f32, w: f32, y: f32) -> Result<Scale, RescaleError> {
    let exact = f64::from(x) * f64::from(w) / f64::from(y);
    Scale::real(match rule {
        Rule::F32 => f64::from(x * w / y),
        Rule::Pow2 | Rule::Pow2Floor => 2f64.powi(exact.log2().round() as i32),
        _ => exact,
    })
}

impl Job for Rescaling {
    type Result = i32;

    fn reference(&self) -> Vec<i32> {
        let codes = self.sums.iter().enumerate();
        codes.map(|(index, &sum)| self.stage.rescaler.rescale(sum, index)).collect()
    }
}
