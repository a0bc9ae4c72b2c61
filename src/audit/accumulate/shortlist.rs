//! Selection of one candidate for each signedness and overflow behaviour.

use super::candidate::{AccumulatorCandidate, EpisodeRun, SumOverflow};
use super::control::ControlBehaviour;
use super::episode::Episode;
use super::spacing::PairSpacing;
use crate::audit::error::AuditError;
use crate::audit::factors::{Factors, Signedness};
use crate::audit::harness::Harness;
use crate::audit::operands::decode;
use crate::audit::tally::MismatchTally;
use crate::toolchain::parallel::in_parallel;

/// Episodes from which the behaviour of the control inputs is derived.
const CONTROL_EPISODES: usize = 8;

/// The responses of an accumulator of known latency.
pub(crate) struct ControlRecording<'a> {
    pub harness: &'a Harness,
    pub factors: &'a Factors,
    pub episodes: Vec<Episode>,
    pub latency: usize,
    /// Distance of pairs, `None` if there is one every cycle.
    pub spacing: Option<PairSpacing>,
}

impl ControlRecording<'_> {
    /// The best candidate for each name, in the order of [`names`].
    pub fn shortlist(&self) -> Result<Vec<AccumulatorCandidate>, AuditError> {
        let candidates = self.best_controls()?;
        let tallies = self.tallies(&candidates)?;
        let mut ranked: Vec<(AccumulatorCandidate, u64)> =
            candidates.into_iter().zip(tallies.iter().map(|tally| tally.wrong)).collect();
        ranked.sort_by_key(|(_, wrong)| *wrong);
        let mut chosen: Vec<AccumulatorCandidate> = Vec::new();
        for (candidate, _) in ranked {
            if chosen.iter().all(|other| other.name() != candidate.name()) {
                chosen.push(candidate);
            }
        }
        let names = names(self.factors);
        chosen.sort_by_key(|candidate| names.iter().position(|name| *name == candidate.name()));
        Ok(chosen)
    }

    /// The best control behaviour for each signedness, overflow and bounds.
    fn best_controls(&self) -> Result<Vec<AccumulatorCandidate>, AuditError> {
        let mut variants = Vec::new();
        for signs in self.factors.signedness() {
            for overflow in SumOverflow::ALL {
                let bounds = self.bounds(signs, overflow);
                variants.extend(bounds.into_iter().map(|bounds| (signs, overflow, bounds)));
            }
        }
        let controls = ControlBehaviour::all(self.harness, self.latency);
        // Control shows before any overflow; only the bounds need the long episodes.
        let episodes = &self.episodes[..self.episodes.len().min(CONTROL_EPISODES)];
        let best = in_parallel(&variants, |&(signs, overflow, bounds)| -> Result<_, AuditError> {
            let candidate = |&control| AccumulatorCandidate { signs, overflow, bounds, control };
            let candidates: Vec<AccumulatorCandidate> = controls.iter().map(candidate).collect();
            let tallies = self.compare(episodes, &candidates, signs);
            let ranked = candidates.into_iter().zip(tallies);
            let best = ranked.min_by(|(_, a), (_, b)| a.mismatch_rate().total_cmp(&b.mismatch_rate()));
            Ok(best.map(|(candidate, _)| candidate))
        })?;
        Ok(best.into_iter().flatten().collect())
    }

    /// The bounds to try: of the output type, and of the sums observed.
    ///
    /// The latter are the bounds of a register that is narrower than the output.
    fn bounds(&self, signs: Signedness, overflow: SumOverflow) -> Vec<(i128, i128)> {
        let bits = self.factors.out_bits;
        let is_signed = signs.of_product();
        let signed_range = |bits: u32| (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1);
        let range = |bits: u32| if is_signed { signed_range(bits) } else { (0, (1i128 << bits) - 1) };
        let sums = self.episodes.iter().flat_map(|episode| &episode.outputs.results[0]);
        let sums = sums.map(|&sum| i128::from(decode(sum, bits, is_signed)));
        let (least, most) =
            sums.fold((0, 0), |(least, most): (i128, i128), sum| (least.min(sum), most.max(sum)));
        let mut bounds = match overflow {
            // Sums rarely reach the exact bounds before they wrap, but they use every bit.
            SumOverflow::Wraps => {
                let magnitude = if is_signed { most.max(!least) << 1 | 1 } else { most.max(1) };
                vec![range(bits), range(magnitude.ilog2() + 1)]
            }
            SumOverflow::Saturates | SumOverflow::SaturatesOutput => {
                vec![range(bits), signed_range(bits), (least, most)]
            }
        };
        bounds.dedup();
        bounds
    }

    /// Compares each candidate with all episodes.
    pub fn tallies(&self, candidates: &[AccumulatorCandidate]) -> Result<Vec<MismatchTally>, AuditError> {
        in_parallel(candidates, |candidate| {
            Ok(self.compare(&self.episodes, &[*candidate], candidate.signs).remove(0))
        })
    }

    /// Compares candidates of one signedness with some episodes.
    fn compare(
        &self,
        episodes: &[Episode],
        candidates: &[AccumulatorCandidate],
        signs: Signedness,
    ) -> Vec<MismatchTally> {
        let mut tallies = vec![MismatchTally::default(); candidates.len()];
        let mut first = 0;
        for episode in episodes {
            let operands = &episode.rows.operands;
            let product = |row| self.factors.sum(operands, row, 0, signs) as i64;
            let products: Vec<i64> = (0..episode.rows.len()).map(product).collect();
            let run = EpisodeRun { harness: self.harness, episode, latency: self.latency, first };
            for (candidate, tally) in candidates.iter().zip(&mut tallies) {
                candidate.compare(&run, &products, tally);
            }
            first += episode.rows.len() as u64;
        }
        tallies
    }
}

/// The names of all candidates, the most common first.
pub(crate) fn names(factors: &Factors) -> Vec<String> {
    let signedness = factors.signedness().into_iter();
    let names = signedness
        .flat_map(|signs| SumOverflow::ALL.map(|overflow| AccumulatorCandidate::name_of(signs, overflow)));
    names.collect()
}
