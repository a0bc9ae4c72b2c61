//! Selection of the reading of the ports under which a rounding comes nearest to the design.
//!
//! Signedness and overflow behaviour are candidates like the rounding: no reading is decided before
//! results are compared.

use super::analysis::RequantizerAnalysis;
use super::candidate::RoundingCandidate;
use super::reading::{CodeOverflow, ParameterSigns, ReachedEnds, Reading, type_range};
use crate::audit::error::AuditError;
use crate::audit::operands::decode;
use crate::audit::runner::TimedRun;

/// Rows on which the readings that remain are compared.
const ROWS: usize = 1 << 14;

/// Rows on which every reading is compared.
const FIRST_ROWS: usize = 1024;

/// Readings of one rounding that remain after the first rows.
const REMAINING: usize = 16;

/// Readings of one rounding that are compared with all results, if all match the sample.
const MATCHING: usize = 8;

/// A rounding under one reading of the ports.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ReadCandidate {
    pub rounding: RoundingCandidate,
    pub reading: Reading,
}

/// Operands and results of the first transactions.
pub(crate) struct Sample {
    pub operands: Vec<Vec<u64>>,
    pub results: Vec<Vec<u64>>,
}

impl Sample {
    pub(crate) fn rows(&self) -> usize {
        self.results.first().map_or(0, Vec::len)
    }
}

impl RequantizerAnalysis {
    /// Drives the first transactions.
    pub(crate) fn sample(&self, run: &TimedRun) -> Result<Sample, AuditError> {
        let rows = (ROWS * 4 / run.timing.interval()).clamp(FIRST_ROWS, ROWS);
        let operands = run.operands.fill(0, rows.min(run.operands.len() as usize));
        let results = run.timing.observe(&mut run.harness.start()?, &operands)?;
        Ok(Sample { operands, results })
    }

    /// The readings of a rounding with the fewest mismatches, and their number of mismatches.
    ///
    /// Several readings are returned only if all match the whole sample.
    pub(crate) fn nearest_readings(
        &self,
        rounding: RoundingCandidate,
        readings: &[Reading],
        sample: &Sample,
    ) -> Vec<(ReadCandidate, usize)> {
        let count = |rows: usize, reading: &Reading| {
            let candidate = ReadCandidate { rounding, reading: *reading };
            (candidate, self.mismatches(candidate, sample, rows))
        };
        let first_rows = FIRST_ROWS.min(sample.rows());
        let mut ranked: Vec<_> = readings.iter().map(|reading| count(first_rows, reading)).collect();
        ranked.sort_by_key(|(_, wrong)| *wrong);
        ranked.truncate(REMAINING);
        let whole = ranked.iter().map(|(candidate, _)| count(sample.rows(), &candidate.reading));
        let mut ranked: Vec<_> = whole.collect();
        ranked.sort_by_key(|(_, wrong)| *wrong);
        let matching = ranked.iter().filter(|(_, wrong)| *wrong == 0).count();
        ranked.truncate(matching.clamp(1, MATCHING));
        ranked
    }

    /// Results of the sample that differ from a candidate, which must be defined for some of them.
    pub(crate) fn mismatches(&self, candidate: ReadCandidate, sample: &Sample, rows: usize) -> usize {
        let (mut compared, mut wrong) = (0, 0);
        for lane in 0..self.lanes {
            for row in 0..rows {
                let Some(expected) = self.expected(candidate, &sample.operands, row, lane) else { continue };
                compared += 1;
                let got = decode(sample.results[lane][row], self.out_bits, candidate.reading.out_signed);
                wrong += usize::from(i128::from(got) != expected);
            }
        }
        if compared == 0 { usize::MAX } else { wrong }
    }

