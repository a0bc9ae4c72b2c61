//! Search in an interval for a multiplier that takes few additions.
//!
//! A multiple of the accumulator is a graph of additions of shifted nodes. All graphs of up to three additions are
//! enumerated with shifts up to a bound, then the last addition is solved for the interval; order and bounds
//! depend on the interval only.

use super::line::{FRACTION, Interval, Slope};
use crate::circuit::constant_matrix::{Function, Operation, digits};

/// Largest shift of an addition other than the last.
const SHIFTS: u32 = 14;
/// Largest shift of the last addition.
const LAST_SHIFTS: u32 = 24;
/// Largest multiple of a node.
const LARGEST: u64 = 1 << 30;

/// A multiple of the accumulator: `multiples[i]` is that of node `i`, node 0 the accumulator.
#[derive(Clone, Debug)]
pub(crate) struct Multiple {
    pub(crate) operations: Vec<Operation>,
    pub(crate) slope: Slope,
}

/// The multiples with slopes in the interval that take exactly `additions` additions.
pub(crate) fn search(slopes: Interval, additions: usize, shifts: u32) -> Vec<Multiple> {
    let mut search = Search {
        target: Target::new(slopes),
        shifts,
        operations: Vec::new(),
        values: vec![1],
        found: Vec::new(),
    };
    search.extend(additions);
    search.found
}

/// The default bound of the shifts.
pub(crate) const DEFAULT_SHIFTS: u32 = SHIFTS;

struct Search {
    target: Target,
    shifts: u32,
    operations: Vec<Operation>,
    values: Vec<u64>,
    found: Vec<Multiple>,
}

impl Search {
    fn extend(&mut self, additions: usize) {
        if additions == 0 {
            if let Some(slope) = self.target.slope(self.values[0]).filter(|_| self.operations.is_empty()) {
                self.found.push(Multiple { operations: Vec::new(), slope });
            }
            return;
        }
        let nodes = self.values.len();
        let is_last = additions == 1;
        for low in 0..nodes {
            for high in 0..nodes {
                if is_last && !self.uses_all(low, high) {
                    continue;
                }
                if is_last { self.last(low, high) } else { self.inner(low, high, additions) }
            }
        }
    }

    /// Whether every node is read if one more addition reads `low` and `high`.
    fn uses_all(&self, low: usize, high: usize) -> bool {
        let mut used: u32 = 1 | 1 << low | 1 << high;
        self.operations.iter().for_each(|operation| used |= 1 << operation.low | 1 << operation.high);
        used + 1 == 1 << self.values.len()
    }

    fn last(&mut self, low: usize, high: usize) {
        for shift in u32::from(low == high)..=LAST_SHIFTS {
            let (addend, raised) = (self.values[low], self.values[high] << shift);
            if raised > LARGEST {
                break;
            }
            self.check(addend + raised, Operation { function: Function::Add, low, high, shift });
            if raised > addend {
                self.check(raised - addend, Operation { function: Function::Reverse, low, high, shift });
            } else if addend > raised && shift > 0 {
                self.check(addend - raised, Operation { function: Function::Subtract, low, high, shift });
            }
        }
    }

    fn check(&mut self, value: u64, operation: Operation) {
        if let Some(slope) = self.target.slope(value) {
            let operations = self.operations.iter().copied().chain([operation]).collect();
            self.found.push(Multiple { operations, slope });
        }
    }

    fn inner(&mut self, low: usize, high: usize, additions: usize) {
        for shift in u32::from(low == high)..=self.shifts {
            let (addend, raised) = (self.values[low], self.values[high] << shift);
            if raised > LARGEST {
                break;
            }
            self.descend(addend + raised, Operation { function: Function::Add, low, high, shift }, additions);
            if raised > addend {
                let operation = Operation { function: Function::Reverse, low, high, shift };
                self.descend(raised - addend, operation, additions);
            } else if addend > raised && shift > 0 {
                let operation = Operation { function: Function::Subtract, low, high, shift };
                self.descend(addend - raised, operation, additions);
            }
        }
    }

