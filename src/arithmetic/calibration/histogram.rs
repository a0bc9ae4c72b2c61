//! Histograms as numpy computes them, in the type of the reals.

use super::error::CalibrationError;
use crate::arithmetic::quantizer::{QuantizerError, RealRange};
use crate::arithmetic::real::Real;

/// Counts of reals between ascending edges; the last bin includes both of its edges.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Histogram<T> {
    pub counts: Vec<u64>,
    /// One more than counts.
    pub edges: Vec<T>,
}

impl<T: Real> Histogram<T> {
    /// Counts reals in bins of equal width; `numpy.histogram(reals, bins, range)`.
    ///
    /// # Errors
    /// [`QuantizerError::Overflow`] when the width of the range is infinite.
    pub fn uniform(
        reals: impl Iterator<Item = T>,
        bins: usize,
        range: RealRange<T>,
    ) -> Result<Self, CalibrationError> {
        let half = T::ONE / T::from_i32(2);
        let RealRange { low, high } = if range.low == range.high {
            RealRange { low: range.low - half, high: range.high + half }
        } else {
            range
        };
        let extent = high - low;
        let count = T::from_i32(bins as i32);
        if !(extent * count).is_finite() {
            return Err(too_wide(extent));
        }
        let edges = linear_edges(low, high, bins);
        let mut counts = vec![0; bins];
        for real in reals.filter(|&real| low <= real && real <= high) {
            let mut bin = (((real - low) / extent * count).to_i32() as usize).min(bins - 1);
            // The quotient may be off by one bin near an edge.
            if real < edges[bin] {
                bin = bin.saturating_sub(1);
            }
            if real >= edges[bin + 1] && bin != bins - 1 {
                bin += 1;
            }
            counts[bin] += 1;
        }
        Ok(Self { counts, edges })
    }

    /// Counts reals between given edges and drops those outside; `numpy.histogram(reals, edges)`.
    pub fn between(reals: impl Iterator<Item = T>, edges: Vec<T>) -> Self {
        let bins = edges.len() - 1;
        let mut counts = vec![0; bins];
        for real in reals.filter(|&real| edges[0] <= real && real <= edges[bins]) {
            let after = edges.partition_point(|&edge| edge <= real);
            counts[(after - 1).min(bins - 1)] += 1;
        }
        Self { counts, edges }
    }

    /// Adds counts from the bin `start` on.
    pub fn add(&mut self, counts: &[u64], start: usize) {
        self.counts[start..].iter_mut().zip(counts).for_each(|(own, other)| *own += other);
    }
}

/// A symmetric histogram that grows with the largest magnitude, as ONNX Runtime collects values.
pub(crate) struct ValueHistogram<T> {
    pub histogram: Histogram<T>,
    /// Range of the values.
    pub range: RealRange<T>,
    /// Largest edge.
    threshold: T,
}

impl<T: Real> ValueHistogram<T> {
    /// Collects batches, of which none is empty.
    pub fn collect(batches: &[&[T]], bins: usize, most_bins: usize) -> Result<Self, CalibrationError> {
        let (first, rest) = batches.split_first().ok_or(CalibrationError::NoBatch)?;
        let range = range_of(first.iter().copied());
        let threshold = range.magnitude();
        let histogram = Histogram::uniform(first.iter().copied(), bins, around_zero(threshold))?;
        let mut collected = Self { histogram, range, threshold };
        for (batch, reals) in rest.iter().enumerate() {
            collected.merge(reals, batch + 1, most_bins)?;
        }
        Ok(collected)
    }

    fn merge(&mut self, reals: &[T], batch: usize, most_bins: usize) -> Result<(), CalibrationError> {
        let range = range_of(reals.iter().copied());
        let bins = self.histogram.counts.len();
        let threshold = range.magnitude();
        self.range = self.range.hull(range);
        if threshold <= self.threshold {
            let new = Histogram::uniform(reals.iter().copied(), bins, around_zero(self.threshold))?;
            self.histogram.add(&new.counts, 0);
            return Ok(());
        }
        let (added, threshold) = if self.threshold == T::ZERO {
            (0, threshold)
        } else {
            // Whole bins of the old width on either side.
            let width = T::from_i32(2) * self.threshold / T::from_i32(bins as i32);
            let added = floor_divide(threshold - self.threshold, width) + T::ONE;
            // Also false for NaN, from a width of 0.
            let is_few = added <= T::from_i32(most_bins as i32);
            if !is_few || bins + 2 * added.to_i32() as usize > most_bins {
                return Err(CalibrationError::Bins { batch });
            }
            (added.to_i32() as usize, added * width + self.threshold)
        };
        let mut new = Histogram::uniform(reals.iter().copied(), bins + 2 * added, around_zero(threshold))?;
        new.add(&self.histogram.counts, added);
        (self.histogram, self.threshold) = (new, threshold);
        Ok(())
    }
}

/// Range of reals; that of 0 if there are none.
pub(crate) fn range_of<T: Real>(reals: impl Iterator<Item = T>) -> RealRange<T> {
    reals.map(RealRange::of).reduce(RealRange::hull).unwrap_or(RealRange::of(T::ZERO))
}

fn around_zero<T: Real>(threshold: T) -> RealRange<T> {
    RealRange { low: -threshold, high: threshold }
}

/// Edges of equal bins, `numpy.linspace`.
fn linear_edges<T: Real>(low: T, high: T, bins: usize) -> Vec<T> {
    let count = T::from_i32(bins as i32);
    let (extent, step) = (high - low, (high - low) / count);
    let edge = |index: usize| {
        let index = T::from_i32(index as i32);
        // A step that underflows would put all edges into one place.
        let distance = if step == T::ZERO { index / count * extent } else { index * step };
        distance + low
    };
    (0..bins).map(edge).chain([high]).collect()
}

/// Floor of the exact quotient, which numpy and torch form from the remainder.
pub(crate) fn floor_divide<T: Real>(a: T, b: T) -> T {
    let remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder != T::ZERO && (b < T::ZERO) != (remainder < T::ZERO) {
        quotient = quotient - T::ONE;
    }
    let floor = quotient.floor();
    let half = T::ONE / T::from_i32(2);
    if quotient - floor > half { floor + T::ONE } else { floor }
}

/// The error of a range that no histogram can divide.
pub(crate) fn too_wide<T: Real>(extent: T) -> CalibrationError {
    QuantizerError::Overflow { index: 0, value: extent.to_f64(), dtype: T::NAME }.into()
}
