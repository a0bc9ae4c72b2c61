//! The rounding rules held against the results of a requantizer.

use super::design::Requantizer;
use super::reading::Reading;
use super::rounding::Rounding;
use crate::audit::bench::Bench;
use crate::audit::error::AuditError;
use crate::audit::finding::Finding;
use crate::audit::report::Judged;
use crate::audit::runner::{Judge, Seen, run};
use crate::audit::stimulus::{Stimulus, decode};
use crate::audit::timing::Timing;

impl Requantizer {
    pub fn judge(
        &self,
        bench: &Bench,
        timing: Timing,
        stimulus: &dyn Stimulus,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Judged, AuditError> {
        let reading = self.read(bench, timing, stimulus)?;
        let (mut all, mut scores, mut inapplicable) = (Vec::new(), Vec::new(), Vec::new());
        let fixed = self.numbers.fixed();
        for rounding in Rounding::all(self.numbers.has_multiplier()) {
            match fixed.and_then(|point| rounding.is_another_at(&point)) {
                Some(reason) => inapplicable.push((rounding.name(), reason)),
                None => all.push(rounding),
            }
        }
        let candidates = Candidates { requantizer: self, stimulus, reading, all };
        let (seen, driven) = run(bench, timing, stimulus, &candidates, progress)?;
        let lanes = self.lanes as u64;
        let inputs = |at: u64| self.inputs(&reading, &stimulus.fill(at / lanes, 1), (at % lanes) as usize);
        let applied = seen.tallies.iter().map(|tally| tally.compared).max().unwrap_or(0);
        for (rounding, tally) in candidates.all.iter().zip(&seen.tallies) {
            // One that applies to some of the numbers explains nothing; one that ended early has failed.
            if tally.wrong == 0 && tally.compared < applied {
                inapplicable.push((rounding.name(), rounding.reason(fixed)));
            } else {
                scores.push(tally.score(&rounding.name(), &rounding.describes(), inputs));
            }
        }
        Ok(Judged {
            findings: self.findings(&reading),
            scores,
            inapplicable,
            exactness: Some(seen.exactness),
            driven,
        })
    }

    fn findings(&self, reading: &Reading) -> Vec<Finding> {
        let sign = |signed| if signed { "signed" } else { "unsigned" };
        let mut findings = vec![
            Finding::new("accumulator", &format!("{}, {} bits", sign(reading.acc_signed), self.acc_bits)),
            Finding::new("output", &format!("{}, {} bits", sign(reading.out_signed), self.out_bits)),
            Finding::new("overflow", &reading.overflow.to_string()),
        ];
        if let Some(point) = self.numbers.fixed() {
            let text = format!("{} * 2^-{} = {:e}", point.multiplier, point.shift, point.scale);
            findings.push(Finding::new("scale", &text));
            findings.push(Finding::new("zero point", &point.zero_point.to_string()));
        } else {
            findings.push(Finding::new("scale", "driven: powers of two, few and many significant bits"));
        }
        findings
    }

    /// The operands of one transaction in words.
    fn inputs(&self, reading: &Reading, operands: &[Vec<u64>], lane: usize) -> Vec<String> {
        let point = self.numbers.point(operands, 0, lane, reading.out_signed);
        let acc = decode(operands[lane][0], self.acc_bits, reading.acc_signed);
        let mut inputs = vec![format!("acc={acc}")];
        if self.numbers.fixed().is_none() {
            inputs.push(format!("multiplier={}", point.multiplier));
            inputs.push(format!("total_shift={}", point.shift));
            inputs.push(format!("zero_point={}", point.zero_point));
        }
        inputs
    }
}

/// The roundings under one reading of the ports.
struct Candidates<'a> {
    requantizer: &'a Requantizer,
    stimulus: &'a dyn Stimulus,
    reading: Reading,
    all: Vec<Rounding>,
}

impl Judge for Candidates<'_> {
    fn candidates(&self) -> usize {
        self.all.len()
    }

    fn results(&self) -> u64 {
        self.requantizer.lanes as u64
    }

    fn judge(
        &self,
        which: &[usize],
        first: u64,
        operands: &[Vec<u64>],
        results: &[Vec<u64>],
        seen: &mut Seen,
    ) {
        let Requantizer { numbers, acc_bits, out_bits, .. } = self.requantizer;
        let reading = &self.reading;
        let range = reading.overflow.range(*out_bits, reading.out_signed);
        for (lane, result) in results.iter().enumerate() {
            for (row, &pattern) in result.iter().enumerate() {
                let got = i128::from(decode(pattern, *out_bits, reading.out_signed));
                let acc = decode(operands[lane][row], *acc_bits, reading.acc_signed);
                let point = numbers.point(operands, row, lane, reading.out_signed);
                let exact = acc as f64 * point.scale + point.zero_point as f64;
                let is_fair = self.stimulus.is_fair(first + row as u64);
                if is_fair && exact > range.0 as f64 && exact < range.1 as f64 {
                    seen.exactness.note(got as f64 - exact);
                }
                let at = (first + row as u64) * results.len() as u64 + lane as u64;
                for &which in which {
                    if let Some(rescaled) = self.all[which].rescale(acc, *acc_bits, &point, range) {
                        let code = reading.overflow.apply(rescaled, *out_bits, reading.out_signed);
                        seen.tallies[which].note(at, got, code);
                    }
                }
            }
        }
    }
}
