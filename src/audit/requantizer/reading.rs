//! How the bits of a requantizer's ports are to be read, and where its codes end.

use std::fmt;

use super::design::Requantizer;
use crate::audit::bench::Bench;
use crate::audit::error::AuditError;
use crate::audit::stimulus::{Stimulus, decode};
use crate::audit::timing::Timing;

/// What becomes of a code that the output does not hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Overflow {
    /// It becomes the nearest of these.
    Saturates(i128, i128),
    /// Its low bits are kept.
    Wraps(u32),
    /// No accumulator that was driven leads to one.
    Unreached,
}

impl Overflow {
    /// The codes that come out.
    pub fn range(self, bits: u32, signed: bool) -> (i128, i128) {
        match (self, signed) {
            (Overflow::Saturates(least, most), _) => (least, most),
            (_, true) => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            (_, false) => (0, (1 << bits) - 1),
        }
    }

    /// The code that comes out.
    pub fn apply(self, code: i128, bits: u32, signed: bool) -> i128 {
        match self {
            Overflow::Saturates(least, most) => code.clamp(least, most),
            Overflow::Wraps(_) | Overflow::Unreached => {
                decode(code as u64 & (u64::MAX >> (64 - bits)), bits, signed).into()
            }
        }
    }
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Overflow::Saturates(least, most) => write!(f, "saturates to {least}..={most}"),
            Overflow::Wraps(bits) => write!(f, "wraps at {bits} bits"),
            Overflow::Unreached => write!(f, "not reached by these accumulators"),
        }
    }
}

/// Signedness of both ports, and the overflow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub acc_signed: bool,
    pub out_signed: bool,
    pub overflow: Overflow,
}

/// Transactions that decide.
const ROWS: usize = 1 << 15;

/// How far from the exact value every way to round stays, in units of the last place.
const NEAR: f64 = 2.0;

impl Requantizer {
    /// The reading under which most results are near the exact value, whatever the rounding is.
    pub(crate) fn read(
        &self,
        bench: &Bench,
        timing: Timing,
        stimulus: &dyn Stimulus,
    ) -> Result<Reading, AuditError> {
        let rows = (ROWS / timing.interval()).max(1024).min(stimulus.len() as usize);
        let operands = stimulus.fill(0, rows);
        let results = timing.observe(&mut bench.start()?, &operands)?;
        let mut best: Option<(usize, Reading)> = None;
        for &acc_signed in &self.signs[0] {
            for &out_signed in &self.signs[1] {
                let cells = (0..self.lanes).flat_map(|lane| (0..rows).map(move |row| (lane, row)));
                let rows: Vec<(f64, f64)> = cells
                    .map(|(lane, row)| {
                        let point = self.numbers.point(&operands, row, lane, out_signed);
                        let acc = decode(operands[lane][row], self.acc_bits, acc_signed);
                        let exact = acc as f64 * point.scale + point.zero_point as f64;
                        (exact, decode(results[lane][row], self.out_bits, out_signed) as f64)
                    })
                    .collect();
                for overflow in self.overflows(&rows, out_signed) {
                    let near =
                        rows.iter().filter(|(exact, got)| self.is_near(*exact, *got, overflow)).count();
                    if best.is_none_or(|(most, _)| near > most) {
                        best = Some((near, Reading { acc_signed, out_signed, overflow }));
                    }
                }
            }
        }
        let (_, reading) = best.expect("there are readings");
        Ok(reading)
    }

    /// What may happen at the ends, by what came out; unreached where nothing did that would tell.
    fn overflows(&self, rows: &[(f64, f64)], out_signed: bool) -> Vec<Overflow> {
        let (least, most) = Overflow::Unreached.range(self.out_bits, out_signed);
        let beyond = |(exact, _): &(f64, f64)| *exact < least as f64 - 1.0 || *exact > most as f64 + 1.0;
        let low = rows.iter().map(|(_, got)| *got).fold(f64::INFINITY, f64::min);
        let high = rows.iter().map(|(_, got)| *got).fold(f64::NEG_INFINITY, f64::max);
        let saturates = Overflow::Saturates(low as i128, high as i128);
        match rows.iter().any(beyond) || rows.iter().any(|(exact, got)| (exact - got).abs() > NEAR) {
            true => vec![saturates, Overflow::Wraps(self.out_bits)],
            false => vec![Overflow::Unreached],
        }
    }

    fn is_near(&self, exact: f64, got: f64, overflow: Overflow) -> bool {
        match overflow {
            Overflow::Saturates(least, most) => (exact.clamp(least as f64, most as f64) - got).abs() <= NEAR,
            Overflow::Wraps(_) | Overflow::Unreached => {
                let distance = (exact - got).rem_euclid(2f64.powi(self.out_bits as i32));
                distance <= NEAR || distance >= 2f64.powi(self.out_bits as i32) - NEAR
            }
        }
    }
}
