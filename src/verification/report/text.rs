//! Reports and failures as text.

use std::fmt;

use super::{Failure, MismatchView, Report, ShrunkView};
use crate::verification::four_state::FourState;

/// Maximum number of rows of a stimulus that are printed; of a longer one, only the last rows are.
const MAX_ROWS: usize = 64;
const LAST_ROWS: usize = 16;

impl Report {
    /// The verdict in one line, followed by the coverage if it was recorded.
    pub fn summary(&self) -> String {
        let domain = self.domain.map_or("unbounded".to_string(), |domain| domain.to_string());
        let line = format!(
            "{:<22} domain {domain:>10}  compared {:>10}  {}{} ({:.1} M/s)\n",
            self.preset,
            self.compared,
            self.verdict(),
            self.four_state_verdict(),
            self.rate() / 1e6,
        );
        let frames = self.recorded.as_ref().map_or_else(String::new, |recorded| {
            format!(
                "{:<22} {} frames of the file, {} values compared, {} differ, {} cycles with stalls\n",
                self.preset, recorded.frames, recorded.compared, recorded.different, recorded.cycles
            )
        });
        line + &frames + &self.coverage.as_ref().map_or_else(String::new, ToString::to_string)
    }

    /// Explanation of all failures; empty if there is none.
    pub fn explanation(&self) -> String {
        let mut text = String::new();
        if let Some(failure) = &self.failure {
            text += &format!("{}: FAILED\n{failure}", self.preset);
        }
        if let Some(module) = &self.wrong_module {
            text += &format!("  {module}");
        }
        if let Some(failure) = self.four_state.as_ref().and_then(|four_state| four_state.failure.as_ref()) {
            text += &format!("{}: FAILED under Icarus Verilog\n  {failure}\n", self.preset);
        }
        text
    }

    fn verdict(&self) -> String {
        match (self.mismatches, self.compared) {
            (0, 0) => "NOTHING COMPARED".to_string(),
            (0, _) if self.exhaustive => "exhaustive, all equal".to_string(),
            (0, _) => "all equal".to_string(),
            (mismatches, _) => format!("{mismatches} MISMATCHES"),
        }
    }

    fn four_state_verdict(&self) -> String {
        match &self.four_state {
            None => String::new(),
            Some(FourState { compared, failure: None }) => format!(", {compared} four-state"),
            Some(_) => ", FOUR-STATE MISMATCH".to_string(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())?;
        f.write_str(&self.explanation())
    }
}

impl Failure {
    /// The mismatches and the shrunk stimulus, without folder and replay command.
    pub(crate) fn symptoms(&self) -> String {
        let mismatches: String = self.mismatches.iter().map(ToString::to_string).collect();
        match &self.shrunk {
            Some(shrunk) => mismatches + &shrunk.to_string(),
            None => {
                mismatches
                    + "  a model of one lane does not fail on the same inputs: check the wrapper of lanes\n"
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.symptoms())?;
        if let Some(folder) = &self.folder {
            writeln!(f, "  testbench and waveform: {}", folder.join("README.txt").display())?;
        }
        writeln!(f, "  reproduce: {}", self.replay)
    }
}

impl fmt::Display for MismatchView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  transaction {}", self.transaction)?;
        if let Some(cycle) = self.cycle {
            write!(f, ", cycle {cycle}")?;
        }
        let Self { inputs, port, expected, got, .. } = self;
        writeln!(f, ": {}: {port} expected {expected}, got {got}", inputs.join(" "))
    }
}

impl fmt::Display for ShrunkView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  shrunk to {} row(s):", self.rows.len())?;
        let width = |(index, name): (usize, &String)| {
            let cells = self.rows.iter().map(|row| row[index].len());
            cells.chain([name.len()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = self.ports.iter().enumerate().map(width).collect();
        let line = |cells: &[String]| -> String {
            cells.iter().zip(&widths).map(|(cell, width)| format!("  {cell:>width$}")).collect()
        };
        writeln!(f, "    cycle{}", line(&self.ports))?;
        let skipped = if self.rows.len() > MAX_ROWS { self.rows.len() - LAST_ROWS } else { 0 };
        if skipped > 0 {
            writeln!(f, "      ...  {skipped} rows before these; --failures writes all as a testbench")?;
        }
        for (cycle, row) in self.rows.iter().enumerate().skip(skipped) {
            writeln!(f, "    {cycle:>5}{}", line(row))?;
        }
        let Self { cycle, port, expected, got, .. } = self;
        writeln!(f, "    {port} of cycle {cycle}: expected {expected}, got {got}")?;
        match self.start {
            0 => Ok(()),
            _ => writeln!(f, "    only from random initial registers: reset does not set one of them"),
        }
    }
}
