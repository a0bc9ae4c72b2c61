//! Observation of batches, and the parameters that follow.

use super::error::CalibrationError;
use super::method::Calibration;
use super::{entropy, norm, percentile};
use crate::arithmetic::quantizer::{
    Convention, Granularity, QuantizerConfig, QuantizerError, RealRange, ScaleLayout, Scheme,
    TensorQuantizer, check_finite, part_ranges,
};
use crate::arithmetic::real::Real;

/// A row-major tensor of observed reals.
#[derive(Debug, Clone, Copy)]
pub struct CalibrationBatch<'a, T> {
    /// Elements, finite and at least one.
    pub reals: &'a [T],
    /// Length of each axis.
    pub shape: &'a [usize],
}

/// Observes batches in their order and derives the parameters of `config`.
///
/// Batches may differ in shape; their number of parts is the same.
///
/// # Errors
/// Every [`CalibrationError`] but [`CalibrationError::Unknown`].
pub fn calibrate<T: Real>(
    config: &QuantizerConfig,
    calibration: Calibration,
    convention: Convention,
    batches: &[CalibrationBatch<T>],
) -> Result<TensorQuantizer<T>, CalibrationError> {
    let ranges = observed_ranges(config, calibration, batches)?;
    Ok(config.quantizer_of_ranges(&ranges, convention)?)
}

/// Observes batches in their order: one range for each part of the tensor.
///
/// # Errors
/// As [`calibrate`], but for the errors of parameters.
pub fn observed_ranges<T: Real>(
    config: &QuantizerConfig,
    calibration: Calibration,
    batches: &[CalibrationBatch<T>],
) -> Result<Vec<RealRange<T>>, CalibrationError> {
    let QuantizerConfig { granularity, scheme, format, .. } = *config;
    calibration.check()?;
    if granularity != Granularity::Tensor && !calibration.has_parts() {
        return Err(CalibrationError::Parts { calibration, granularity });
    }
    let ranges = batch_ranges(granularity, batches)?;
    let reals: Vec<&[T]> = batches.iter().map(|batch| batch.reals).collect();
    let whole = match calibration {
        Calibration::MinMax => return Ok(merged(ranges, RealRange::hull)),
        Calibration::MovingAverage(weight) => {
            let weight = T::from_f64(weight);
            return Ok(merged(ranges, |old, new| averaged(old, new, weight)));
        }
        Calibration::Percentile(percentage) => match scheme {
            Scheme::Symmetric => percentile::of_magnitudes(&reals, percentage)?,
            Scheme::Affine | Scheme::Offset => percentile::of_both_tails(&reals, percentage)?,
        },
        Calibration::Entropy(bins) => entropy::least_divergence(&reals, bins)?,
        Calibration::Mse => norm::least_error(&reals, merged(ranges, RealRange::hull)[0], format.bits())?,
    };
    Ok(vec![whole])
}

/// Ranges of the parts of each batch.
fn batch_ranges<T: Real>(
    granularity: Granularity,
    batches: &[CalibrationBatch<T>],
) -> Result<Vec<Vec<RealRange<T>>>, CalibrationError> {
    let mut ranges: Vec<Vec<RealRange<T>>> = Vec::with_capacity(batches.len());
    for (batch, &CalibrationBatch { reals, shape }) in batches.iter().enumerate() {
        let in_batch = |rule: QuantizerError| CalibrationError::Batch { batch, rule };
        let layout = ScaleLayout::new(granularity, shape, reals.len()).map_err(in_batch)?;
        check_finite(reals).map_err(in_batch)?;
        let found = part_ranges(layout, reals);
        if let Some(first) = ranges.first().filter(|first| first.len() != found.len()) {
            let (found, expected) = (found.len(), first.len());
            return Err(CalibrationError::Count { batch, found, expected });
        }
        ranges.push(found);
    }
    if ranges.is_empty() { Err(CalibrationError::NoBatch) } else { Ok(ranges) }
}

/// Merges the ranges of later batches into those of the first, part by part.
fn merged<T: Real>(
    batches: Vec<Vec<RealRange<T>>>,
    merge: impl Fn(RealRange<T>, RealRange<T>) -> RealRange<T>,
) -> Vec<RealRange<T>> {
    let mut batches = batches.into_iter();
    let first = batches.next().unwrap_or_default();
    batches.fold(first, |old, new| old.into_iter().zip(new).map(|(old, new)| merge(old, new)).collect())
}

fn averaged<T: Real>(old: RealRange<T>, new: RealRange<T>, weight: T) -> RealRange<T> {
    RealRange { low: old.low + weight * (new.low - old.low), high: old.high + weight * (new.high - old.high) }
}
