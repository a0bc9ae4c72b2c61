//! Where a candidate differs from a design: the ranges of its operands in which mismatches occur.

use std::collections::BTreeMap;

use serde::Serialize;

/// Mismatches that a range without any would have if they were spread evenly.
///
/// With fewer, the absence of mismatches is not significant.
const SIGNIFICANT: f64 = 20.0;

/// A part of the operands is named if it has one of this many results.
const LEAST_SHARE: u64 = 8;

/// Maximum number of ranges with mismatches that are named one by one.
const FEW: usize = 4;

/// An operand whose values are divided into ranges.
#[derive(Clone, Debug)]
pub(crate) struct OperandAxis {
    /// Name of the operand.
    pub name: String,
    /// Whether every value is a separate range; otherwise a range holds all values of one magnitude and sign.
    pub is_exact: bool,
}

impl OperandAxis {
    fn range_of(&self, value: i64) -> i64 {
        if self.is_exact {
            return value;
        }
        let bits = i64::from(64 - if value < 0 { !value } else { value }.leading_zeros());
        if value < 0 { -1 - bits } else { bits }
    }

    /// The least value of a range.
    fn least(&self, range: i64) -> i128 {
        match range {
            _ if self.is_exact => range.into(),
            1.. => 1 << (range - 1),
            0 => 0,
            _ => -(1 << (-1 - range)),
        }
    }

    /// The greatest value of a range.
    fn most(&self, range: i64) -> i128 {
        match range {
            _ if self.is_exact => range.into(),
            0.. => (1 << range) - 1,
            -1 => -1,
            _ => -(1 << (-2 - range)) - 1,
        }
    }
}

/// Compared and differing results of one range.
#[derive(Clone, Copy, Debug, Default)]
struct RangeTally {
    compared: u64,
    wrong: u64,
}

/// Mismatches of one candidate by the values of the operands.
#[derive(Clone, Debug, Default)]
pub(crate) struct RegionTally {
    axes: Vec<BTreeMap<i64, RangeTally>>,
    compared: u64,
    wrong: u64,
    /// Complexity and index of the mismatch with the smallest operands, with both results.
    simplest: Option<(i64, u64, i128, i128)>,
}

impl RegionTally {
    /// Adds one result with the values of its operands, one per axis.
    pub fn record(&mut self, axes: &[OperandAxis], values: &[i64], index: u64, got: i128, expected: i128) {
        self.axes.resize(axes.len(), BTreeMap::new());
        let is_wrong = got != expected;
        let mut complexity = 0;
        for ((ranges, axis), &value) in self.axes.iter_mut().zip(axes).zip(values) {
            let range = axis.range_of(value);
            complexity += range.abs();
            let tally = ranges.entry(range).or_default();
            tally.compared += 1;
            tally.wrong += u64::from(is_wrong);
        }
        self.compared += 1;
        self.wrong += u64::from(is_wrong);
        if is_wrong && self.simplest.is_none_or(|(least, ..)| complexity < least) {
            self.simplest = Some((complexity, index, got, expected));
        }
    }

    /// Adds the tally of a later part of the run.
    pub fn merge(&mut self, later: &Self) {
        self.axes.resize(self.axes.len().max(later.axes.len()), BTreeMap::new());
        for (ranges, others) in self.axes.iter_mut().zip(&later.axes) {
            for (range, other) in others {
                let tally = ranges.entry(*range).or_default();
                tally.compared += other.compared;
                tally.wrong += other.wrong;
            }
        }
        self.compared += later.compared;
        self.wrong += later.wrong;
        let simplest = [self.simplest, later.simplest].into_iter().flatten();
        self.simplest = simplest.min_by_key(|&(complexity, index, ..)| (complexity, index));
    }

    /// The mismatch with the smallest operands: its index, the results of design and candidate.
    pub fn simplest(&self) -> Option<(u64, i128, i128)> {
        self.simplest.map(|(_, index, got, expected)| (index, got, expected))
    }

    /// The part of the operands in which the candidate matches, `None` if mismatches are everywhere.
    pub fn extent(&self, axes: &[OperandAxis]) -> Option<Extent> {
        let mut ends: Vec<(&OperandAxis, Ends)> = axes
            .iter()
            .zip(&self.axes)
            .filter_map(|(axis, ranges)| Some((axis, self.ends(ranges)?)))
            .collect();
        ends.sort_by_key(|(_, ends)| std::cmp::Reverse(ends.outside));
        let (axis, widest) = ends.first()?;
        let conditions: Vec<String> = ends.iter().map(|(axis, ends)| ends.condition(axis)).collect();
        Some(Extent { matches: widest.complement(axis), differs: conditions.join(" and ") })
    }

