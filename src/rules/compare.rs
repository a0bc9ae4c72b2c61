//! Comparison of all pairs of rules on many accumulators.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use serde::Serialize;

use super::accumulators::AccumulatorSource;
use super::candidates::Candidates;
use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule};
use crate::toolchain::parallel;

/// Differences between all pairs of candidates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairwiseComparison {
    /// Accumulators that every rule was run on.
    pub compared: u64,
    /// One entry per unordered pair, in the order of [`Rule::ALL`].
    pub pairs: Vec<RulePair>,
}

/// Differences between two rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePair {
    /// The two rules.
    pub rules: (Rule, Rule),
    /// Number of accumulators with different codes.
    pub differing: u64,
    /// The first of them.
    pub first: Option<Difference>,
    /// Largest distance between two codes.
    pub largest: u32,
}

/// An accumulator for which two rules give different codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Index in the list or range.
    pub index: u64,
    /// The accumulator.
    pub acc: i64,
    /// Codes under the two rules.
    pub codes: (i32, i32),
}

impl Candidates {
    /// Runs all candidates on all accumulators, on all cores.
    ///
    /// Memory does not grow with the number of accumulators. `progress` receives the number of accumulators
    /// just finished, from any thread.
    ///
    /// # Errors
    /// [`RescaleError::NothingToCompare`] without accumulators or with fewer than two candidates, and
    /// [`RescaleError::PartialRow`] if the accumulators do not divide into rows of channels.
    pub fn compare(
        &self,
        accumulators: AccumulatorSource,
        progress: impl Fn(u64) + Sync,
    ) -> Result<PairwiseComparison, RescaleError> {
        if accumulators.is_empty() || self.rescalers.len() < 2 {
            return Err(RescaleError::NothingToCompare);
        }
        let chunk = self.chunk_len() as u64;
        let threads = parallel::threads() as u64;
        let share = accumulators.len().div_ceil(threads).next_multiple_of(chunk);
        let (candidates, progress) = (self, &progress);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|i| i * share..((i + 1) * share).min(accumulators.len()))
                .filter(|indices| !indices.is_empty())
                .map(|indices| scope.spawn(move || candidates.compare_share(accumulators, indices, progress)))
                .collect();
            let mut total = self.no_difference();
            for worker in workers {
                total.append(worker.join().unwrap_or_else(|panic| resume_unwind(panic))?);
            }
            Ok(total)
        })
    }

    /// Compares the accumulators of `indices` in chunks, on one thread.
    fn compare_share(
        &self,
        accumulators: AccumulatorSource,
        indices: Range<u64>,
        progress: &(impl Fn(u64) + Sync),
    ) -> Result<PairwiseComparison, RescaleError> {
        let chunk = self.chunk_len();
        let mut acc = vec![0i64; chunk];
        let mut codes = vec![vec![0i32; chunk]; self.rescalers.len()];
        let mut total = self.no_difference();
        for start in indices.clone().step_by(chunk) {
            let len = (indices.end - start).min(chunk as u64) as usize;
            accumulators.fill(start, &mut acc[..len]);
            let biased = self.biased(&acc[..len]);
            for (rescaler, codes) in self.rescalers.iter().zip(&mut codes) {
                let acc = if rescaler.rule() == Rule::F32Bias { &acc[..len] } else { &biased };
                rescaler.rescale_slice(acc, &mut codes[..len])?;
            }
            let mut pairs = total.pairs.iter_mut();
            for (i, a) in codes.iter().enumerate() {
                for (b, pair) in codes[i + 1..].iter().zip(&mut pairs) {
                    pair.add(start, &acc[..len], &a[..len], &b[..len]);
                }
            }
            total.compared += len as u64;
            progress(len as u64);
        }
        Ok(total)
    }

    fn no_difference(&self) -> PairwiseComparison {
        let rules: Vec<Rule> = self.rescalers.iter().map(Rescaler::rule).collect();
        let pairs = rules.iter().enumerate().flat_map(|(i, &a)| rules[i + 1..].iter().map(move |&b| (a, b)));
        let pairs = pairs.map(|rules| RulePair { rules, differing: 0, first: None, largest: 0 }).collect();
        PairwiseComparison { compared: 0, pairs }
    }
}

impl PairwiseComparison {
    /// Adds the comparison of later accumulators by the same candidates.
    fn append(&mut self, later: Self) {
        self.compared += later.compared;
        for (pair, later) in self.pairs.iter_mut().zip(later.pairs) {
            pair.differing += later.differing;
            pair.first = pair.first.or(later.first);
            pair.largest = pair.largest.max(later.largest);
        }
    }
}

