//! Comparison of a requantizer with its candidates.

use super::analysis::RequantizerAnalysis;
use super::candidate::{RoundingCandidate, RuleDomain};
use super::reading::Reading;
use super::selection::{ReadCandidate, Sample};
use crate::audit::error::AuditError;
use crate::audit::findings::Findings;
use crate::audit::nearest::{self, Located, NearestCandidate};
use crate::audit::operands::{OperandSource, decode};
use crate::audit::regions::{OperandAxis, RegionTally};
use crate::audit::runner::{Batch, CandidateSet, Tallies, TimedRun};
use crate::audit::tally::{FirstMismatch, MismatchTally};

impl RequantizerAnalysis {
    /// Compares the design with every candidate that applies.
    pub fn analyze(&self, run: &TimedRun) -> Result<Findings, AuditError> {
        let constant = self.parameters.constant();
        let (most_shift, varies) = (self.parameters.most_shift(), self.parameters.shift.is_port());
        let (mut roundings, mut inapplicable) = (Vec::new(), Vec::new());
        for rounding in RoundingCandidate::all(self.parameters.has_multiplier) {
            match rounding.redundancy(most_shift, !varies, self.parameters.has_zero_point()) {
                Some(reason) => inapplicable.push((rounding.name(), reason)),
                None => roundings.push(rounding),
            }
        }
        let sample = self.sample(run)?;
        let set = self.candidates(run.operands, &roundings, &sample);
        let (tallies, size) = run.compare(&set)?;
        let is_full = |index: usize| tallies.candidates[index].undefined == 0;
        let matches = |index: usize| tallies.candidates[index].matches();
        let any_full_match = (0..set.count()).any(|index| matches(index) && is_full(index));
        let mut scores = Vec::new();
        let mut matching = Vec::new();
        for rounding in roundings {
            let own = (0..set.count()).filter(|&index| set.candidates[index].rounding == rounding);
            let Some(index) = own.min_by_key(|&index| tallies.candidates[index].wrong) else { continue };
            let domain = rounding.domain(self.parameters.is_q31()).map(|domain| self.describe_domain(domain));
            // Without a mismatch, fewer comparisons mean that the rule is not defined for all parameters.
            let is_undefined = tallies.candidates[index].compared == 0;
            let is_partial = matches(index) && !is_full(index) && (any_full_match || domain.is_none());
            if is_undefined || is_partial {
                inapplicable.push((rounding.name(), rounding.inapplicability(constant)));
                continue;
            }
            let inputs = |index| self.inputs(&set, run.operands, set.candidates[0].reading, index);
            let mut score = tallies.candidates[index].score(&rounding.name(), &rounding.describe(), inputs);
            score.domain = domain.filter(|_| !is_full(index));
            if score.matches_all() && matching.is_empty() {
                let same = |&other: &usize| set.candidates[other].rounding == rounding && matches(other);
                matching.extend((0..set.count()).filter(same).map(|other| set.candidates[other]));
            }
            scores.push(score);
        }
        if matching.is_empty()
            && let Some(found) = self.wrapping_product(run, &sample)?
        {
            return Ok(found);
        }
        let nearest = match matching.first() {
            Some(_) => None,
            None => nearest::locate(run, &set, &tallies, size)?,
        };
        let nearest = nearest.map(|located| self.nearest(&set, run, &sample, located));
        let properties = self.properties(&matching, &sample);
        Ok(Findings { properties, scores, nearest, inapplicable, errors: Some(tallies.errors), size })
    }

