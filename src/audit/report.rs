//! What an audit found, in text and in JSON.

use std::fmt;

use serde::Serialize;

use super::finding::Finding;
use super::runner::Driven;
use super::tally::{Exactness, Score};

/// What a unit's judge hands back.
pub(crate) struct Judged {
    pub findings: Vec<Finding>,
    pub scores: Vec<Score>,
    pub inapplicable: Vec<(String, String)>,
    pub exactness: Option<Exactness>,
    pub driven: Driven,
}

/// A port and what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MappedPort {
    /// The role.
    pub role: String,
    /// The port or ports.
    pub ports: String,
    /// Width of an element.
    pub bits: u32,
    /// Elements of all of them.
    pub elements: usize,
}

/// A file of the design.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceFile {
    /// As it was given.
    pub path: String,
    /// Its digest.
    pub sha256: String,
}

/// The result of an audit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Audit {
    /// Of this program.
    pub version: &'static str,
    /// Of Verilator.
    pub verilator: String,
    /// The module.
    pub top: String,
    /// What it was held to be.
    pub unit: &'static str,
    /// The files of the design.
    pub files: Vec<SourceFile>,
    /// What stands for what.
    pub ports: Vec<MappedPort>,
    /// Inputs that keep a value.
    pub ties: Vec<String>,
    /// What `--set` said.
    pub settings: Vec<String>,
    /// Candidates that give every result, the better known first.
    pub explaining: Vec<String>,
    /// What was found out about interface and operands.
    pub findings: Vec<Finding>,
    /// Transactions driven.
    pub transactions: u64,
    /// Whether these are all that there are.
    pub exhaustive: bool,
    /// Of random operands.
    pub seed: u64,
    /// How far results are from the exact real numbers, where there is rounding.
    pub exactness: Option<Exactness>,
    /// Every candidate that was held against the results.
    pub candidates: Vec<Score>,
    /// Candidates that these numbers do not admit, with the reason.
    pub inapplicable: Vec<(String, String)>,
    /// What Verilator found remarkable.
    pub warnings: Vec<String>,
    /// From the first file to the verdict.
    pub seconds: f64,
    /// Does the same again.
    pub command: String,
}

impl Audit {
    /// The best known candidate that gives every result.
    pub fn matched(&self) -> Option<&Score> {
        let name = self.explaining.first()?;
        self.candidates.iter().find(|score| score.name == *name)
    }

    /// Whether a candidate of that name gives every result; any, without a name.
    pub fn is_explained_by(&self, expected: Option<&str>) -> bool {
        match expected {
            Some(name) => self.explaining.iter().any(|explaining| explaining == name),
            None => !self.explaining.is_empty(),
        }
    }

    /// What was driven, in words.
    pub fn driven(&self) -> String {
        match self.exhaustive {
            true => format!("{} transactions, all there are", self.transactions),
            false => format!("{} transactions, seed {}", self.transactions, self.seed),
        }
    }

    /// The candidates that do not give every result, the nearest first.
    pub fn others(&self) -> Vec<&Score> {
        let mut others: Vec<&Score> = self.candidates.iter().filter(|score| !score.explains()).collect();
        others.sort_by(|a, b| {
            let share = |score: &Score| score.wrong as f64 / score.compared.max(1) as f64;
            share(a).total_cmp(&share(b))
        });
        others
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.matched() {
            Some(score) => writeln!(f, "{}: {} {}\n  {}", self.top, self.unit, score.name, score.describes)?,
            None => writeln!(f, "{}: no candidate of a {} explains its results", self.top, self.unit)?,
        }
        if let [_, others @ ..] = &self.explaining[..]
            && !others.is_empty()
        {
            writeln!(f, "  the same on all of these inputs: {}", others.join(", "))?;
        }
        for Finding { what, text } in &self.findings {
            writeln!(f, "  {what:<12} {text}")?;
        }
        writeln!(f, "  {:<12} {}", "driven", self.driven())?;
        if let Some(Exactness { compared, bias, least, most, .. }) = &self.exactness {
            writeln!(
                f,
                "  {:<12} {bias:+.4} LSB on average, {least:+.4} to {most:+.4}, over {compared} results within bounds",
                "error"
            )?;
        }
        for warning in &self.warnings {
            writeln!(f, "  {:<12} {warning}", "Verilator")?;
        }
        let others = self.others();
        if !others.is_empty() {
            writeln!(f, "\n{:<34} {:>10} {:>10}  first that differs", "candidate", "differ", "bias LSB")?;
        }
        for score in others {
            let share = format!("{:.4} %", 100.0 * score.wrong as f64 / score.compared.max(1) as f64);
            write!(f, "{:<34} {share:>10} {:>+10.4}", score.name, score.bias)?;
            match &score.first {
                Some(first) => {
                    let inputs = first.inputs.join(" ");
                    writeln!(f, "  {inputs}: {} and not {}", first.got, first.expected)?;
                }
                None => writeln!(f)?,
            }
        }
        for (name, reason) in &self.inapplicable {
            writeln!(f, "{name:<34} does not apply: {reason}")?;
        }
        Ok(())
    }
}
