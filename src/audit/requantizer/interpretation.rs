//! Signedness of a requantizer's ports, and its overflow behaviour.

use std::fmt;

use super::analysis::RequantizerAnalysis;
use crate::audit::error::AuditError;
use crate::audit::operands::decode;
use crate::audit::runner::TimedRun;

/// Overflow behaviour of an output code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum CodeOverflow {
    /// It saturates to these bounds.
    Saturates(i128, i128),
    /// It wraps at this number of bits.
    Wraps(u32),
    /// Unknown: no accumulator that was driven causes an overflow.
    NotReached,
}

impl CodeOverflow {
    /// The least and the greatest output code.
    pub fn range(self, bits: u32, signed: bool) -> (i128, i128) {
        match (self, signed) {
            (Self::Saturates(least, most), _) => (least, most),
            (_, true) => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            (_, false) => (0, (1 << bits) - 1),
        }
    }

    /// The output for a code of any size.
    pub fn apply(self, code: i128, bits: u32, signed: bool) -> i128 {
        match self {
            Self::Saturates(least, most) => code.clamp(least, most),
            Self::Wraps(_) | Self::NotReached => {
                decode(code as u64 & (u64::MAX >> (64 - bits)), bits, signed).into()
            }
        }
    }
}

impl fmt::Display for CodeOverflow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Saturates(least, most) => write!(f, "saturates to {least}..={most}"),
            Self::Wraps(bits) => write!(f, "wraps at {bits} bits"),
            Self::NotReached => write!(f, "not reached by these accumulators"),
        }
    }
}

/// Signedness of both ports, and the overflow behaviour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interpretation {
    pub acc_signed: bool,
    pub out_signed: bool,
    pub overflow: CodeOverflow,
}

/// Rows that decide the interpretation.
const ROWS: usize = 1 << 15;

/// Minimum number of transactions that decide, if available.
const MIN_TRANSACTIONS: usize = 1024;

/// A bound on the error of every rounding mode, in units of the last place.
const TOLERANCE: f64 = 2.0;

/// Exact value and output code of one result.
type Sample = (f64, f64);

/// Operands and results, one column per element.
type Columns = [Vec<u64>];

impl RequantizerAnalysis {
    /// The interpretation under which most results are near the exact value.
    ///
    /// It does not depend on the rounding rule.
    pub(crate) fn interpret(&self, run: &TimedRun) -> Result<Interpretation, AuditError> {
        let rows = (ROWS / run.timing.interval()).max(MIN_TRANSACTIONS).min(run.operands.len() as usize);
        let operands = run.operands.fill(0, rows);
        let results = run.timing.observe(&mut run.harness.start()?, &operands)?;
        let mut best: Option<(usize, Interpretation)> = None;
        for &acc_signed in &self.acc_signed {
            for &out_signed in &self.out_signed {
                let samples = self.samples(&operands, &results, acc_signed, out_signed);
                for overflow in self.overflows(&samples, out_signed) {
                    let near = samples.iter().filter(|sample| self.is_near(**sample, overflow)).count();
                    if best.is_none_or(|(most, _)| near > most) {
                        best = Some((near, Interpretation { acc_signed, out_signed, overflow }));
                    }
                }
            }
        }
        let (_, interpretation) = best.expect("each flag has at least one value");
        Ok(interpretation)
    }

    /// All results with their exact values under some signedness.
    fn samples(
        &self,
        operands: &Columns,
        results: &Columns,
        acc_signed: bool,
        out_signed: bool,
    ) -> Vec<Sample> {
        let rows = results.first().map_or(0, Vec::len);
        let sample = |lane: usize, row: usize| {
            let parameters = self.parameters.at(operands, row, lane, out_signed);
            let exact = parameters.exact(decode(operands[lane][row], self.acc_bits, acc_signed));
            (exact, decode(results[lane][row], self.out_bits, out_signed) as f64)
        };
        (0..self.lanes).flat_map(|lane| (0..rows).map(move |row| sample(lane, row))).collect()
    }

    /// The overflow behaviours that the samples allow.
    ///
    /// They do not show any if no sample overflows.
    fn overflows(&self, samples: &[Sample], out_signed: bool) -> Vec<CodeOverflow> {
        let (least, most) = CodeOverflow::NotReached.range(self.out_bits, out_signed);
        let is_beyond = |(exact, _): &Sample| *exact < least as f64 - 1.0 || *exact > most as f64 + 1.0;
        let is_far = |(exact, code): &Sample| (exact - code).abs() > TOLERANCE;
        if !samples.iter().any(is_beyond) && !samples.iter().any(is_far) {
            return vec![CodeOverflow::NotReached];
        }
        let low = samples.iter().map(|(_, code)| *code).fold(f64::INFINITY, f64::min);
        let high = samples.iter().map(|(_, code)| *code).fold(f64::NEG_INFINITY, f64::max);
        vec![CodeOverflow::Saturates(low as i128, high as i128), CodeOverflow::Wraps(self.out_bits)]
    }

    /// Whether a code is the exact value within the tolerance.
    fn is_near(&self, (exact, code): Sample, overflow: CodeOverflow) -> bool {
        match overflow {
            CodeOverflow::Saturates(least, most) => {
                (exact.clamp(least as f64, most as f64) - code).abs() <= TOLERANCE
            }
            CodeOverflow::Wraps(_) | CodeOverflow::NotReached => {
                let modulus = 2f64.powi(self.out_bits as i32);
                let distance = (exact - code).rem_euclid(modulus);
                distance <= TOLERANCE || distance >= modulus - TOLERANCE
            }
        }
    }
}