    /// The output of a candidate for one lane of a transaction, `None` where it is not defined.
    pub(crate) fn expected(
        &self,
        candidate: ReadCandidate,
        operands: &[Vec<u64>],
        row: usize,
        lane: usize,
    ) -> Option<i128> {
        let ReadCandidate { rounding, reading } = candidate;
        let acc = decode(operands[lane][row], self.acc_bits, reading.acc_signed);
        let parameters = self.parameters.at(operands, row, lane, reading.parameters);
        let limits = rounding.domain(self.parameters.is_q31()).map(|domain| domain.shift);
        if limits.is_some_and(|(least, most)| !(least..=most).contains(&parameters.shift)) {
            return None;
        }
        let acc = acc.saturating_add(parameters.bias);
        let rescaled = rounding.rescale(acc, self.acc_bits, &parameters, &reading, self.out_bits)?;
        let zero_point = parameters.zero_point.into();
        Some(reading.overflow.apply(rescaled, zero_point, self.out_bits, reading.out_signed))
    }

    /// The readings of the ports that the settings allow, the most common first.
    pub(crate) fn readings(&self, sample: &Sample) -> Vec<Reading> {
        let parameters = &self.parameters;
        let flags = |is_port: bool| if is_port { vec![false, true] } else { vec![true] };
        let mut signs = Vec::new();
        for &acc_signed in &self.acc_signed {
            for multiplier in flags(parameters.multiplier.is_port()) {
                for bias in flags(parameters.bias.is_port()).into_iter().rev() {
                    for &out_signed in &self.out_signed {
                        // The zero point of a port is usually a code.
                        let mut zero_points = flags(parameters.zero_point.is_port());
                        zero_points.sort_by_key(|&signed| signed != out_signed);
                        for zero_point in zero_points {
                            let parameters = ParameterSigns { multiplier, zero_point, bias };
                            signs.push((acc_signed, out_signed, parameters));
                        }
                    }
                }
            }
        }
        let reading = |(acc_signed, out_signed, parameters)| {
            let overflows = self.overflows(sample, out_signed).into_iter();
            let product_bits = None;
            overflows.map(move |overflow| Reading {
                acc_signed,
                out_signed,
                parameters,
                overflow,
                product_bits,
            })
        };
        signs.into_iter().flat_map(reading).collect()
    }

    /// The overflow behaviours to try: bounds of the type, and bounds observed.
    fn overflows(&self, sample: &Sample, out_signed: bool) -> Vec<CodeOverflow> {
        let codes = sample.results.iter().flatten();
        let codes = codes.map(|&pattern| i128::from(decode(pattern, self.out_bits, out_signed)));
        let (low, high) = codes
            .fold((i128::MAX, i128::MIN), |(low, high): (i128, i128), code| (low.min(code), high.max(code)));
        let (least, most) = type_range(self.out_bits, out_signed);
        let mut overflows = vec![CodeOverflow::Saturates(least, most)];
        // Wrapped codes have the same bits under either signedness.
        if out_signed || self.out_signed.len() == 1 {
            overflows.push(CodeOverflow::Wraps);
        }
        for bounds in [(low, high), (low, most), (least, high)] {
            let saturates = CodeOverflow::Saturates(bounds.0, bounds.1);
            if !overflows.contains(&saturates) {
                overflows.push(saturates);
            }
        }
        overflows
    }

    /// Which ends of the output the rescaled accumulators of the sample exceed.
    pub(crate) fn reached_ends(&self, candidate: ReadCandidate, sample: &Sample) -> ReachedEnds {
        let ReadCandidate { rounding, reading } = candidate;
        let (least, most) = reading.overflow.range(self.out_bits, reading.out_signed);
        let mut ends = ReachedEnds::default();
        for lane in 0..self.lanes {
            for row in 0..sample.rows() {
                let acc = decode(sample.operands[lane][row], self.acc_bits, reading.acc_signed);
                let parameters = self.parameters.at(&sample.operands, row, lane, reading.parameters);
                let acc = acc.saturating_add(parameters.bias);
                let rescaled = rounding.rescale(acc, self.acc_bits, &parameters, &reading, self.out_bits);
                if let Some(code) = rescaled.map(|code| code + i128::from(parameters.zero_point)) {
                    ends.low |= code < least;
                    ends.high |= code > most;
                }
            }
        }
        ends
    }
}
