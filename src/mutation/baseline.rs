//! The scores that are committed, and whether new ones are as good.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::score::{MutantView, Score};
use crate::unit::Config;

/// The scores of all presets, without anything that depends on the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// How many mutants were asked for.
    pub mutants: usize,
    /// The seed that chose them.
    pub seed: u64,
    /// By preset.
    pub presets: BTreeMap<String, Counts>,
}

/// What became of the mutants of a preset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Digest of the module with its mutants.
    pub digest: String,
    /// How many there were.
    pub mutants: usize,
    /// How many were killed.
    pub killed: usize,
    /// Numbers of those that only a proof noticed.
    pub refuted: Vec<usize>,
    /// Numbers of the equivalent ones.
    pub equivalent: Vec<usize>,
    /// Numbers of the surviving ones.
    pub survived: Vec<usize>,
}

impl Baseline {
    /// The counts of these scores.
    pub fn new(mutants: usize, seed: u64, scores: &[Score]) -> Baseline {
        let presets = scores.iter().map(|score| (score.preset.clone(), Counts::of(score))).collect();
        Baseline { mutants, seed, presets }
    }

    /// Numbers of the mutants of a config that are proved equivalent, if module and mutants are those
    /// with this digest: a proof is of these alone, whatever the stimulus has become.
    pub(crate) fn proved(&self, config: &Config, digest: &str) -> &[usize] {
        let counts = self.presets.get(config.name()).filter(|counts| counts.digest == digest);
        counts.map_or(&[], |counts| &counts.equivalent)
    }

    /// Replaces the scores of the presets that `other` has too, and adds those that it has alone.
    pub fn update(&mut self, other: Baseline) {
        self.presets.extend(other.presets);
    }

    /// What is not as it is written down, a line each; nothing when all is.
    pub fn differences(&self, other: &Baseline) -> Vec<String> {
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
    fn of(score: &Score) -> Counts {
        let numbers = |mutants: &[MutantView]| mutants.iter().map(|mutant| mutant.number).collect();
        Counts {
            digest: score.digest.clone(),
            mutants: score.total.mutants,
            killed: score.total.killed,
            refuted: numbers(&score.refuted),
            equivalent: numbers(&score.equivalents),
            survived: numbers(&score.survivors),
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { mutants, killed, equivalent, survived, .. } = self;
        write!(
            f,
            "{killed} of {mutants} killed, {} equivalent, {} survived",
            equivalent.len(),
            survived.len()
        )
    }
}
