//! Percentile calibration as in ONNX Runtime, on histograms of 2048 bins.

use super::error::CalibrationError;
use super::histogram::{Histogram, ValueHistogram, range_of};
use super::method::MOST_BINS;
use crate::arithmetic::quantizer::RealRange;
use crate::arithmetic::real::Real;

/// Bins of the first batch.
const BINS: usize = 2048;

/// Largest number of bins after all batches, more than for entropy because nothing is searched.
const MOST: usize = MOST_BINS << 6;

/// Cuts half of the rest of the reals on either side.
pub(crate) fn of_both_tails<T: Real>(
    batches: &[&[T]],
    percentage: f64,
) -> Result<RealRange<T>, CalibrationError> {
    let collected = ValueHistogram::collect(batches, BINS, MOST)?;
    let cut = (100.0 - percentage) / 200.0;
    let edges = &collected.histogram.edges;
    let shares = cumulated(&collected.histogram.counts);
    let edge = |share: f64| edges[shares.partition_point(|&below| below < share)];
    Ok(inside(RealRange { low: edge(cut), high: edge(1.0 - cut) }, collected.range))
}

/// Cuts the largest magnitudes.
pub(crate) fn of_magnitudes<T: Real>(
    batches: &[&[T]],
    percentage: f64,
) -> Result<RealRange<T>, CalibrationError> {
    let mut range: Option<RealRange<T>> = None;
    let mut histogram: Option<Histogram<T>> = None;
    for (batch, reals) in batches.iter().enumerate() {
        let own = range_of(reals.iter().copied());
        range = Some(range.map_or(own, |range| range.hull(own)));
        let magnitudes = || reals.iter().map(|real| real.abs());
        histogram = Some(match histogram.take() {
            None => Histogram::uniform(magnitudes(), BINS, range_of(magnitudes()))?,
            Some(old) => {
                let edges = extended(&old.edges, own.magnitude(), batch)?;
                let mut new = Histogram::between(magnitudes(), edges);
                new.add(&old.counts, 0);
                new
            }
        });
    }
    let (Some(range), Some(histogram)) = (range, histogram) else { return Err(CalibrationError::NoBatch) };
    let shares = cumulated(&histogram.counts);
    let threshold = histogram.edges[shares.partition_point(|&below| below < percentage / 100.0)];
    Ok(inside(RealRange { low: -threshold, high: threshold }, range))
}

/// Edges with more bins of the width of the first one, up to `largest`.
fn extended<T: Real>(edges: &[T], largest: T, batch: usize) -> Result<Vec<T>, CalibrationError> {
    let last = edges[edges.len() - 1];
    let mut extended = edges.to_vec();
    if largest <= last {
        return Ok(extended);
    }
    let width = edges[1] - edges[0];
    let start = last + width;
    let length = ((largest + width - start) / width).to_f64().ceil();
    // Also false for NaN, from a width of 0.
    let is_few = length <= MOST as f64;
    if !is_few || edges.len() + length as usize > MOST {
        return Err(CalibrationError::Bins { batch });
    }
    // `numpy.arange` multiplies the distance of its first two numbers.
    let step = start + width - start;
    extended.extend((0..length as i32).map(|index| match index {
        1 => start + width,
        _ => start + T::from_i32(index) * step,
    }));
    Ok(extended)
}

/// Shares of the reals up to the end of each bin; the edge after the last bin belongs to no share.
fn cumulated(counts: &[u64]) -> Vec<f64> {
    let total = counts.iter().sum::<u64>() as f64;
    let share = |sum: &mut f64, &count: &u64| {
        *sum += count as f64 / total;
        Some(*sum)
    };
    counts.iter().scan(0.0, share).collect()
}

/// Limits thresholds to the observed range.
pub(crate) fn inside<T: Real>(thresholds: RealRange<T>, range: RealRange<T>) -> RealRange<T> {
    RealRange { low: thresholds.low.max(range.low), high: thresholds.high.min(range.high) }
}
