//! An audit report as text.

use std::fmt;

use super::error_statistics::ErrorStatistics;
use super::finding::Finding;
use super::report::AuditReport;
use super::tally::CandidateScore;

impl fmt::Display for AuditReport {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.write_verdict(f)?;
        self.write_properties(f)?;
        let mismatching = self.mismatching();
        if !mismatching.is_empty() {
            writeln!(f, "\n{:<34} {:>10} {:>10}  first mismatch", "candidate", "mismatches", "bias LSB")?;
        }
        for score in mismatching {
            write_mismatch(f, score)?;
        }
        for (name, reason) in &self.inapplicable {
            writeln!(f, "{name:<34} does not apply: {reason}")?;
        }
        Ok(())
    }
}

impl AuditReport {
    fn write_verdict(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.matched() {
            Some(score) => writeln!(f, "{}: {} {}\n  {}", self.top, self.unit, score.name, score.describes)?,
            None => writeln!(f, "{}: no candidate for a {} matches its results", self.top, self.unit)?,
        }
        if let Some(domain) = self.matched().and_then(|score| score.domain.as_ref()) {
            writeln!(f, "  compared where it is defined: {domain}")?;
        }
        if let Some(nearest) = &self.nearest {
            writeln!(f, "  {nearest}")?;
        }
        if !self.equivalent().is_empty() {
            writeln!(f, "  the same for all of these inputs: {}", self.equivalent().join(", "))?;
        }
        Ok(())
    }

    fn write_properties(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for Finding { what, text } in &self.findings {
            writeln!(f, "  {what:<12} {text}")?;
        }
        let extent = match self.combinations {
            Some(_) if self.exhaustive => "exhaustive".to_string(),
            Some(all) => format!("of {all} combinations"),
            None => format!("seed {}", self.seed),
        };
        writeln!(f, "  {:<12} {} transactions, {extent}", "stimulus", self.transactions)?;
        if let Some(ErrorStatistics { compared, bias, least, most, .. }) = &self.exactness {
            writeln!(
                f,
                "  {:<12} mean {bias:+.4} LSB, from {least:+.4} to {most:+.4}, over {compared} results within bounds",
                "error"
            )?;
        }
        for warning in &self.warnings {
            writeln!(f, "  {:<12} {warning}", "Verilator")?;
        }
        Ok(())
    }
}

fn write_mismatch(f: &mut fmt::Formatter, score: &CandidateScore) -> fmt::Result {
    let rate = format!("{:.4} %", 100.0 * score.mismatch_rate());
    write!(f, "{:<34} {rate:>10} {:>+10.4}", score.name, score.bias)?;
    let Some(first) = &score.first else { return writeln!(f) };
    writeln!(f, "  {}: design {}, candidate {}", first.inputs.join(" "), first.got, first.expected)
}
