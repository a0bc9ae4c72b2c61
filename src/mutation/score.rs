//! What became of the mutants of one config.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::mutant::Mutant;
use crate::unit::Config;

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The verification noticed it.
    Killed,
    /// The simulation did not notice it; `qrtl prove` refutes it.
    Refuted,
    /// A solver proved that nothing can tell it from the module, or the whole domain was swept.
    Equivalent,
    /// The verification did not notice it, and a solver or a sweep knows inputs that would show it.
    Survived,
    /// The verification did not notice it, and the solver did not decide in time whether anything can.
    Undecided,
}

/// A mutant, as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MutantView {
    /// Its number in the config, from 1 on.
    pub number: usize,
    /// The kind of fault.
    pub class: &'static str,
    /// The line of the Verilog; empty for a port.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub line: String,
    /// What is wrong there.
    pub fault: String,
    /// What became of it.
    pub fate: Fate,
}

impl MutantView {
    pub(crate) fn new(number: usize, mutant: &Mutant, fate: Fate) -> MutantView {
        let (line, fault) = (mutant.line.clone(), mutant.fault.clone());
        MutantView { number, class: mutant.class, line, fault, fate }
    }
}

impl fmt::Display for MutantView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MutantView { number, class, line, fault, .. } = self;
        let place = if line.is_empty() { "ports".to_string() } else { format!("line {line}") };
        write!(f, "#{number} {class} ({place}): {fault}")
    }
}

/// How the mutants of one class fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Class {
    /// How many there were.
    pub mutants: usize,
    /// How many were killed, by simulation or proof.
    pub killed: usize,
    /// How many of those by proof alone.
    pub refuted: usize,
    /// How many are equivalent.
    pub equivalent: usize,
    /// How many survived, the undecided among them.
    pub survived: usize,
}

/// How the mutants of one config fared.
#[derive(Clone, Debug, Serialize)]
pub struct Score {
    /// The preset, or the name of the module.
    pub preset: String,
    /// The unit.
    pub unit: String,
    /// The arguments that name the config to any verb.
    pub arguments: String,
    /// Digest of the module with its mutants.
    pub digest: String,
    /// All of them together.
    pub total: Class,
    /// Killed, of those that are not equivalent.
    pub score: f64,
    /// By kind of fault.
    pub classes: BTreeMap<&'static str, Class>,
    /// Those that were not noticed although something would show them.
    pub survivors: Vec<MutantView>,
    /// Those that only a proof noticed.
    pub refuted: Vec<MutantView>,
    /// Those that a solver proved equivalent, or a sweep of the whole domain.
    pub equivalents: Vec<MutantView>,
    /// How long it all took.
    pub seconds: f64,
}

impl Score {
    pub(crate) fn new(config: &Config, digest: String, mutants: Vec<MutantView>, seconds: f64) -> Score {
        let mut classes: BTreeMap<&'static str, Class> = BTreeMap::new();
        let mut total = Class::default();
        for mutant in &mutants {
            for class in [&mut total, classes.entry(mutant.class).or_default()] {
                class.mutants += 1;
                match mutant.fate {
                    Fate::Killed => class.killed += 1,
                    Fate::Refuted => {
                        class.killed += 1;
                        class.refuted += 1;
                    }
                    Fate::Equivalent => class.equivalent += 1,
                    Fate::Survived | Fate::Undecided => class.survived += 1,
                }
            }
        }
        let told_apart = total.mutants - total.equivalent;
        let with = |fates: &[Fate]| {
            mutants.iter().filter(|mutant| fates.contains(&mutant.fate)).cloned().collect::<Vec<_>>()
        };
        Score {
            preset: config.name().to_string(),
            unit: config.unit().name().to_string(),
            arguments: config.arguments(),
            digest,
            total,
            score: total.killed as f64 / told_apart.max(1) as f64,
            classes,
            survivors: with(&[Fate::Survived, Fate::Undecided]),
            refuted: with(&[Fate::Refuted]),
            equivalents: with(&[Fate::Equivalent]),
            seconds,
        }
    }

    /// Whether every mutant that can be noticed was.
    pub fn passed(&self) -> bool {
        self.total.killed > 0 && self.survivors.is_empty()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Class { mutants, killed, refuted, equivalent, survived } = self.total;
        write!(
            f,
            "{:<28} mutants {mutants:>4}  killed {killed:>4}  (proof {refuted})  equivalent {equivalent:>4}  survived {survived:>4}  \
             score {:>6.2} %  {:>6.1} s",
            self.preset,
            100.0 * self.score,
            self.seconds
        )
    }
}
