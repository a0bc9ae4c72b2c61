//! Result of an identification, with its text and JSON views.

use std::fmt;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::amendment::Amendment;
use super::variant::MultiplierVariant;
use crate::arithmetic::rescale::{RescaleError, Rule};
use crate::files::tensor::{Array, Tensor};

/// Number of outputs near ties from which on a single rule is named: thresholds with both neighbours recorded, or
/// outputs that contradict another rule that rounds to nearest.
const CONFIDENT: usize = 8;

/// Agreement of each rule with recorded outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleIdentification {
    /// Recorded outputs that each applicable rule was compared with.
    pub compared: usize,
    /// Number of channels with numbers of their own.
    pub channels: usize,
    /// One finding per rule, in the order of [`Rule::ALL`].
    pub findings: Vec<(Rule, RuleFinding)>,
    /// Rules that reproduce every output; those of one entry are the same function for these numbers.
    pub functions: Vec<Vec<Rule>>,
    /// Rules that reproduce the outputs of each channel, for runs of channels with the same rules.
    pub by_channel: Vec<ChannelRules>,
    /// Thresholds of the first function of which both neighbouring accumulators are recorded, in the channel with
    /// the fewest.
    pub pinned: usize,
    /// Thresholds of that channel.
    pub thresholds: usize,
    /// Outputs that contradict one other rule that rounds to nearest, of the rule that most contradict.
    pub decisive: usize,
    /// Other numbers that the outputs suggest, if no rule reproduces all of a channel.
    pub amendment: Option<Amendment>,
    /// Accumulators that separate the rules, those that differ between rules first: rows of channels.
    ///
    /// Empty for more than 1,024 channels of 8 bits, or 4 of 16 bits.
    pub separating: Vec<Vec<i64>>,
}

/// Agreement of one rule with recorded outputs.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleFinding {
    /// The rule reproduces every recorded output.
    Explains {
        /// The multiplier with which it does.
        multiplier: MultiplierVariant,
    },
    /// The rule contradicts at least one recorded output with every multiplier; the numbers are those of the best.
    Contradicted {
        /// Number of recorded outputs the rule does not reproduce.
        wrong: usize,
        /// The first of them.
        first: DifferingOutput,
    },
    /// The rule cannot apply the scale.
    Inapplicable(RescaleError),
}

/// A recorded output that a rule does not reproduce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DifferingOutput {
    /// Index in the recorded list.
    pub index: usize,
    /// The accumulator.
    pub acc: i64,
    /// The recorded output.
    pub recorded: i32,
    /// The output computed by the rule.
    pub computed: i32,
}

/// A run of channels that the same rules reproduce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelRules {
    /// First channel.
    pub first: usize,
    /// Last channel.
    pub last: usize,
    /// Rules that reproduce every output of each of these channels.
    pub rules: Vec<Rule>,
}

/// Answer of an identification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentificationVerdict {
    /// One function is left, and enough outputs near its thresholds were seen.
    Identified,
    /// One function is left, but too few outputs near its thresholds were seen to exclude a rule outside the list.
    TooFewNearTies,
    /// Several functions are left.
    Several,
    /// Each channel follows a rule, but no rule is common to all.
    ChannelsDiffer,
    /// None of the rules reproduces the outputs.
    NoRule,
}

impl RuleIdentification {
    /// Rules that reproduce every recorded output.
    pub fn explaining(&self) -> impl Iterator<Item = Rule> {
        let explains = |finding: &RuleFinding| matches!(finding, RuleFinding::Explains { .. });
        self.findings.iter().filter(move |(_, finding)| explains(finding)).map(|(rule, _)| *rule)
    }

    /// The answer.
    pub fn verdict(&self) -> IdentificationVerdict {
        let is_pinned = self.thresholds > 0 && self.pinned >= CONFIDENT.min(self.thresholds);
        let is_supported = is_pinned || self.decisive >= CONFIDENT;
        match self.functions.len() {
            1 if is_supported => IdentificationVerdict::Identified,
            1 => IdentificationVerdict::TooFewNearTies,
            0 if self.channels > 1 && self.by_channel.iter().all(|run| !run.rules.is_empty()) => {
                IdentificationVerdict::ChannelsDiffer
            }
            0 => IdentificationVerdict::NoRule,
            _ => IdentificationVerdict::Several,
        }
    }

    /// Whether the rules are known, up to what further accumulators may separate.
    pub fn is_explained(&self) -> bool {
        !matches!(self.verdict(), IdentificationVerdict::NoRule | IdentificationVerdict::TooFewNearTies)
    }

    /// The suggested accumulators as an array: one axis for a single channel, else rows of channels.
    pub fn separating_array(&self) -> Array {
        let shape = match self.channels {
            1 => vec![self.separating.len()],
            channels => vec![self.separating.len(), channels],
        };
        let data = self.separating.concat();
        Array::Int64(Tensor::new(shape, data).expect("rows of all channels"))
    }

