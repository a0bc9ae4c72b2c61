//! Result of an identification, with its text and JSON views.

use std::fmt;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::arithmetic::rescale::{RescaleError, Rule};

/// Agreement of each rule with recorded outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleIdentification {
    /// Recorded outputs that each applicable rule was compared with.
    pub compared: usize,
    /// One finding per rule, in the order of [`Rule::ALL`].
    pub findings: Vec<(Rule, RuleFinding)>,
}

/// Agreement of one rule with recorded outputs.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleFinding {
    /// The rule reproduces every recorded output.
    Explains,
    /// The rule contradicts at least one recorded output.
    Contradicted {
        /// Number of recorded outputs the rule does not reproduce.
        wrong: usize,
        /// The first of them.
        first: Counterexample,
    },
    /// The rule cannot apply the scale.
    Inapplicable(RescaleError),
}

/// A recorded output that a rule does not reproduce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counterexample {
    /// Index in the recorded list.
    pub index: usize,
    /// The accumulator.
    pub acc: i64,
    /// The recorded output.
    pub recorded: i32,
    /// The output computed by the rule.
    pub computed: i32,
}

impl RuleIdentification {
    /// Rules that reproduce every recorded output.
    pub fn explaining(&self) -> impl Iterator<Item = Rule> {
        self.findings.iter().filter(|(_, finding)| *finding == RuleFinding::Explains).map(|(rule, _)| *rule)
    }

    /// Whether any rule reproduces every recorded output.
    pub fn is_explained(&self) -> bool {
        self.explaining().next().is_some()
    }
}

impl Serialize for RuleIdentification {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rules: Vec<Json> =
            self.findings.iter().map(|(rule, finding)| finding_json(*rule, finding)).collect();
        let explaining: Vec<Rule> = self.explaining().collect();
        json!({ "compared": self.compared, "explaining": explaining, "rules": rules }).serialize(serializer)
    }
}

fn finding_json(rule: Rule, finding: &RuleFinding) -> Json {
    match finding {
        RuleFinding::Explains => json!({ "rule": rule, "outcome": "explains" }),
        RuleFinding::Contradicted { wrong, first } => {
            let Counterexample { index, acc, recorded, computed } = first;
            let first = json!({ "index": index, "acc": acc, "recorded": recorded, "computed": computed });
            json!({ "rule": rule, "outcome": "contradicted", "wrong": wrong, "first": first })
        }
        RuleFinding::Inapplicable(reason) => {
            json!({ "rule": rule, "outcome": "inapplicable", "reason": reason.to_string() })
        }
    }
}

impl fmt::Display for RuleIdentification {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{} recorded outputs", self.compared)?;
        for (rule, finding) in &self.findings {
            write!(f, "{rule:<11}")?;
            match finding {
                RuleFinding::Explains => writeln!(f, "reproduces all")?,
                RuleFinding::Contradicted { wrong, first } => {
                    let Counterexample { index, acc, recorded, computed } = first;
                    writeln!(
                        f,
                        "differs on {wrong}, first at index {index}: acc {acc} gives {computed}, recorded {recorded}"
                    )?;
                }
                RuleFinding::Inapplicable(reason) => writeln!(f, "does not apply: {reason}")?,
            }
        }
        Ok(())
    }
}