    fn descend(&mut self, value: u64, operation: Operation, additions: usize) {
        if value.is_multiple_of(2) || self.values.contains(&value) {
            return;
        }
        // Of two additions that do not read one another, the smaller multiple comes first.
        let previous = self.values.len() - 1;
        let reads_previous = operation.low == previous || operation.high == previous;
        if !reads_previous && value < self.values[previous] {
            return;
        }
        self.operations.push(operation);
        self.values.push(value);
        self.extend(additions - 1);
        self.operations.pop();
        self.values.pop();
    }
}

/// The bits of a binary64 below its exponent.
const MANTISSA: u64 = (1 << 52) - 1;

/// The interval of slopes, as one octave of mantissas.
struct Target {
    min: f64,
    max: f64,
    exponent: i32,
}

impl Target {
    fn new(slopes: Interval) -> Self {
        let exponent = slopes.min.ilog2() as i32;
        let scale = 2f64.powi(-exponent);
        // An octave holds every multiple once.
        let (min, max) = (slopes.min as f64 * scale, slopes.max as f64 * scale);
        Self { min, max: max.min(min * 1.999_999), exponent: exponent - FRACTION as i32 }
    }

    /// The slope of a multiple shifted into the interval; `None` if it is outside.
    fn slope(&self, value: u64) -> Option<Slope> {
        // The mantissa of the number, from 1 to 2.
        let mantissa = f64::from_bits((value as f64).to_bits() & MANTISSA | 1f64.to_bits());
        if !(self.min..=self.max).contains(&mantissa) && !(self.min..=self.max).contains(&(2.0 * mantissa)) {
            return None;
        }
        let exponent = value.ilog2() as i32;
        let fraction = if (self.min..=self.max).contains(&mantissa) {
            exponent - self.exponent
        } else {
            exponent - 1 - self.exponent
        };
        // A slope of more than the multiple itself is shifted left.
        let multiplier = i128::from(value) << (-fraction).max(0);
        Some(Slope { multiplier, fraction: fraction.max(0) as u32 })
    }
}

/// Number of fraction widths, from the smallest on, for which digits are tried.
const FRACTIONS: u32 = 8;
/// Number of multipliers tried per fraction width.
const MULTIPLIERS: i128 = 64;

/// The multiples of the interval with the fewest signed digits, one addition per digit: one multiple for each
/// fraction width.
pub(crate) fn signed_digits(slopes: Interval) -> Vec<Multiple> {
    let at = |fraction: u32| {
        let unit = 1i128 << (FRACTION - fraction);
        let (min, max) = ((slopes.min + unit - 1) / unit, slopes.max / unit);
        let multipliers = (min..=max.min(min + MULTIPLIERS))
            .filter(|&multiplier| (1..i128::from(LARGEST)).contains(&multiplier));
        let multiplier = multipliers.min_by_key(|&multiplier| digits(multiplier as i64).count())?;
        Some(Multiple { operations: horner(multiplier as i64), slope: Slope { multiplier, fraction } })
    };
    let least = (0..FRACTION).find(|&fraction| at(fraction).is_some());
    least.map_or(Vec::new(), |least| (least..FRACTION.min(least + FRACTIONS)).filter_map(at).collect())
}

/// Additions of the accumulator from the highest digit down.
fn horner(multiplier: i64) -> Vec<Operation> {
    let mut digits: Vec<(u32, bool)> = digits(multiplier).collect();
    let (mut position, _) = digits.pop().expect("a positive number has a digit");
    let addition = |(node, (weight, is_negative)): (usize, (u32, bool))| {
        let function = if is_negative { Function::Reverse } else { Function::Add };
        let shift = std::mem::replace(&mut position, weight) - weight;
        Operation { function, low: 0, high: node, shift }
    };
    (0..).zip(digits.into_iter().rev()).map(addition).collect()
}
