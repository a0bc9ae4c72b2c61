//! Branch and toggle coverage, summed over all models and threads.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

/// A point in the Verilog that a run covers or misses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CoveragePoint {
    /// The file, `<module>.v`.
    pub file: String,
    /// Line number.
    pub line: u32,
    /// Column number.
    pub column: u32,
    /// `toggle` for bits; `branch` or `line` for code.
    pub kind: String,
    /// The bit and its transition, `sum[3]:0->1`, or the kind of code, `else`.
    pub what: String,
}

/// Coverage counts of all points, summed over instances, threads and models.
#[derive(Debug, Default)]
pub struct Coverage {
    counts: Mutex<BTreeMap<CoveragePoint, u64>>,
}

/// Number of points of one kind, and how many of them were covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageCount {
    /// Points covered at least once.
    pub hit: usize,
    /// All points.
    pub points: usize,
}

/// Coverage of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageSummary {
    /// Branches and lines.
    pub lines: CoverageCount,
    /// Toggles; each bit has two points, rising and falling.
    pub toggles: CoverageCount,
    /// Points that were not covered, in the order of the file.
    pub missed: Vec<CoveragePoint>,
}

impl Coverage {
    /// Adds the counts of a coverage file of Verilator.
    pub(crate) fn add(&self, text: &str) {
        let mut counts = self.counts();
        for (point, count) in text.lines().filter_map(parse_line) {
            *counts.entry(point).or_default() += count;
        }
    }

    /// Coverage of one file.
    pub fn summary(&self, file: &str) -> CoverageSummary {
        let mut summary = CoverageSummary::default();
        for (point, &count) in self.counts().iter().filter(|(point, _)| point.file == file) {
            let kind = if point.kind == "toggle" { &mut summary.toggles } else { &mut summary.lines };
            kind.points += 1;
            kind.hit += usize::from(count > 0);
            if count == 0 {
                summary.missed.push(point.clone());
            }
        }
        summary
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<CoveragePoint, u64>> {
        self.counts.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Parses a line `C '<key><value>...' count`, where 0x01 precedes a key and 0x02 its value.
fn parse_line(line: &str) -> Option<(CoveragePoint, u64)> {
    let (fields, count) = line.strip_prefix("C '")?.rsplit_once("' ")?;
    let mut point =
        CoveragePoint { file: String::new(), line: 0, column: 0, kind: String::new(), what: String::new() };
    for (key, value) in fields.split('\u{1}').filter_map(|field| field.split_once('\u{2}')) {
        match key {
            "f" => point.file = value.to_string(),
            "l" => point.line = value.parse().ok()?,
            "n" => point.column = value.parse().ok()?,
            "t" => point.kind = value.to_string(),
            "o" => point.what = value.to_string(),
            // Page and instance are ignored: instances of a module, such as lanes, are summed.
            _ => {}
        }
    }
    // Verilator 5.006 gives the kind only as part of the page.
    if point.kind.is_empty() {
        let page = fields.split("page\u{2}v_").nth(1)?;
        point.kind = page.split(['/', '\u{1}']).next()?.to_string();
    }
    Some((point, count.parse().ok()?))
}

impl fmt::Display for CoverageSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lines, toggles, missed } = self;
        let total = format!(
            "  coverage: {} of {} branches, {} of {} toggles",
            lines.hit, lines.points, toggles.hit, toggles.points
        );
        if missed.is_empty() {
            return writeln!(f, "{total}");
        }
        writeln!(f, "{total}; not covered:")?;
        for line in listed(missed) {
            writeln!(f, "    {line}")?;
        }
        Ok(())
    }
}

/// One line per branch, and one for all bits of a signal that miss the same transition.
fn listed(missed: &[CoveragePoint]) -> Vec<String> {
    let mut groups: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for point in missed {
        let (object, change) = point.what.split_once(':').unwrap_or((&point.what, ""));
        let (signal, bit) = vector_bit(object).map_or((object, None), |(signal, bit)| (signal, Some(bit)));
        let group = (point.file.as_str(), point.line, point.column, point.kind.as_str(), signal, change);
        groups.entry(group).or_default().extend(bit);
    }
    let line = |((file, line, _, kind, signal, change), bits): (_, Vec<u32>)| {
        let text = format!("{file}:{line}: {kind} {signal}{} {change}", ranges(bits));
        text.trim_end().to_string()
    };
    groups.into_iter().map(line).collect()
}

/// Splits `sum[3]` into `sum` and 3.
fn vector_bit(object: &str) -> Option<(&str, u32)> {
    let (signal, bit) = object.strip_suffix(']')?.rsplit_once('[')?;
    Some((signal, bit.parse().ok()?))
}

/// Bit ranges such as `[31:28,3]`; empty for a signal of one bit.
fn ranges(mut bits: Vec<u32>) -> String {
    bits.sort_unstable_by(|a, b| b.cmp(a));
    let runs = bits.chunk_by(|high, low| *high == low + 1).map(|run| match run {
        [bit] => bit.to_string(),
        _ => format!("{}:{}", run[0], run[run.len() - 1]),
    });
    let runs: Vec<String> = runs.collect();
    if runs.is_empty() { String::new() } else { format!("[{}]", runs.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(fields: &[(&str, &str)], count: u64) -> String {
        let fields: String = fields.iter().map(|(key, value)| format!("\u{1}{key}\u{2}{value}")).collect();
        format!("C '{fields}' {count}\n")
    }

    #[test]
    fn sums_counts_of_instances() {
        let toggle = |bit: &str, instance: &str, count: u64| {
            let what = format!("y[{bit}]:0->1");
            let location = [("f", "m.v"), ("l", "3"), ("n", "7")];
            let kind = [("t", "toggle"), ("page", "v_toggle/m"), ("o", what.as_str()), ("h", instance)];
            line(&[location.as_slice(), &kind].concat(), count)
        };
        let other = line(&[("f", "wrapper.sv"), ("l", "1"), ("t", "line"), ("o", "block")], 0);
        let branch = line(&[("f", "m.v"), ("l", "5"), ("page", "v_branch/m"), ("o", "else"), ("h", "a")], 0);
        let coverage = Coverage::default();
        coverage.add(&format!(
            "# head\n{}{}{}",
            toggle("0", "a", 0),
            toggle("10", "a", 0),
            toggle("0", "b", 2)
        ));
        coverage.add(&(toggle("9", "a", 0) + &toggle("8", "a", 0) + &toggle("3", "a", 0) + &other + &branch));
        let summary = coverage.summary("m.v");
        assert_eq!(summary.toggles, CoverageCount { hit: 1, points: 5 });
        assert_eq!(summary.lines, CoverageCount { hit: 0, points: 1 });
        let text = "  coverage: 0 of 1 branches, 1 of 5 toggles; not covered:\n    m.v:3: toggle y[10:8,3] 0->1\n    \
                    m.v:5: branch else\n";
        assert_eq!(summary.to_string(), text);
    }
}
