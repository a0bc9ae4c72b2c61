//! How far restored values are from the originals.

use serde::{Serialize, Serializer};

use crate::reference::Real;

/// Loss figures of one tensor, computed in `f64`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Metrics {
    /// Largest `|x - x'|`.
    pub max_abs_error: f64,
    /// Mean of `|x - x'|`.
    pub mean_abs_error: f64,
    /// Mean of `(x - x')^2`.
    pub mse: f64,
    /// `10 log10(sum x^2 / sum (x - x')^2)` in dB: positive infinity when nothing is lost, negative
    /// infinity when a tensor of zeros is not restored as zeros. JSON has no infinities and shows them as
    /// the strings `"inf"` and `"-inf"`.
    #[serde(serialize_with = "decibels")]
    pub sqnr_db: f64,
    /// Share, 0 to 1, of elements whose rounded value lay outside the codes and was clamped.
    pub clipped: f64,
}

impl Metrics {
    /// Compares the elements of a tensor that is not empty with the values restored from its codes, of
    /// which `clipped` were clamped.
    pub(super) fn new<T: Real>(original: &[T], restored: &[T], clipped: usize) -> Self {
        let count = original.len() as f64;
        // Squares of very large and very small f64 leave its range; squared ratios to the largest do not.
        let largest = original.iter().fold(0.0, |largest, real| real.to_f64().abs().max(largest));
        let unit = if largest > 0.0 { largest } else { 1.0 };
        let (mut max, mut sum, mut noise, mut signal) = (0.0f64, 0.0, 0.0, 0.0);
        for (original, restored) in original.iter().zip(restored) {
            let error = (original.to_f64() - restored.to_f64()).abs();
            max = max.max(error);
            sum += error;
            noise += (error / unit).powi(2);
            signal += (original.to_f64() / unit).powi(2);
        }
        Self {
            max_abs_error: max,
            mean_abs_error: sum / count,
            mse: noise / count * unit * unit,
            sqnr_db: if noise == 0.0 { f64::INFINITY } else { 10.0 * (signal / noise).log10() },
            clipped: clipped as f64 / count,
        }
    }
}

fn decibels<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_finite() { serializer.serialize_f64(*value) } else { serializer.collect_str(value) }
}