    /// The ends of the ranges with mismatches, `None` if no other range is significant.
    fn ends(&self, ranges: &BTreeMap<i64, RangeTally>) -> Option<Ends> {
        let mut wrong = ranges.iter().filter(|(_, tally)| tally.wrong > 0).map(|(range, _)| *range);
        let first = wrong.next()?;
        let last = wrong.next_back().unwrap_or(first);
        let outside = ranges.iter().filter(|(range, _)| !(first..=last).contains(*range));
        let compared: u64 = outside.map(|(_, tally)| tally.compared).sum();
        let expected = compared as f64 * self.wrong as f64 / self.compared as f64;
        let is_significant = expected >= SIGNIFICANT && self.is_large(compared);
        if !is_significant {
            return self.few_values(ranges);
        }
        let before = ranges.keys().copied().rfind(|range| *range < first);
        let after = ranges.keys().copied().find(|range| *range > last);
        Some(Ends { first, last, before, after, outside: compared, only: Vec::new() })
    }

    /// Whether a part without mismatches is large enough to characterize the candidate.
    fn is_large(&self, outside: u64) -> bool {
        outside >= self.compared / LEAST_SHARE
    }

    /// The ranges with mismatches one by one if they are few and lie apart, `None` otherwise.
    fn few_values(&self, ranges: &BTreeMap<i64, RangeTally>) -> Option<Ends> {
        let only: Vec<i64> =
            ranges.iter().filter(|(_, tally)| tally.wrong > 0).map(|(range, _)| *range).collect();
        let outside = ranges.values().filter(|tally| tally.wrong == 0).map(|tally| tally.compared).sum();
        let expected = outside as f64 * self.wrong as f64 / self.compared as f64;
        let (first, last) = (*only.first()?, *only.last()?);
        let is_significant = expected >= SIGNIFICANT && only.len() <= FEW && self.is_large(outside);
        is_significant.then_some(Ends { first, last, before: None, after: None, outside, only })
    }
}

/// Where a candidate matches, and where it differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extent {
    /// Part of the operands without mismatches: one condition, as in `for shift >= 1`.
    pub matches: String,
    /// Part of the operands in which all mismatches lie: one or more conditions.
    pub differs: String,
}

/// The ranges between which all mismatches lie, and the ranges next to them.
struct Ends {
    first: i64,
    last: i64,
    /// Greatest range below those with mismatches.
    before: Option<i64>,
    /// Least range above those with mismatches.
    after: Option<i64>,
    /// Results outside the ranges with mismatches.
    outside: u64,
    /// Ranges with mismatches if they are few and lie apart.
    only: Vec<i64>,
}

impl Ends {
    /// The values with mismatches.
    fn condition(&self, axis: &OperandAxis) -> String {
        let (least, most) = (axis.least(self.first), axis.most(self.last));
        let name = &axis.name;
        if !self.only.is_empty() {
            let values = self.only.iter().map(|&range| match (axis.least(range), axis.most(range)) {
                (least, most) if least == most => least.to_string(),
                (least, most) => format!("{least}..={most}"),
            });
            return format!("{name} = {}", values.collect::<Vec<_>>().join(" or "));
        }
        match (self.before.is_some(), self.after.is_some()) {
            _ if least == most => format!("{name} = {least}"),
            (true, true) => format!("{name} from {least} to {most}"),
            (true, false) => format!("{name} >= {least}"),
            _ if most == -1 => format!("{name} < 0"),
            _ => format!("{name} <= {most}"),
        }
    }

    /// The values without mismatches.
    fn complement(&self, axis: &OperandAxis) -> String {
        let name = &axis.name;
        match (self.before, self.after) {
            (None, Some(after)) => format!("for {name} >= {}", axis.least(after)),
            (Some(-1), None) => format!("for {name} < 0"),
            (Some(before), None) => format!("for {name} <= {}", axis.most(before)),
            _ => format!("except where {}", self.condition(axis)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(is_exact: bool, wrong: impl Fn(i64) -> bool) -> Option<String> {
        let axes = [OperandAxis { name: "x".to_string(), is_exact }];
        let mut tally = RegionTally::default();
        for index in 0..4096 {
            let value = index % 64 - 32;
            tally.record(&axes, &[value], index as u64, i128::from(wrong(value)), 0);
        }
        tally.extent(&axes).map(|extent| extent.matches)
    }

    #[test]
    fn extent_names_the_range_without_mismatches() {
        assert_eq!(extent(true, |x| x == -32).as_deref(), Some("for x >= -31"));
        assert_eq!(extent(true, |x| x >= 7).as_deref(), Some("for x <= 6"));
        assert_eq!(extent(true, |x| x == 3).as_deref(), Some("except where x = 3"));
        assert_eq!(extent(false, |x| x < 0).as_deref(), Some("for x >= 0"));
        assert_eq!(extent(false, |x| x >= 0).as_deref(), Some("for x < 0"));
        assert_eq!(extent(true, |x| x % 2 == 0 || x == 31), None);
    }

    #[test]
    fn ranges_of_magnitudes_cover_all_values_without_gaps() {
        let axis = OperandAxis { name: String::new(), is_exact: false };
        for value in [0, 1, 2, 3, 4, 7, 8, -1, -2, -3, -4, -5, i64::MAX, i64::MIN] {
            let range = axis.range_of(value);
            assert!((axis.least(range)..=axis.most(range)).contains(&value.into()), "{value}");
            assert_eq!(axis.most(range) + 1, axis.least(range + 1));
        }
    }
}
