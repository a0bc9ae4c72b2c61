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
    pub(crate) fn new<T: Real>(original: &[T], restored: &[T], clipped: usize) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_tensor() {
        let metrics = Metrics::new(&[1.0f32, -2.0, 0.0, 4.0], &[1.5, -2.0, 0.0, 3.0], 1);
        assert_eq!(metrics.max_abs_error, 1.0);
        assert_eq!(metrics.mean_abs_error, 0.375);
        assert_eq!(metrics.mse, 0.3125);
        // Signal 21, noise 1.25.
        assert!((metrics.sqnr_db - 12.253_092_817).abs() < 1e-9, "{}", metrics.sqnr_db);
        assert_eq!(metrics.clipped, 0.25);
    }

    #[test]
    fn no_noise_and_no_signal_are_defined() {
        assert_eq!(Metrics::new(&[0.0f32], &[0.0], 0).sqnr_db, f64::INFINITY);
        assert_eq!(Metrics::new(&[3.0f32], &[3.0], 0).sqnr_db, f64::INFINITY);
        let lost = Metrics::new(&[0.0f32], &[1.0], 0);
        assert_eq!(lost.sqnr_db, f64::NEG_INFINITY);
        let json = serde_json::to_value(lost).unwrap();
        assert_eq!((&json["sqnr_db"], &json["mse"]), (&"-inf".into(), &1.0.into()));
    }

    #[test]
    fn extremes_of_f64_keep_their_ratio() {
        for unit in [1e-300, 1.0, 1e300] {
            let metrics = Metrics::new(&[10.0 * unit], &[9.0 * unit], 0);
            assert!((metrics.sqnr_db - 20.0).abs() < 1e-9, "{unit}: {}", metrics.sqnr_db);
        }
    }
}
