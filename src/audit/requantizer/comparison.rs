//! Comparison of a requantizer with its candidates.

use super::analysis::RequantizerAnalysis;
use super::candidate::RoundingCandidate;
use super::interpretation::Interpretation;
use crate::audit::error::AuditError;
use crate::audit::finding::Finding;
use crate::audit::findings::Findings;
use crate::audit::operands::{OperandSource, decode};
use crate::audit::runner::{Batch, CandidateSet, Tallies, TimedRun};

impl RequantizerAnalysis {
    /// Compares the design with every candidate that applies.
    pub fn analyze(&self, run: &TimedRun) -> Result<Findings, AuditError> {
        let interpretation = self.interpret(run)?;
        let constant = self.parameters.constant();
        let (mut roundings, mut inapplicable) = (Vec::new(), Vec::new());
        for rounding in RoundingCandidate::all(self.parameters.has_multiplier) {
            match constant.and_then(|parameters| rounding.redundancy(&parameters)) {
                Some(reason) => inapplicable.push((rounding.name(), reason)),
                None => roundings.push(rounding),
            }
        }
        let set = RoundingSet { design: self, operands: run.operands, interpretation, roundings };
        let (tallies, size) = run.compare(&set)?;
        let lanes = self.lanes as u64;
        let inputs = |index: u64| {
            let operands = run.operands.fill(index / lanes, 1);
            self.inputs(&interpretation, &operands, (index % lanes) as usize)
        };
        let most_compared = tallies.candidates.iter().map(|tally| tally.compared).max().unwrap_or(0);
        let mut scores = Vec::new();
        for (rounding, tally) in set.roundings.iter().zip(&tallies.candidates) {
            // Without a mismatch, fewer comparisons mean that the rule is not defined for all parameters.
            if tally.wrong == 0 && tally.compared < most_compared {
                inapplicable.push((rounding.name(), rounding.inapplicability(constant)));
            } else {
                scores.push(tally.score(&rounding.name(), &rounding.describe(), inputs));
            }
        }
        let properties = self.properties(&interpretation);
        Ok(Findings { properties, scores, inapplicable, errors: Some(tallies.errors), size })
    }

    fn properties(&self, interpretation: &Interpretation) -> Vec<Finding> {
        let port =
            |signed: bool, bits: u32| format!("{}, {bits} bits", if signed { "signed" } else { "unsigned" });
        let mut properties = vec![
            Finding::new("accumulator", &port(interpretation.acc_signed, self.acc_bits)),
            Finding::new("output", &port(interpretation.out_signed, self.out_bits)),
            Finding::new("overflow", &interpretation.overflow.to_string()),
        ];
        if let Some(constant) = self.parameters.constant() {
            let scale = format!("{} * 2^-{} = {:e}", constant.multiplier, constant.shift, constant.scale);
            properties.push(Finding::new("scale", &scale));
            properties.push(Finding::new("zero point", &constant.zero_point.to_string()));
        } else {
            let text = "driven with powers of two and with few and many significant bits";
            properties.push(Finding::new("scale", text));
        }
        properties
    }

    /// The operands of one transaction as `name=value`.
    fn inputs(&self, interpretation: &Interpretation, operands: &[Vec<u64>], lane: usize) -> Vec<String> {
        let parameters = self.parameters.at(operands, 0, lane, interpretation.out_signed);
        let acc = decode(operands[lane][0], self.acc_bits, interpretation.acc_signed);
        let mut inputs = vec![format!("acc={acc}")];
        if self.parameters.constant().is_none() {
            inputs.push(format!("multiplier={}", parameters.multiplier));
            inputs.push(format!("total_shift={}", parameters.shift));
            inputs.push(format!("zero_point={}", parameters.zero_point));
        }
        inputs
    }
}

/// The candidates under one interpretation of the ports.
struct RoundingSet<'a> {
    design: &'a RequantizerAnalysis,
    operands: &'a dyn OperandSource,
    interpretation: Interpretation,
    roundings: Vec<RoundingCandidate>,
}

impl CandidateSet for RoundingSet<'_> {
    fn count(&self) -> usize {
        self.roundings.len()
    }

    fn results_per_transaction(&self) -> u64 {
        self.design.lanes as u64
    }

    fn compare(&self, selected: &[usize], batch: &Batch, tallies: &mut Tallies) {
        let RequantizerAnalysis { parameters, acc_bits, out_bits, .. } = self.design;
        let Interpretation { acc_signed, out_signed, overflow } = self.interpretation;
        let range = overflow.range(*out_bits, out_signed);
        let is_in_range = |exact: f64| exact > range.0 as f64 && exact < range.1 as f64;
        for (lane, result) in batch.results.iter().enumerate() {
            for (row, &pattern) in result.iter().enumerate() {
                let transaction = batch.first + row as u64;
                let index = transaction * batch.results.len() as u64 + lane as u64;
                let got = i128::from(decode(pattern, *out_bits, out_signed));
                let acc = decode(batch.operands[lane][row], *acc_bits, acc_signed);
                let parameters = parameters.at(batch.operands, row, lane, out_signed);
                let exact = parameters.exact(acc);
                if self.operands.counts_for_bias(transaction) && is_in_range(exact) {
                    tallies.errors.record(got as f64 - exact);
                }
                for &which in selected {
                    let rescaled = self.roundings[which].rescale(acc, *acc_bits, &parameters, range);
                    if let Some(code) = rescaled {
                        let expected = overflow.apply(code, *out_bits, out_signed);
                        tallies.candidates[which].compare(index, got, expected);
                    }
                }
            }
        }
    }
}
