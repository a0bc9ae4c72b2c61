//! What a requantizer makes codes of.

use super::backend::Job;
use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule, Scale};

/// Bits of the accumulators.
pub(crate) const ACC_BITS: u32 = 32;

/// Sums to be rescaled: the work of a requantizer. The results are codes, in the order of the sums.
#[derive(Debug, Clone, PartialEq)]
pub struct RequantizerJob {
    /// Sums of 32 bits, whole rows of one for each output of the layer.
    pub sums: Vec<i64>,
    /// What they go through, a channel for each output of the layer.
    pub rescaler: Rescaler,
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

impl Job for RequantizerJob {
    type Result = i32;

    fn reference(&self) -> Vec<i32> {
        let codes = self.sums.iter().enumerate();
        codes.map(|(index, &sum)| self.rescaler.rescale(sum, index)).collect()
    }
}
