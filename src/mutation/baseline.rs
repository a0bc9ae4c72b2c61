//! Baseline: recorded mutation scores, compared with those of a new run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::equivalence::Argument;
use super::score::{Fate, MutantView, Score};
use crate::unit::Config;

/// Mutation scores of all presets, without machine-dependent values such as times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Mutants requested per preset.
    pub mutants: usize,
    /// Seed that selected the mutants.
    pub seed: u64,
    /// Counts by preset.
    pub presets: BTreeMap<String, Counts>,
}

/// Verdicts on the mutants of a preset; each mutant is listed by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Digest of the module with its mutants.
    pub digest: String,
    /// Number of mutants.
    pub mutants: usize,
    /// Number of mutants killed by simulation or by proof.
    pub killed: usize,
    /// Mutants killed by proof only.
    pub refuted: Vec<usize>,
    /// Mutants proved equivalent, by the argument that decides them.
    pub equivalent: BTreeMap<Argument, Vec<usize>>,
    /// Mutants without a known difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undetected: Option<UndetectedMutants>,
    /// Mutants that survived.
    pub survived: Vec<usize>,
}

/// Mutants in which no difference was found within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndetectedMutants {
    /// Cycles after power-up in which the solver excludes a difference.
    pub cycles: usize,
    /// Transactions of the stimulus.
    pub vectors: u64,
    /// Numbers of these mutants.
    pub mutants: Vec<usize>,
}

impl Baseline {
    /// Baseline from the scores of a run.
    pub fn new(mutants: usize, seed: u64, scores: &[Score]) -> Self {
        let presets = scores.iter().map(|score| (score.preset.clone(), Counts::of(score))).collect();
        Self { mutants, seed, presets }
    }

    /// The counts of a config, if module and mutants have this digest. Proofs about them do not depend on the
    /// stimulus, so they can be reused.
    pub(crate) fn of_module(&self, config: &Config, digest: &str) -> Option<&Counts> {
        self.presets.get(config.name()).filter(|counts| counts.digest == digest)
    }

    /// Takes over the scores of `other`: replaces those of presets in both, and adds the new ones.
    pub fn update(&mut self, other: Self) {
        self.presets.extend(other.presets);
    }

    /// Differences between this baseline and new scores, one line each.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        if (self.mutants, self.seed) != (other.mutants, other.seed) {
            lines.push(format!(
                "the baseline is of {} mutants from seed {}, not of {} from seed {}",
                self.mutants, self.seed, other.mutants, other.seed
            ));
        }
        for (name, new) in &other.presets {
            match self.presets.get(name) {
                None => lines.push(format!("{name} is not in the baseline")),
                Some(old) if old != new => lines.push(format!("{name}: the baseline has {old}, now {new}")),
                Some(_) => {}
            }
        }
        lines
    }
}

impl Counts {
    fn of(score: &Score) -> Self {
        let numbers = |mutants: &[MutantView]| mutants.iter().map(|mutant| mutant.number).collect::<Vec<_>>();
        let mut equivalent: BTreeMap<Argument, Vec<usize>> = BTreeMap::new();
        for mutant in &score.equivalents {
            if let Fate::Equivalent(argument) = mutant.fate {
                equivalent.entry(argument).or_default().push(mutant.number);
            }
        }
        let undetected = score.bounds.cycles.map(|cycles| UndetectedMutants {
            cycles,
            vectors: score.bounds.vectors,
            mutants: numbers(&score.undetected),
        });
        Self {
            digest: score.digest.clone(),
            mutants: score.total.mutants,
            killed: score.total.killed,
            refuted: numbers(&score.refuted),
            equivalent,
            undetected,
            survived: numbers(&score.survivors),
        }
    }

    /// Number of mutants proved equivalent.
    pub fn equivalents(&self) -> usize {
        self.equivalent.values().map(Vec::len).sum()
    }

    /// Recorded verdict on a mutant that is listed as equivalent or undetected.
    pub(crate) fn listed_fate(&self, number: usize) -> Option<Fate> {
        let decides = |(_, numbers): &(&Argument, &Vec<usize>)| numbers.contains(&number);
        let undetected = self.undetected.iter().any(|undetected| undetected.mutants.contains(&number));
        let equivalent = self.equivalent.iter().find(decides);
        equivalent.map(|(argument, _)| Fate::Equivalent(*argument)).or(undetected.then_some(Fate::Undetected))
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { mutants, killed, survived, .. } = self;
        let undetected = self.undetected.as_ref().map_or(0, |undetected| undetected.mutants.len());
        let (equivalent, survived) = (self.equivalents(), survived.len());
        write!(
            f,
            "{killed} of {mutants} killed, {equivalent} equivalent, {undetected} undetected, {survived} survived"
        )
    }
}
