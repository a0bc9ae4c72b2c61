//! Work of a requantizer.

use super::backend::Job;
use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule, Scale};

/// Width of the accumulators in bits.
pub(crate) const ACC_BITS: u32 = 32;

/// Sums for a requantizer; the results are their codes, in the same order.
#[derive(Debug, Clone, PartialEq)]
pub struct RequantizerJob {
    /// 32-bit sums, in rows of one sum per output of the layer.
    pub sums: Vec<i64>,
    /// Rescaling, with one channel per output of the layer.
    pub rescaler: Rescaler,
}

/// Computes the scale `sx * sw / sy` of a layer in the arithmetic of the rule.
///
/// That is binary64 for a fixed-point multiplier and binary32 for (R4). (R7) only shifts; its scale is the
/// power of two nearest by logarithm.
///
/// # Errors
/// [`RescaleError::Scale`] for a scale that is not a positive number.
pub fn layer_scale(rule: Rule, x: f32, w: f32, y: f32) -> Result<Scale, RescaleError> {
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
