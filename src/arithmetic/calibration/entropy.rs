//! Entropy calibration as in ONNX Runtime: the least Kullback-Leibler divergence.

use super::error::CalibrationError;
use super::histogram::ValueHistogram;
use super::method::{MOST_BINS, QUANTIZED_BINS};
use super::percentile::inside;
use crate::arithmetic::quantizer::RealRange;
use crate::arithmetic::real::Real;

/// Share of a non-empty bin that each empty bin receives, so that no probability is 0.
const SMOOTHING: f64 = 0.0001;

/// The symmetric range around 0, limited to that of the reals, that loses the least information in 128 bins.
pub(crate) fn least_divergence<T: Real>(
    batches: &[&[T]],
    bins: usize,
) -> Result<RealRange<T>, CalibrationError> {
    if batches.iter().map(|batch| batch.len()).sum::<usize>() == 1 {
        return Err(CalibrationError::OneSample);
    }
    let collected = ValueHistogram::collect(batches, bins, MOST_BINS)?;
    let (counts, edges) = (&collected.histogram.counts, &collected.histogram.edges);
    let center = counts.len() / 2;
    let mut least = (f32::INFINITY, RealRange::of(T::ZERO));
    for reach in QUANTIZED_BINS / 2..=center {
        let (start, end) = (center - reach, (center + reach + 1).min(counts.len()));
        let divergence = divergence(counts, start, end);
        if divergence < least.0 || reach == QUANTIZED_BINS / 2 {
            least = (divergence, RealRange { low: edges[start], high: edges[end] });
        }
    }
    Ok(inside(least.1, collected.range))
}

/// Divergence of the counts from `start` to `end` in 128 bins from all counts, clipped into that range.
fn divergence(counts: &[u64], start: usize, end: usize) -> f32 {
    let kept = &counts[start..end];
    let mut reference = kept.to_vec();
    let last = reference.len() - 1;
    reference[0] += counts[..start].iter().sum::<u64>();
    reference[last] += counts[end..].iter().sum::<u64>();
    match (smoothed(&reference), smoothed(&expanded(kept, &reference))) {
        (Some(reference), Some(candidate)) => relative_entropy(&reference, &candidate),
        _ => f32::INFINITY,
    }
}

/// Merges counts into 128 bins and spreads each evenly again; bins after the last whole group stay empty.
fn expanded(kept: &[u64], reference: &[u64]) -> Vec<u64> {
    let width = kept.len() / QUANTIZED_BINS;
    let whole = QUANTIZED_BINS * width;
    let rest: u64 = kept[whole..].iter().sum();
    let mut expanded = vec![0; kept.len()];
    for (bin, group) in expanded[..whole].chunks_mut(width).enumerate() {
        let own = bin * width..(bin + 1) * width;
        let sum: u64 = kept[own.clone()].iter().sum();
        let sum = if bin == QUANTIZED_BINS - 1 { sum + rest } else { sum };
        let filled = reference[own].iter().filter(|&&count| count != 0).count() as u64;
        // Counts are integers here, so the quotient is truncated.
        group.fill(sum.checked_div(filled).unwrap_or(0));
    }
    expanded
}

/// Moves a little of the non-empty bins to the empty ones; `None` when all are empty.
fn smoothed(counts: &[u64]) -> Option<Vec<f32>> {
    let empty = counts.iter().filter(|&&count| count == 0).count();
    let filled = counts.len() - empty;
    if filled == 0 {
        return None;
    }
    let taken = SMOOTHING * empty as f64 / filled as f64;
    let smooth = |&count: &u64| match count {
        0 => SMOOTHING as f32,
        _ => count as f32 + (-taken) as f32,
    };
    Some(counts.iter().map(smooth).collect())
}

/// Sum of `p ln(p / q)` over normalized `p` and `q`, in float32.
fn relative_entropy(p: &[f32], q: &[f32]) -> f32 {
    let (all_p, all_q) = (pairwise_sum(p), pairwise_sum(q));
    let term = |(p, q): (&f32, &f32)| {
        let (p, q) = (p / all_p, q / all_q);
        // numpy's own float32 logarithm is within an ulp or two of this, by processor.
        p * f64::from(p / q).ln() as f32
    };
    pairwise_sum(&p.iter().zip(q).map(term).collect::<Vec<f32>>())
}

/// Sum in the order of numpy: eight partial sums in blocks of up to 128, and halves of longer slices.
fn pairwise_sum(terms: &[f32]) -> f32 {
    const BLOCK: usize = 128;
    const LANES: usize = 8;
    if terms.len() < LANES {
        return terms.iter().fold(-0.0, |sum, term| sum + term);
    }
    if terms.len() > BLOCK {
        let half = terms.len() / 2 / LANES * LANES;
        return pairwise_sum(&terms[..half]) + pairwise_sum(&terms[half..]);
    }
    let (rows, rest) = terms.as_chunks::<LANES>();
    let mut sums = rows[0];
    for row in &rows[1..] {
        sums.iter_mut().zip(row).for_each(|(sum, term)| *sum += term);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    rest.iter().fold(sum, |sum, term| sum + term)
}
