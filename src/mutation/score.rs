//! Verdict on each mutant of a config, and the score.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::equivalence::Argument;
use super::mutant::Mutant;
use crate::unit::Config;

/// Verdict on a mutant in the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "fate", content = "argument")]
pub enum Fate {
    /// Simulation detects it.
    Killed,
    /// Simulation does not detect it; `qrtl prove` refutes it.
    Refuted,
    /// No input sequence distinguishes it from the module, by this argument.
    Equivalent(Argument),
    /// Simulation does not detect it, but the solver found inputs that do.
    Survived,
    /// Simulation does not detect it, and no argument proves it equivalent.
    Undetected,
}

/// Bounds of the search for a difference in undetected mutants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// Cycles after power-up in which the solver excludes a difference in every undetected mutant; `None` if
    /// there is none.
    pub cycles: Option<usize>,
    /// Transactions of the stimulus.
    pub vectors: u64,
}

impl Bounds {
    /// Lowers the bound to the searched cycles of an undetected mutant, and returns its verdict.
    pub(crate) fn undetected(&mut self, cycles: usize) -> Fate {
        self.cycles = Some(self.cycles.map_or(cycles, |least| least.min(cycles)));
        Fate::Undetected
    }
}

/// A mutant in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MutantView {
    /// Number in the config, from 1 on.
    pub number: usize,
    /// Kind of fault.
    pub class: &'static str,
    /// Line of the Verilog; empty for a port.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub line: String,
    /// Description of the fault.
    pub fault: String,
    /// Fate, and the argument if it is equivalent.
    #[serde(flatten)]
    pub fate: Fate,
}

impl MutantView {
    pub(crate) fn new(number: usize, mutant: &Mutant, fate: Fate) -> Self {
        let (line, fault) = (mutant.line.clone(), mutant.fault.clone());
        Self { number, class: mutant.class, line, fault, fate }
    }
}

impl fmt::Display for MutantView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, class, line, fault, .. } = self;
        let location = if line.is_empty() { "ports".to_string() } else { format!("line {line}") };
        write!(f, "#{number} {class} ({location}): {fault}")
    }
}

/// Counts of the mutants of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Class {
    /// Number of mutants.
    pub mutants: usize,
    /// Mutants killed by simulation or proof.
    pub killed: usize,
    /// Mutants killed by proof only.
    pub refuted: usize,
    /// Mutants proved equivalent.
    pub equivalent: usize,
    /// Mutants that survived.
    pub survived: usize,
    /// Mutants undetected within bounds.
    pub undetected: usize,
}

impl Class {
    fn add(&mut self, fate: Fate) {
        self.mutants += 1;
        match fate {
            Fate::Killed => self.killed += 1,
            Fate::Refuted => {
                self.killed += 1;
                self.refuted += 1;
            }
            Fate::Equivalent(_) => self.equivalent += 1,
            Fate::Survived => self.survived += 1,
            Fate::Undetected => self.undetected += 1,
        }
    }
}

/// Score of the verification of one config.
#[derive(Clone, Debug, Serialize)]
pub struct Score {
    /// The preset, or the name of the module.
    pub preset: String,
    /// The unit.
    pub unit: String,
    /// Command-line arguments that name the config.
    pub arguments: String,
    /// Digest of the module with its mutants.
    pub digest: String,
    /// Counts of all mutants.
    pub total: Class,
    /// Killed mutants divided by the mutants that are not equivalent.
    pub score: f64,
    /// Counts by kind of fault.
    pub classes: BTreeMap<&'static str, Class>,
    /// Mutants that survived.
    pub survivors: Vec<MutantView>,
    /// Mutants killed by proof only.
    pub refuted: Vec<MutantView>,
    /// Mutants that are proved equivalent.
    pub equivalents: Vec<MutantView>,
    /// Mutants that are neither killed nor proved equivalent, without a known difference.
    pub undetected: Vec<MutantView>,
    /// Bounds of the search for a difference in the undetected mutants.
    pub bounds: Bounds,
    /// Wall-clock time.
    pub seconds: f64,
}

impl Score {
    pub(crate) fn new(
        config: &Config,
        digest: String,
        mutants: Vec<MutantView>,
        bounds: Bounds,
        seconds: f64,
    ) -> Self {
        let mut classes: BTreeMap<&'static str, Class> = BTreeMap::new();
        let mut total = Class::default();
        for mutant in &mutants {
            total.add(mutant.fate);
            classes.entry(mutant.class).or_default().add(mutant.fate);
        }
        let detectable = total.mutants - total.equivalent;
        let with = |has: fn(Fate) -> bool| {
            mutants.iter().filter(|mutant| has(mutant.fate)).cloned().collect::<Vec<_>>()
        };
        Self {
            preset: config.name().to_string(),
            unit: config.unit().name().to_string(),
            arguments: config.arguments(),
            digest,
            total,
            score: total.killed as f64 / detectable.max(1) as f64,
            classes,
            survivors: with(|fate| fate == Fate::Survived),
            refuted: with(|fate| fate == Fate::Refuted),
            equivalents: with(|fate| matches!(fate, Fate::Equivalent(_))),
            undetected: with(|fate| fate == Fate::Undetected),
            bounds,
            seconds,
        }
    }

    /// Whether no mutant survived.
    pub fn passed(&self) -> bool {
        self.total.killed > 0 && self.survivors.is_empty()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Class { mutants, killed, refuted, equivalent, survived, undetected } = self.total;
        write!(
            f,
            "{:<28} mutants {mutants:>4}  killed {killed:>4}  (proof {refuted})  equivalent {equivalent:>4}  \
             undetected {undetected:>4}  survived {survived:>4}  score {:>6.2} %  {:>6.1} s",
            self.preset,
            100.0 * self.score,
            self.seconds
        )
    }
}
