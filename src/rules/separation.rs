//! Accumulators that separate rules, from the thresholds of the rules.

use std::collections::BTreeSet;

use super::identify::{TriedRules, TriedVariant};
use super::recording::Recording;
use crate::arithmetic::rescale::{CodeThresholds, RescaleError, Rule};

/// Largest number of thresholds that are computed for a rule, which takes about a second for all rules.
const THRESHOLDS: usize = 1 << 18;
/// Largest number of suggested accumulators per channel.
const SUGGESTED: usize = 2048;

/// Rules that compute the same function, and accumulators that separate the others.
pub(super) struct Separation {
    /// Rules that reproduce every output; those of one entry have the same thresholds in every channel.
    pub(super) functions: Vec<Vec<Rule>>,
    /// Number of thresholds of the first function with both neighbours recorded, in the channel with fewest.
    pub(super) pinned: usize,
    /// Number of thresholds of that channel.
    pub(super) thresholds: usize,
    /// Outputs that contradict one other rule that rounds to nearest, of the rule that most contradict.
    pub(super) decisive: usize,
    /// Rows of channels.
    pub(super) accumulators: Vec<Vec<i64>>,
}

impl Separation {
    pub(super) fn new(recording: &Recording, tried: &TriedRules) -> Self {
        let codes = 1 << recording.bits;
        let channels = recording.channels;
        let is_affordable = channels.saturating_mul(codes) <= THRESHOLDS;
        // Rules are one function only if the thresholds of every channel are known.
        let thresholds = |tried: &TriedVariant| -> Option<Vec<CodeThresholds>> {
            if !is_affordable {
                return None;
            }
            let own = |channel: usize| {
                let mut own = tried.rescaler.thresholds(channel)?;
                let bias = recording.integer_bias(tried.rescaler.rule(), channel);
                own.accumulators.iter_mut().for_each(|acc| *acc -= bias);
                Some(own)
            };
            (0..channels).map(own).collect()
        };
        let mut functions: Vec<(Vec<Rule>, Option<Vec<CodeThresholds>>)> = Vec::new();
        for (rule, tried) in tried {
            let Some(tried) = explaining(tried) else { continue };
            let own = thresholds(tried);
            let same = own.is_some().then(|| functions.iter_mut().find(|(_, other)| *other == own)).flatten();
            match same {
                Some((rules, _)) => rules.push(*rule),
                None => functions.push((vec![*rule], own)),
            }
        }
        let (mut pinned, mut count) = (0, 0);
        if let Some((_, Some(own))) = functions.first() {
            let pins = own.iter().enumerate().map(|(channel, own)| (pins(recording, channel, own), own));
            let fewest = pins.min_by_key(|(pinned, own)| (*pinned, own.accumulators.len()));
            (pinned, count) = fewest.map_or((0, 0), |(pinned, own)| (pinned, own.accumulators.len()));
        }
        let known: Vec<&Vec<CodeThresholds>> = functions.iter().filter_map(|(_, own)| own.as_ref()).collect();
        let nearest: Vec<Vec<CodeThresholds>> = rounding_to_nearest(tried).filter_map(thresholds).collect();
        let accumulators = suggested(&known, &nearest, channels);
        Self {
            functions: functions.into_iter().map(|(rules, _)| rules).collect(),
            pinned,
            thresholds: count,
            decisive: rounding_to_nearest(tried).map(|tried| tried.agreement.total()).max().unwrap_or(0),
            accumulators,
        }
    }
}

/// The first multiplier with which a rule reproduces every output.
fn explaining(tried: &Result<Vec<TriedVariant>, RescaleError>) -> Option<&TriedVariant> {
    tried.as_ref().ok()?.iter().find(|tried| tried.agreement.first.is_none())
}

/// Every rule that rounds to nearest, each with its best multiplier: the rules that differ near ties only.
fn rounding_to_nearest(tried: &TriedRules) -> impl Iterator<Item = &TriedVariant> {
    let is_nearest = |rule: &Rule| !matches!(rule, Rule::Floor | Rule::Pow2Floor);
    let own = tried.iter().filter(move |(rule, _)| is_nearest(rule));
    own.filter_map(|(_, tried)| tried.as_ref().ok()?.iter().min_by_key(|tried| tried.agreement.total()))
}

/// Number of thresholds of a channel whose accumulator and its predecessor are recorded.
fn pins(recording: &Recording, channel: usize, own: &CodeThresholds) -> usize {
    let values = recording.acc.iter().skip(channel).step_by(recording.channels);
    let seen: BTreeSet<i64> = values.copied().collect();
    own.accumulators.iter().filter(|acc| seen.contains(acc) && seen.contains(&(*acc - 1))).count()
}

/// For each code and channel, the accumulators on both sides of every threshold that a rule may have.
///
/// Thresholds on which the rules differ come first. Rows are as long as the longest list of a channel; shorter
/// lists are repeated.
fn suggested(
    known: &[&Vec<CodeThresholds>],
    nearest: &[Vec<CodeThresholds>],
    channels: usize,
) -> Vec<Vec<i64>> {
    let lists: Vec<Vec<i64>> = (0..channels)
        .map(|channel| {
            let all: Vec<&CodeThresholds> = known
                .iter()
                .map(|own| &own[channel])
                .chain(nearest.iter().map(|own| &own[channel]))
                .collect();
            let codes = all.iter().map(|own| own.accumulators.len()).max().unwrap_or(0);
            let mut decisive = BTreeSet::new();
            let mut others = BTreeSet::new();
            for index in 0..codes {
                let own: BTreeSet<i64> =
                    all.iter().filter_map(|own| own.accumulators.get(index)).copied().collect();
                let set = if own.len() > 1 { &mut decisive } else { &mut others };
                set.extend(own.iter().flat_map(|acc| [acc - 1, *acc]));
            }
            decisive.into_iter().chain(others).take(SUGGESTED).collect()
        })
        .collect();
    let rows = lists.iter().map(Vec::len).max().unwrap_or(0);
    // A channel with one code has no threshold.
    let entry = |list: &Vec<i64>, row: usize| list.get(row % list.len().max(1)).copied().unwrap_or(0);
    (0..rows).map(|row| lists.iter().map(|list| entry(list, row)).collect()).collect()
}
