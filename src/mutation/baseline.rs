//! Committed scores, and the comparison of new ones with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::equivalence::Argument;
use super::score::{Fate, MutantView, Score};
use crate::unit::Config;

/// The scores of all presets, without anything that depends on the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Mutants asked for.
    pub mutants: usize,
    /// The seed that chose them.
    pub seed: u64,
    /// Fates by preset.
    pub presets: BTreeMap<String, Counts>,
}

/// The fates of the mutants of a preset, which are named by their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Digest of the module with its mutants.
    pub digest: String,
    /// Number of mutants.
    pub mutants: usize,
    /// Number of mutants that simulation or a proof kills.
    pub killed: usize,
    /// Mutants that only a proof kills.
    pub refuted: Vec<usize>,
    /// Mutants proved equivalent, by the argument that decides them.
    pub equivalent: BTreeMap<Argument, Vec<usize>>,
    /// Mutants without a known difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undetected: Option<Undetected>,
    /// Mutants that survived.
    pub survived: Vec<usize>,
}

/// Mutants in which no difference was found within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undetected {
    /// Cycles after power-up in which the solver excludes a difference.
    pub cycles: usize,
    /// Transactions of the stimulus.
    pub vectors: u64,
    /// Their numbers.
    pub mutants: Vec<usize>,
}

impl Baseline {
    /// The counts of these scores.
    pub fn new(mutants: usize, seed: u64, scores: &[Score]) -> Self {
        let presets = scores.iter().map(|score| (score.preset.clone(), Counts::of(score))).collect();
        Self { mutants, seed, presets }
    }

    /// The counts of a config, if module and mutants have this digest: what is proved of them does not
    /// depend on the stimulus.
    pub(crate) fn of_module(&self, config: &Config, digest: &str) -> Option<&Counts> {
        self.presets.get(config.name()).filter(|counts| counts.digest == digest)
    }

    /// Replaces the scores of the presets that `other` has too, and adds those that it has alone.
    pub fn update(&mut self, other: Self) {
        self.presets.extend(other.presets);
    }

    /// The differences from new scores, one line each.
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
        let undetected = score.bounds.cycles.map(|cycles| Undetected {
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

    /// The fate of a mutant that is listed as equivalent or undetected.
    pub(crate) fn listed(&self, number: usize) -> Option<Fate> {
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