    /// The sentence that states the answer.
    pub fn sentence(&self) -> String {
        let separate = "run the accumulators of --separate FILE.npy through the runtime and identify again";
        let functions: Vec<String> = self.functions.iter().map(|rules| self.names(rules)).collect();
        match self.verdict() {
            IdentificationVerdict::Identified => format!("The rule is {}.", functions[0]),
            IdentificationVerdict::TooFewNearTies => format!(
                "No rule can be named: {} fits, but only {} outputs near ties were recorded, which a rule outside the \
                 list may fit by chance; {separate}.",
                functions[0],
                self.pinned.max(self.decisive)
            ),
            IdentificationVerdict::Several => {
                format!("The outputs do not decide between {}; {separate}.", functions.join(" and "))
            }
            IdentificationVerdict::ChannelsDiffer => {
                let runs: Vec<String> = self.by_channel.iter().map(ChannelRules::to_string).collect();
                format!("The channels follow different rules: {}.", runs.join("; "))
            }
            IdentificationVerdict::NoRule => match &self.amendment {
                Some(amendment) => format!("None of the rules with these numbers. {amendment}"),
                None => format!(
                    "None of the rules: {}. Check the scale, the zero point and the clamp.",
                    self.nearest().unwrap_or_else(|| "none applies".to_string())
                ),
            },
        }
    }

    /// Rules of one function, each with the multiplier that it takes if that is not the given one.
    fn names(&self, rules: &[Rule]) -> String {
        let name = |rule: &Rule| {
            let multiplier = self.findings.iter().find_map(|(other, finding)| match finding {
                RuleFinding::Explains { multiplier } if other == rule => Some(*multiplier),
                _ => None,
            });
            match multiplier {
                Some(multiplier) if multiplier != MultiplierVariant::Given => {
                    format!("{rule} (multiplier {multiplier})")
                }
                _ => rule.to_string(),
            }
        };
        let names: Vec<String> = rules.iter().map(name).collect();
        match &names[..] {
            [name] => name.clone(),
            names => format!("{}, the same function for these numbers", names.join(" = ")),
        }
    }

    /// The rule that comes nearest.
    fn nearest(&self) -> Option<String> {
        let contradicted = self.findings.iter().filter_map(|(rule, finding)| match finding {
            RuleFinding::Contradicted { wrong, first } => Some((*rule, *wrong, *first)),
            _ => None,
        });
        let (rule, wrong, first) = contradicted.min_by_key(|(_, wrong, _)| *wrong)?;
        let DifferingOutput { acc, recorded, computed, .. } = first;
        Some(format!(
            "{rule} comes nearest and differs on {wrong} of {}, first at acc {acc}: {computed}, recorded {recorded}",
            self.compared
        ))
    }
}

impl fmt::Display for ChannelRules {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let names: Vec<&str> = self.rules.iter().map(|rule| rule.name()).collect();
        let names = if names.is_empty() { "none".to_string() } else { names.join(" or ") };
        match self.first == self.last {
            true => write!(f, "channel {} {names}", self.first),
            false => write!(f, "channels {} to {} {names}", self.first, self.last),
        }
    }
}

impl Serialize for RuleIdentification {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rules: Vec<Json> =
            self.findings.iter().map(|(rule, finding)| finding_json(*rule, finding)).collect();
        let explaining: Vec<Rule> = self.explaining().collect();
        json!({
            "compared": self.compared,
            "verdict": self.verdict().name(),
            "sentence": self.sentence(),
            "explaining": explaining,
            "functions": self.functions,
            "by_channel": self.by_channel,
            "pinned": self.pinned,
            "thresholds": self.thresholds,
            "decisive": self.decisive,
            "amendment": self.amendment,
            "separating": self.separating,
            "rules": rules,
        })
        .serialize(serializer)
    }
}

impl IdentificationVerdict {
    /// Name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identified => "identified",
            Self::TooFewNearTies => "too_few_near_ties",
            Self::Several => "several",
            Self::ChannelsDiffer => "channels_differ",
            Self::NoRule => "no_rule",
        }
    }
}

fn finding_json(rule: Rule, finding: &RuleFinding) -> Json {
    match finding {
        RuleFinding::Explains { multiplier } => {
            json!({ "rule": rule, "outcome": "explains", "multiplier": multiplier })
        }
        RuleFinding::Contradicted { wrong, first } => {
            let DifferingOutput { index, acc, recorded, computed } = first;
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
            write!(f, "{rule:<13}")?;
            match finding {
                RuleFinding::Explains { multiplier: MultiplierVariant::Given } => {
                    writeln!(f, "reproduces all")?
                }
                RuleFinding::Explains { multiplier } => {
                    writeln!(f, "reproduces all, with the multiplier {multiplier}")?;
                }
                RuleFinding::Contradicted { wrong, first } => {
                    let DifferingOutput { index, acc, recorded, computed } = first;
                    writeln!(
                        f,
                        "differs on {wrong}, first at index {index}: acc {acc} gives {computed}, recorded {recorded}"
                    )?;
                }
                RuleFinding::Inapplicable(reason) => writeln!(f, "does not apply: {reason}")?,
            }
        }
        writeln!(f, "\n{}", self.sentence())
    }
}
