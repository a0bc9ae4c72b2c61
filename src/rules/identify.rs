//! Which rules explain outputs that somebody recorded.

use super::candidates::Candidates;
use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule};

/// What recorded outputs say about every rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Identification {
    /// How many recorded outputs each applicable rule was held against.
    pub compared: usize,
    /// One outcome per rule, in the order of [`Rule::ALL`].
    pub outcomes: Vec<(Rule, Outcome)>,
}

/// What recorded outputs say about one rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It gives every recorded output.
    Explains,
    /// It does not.
    Contradicted {
        /// How many recorded outputs it misses.
        wrong: usize,
        /// The first of them.
        first: Counterexample,
    },
    /// It cannot apply the scale.
    Inapplicable(RescaleError),
}

/// A recorded output that a rule does not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counterexample {
    /// Its place in the list.
    pub index: usize,
    /// The accumulator.
    pub acc: i64,
    /// The output that was recorded.
    pub recorded: i32,
    /// The output under the rule.
    pub computed: i32,
}

impl Identification {
    /// The rules that give every recorded output.
    pub fn explaining(&self) -> impl Iterator<Item = Rule> {
        self.outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Explains).map(|(rule, _)| *rule)
    }
}

impl Candidates {
    /// Holds every candidate against the outputs recorded for `acc`.
    ///
    /// # Errors
    /// [`RescaleError::NothingToCompare`] without accumulators or candidates,
    /// [`RescaleError::UnequalLengths`] and [`RescaleError::PartialRow`].
    pub fn identify(&self, acc: &[i64], recorded: &[i32]) -> Result<Identification, RescaleError> {
        if acc.len() != recorded.len() {
            return Err(RescaleError::UnequalLengths { acc: acc.len(), out: recorded.len() });
        }
        if acc.is_empty() || self.rescalers.is_empty() {
            return Err(RescaleError::NothingToCompare);
        }
        let mut outcomes = Vec::with_capacity(Rule::ALL.len());
        for rescaler in &self.rescalers {
            outcomes.push((rescaler.rule(), self.explain(rescaler, acc, recorded)?));
        }
        for (rule, reason) in &self.inapplicable {
            outcomes.push((*rule, Outcome::Inapplicable(reason.clone())));
        }
        outcomes.sort_by_key(|(rule, _)| *rule);
        Ok(Identification { compared: acc.len(), outcomes })
    }

    fn explain(&self, rescaler: &Rescaler, acc: &[i64], recorded: &[i32]) -> Result<Outcome, RescaleError> {
        let chunk = self.chunk_len();
        let mut computed = vec![0i32; chunk];
        let (mut wrong, mut first) = (0, None);
        for (i, (acc, recorded)) in acc.chunks(chunk).zip(recorded.chunks(chunk)).enumerate() {
            let computed = &mut computed[..acc.len()];
            rescaler.rescale_slice(acc, computed)?;
            for (j, (&computed, &recorded)) in computed.iter().zip(recorded).enumerate() {
                if computed != recorded {
                    wrong += 1;
                    let index = i * chunk + j;
                    first.get_or_insert(Counterexample { index, acc: acc[j], recorded, computed });
                }
            }
        }
        Ok(first.map_or(Outcome::Explains, |first| Outcome::Contradicted { wrong, first }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::quantizer::Format;
    use crate::arithmetic::rescale::{Output, Scale};

    fn candidates(scale: Scale) -> Candidates {
        Candidates::new(32, &[scale], &[Output::new(Format::new(8, true).unwrap(), 0).unwrap()])
    }

    #[test]
    fn one_telling_accumulator_separates_the_rules() {
        let candidates = candidates(Scale::fixed(1_185_020_333, -2).unwrap());
        let identified = candidates.identify(&[0, 387], &[0, 54]).unwrap();
        assert_eq!(identified.compared, 2);
        let explaining: Vec<Rule> = identified.explaining().collect();
        assert_eq!(explaining, [Rule::Gemmlowp, Rule::Ruy]);
        let single = &identified.outcomes[2];
        let first = Counterexample { index: 1, acc: 387, recorded: 54, computed: 53 };
        assert_eq!(*single, (Rule::Single, Outcome::Contradicted { wrong: 1, first }));
        assert!(matches!(
            identified.outcomes[6],
            (Rule::Pow2, Outcome::Inapplicable(RescaleError::NotPowerOfTwo(_)))
        ));
        assert_eq!(identified.outcomes.len(), Rule::ALL.len());
    }

    #[test]
    fn counterexamples_are_found_past_the_first_chunk() {
        let candidates = candidates(Scale::Real(0.5));
        let acc: Vec<i64> = (0..5000).map(|i| i % 200).collect();
        let mut recorded: Vec<i32> = acc.iter().map(|&acc| (acc as i32) >> 1).collect();
        recorded[4321] += 7;
        let identified = candidates.identify(&acc, &recorded).unwrap();
        let (rule, floor) = &identified.outcomes[5];
        let first = Counterexample { index: 4321, acc: 121, recorded: 67, computed: 60 };
        assert_eq!((*rule, floor), (Rule::Floor, &Outcome::Contradicted { wrong: 1, first }));
        assert_eq!(identified.explaining().count(), 0);
    }

    #[test]
    fn empty_and_unequal_recordings_are_refused() {
        let candidates = candidates(Scale::Real(0.5));
        assert_eq!(candidates.identify(&[], &[]), Err(RescaleError::NothingToCompare));
        let unequal = RescaleError::UnequalLengths { acc: 2, out: 1 };
        assert_eq!(candidates.identify(&[1, 2], &[1]), Err(unequal));
    }
}
