//! Search for the range with the least squared error, that of torch's `HistogramObserver`.

use super::error::CalibrationError;
use super::histogram::{floor_divide, too_wide};
use crate::arithmetic::quantizer::RealRange;
use crate::arithmetic::real::Real;

/// Bins of the histogram.
const BINS: usize = 2048;

/// Share of the reals by which a bound moves per step of the search.
const STEP: f64 = 1e-5;

/// The range that the search finds on a histogram of all batches; `bits` is the width of a code.
///
/// Each step cuts the tail that is longer in bins, until the error grows.
pub(crate) fn least_error<T: Real>(
    batches: &[&[T]],
    range: RealRange<T>,
    bits: u32,
) -> Result<RealRange<T>, CalibrationError> {
    let extent = range.high - range.low;
    if !(extent * T::from_i32(BINS as i32)).is_finite() {
        return Err(too_wide(extent));
    }
    if extent == T::ZERO {
        return Ok(range);
    }
    let counts = counts(batches, range);
    let exact = (range.high.to_f64() - range.low.to_f64()) / BINS as f64;
    let (start, end) = search(&counts, exact, bits);
    let width = extent / T::from_i32(BINS as i32);
    let edge = |bin: usize| range.low + width * T::from_i32(bin as i32);
    Ok(RealRange { low: edge(start), high: edge(end + 1) })
}

/// Reals per bin, `torch.histc`, which takes the quotient as it is.
fn counts<T: Real>(batches: &[&[T]], range: RealRange<T>) -> Vec<T> {
    let (bins, extent) = (T::from_i32(BINS as i32), range.high - range.low);
    let mut counts = vec![0u32; BINS];
    for &real in batches.iter().copied().flatten() {
        let bin = ((real - range.low) * bins / extent).to_i32() as usize;
        counts[bin.min(BINS - 1)] += 1;
    }
    counts.into_iter().map(|count| T::from_f64(count.into())).collect()
}

/// First and last bin of the best range, for bins of `width`.
fn search<T: Real>(counts: &[T], width: f64, bits: u32) -> (usize, usize) {
    let cumulated: Vec<T> = counts
        .iter()
        .scan(T::ZERO, |sum, &count| {
            *sum = *sum + count;
            Some(*sum)
        })
        .collect();
    let total = cumulated[BINS - 1].to_f64();
    let (mut alpha, mut beta) = (0.0, 1.0);
    let (mut start, mut end) = (0, BINS - 1);
    let mut least = f64::INFINITY;
    while alpha < beta {
        let (next_alpha, next_beta) = (alpha + STEP, beta - STEP);
        let (below, above) = (T::from_f64(next_alpha * total), T::from_f64(next_beta * total));
        let left = (start..end).find(|&bin| cumulated[bin] >= below).unwrap_or(end);
        let right = (start + 1..=end).rev().find(|&bin| cumulated[bin] <= above).unwrap_or(start);
        let (mut next_start, mut next_end) = (start, end);
        if left - start > end - right {
            next_start = left;
            alpha = next_alpha;
        } else {
            next_end = right;
            beta = next_beta;
        }
        if (next_start, next_end) == (start, end) {
            continue;
        }
        let error = squared_error(counts, width, next_start, next_end, bits);
        if error > least {
            break;
        }
        (least, start, end) = (error, next_start, next_end);
    }
    (start, end)
}

/// Squared error of codes for the bins from `start` to `end`, reals spread evenly in each bin of `width`.
///
/// The errors of bins are computed in `T`, and added in float64: torch adds them in the order of its vector unit.
fn squared_error<T: Real>(counts: &[T], width: f64, start: usize, end: usize, bits: u32) -> f64 {
    let steps = f64::from(1 << bits);
    let step = width * (end as f64 - start as f64 + 1.0) / steps;
    if step == 0.0 {
        return 0.0;
    }
    let half = T::from_f64(step / 2.0);
    let (width, step) = (T::from_f64(width), T::from_f64(step));
    let last = T::from_f64(steps - 1.0);
    let middle = T::ONE / T::from_i32(2);
    let cubes = |begin: T, end: T| (end * end * end - begin * begin * begin) / T::from_i32(3);
    let error = |(bin, &count): (usize, &T)| {
        let from = T::from_i32(bin as i32 - start as i32) * width;
        let to = from + width;
        let first = floor_divide(from, step).clamp(T::ZERO, last);
        let after = floor_divide(to, step).clamp(T::ZERO, last);
        let density = count / width;
        let begin = density * cubes(from - (first + middle) * step, half);
        let inner = (after - first - T::ONE) * (density * cubes(-half, half));
        let end = density * cubes(-half, to - (after * step + half));
        (begin + inner + end).to_f64()
    };
    counts.iter().enumerate().map(error).sum()
}