impl RulePair {
    /// Adds one chunk.
    ///
    /// Most are equal, clamped or between ties, so equality is tested first.
    fn add(&mut self, start: u64, acc: &[i64], a: &[i32], b: &[i32]) {
        if a == b {
            return;
        }
        let mut differing = 0u32;
        for (&a, &b) in a.iter().zip(b) {
            differing += u32::from(a != b);
            self.largest = self.largest.max(a.abs_diff(b));
        }
        self.differing += u64::from(differing);
        if self.first.is_none() {
            let first = a.iter().zip(b).position(|(a, b)| a != b);
            self.first =
                first.map(|i| Difference { index: start + i as u64, acc: acc[i], codes: (a[i], b[i]) });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::arithmetic::quantizer::CodeFormat;
    use crate::arithmetic::rescale::{OutputStage, Scale};
    use crate::quantization::requantize::RescaleParameters;

    fn candidates(scales: &[Scale]) -> Candidates {
        let outputs = vec![OutputStage::new(CodeFormat::new(8, true).unwrap(), 0).unwrap()];
        Candidates::new(32, &RescaleParameters { scales: scales.to_vec(), outputs, biases: None })
    }

    fn pair(comparison: &PairwiseComparison, a: Rule, b: Rule) -> &RulePair {
        comparison.pairs.iter().find(|pair| pair.rules == (a, b)).unwrap()
    }

    #[test]
    fn finds_known_difference() {
        let candidates = candidates(&[Scale::fixed(1_185_020_333, -2).unwrap()]);
        let comparison = candidates.compare(AccumulatorSource::List(&[0, 1, 387, 387]), |_| ()).unwrap();
        assert_eq!(comparison.compared, 4);
        let double = pair(&comparison, Rule::Gemmlowp, Rule::Single);
        let first = Some(Difference { index: 2, acc: 387, codes: (54, 53) });
        assert_eq!((double.differing, double.first, double.largest), (2, first, 1));
    }

    #[test]
    fn range_over_many_chunks_equals_list() {
        let candidates = candidates(&[Scale::fixed(1 << 30, -1).unwrap()]);
        let list: Vec<i64> = (-5000..5000).collect();
        let done = AtomicU64::new(0);
        let range = AccumulatorSource::Range { first: -5000, len: 10_000 };
        let comparison = candidates
            .compare(range, |n| {
                done.fetch_add(n, Ordering::Relaxed);
            })
            .unwrap();
        assert_eq!(comparison, candidates.compare(AccumulatorSource::List(&list), |_| ()).unwrap());
        assert_eq!((comparison.compared, done.into_inner()), (10_000, 10_000));
        // A quarter of the accumulator in -128..=127, floored or rounded: half of each four differ, apart
        // from those that the clamp holds at an end.
        let floor = pair(&comparison, Rule::Floor, Rule::Pow2);
        assert_eq!((floor.differing, floor.largest), (2 * 255, 1));
        assert_eq!(floor.first, Some(Difference { index: 4490, acc: -510, codes: (-128, -127) }));
        assert_eq!(pair(&comparison, Rule::Floor, Rule::Pow2Floor).differing, 0);
    }

    #[test]
    fn channels_keep_their_scales() {
        let scales = [Scale::fixed(1 << 30, 0).unwrap(), Scale::fixed(1 << 30, -1).unwrap()];
        let comparison = candidates(&scales).compare(AccumulatorSource::List(&[1, 1, 3, 3]), |_| ()).unwrap();
        // 1/2 and 3/4 round up, 1/4 and 3/2 the same way or not at all.
        let floor = pair(&comparison, Rule::Single, Rule::Floor);
        assert_eq!((floor.differing, floor.first.unwrap().index), (3, 0));
    }

    #[test]
    fn rejects_empty_comparisons() {
        let candidates = candidates(&[Scale::fixed(1 << 30, 0).unwrap()]);
        let nothing = candidates.compare(AccumulatorSource::List(&[]), |_| ());
        assert_eq!(nothing, Err(RescaleError::NothingToCompare));
        let odd = self::candidates(&[Scale::Real(0.5); 2]);
        let partial = odd.compare(AccumulatorSource::List(&[1, 2, 3]), |_| ());
        assert_eq!(partial, Err(RescaleError::PartialRow { len: 3, channels: 2 }));
        assert!(matches!(AccumulatorSource::exhaustive(33), Err(RescaleError::NotExhaustible(33))));
    }
}
