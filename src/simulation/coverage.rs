//! What runs covered: branches that were taken and bits that changed, over all models and threads.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

/// Something in the Verilog that a run covers or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CoveragePoint {
    /// The file, `<module>.v`.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// Column of that line.
    pub column: u32,
    /// `toggle`; `branch` and `line` for code that runs.
    pub kind: String,
    /// The bit and its change, `sum[3]:0->1`, or the kind of code, `else`.
    pub what: String,
}

/// Counts of all points, added up over instances, threads and models.
#[derive(Debug, Default)]
pub struct Coverage {
    counts: Mutex<BTreeMap<CoveragePoint, u64>>,
}

/// Points of one kind: how many there are, and how many a run covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageCount {
    /// CoverageCount at least once.
    pub hit: usize,
    /// All.
    pub points: usize,
}

/// What a run covered of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageSummary {
    /// Branches and other pieces of code.
    pub lines: CoverageCount,
    /// Bits, each of whose two changes is a point.
    pub toggles: CoverageCount,
    /// The points never hit, in the order of the file.
    pub missed: Vec<CoveragePoint>,
}

impl Coverage {
    /// Adds the counts of a coverage file of Verilator's.
    pub(crate) fn add(&self, text: &str) {
        let mut counts = self.counts();
        for (point, count) in text.lines().filter_map(parse_line) {
            *counts.entry(point).or_default() += count;
        }
    }

    /// What was covered of one file.
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

/// A line is `C '<key><value>...' count`, where 0x01 opens a key and 0x02 its value.
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
            // The page and the instance: the instances of a module, such as lanes, count as one.
            _ => {}
        }
    }
    // The oldest Verilator names the kind in the page only.
    if point.kind.is_empty() {
        let page = fields.split("page\u{2}v_").nth(1)?;
        point.kind = page.split(['/', '\u{1}']).next()?.to_string();
    }
    Some((point, count.parse().ok()?))
}

impl fmt::Display for CoverageSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CoverageSummary { lines, toggles, missed } = self;
        let all = format!(
            "  coverage: {} of {} branches, {} of {} toggles",
            lines.hit, lines.points, toggles.hit, toggles.points
        );
        if missed.is_empty() {
            return writeln!(f, "{all}");
        }
        writeln!(f, "{all}; never:")?;
        for line in listed(missed) {
            writeln!(f, "    {line}")?;
        }
        Ok(())
    }
}

/// A line a piece of code, and one for all bits of a signal that miss the same change.
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

/// `sum` and 3 of `sum[3]`.
fn vector_bit(object: &str) -> Option<(&str, u32)> {
    let (signal, bit) = object.strip_suffix(']')?.rsplit_once('[')?;
    Some((signal, bit.parse().ok()?))
}

/// `[31:28,3]`; nothing for a signal of one bit.
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
    fn counts_of_instances_and_files_are_added_up() {
        let toggle = |bit: &str, instance: &str, count: u64| {
            let what = format!("y[{bit}]:0->1");
            let place = [("f", "m.v"), ("l", "3"), ("n", "7")];
            let kind = [("t", "toggle"), ("page", "v_toggle/m"), ("o", what.as_str()), ("h", instance)];
            line(&[place.as_slice(), &kind].concat(), count)
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
        let text = "  coverage: 0 of 1 branches, 1 of 5 toggles; never:\n    m.v:3: toggle y[10:8,3] 0->1\n    \
                    m.v:5: branch else\n";
        assert_eq!(summary.to_string(), text);
    }
}
