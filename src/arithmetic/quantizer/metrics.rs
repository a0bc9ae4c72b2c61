//! Loss of a quantization: distance of restored values from the originals.

use serde::{Serialize, Serializer};

use crate::arithmetic::real::Real;

/// Loss figures of one tensor, computed in `f64`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Metrics {
    /// Largest `|x - x'|`.
    pub max_abs_error: f64,
    /// Mean of `|x - x'|`.
    pub mean_abs_error: f64,
    /// Mean of `(x - x')^2`.
    pub mse: f64,
    /// Signal-to-quantization-noise ratio `10 log10(sum x^2 / sum (x - x')^2)` in dB.
    ///
    /// Positive infinity without loss, negative infinity if a tensor of zeros is not restored as zeros. JSON
    /// has no infinities; there they are the strings `"inf"` and `"-inf"`.
    #[serde(serialize_with = "decibels")]
    pub sqnr_db: f64,
    /// Fraction, 0 to 1, of elements whose rounded value was clamped.
    pub clipped: f64,
}

impl Metrics {
    /// Compares a non-empty tensor with the values restored from its codes.
    pub(crate) fn of_restored<T: Real>(original: &[T], restored: &[T]) -> Self {
        let mut losses = LossAccumulator::of(original.iter().copied());
        original.iter().zip(restored).for_each(|(x, y)| losses.add(x.to_f64(), y.to_f64(), false));
        losses.metrics()
    }
}

/// Accumulates losses element by element.
pub(crate) struct LossAccumulator {
    /// Largest magnitude.
    ///
    /// Squares of extreme `f64` overflow or underflow; squared ratios to this do not.
    unit: f64,
    elements: usize,
    clipped: usize,
    max: f64,
    sum: f64,
    noise: f64,
    signal: f64,
}

impl LossAccumulator {
    /// Creates an empty accumulator for losses of `reals`.
    pub fn of<T: Real>(reals: impl Iterator<Item = T>) -> Self {
        let largest = reals.fold(0.0, |largest: f64, real| largest.max(real.to_f64().abs()));
        let unit = if largest > 0.0 { largest } else { 1.0 };
        Self { unit, elements: 0, clipped: 0, max: 0.0, sum: 0.0, noise: 0.0, signal: 0.0 }
    }

    /// Adds one element, its restored value and whether it was clamped.
    #[inline]
    pub fn add(&mut self, original: f64, restored: f64, clipped: bool) {
        let error = (original - restored).abs();
        self.elements += 1;
        self.clipped += usize::from(clipped);
        self.max = self.max.max(error);
        self.sum += error;
        self.noise += (error / self.unit).powi(2);
        self.signal += (original / self.unit).powi(2);
    }

    /// Loss figures of the elements added so far, at least one.
    pub fn metrics(&self) -> Metrics {
        let count = self.elements as f64;
        Metrics {
            max_abs_error: self.max,
            mean_abs_error: self.sum / count,
            mse: self.noise / count * self.unit * self.unit,
            sqnr_db: match self.noise {
                0.0 => f64::INFINITY,
                noise => 10.0 * (self.signal / noise).log10(),
            },
            clipped: self.clipped as f64 / count,
        }
    }
}

fn decibels<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_finite() { serializer.serialize_f64(*value) } else { serializer.collect_str(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics(pairs: &[(f64, f64)], clipped: usize) -> Metrics {
        let originals: Vec<f64> = pairs.iter().map(|&(original, _)| original).collect();
        let mut losses = LossAccumulator::of(originals.iter().copied());
        for (index, &(original, restored)) in pairs.iter().enumerate() {
            losses.add(original, restored, index < clipped);
        }
        losses.metrics()
    }

    #[test]
    fn computes_losses_of_small_tensor() {
        let metrics = metrics(&[(1.0, 1.5), (-2.0, -2.0), (0.0, 0.0), (4.0, 3.0)], 1);
        assert_eq!(metrics.max_abs_error, 1.0);
        assert_eq!(metrics.mean_abs_error, 0.375);
        assert_eq!(metrics.mse, 0.3125);
        // Signal 21, noise 1.25.
        assert!((metrics.sqnr_db - 12.253_092_817).abs() < 1e-9, "{}", metrics.sqnr_db);
        assert_eq!(metrics.clipped, 0.25);
    }

    #[test]
    fn sqnr_without_noise_or_signal_is_infinite() {
        assert_eq!(metrics(&[(0.0, 0.0)], 0).sqnr_db, f64::INFINITY);
        assert_eq!(metrics(&[(3.0, 3.0)], 0).sqnr_db, f64::INFINITY);
        let lost = metrics(&[(0.0, 1.0)], 0);
        assert_eq!(lost.sqnr_db, f64::NEG_INFINITY);
        let json = serde_json::to_value(lost).unwrap();
        assert_eq!((&json["sqnr_db"], &json["mse"]), (&"-inf".into(), &1.0.into()));
    }

    #[test]
    fn sqnr_does_not_overflow_at_extremes_of_f64() {
        for unit in [1e-300, 1.0, 1e300] {
            let metrics = metrics(&[(10.0 * unit, 9.0 * unit)], 0);
            assert!((metrics.sqnr_db - 20.0).abs() < 1e-9, "{unit}: {}", metrics.sqnr_db);
        }
    }
}
