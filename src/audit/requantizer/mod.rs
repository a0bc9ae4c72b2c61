//! Which rounding rule a requantizer has, and what it does at the ends of its range.

mod numbers;
mod reading;
mod rounding;

use super::bench::Bench;
use super::binding::Binding;
use super::report::{Finding, Judged};
use super::runner::{Judge, Seen, run};
use super::stimulus::{Stimulus, Whole, decode};
use super::timing::Timing;
use super::{AuditError, Effort, Role, Settings};
use numbers::{Accumulators, Numbers};
use reading::Reading;
use rounding::Rounding;

/// What the map and the settings say of a requantizer.
pub(super) struct Requantizer {
    numbers: Numbers,
    acc_bits: u32,
    out_bits: u32,
    /// Accumulators side by side, and results.
    lanes: usize,
    /// Elements of all operands.
    operands: usize,
    signs: [Vec<bool>; 2],
}

/// Accumulators of up to so many bits are all driven.
const WHOLE_BITS: u32 = 24;

impl Requantizer {
    pub fn new(binding: &Binding, settings: &Settings) -> Result<Requantizer, AuditError> {
        let lanes = binding.elements(Role::Acc);
        let counts: Vec<usize> = binding.operands().map(|operand| operand.elements).collect();
        if binding.elements(Role::Out) != lanes || counts.iter().any(|&count| count != 1 && count != lanes) {
            let counts = counts.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            let text = format!("operands have {counts} elements, and out {}", binding.elements(Role::Out));
            return Err(AuditError::Elements(text));
        }
        Ok(Requantizer {
            numbers: Numbers::new(binding, settings)?,
            acc_bits: binding.bits(Role::Acc),
            out_bits: binding.bits(Role::Out),
            lanes,
            operands: binding.operands().map(|operand| operand.elements).sum(),
            signs: [settings.flags("acc_signed")?, settings.flags("out_signed")?],
        })
    }

    /// The accumulators to drive, and the numbers where they are ports.
    pub fn stimulus(&self, effort: &Effort) -> Box<dyn Stimulus> {
        let bits = if effort.exhaustive { 32 } else { WHOLE_BITS };
        if self.numbers.fixed().is_some() && self.operands == 1 && self.acc_bits <= bits {
            return Box::new(Whole::new(&[self.acc_bits]));
        }
        Box::new(Accumulators {
            numbers: self.numbers.clone(),
            acc_bits: self.acc_bits,
            out_bits: self.out_bits,
            lanes: self.lanes,
            operands: self.operands,
            seed: effort.seed,
            len: effort.cases,
        })
    }

    /// The names of all candidates.
    pub fn names() -> Vec<String> {
        Rounding::all(true).into_iter().map(Rounding::name).collect()
    }

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
