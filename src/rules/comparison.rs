//! Result of a comparison, with its text and JSON views.

use std::fmt;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::accumulators::AccumulatorSource;
use super::candidates::Candidates;
use super::compare::{Difference, PairwiseComparison, RulePair};
use super::sample::sample;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, RescaleError, Rule, Scale};
use crate::quantization::requantize::{RequantizeError, RescaleSources};

/// Differences between the rules at one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleComparison {
    /// Scale of the comparison.
    pub scale: Scale,
    /// Zero point and clamp.
    pub output: OutputStage,
    /// Whether all 2^32 accumulators were compared.
    pub exhaustive: bool,
    /// Pairwise comparison of the rules that can apply the scale.
    pub comparison: PairwiseComparison,
    /// The other rules, each with the reason.
    pub inapplicable: Vec<(Rule, RescaleError)>,
}

/// Compares all pairs of rules on all 2^32 accumulators, or on a [`sample`].
///
/// `begin` receives the number of accumulators, `progress` the number just finished.
///
/// # Errors
/// [`RequantizeError`] for numbers that cannot be used, or that fewer than two rules can apply.
pub fn compare_rules(
    sources: &RescaleSources,
    format: CodeFormat,
    exhaustive: bool,
    begin: impl Fn(u64),
    progress: impl Fn(u64) + Sync,
) -> Result<RuleComparison, RequantizeError> {
    let parameters = sources.resolve(format)?;
    let channels = parameters.channels()?;
    let (&[scale], &[output], 1) = (&parameters.scales[..], &parameters.outputs[..], channels) else {
        return Err(RequantizeError::OneScale(channels));
    };
    let candidates = Candidates::new(32, &parameters);
    let list = if exhaustive { Vec::new() } else { sample(scale, output) };
    let accumulators =
        if exhaustive { AccumulatorSource::exhaustive(32)? } else { AccumulatorSource::List(&list) };
    begin(accumulators.len());
    let comparison = candidates.compare(accumulators, progress)?;
    Ok(RuleComparison { scale, output, exhaustive, comparison, inapplicable: candidates.inapplicable })
}

impl RuleComparison {
    /// Rules that were compared.
    pub fn rules(&self) -> Vec<Rule> {
        let named = |rule: &Rule| {
            self.comparison.pairs.iter().any(|pair| pair.rules.0 == *rule || pair.rules.1 == *rule)
        };
        Rule::ALL.into_iter().filter(named).collect()
    }

    /// Differences between two rules, given in either order.
    pub fn pair(&self, a: Rule, b: Rule) -> Option<&RulePair> {
        self.comparison.pairs.iter().find(|pair| pair.rules == (a, b) || pair.rules == (b, a))
    }

    /// Description of the scale in both of its forms.
    pub fn scale_text(&self) -> String {
        let (multiplier, shift) = self.scale.to_fixed();
        format!("scale {:e}, multiplier {multiplier}, shift {shift}", self.scale.to_f64())
    }
}

impl Serialize for RuleComparison {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (multiplier, shift) = self.scale.to_fixed();
        let pair = |pair: &RulePair| {
            let first = pair.first.map(|Difference { acc, codes, .. }| json!({ "acc": acc, "codes": codes }));
            json!({
                "rules": pair.rules,
                "differing": pair.differing,
                "first": first,
                "largest": pair.largest,
            })
        };
        let inapplicable =
            |(rule, reason): &(Rule, RescaleError)| json!({ "rule": rule, "reason": reason.to_string() });
        json!({
            "multiplier": multiplier,
            "shift": shift,
            "scale": self.scale.to_f64(),
            "zero_point": self.output.zero_point(),
            "bits": self.output.format().bits(),
            "signed": self.output.format().signed(),
            "min": self.output.min(),
            "max": self.output.max(),
            "exhaustive": self.exhaustive,
            "compared": self.comparison.compared,
            "pairs": self.comparison.pairs.iter().map(pair).collect::<Vec<Json>>(),
            "inapplicable": self.inapplicable.iter().map(inapplicable).collect::<Vec<Json>>(),
        })
        .serialize(serializer)
    }
}

impl fmt::Display for RuleComparison {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (output, rules) = (self.output, self.rules());
        writeln!(f, "{}", self.scale_text())?;
        writeln!(f, "zero point {}, clamp {}..={}", output.zero_point(), output.min(), output.max())?;
        let coverage =
            if self.exhaustive { "exhaustive" } else { "a sample; --exhaustive compares all 2^32" };
        writeln!(f, "{} accumulators, {coverage}\n\ndiffering codes:", self.comparison.compared)?;
        write!(f, "{:<12}", "")?;
        rules.iter().skip(1).try_for_each(|rule| write!(f, " {rule:>12}"))?;
        writeln!(f)?;
        for (index, &a) in rules.iter().enumerate().take(rules.len() - 1) {
            write!(f, "{a:<12}{:width$}", "", width = 13 * index)?;
            for &b in &rules[index + 1..] {
                write!(f, " {:>12}", self.pair(a, b).map_or(0, |pair| pair.differing))?;
            }
            writeln!(f)?;
        }
        writeln!(f, "\nfirst difference and largest distance:")?;
        for RulePair { rules: (a, b), first, largest, .. } in &self.comparison.pairs {
            match first {
                Some(Difference { acc, codes: (of_a, of_b), .. }) => {
                    writeln!(f, "{a:<12} {b:<12} acc {acc:>11}: {of_a:>6} and {of_b:>6}  largest {largest}")?;
                }
                None => writeln!(f, "{a:<12} {b:<12} equal")?,
            }
        }
        if !self.inapplicable.is_empty() {
            writeln!(f)?;
        }
        for (rule, reason) in &self.inapplicable {
            writeln!(f, "{rule} does not apply: {reason}")?;
        }
        Ok(())
    }
}