    /// The findings of a design whose product wraps before the shift, `None` for other designs.
    fn wrapping_product(&self, run: &TimedRun, sample: &Sample) -> Result<Option<Findings>, AuditError> {
        let readings = self.wrapping_products(&self.readings(sample));
        let mut candidates = Vec::new();
        for rounding in RoundingCandidate::of_wrapping_products() {
            let nearest = self.nearest_readings(rounding, &readings, sample);
            candidates
                .extend(nearest.into_iter().filter(|(_, wrong)| *wrong == 0).map(|(candidate, _)| candidate));
        }
        let Some(&lead) = candidates.first() else { return Ok(None) };
        let set = RoundingSet { design: self, operands: run.operands, lead, candidates };
        let (tallies, size) = run.compare(&set)?;
        let Some(index) = tallies.candidates.iter().position(MismatchTally::matches) else {
            return Ok(None);
        };
        let rounding = set.candidates[index].rounding;
        let same = |(candidate, tally): &(&ReadCandidate, &MismatchTally)| {
            candidate.rounding == rounding && tally.matches()
        };
        let matching: Vec<ReadCandidate> = set
            .candidates
            .iter()
            .zip(&tallies.candidates)
            .filter(same)
            .map(|(candidate, _)| *candidate)
            .collect();
        let inputs = |index| self.inputs(&set, run.operands, lead.reading, index);
        let score = tallies.candidates[index].score(&rounding.name(), &rounding.describe(), inputs);
        Ok(Some(Findings {
            properties: self.properties(&matching, sample),
            scores: vec![score],
            nearest: None,
            inapplicable: Vec::new(),
            errors: None,
            size,
        }))
    }

    /// The nearest readings of every rounding; the lead is the nearest of all.
    fn candidates<'a>(
        &'a self,
        operands: &'a dyn OperandSource,
        roundings: &[RoundingCandidate],
        sample: &Sample,
    ) -> RoundingSet<'a> {
        let readings = self.readings(sample);
        let nearest = roundings.iter().map(|&rounding| self.nearest_readings(rounding, &readings, sample));
        let ranked: Vec<(ReadCandidate, usize)> = nearest.flatten().collect();
        let lead = ranked.iter().min_by_key(|(_, wrong)| *wrong).map(|(candidate, _)| *candidate);
        let lead = lead.expect("each rounding has at least one reading");
        let candidates = ranked.into_iter().map(|(candidate, _)| candidate).collect();
        RoundingSet { design: self, operands, lead, candidates }
    }

    fn nearest(
        &self,
        set: &RoundingSet,
        run: &TimedRun,
        sample: &Sample,
        located: Located,
    ) -> NearestCandidate {
        let candidate = set.candidates[located.candidate];
        let (index, got, expected) = located.mismatch;
        let inputs = self.inputs(set, run.operands, candidate.reading, index);
        let explanation = self.explanation(candidate, sample);
        let mut equivalent: Vec<String> =
            located.equivalent.iter().map(|&index| set.candidates[index].rounding.name()).collect();
        equivalent.dedup();
        equivalent.retain(|name| *name != candidate.rounding.name());
        NearestCandidate {
            name: candidate.rounding.name(),
            equivalent,
            reading: self.describe_reading(&candidate.reading),
            // What explains the mismatches is not a part of the operands.
            extent: located.extent.filter(|_| explanation.is_none()),
            mismatch: FirstMismatch { inputs, got, expected },
            explanation,
        }
    }

    /// The parameters for which a rule is defined, by the roles of their ports.
    fn describe_domain(&self, domain: RuleDomain) -> String {
        let mut parts = Vec::new();
        if let (Some(bits), Some(most)) = (self.parameters.multiplier.port_bits(), domain.multiplier) {
            parts.push(format!("multiplier from 0 to {}", most.min((1 << bits) - 1)));
        }
        if self.parameters.shift.is_port() {
            let (first, last) = domain.shift;
            let ends = [self.parameters.shift_value(first), self.parameters.shift_value(last)];
            let [least, most] = [ends[0].min(ends[1]), ends[0].max(ends[1])];
            parts.push(format!("{} from {least} to {most}", self.parameters.shift_role.name()));
        }
        parts.join(", ")
    }

    /// The operands of one result as `name=value`.
    fn inputs(
        &self,
        set: &RoundingSet,
        source: &dyn OperandSource,
        reading: Reading,
        index: u64,
    ) -> Vec<String> {
        let lanes = set.results_per_transaction();
        let operands = source.fill(index / lanes, 1);
        let lane = (index % lanes) as usize;
        let names = self.axes().into_iter().map(|axis| axis.name);
        let values = self.values(&operands, 0, lane, &reading);
        names.zip(values).map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// The accumulator and the parameters that are ports.
    fn axes(&self) -> Vec<OperandAxis> {
        let ports = self.parameters.named().into_iter().filter(|(_, source)| source.is_port());
        let acc = OperandAxis { name: "acc".to_string(), is_exact: false };
        let is_shift = |name: &str| name == self.parameters.shift_role.name();
        let axis = |(name, _): (&str, _)| OperandAxis { name: name.to_string(), is_exact: is_shift(name) };
        std::iter::once(acc).chain(ports.map(axis)).collect()
    }

    /// The values on the axes.
    fn values(&self, operands: &[Vec<u64>], row: usize, lane: usize, reading: &Reading) -> Vec<i64> {
        let parameters = self.parameters.at(operands, row, lane, reading.parameters);
        let shift = self.parameters.shift_value(parameters.shift);
        let all = [parameters.multiplier, shift, parameters.zero_point, parameters.bias];
        let ports = self.parameters.named().into_iter().zip(all).filter(|((_, source), _)| source.is_port());
        let acc = decode(operands[lane][row], self.acc_bits, reading.acc_signed);
        std::iter::once(acc).chain(ports.map(|(_, value)| value)).collect()
    }
}

