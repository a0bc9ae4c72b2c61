//! Sweeps as text; the last line is the verdict.

use std::fmt;

use super::matrix::{MatrixCell, SweepMatrix};
use super::result::{Sweep, SweepPoint};
use crate::unit::RefusedCombinations;

impl fmt::Display for Sweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let shard = self.shard.map_or_else(String::new, |shard| format!(", shard {shard}"));
        writeln!(f, "{}{shard}: {} combination{}", self.unit, self.combinations, plural(self.combinations))?;
        writeln!(f, "  compared {} transactions in {:.1} s, builds included", self.compared(), self.seconds)?;
        self.fmt_scope(f)?;
        SweepMatrix::new(self).fmt(f)?;
        self.failures().try_for_each(|point| writeln!(f, "  FAILED {}", point.failure_line()))?;
        let (configs, failures) = (self.results.len(), self.failures().count());
        let verdict = match failures {
            0 => "all equal".to_string(),
            _ => format!("{failures} FAILED"),
        };
        writeln!(f, "\n{}{shard}: {configs} config{}, {verdict}", self.unit, plural(configs))
    }
}

impl Sweep {
    /// Writes the numbers of exhaustive, random and skipped combinations.
    fn fmt_scope(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exhaustive = self.exhaustive();
        let random = self.results.len() - exhaustive;
        if exhaustive > 0 {
            writeln!(f, "  {exhaustive} exhaustively: their inputs have at most {} values", self.cases)?;
        }
        if random > 0 {
            writeln!(f, "  {random} with {} random transactions each, seed {}", self.cases, self.seed)?;
        }
        for RefusedCombinations { combinations, reason } in &self.refused {
            writeln!(f, "  skipped {combinations} of {} combinations: {reason}", self.combinations)?;
        }
        Ok(())
    }
}

impl SweepPoint {
    /// Module name, number of mismatches and swept values of a config that failed.
    fn failure_line(&self) -> String {
        let settings: Vec<String> =
            self.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let found = match self.report.mismatches {
            0 => "nothing compared".to_string(),
            mismatches => format!("{mismatches} mismatches"),
        };
        format!("{}: {found}: {}", self.report.preset, settings.join(" "))
    }
}

impl fmt::Display for MatrixCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { configs: 0, .. } => f.pad("-"),
            Self { configs, passed } => f.pad(&format!("{passed}/{configs}")),
        }
    }
}

impl fmt::Display for SweepMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(row) = &self.row else { return Ok(()) };
        let corner = match &self.column {
            Some(column) => format!("{row} \\ {column}"),
            None => row.clone(),
        };
        let first = self.row_values.iter().chain([&corner]).map(String::len).max().unwrap_or(0);
        let cells: Vec<Vec<String>> =
            self.cells.iter().map(|row| row.iter().map(MatrixCell::to_string).collect()).collect();
        let width = |column: usize| {
            let cells = cells.iter().map(|row| row[column].len());
            cells.chain([self.column_values[column].len()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.column_values.len()).map(width).collect();
        let line = |label: &str, texts: &[String]| {
            let texts = texts.iter().zip(&widths).map(|(text, width)| format!("  {text:>width$}"));
            format!("  {label:<first$}{}", texts.collect::<String>()).trim_end().to_string()
        };
        writeln!(f, "\n  configs equal to their reference, of all:")?;
        writeln!(f, "{}", line(&corner, &self.column_values))?;
        for (value, cells) in self.row_values.iter().zip(&cells) {
            writeln!(f, "{}", line(value, cells))?;
        }
        Ok(())
    }
}