/// The candidates, each under one reading of the ports.
struct RoundingSet<'a> {
    design: &'a RequantizerAnalysis,
    operands: &'a dyn OperandSource,
    /// Nearest candidate, whose reading decides the exact values.
    lead: ReadCandidate,
    candidates: Vec<ReadCandidate>,
}

impl CandidateSet for RoundingSet<'_> {
    fn count(&self) -> usize {
        self.candidates.len()
    }

    fn results_per_transaction(&self) -> u64 {
        self.design.lanes as u64
    }

    fn compare(&self, selected: &[usize], batch: &Batch, tallies: &mut Tallies) {
        let RequantizerAnalysis { parameters, acc_bits, out_bits, .. } = self.design;
        let lead = self.lead.reading;
        let range = lead.overflow.range(*out_bits, lead.out_signed);
        let is_in_range = |exact: f64| exact > range.0 as f64 && exact < range.1 as f64;
        for (lane, result) in batch.results.iter().enumerate() {
            for (row, &pattern) in result.iter().enumerate() {
                let transaction = batch.first + row as u64;
                let index = transaction * batch.results.len() as u64 + lane as u64;
                if self.operands.counts_for_bias(transaction) {
                    let acc = decode(batch.operands[lane][row], *acc_bits, lead.acc_signed);
                    let exact = parameters.at(batch.operands, row, lane, lead.parameters).exact(acc);
                    if is_in_range(exact) {
                        let got = decode(pattern, *out_bits, lead.out_signed);
                        tallies.errors.record(got as f64 - exact);
                    }
                }
                for &which in selected {
                    let candidate = self.candidates[which];
                    let tally = &mut tallies.candidates[which];
                    match self.design.expected(candidate, batch.operands, row, lane) {
                        Some(expected) => {
                            let got = decode(pattern, *out_bits, candidate.reading.out_signed);
                            tally.compare(index, got.into(), expected);
                        }
                        None => tally.undefined += 1,
                    }
                }
            }
        }
    }

    fn axes(&self, _candidate: usize) -> Vec<OperandAxis> {
        self.design.axes()
    }

    fn locate(&self, candidate: usize, batch: &Batch, axes: &[OperandAxis], tally: &mut RegionTally) {
        let candidate = self.candidates[candidate];
        let reading = candidate.reading;
        for (lane, result) in batch.results.iter().enumerate() {
            for (row, &pattern) in result.iter().enumerate() {
                let Some(expected) = self.design.expected(candidate, batch.operands, row, lane) else {
                    continue;
                };
                let index = (batch.first + row as u64) * batch.results.len() as u64 + lane as u64;
                let got = decode(pattern, self.design.out_bits, reading.out_signed);
                let values = self.design.values(batch.operands, row, lane, &reading);
                tally.record(axes, &values, index, got.into(), expected);
            }
        }
    }
}
