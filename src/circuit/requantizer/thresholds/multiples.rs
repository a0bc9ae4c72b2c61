//! Search in an interval for a multiplier that takes few additions.
//!
//! A multiple of the accumulator is a graph of additions of shifted nodes. All graphs of up to three additions are
//! enumerated with shifts up to a bound, then the last addition is solved for the interval; order and bounds
//! depend on the interval only.

use super::line::{FRACTION, Interval, Slope};
use crate::circuit::constant_matrix::{AdderFunction, GraphAdder, digits};

/// Largest shift of an addition other than the last.
const SHIFTS: u32 = 14;
/// Largest shift of the last addition.
const LAST_SHIFTS: u32 = 24;
/// Largest multiple of a node.
const LARGEST: u64 = 1 << 30;

/// A multiple of the accumulator: `multiples[i]` is that of node `i`, node 0 the accumulator.
#[derive(Clone, Debug)]
pub(crate) struct Multiple {
    pub(crate) operations: Vec<GraphAdder>,
    pub(crate) slope: Slope,
}

/// The multiples with slopes in the interval that take exactly `additions` additions.
pub(crate) fn search(slopes: Interval, additions: usize, shifts: u32) -> Vec<Multiple> {
    let mut search = Search {
        target: Target::new(slopes),
        shifts,
        operations: Vec::new(),
        values: Vec::new(),
        distances: Vec::new(),
        found: Vec::new(),
    };
    search.push(1);
    search.extend(additions);
    search.found
}

/// The default bound of the shifts.
pub(crate) const DEFAULT_SHIFTS: u32 = SHIFTS;

struct Search {
    target: Target,
    shifts: u32,
    operations: Vec<GraphAdder>,
    values: Vec<u64>,
    /// Distance of each value to the slopes, see [`Target::distance`].
    distances: Vec<u32>,
    found: Vec<Multiple>,
}

impl Search {
    fn push(&mut self, value: u64) {
        self.values.push(value);
        self.distances.push(self.target.distance(value));
    }

    fn extend(&mut self, additions: usize) {
        if additions == 0 {
            if let Some(slope) = self.target.slope(self.values[0]).filter(|_| self.operations.is_empty()) {
                self.found.push(Multiple { operations: Vec::new(), slope });
            }
            return;
        }
        let nodes = self.values.len();
        let unread = self.unread();
        // An addition reads two nodes and is one more that has to be read.
        if unread.count_ones() as usize > additions + 1 {
            return;
        }
        let is_last = additions == 1;
        for low in 0..nodes {
            for high in 0..nodes {
                if !is_last {
                    self.inner(low, high, additions);
                } else if unread & !(1 << low | 1 << high) == 0 {
                    self.last(low, high);
                }
            }
        }
    }

    /// The nodes that no addition reads, one bit each.
    fn unread(&self) -> u32 {
        let read = |read, operation: &GraphAdder| read | 1 << operation.low | 1 << operation.high;
        let nodes = (1 << self.values.len()) - 1;
        nodes & !self.operations.iter().fold(1, read)
    }

    fn last(&mut self, low: usize, high: usize) {
        let exponent = |node: usize| self.values[node].ilog2();
        // An operand far below the other one does not move it into the interval.
        let least = (exponent(low)).saturating_sub(exponent(high) + 1 + self.distances[low]);
        let most = (exponent(low) + 1 + self.distances[high]).checked_sub(exponent(high));
        let Some(most) = most else { return };
        for shift in least.max(u32::from(low == high))..=LAST_SHIFTS.min(most) {
            let (addend, raised) = (self.values[low], self.values[high] << shift);
            if raised > LARGEST {
                break;
            }
            self.check(addend + raised, GraphAdder { function: AdderFunction::Add, low, high, shift });
            if raised > addend {
                self.check(
                    raised - addend,
                    GraphAdder { function: AdderFunction::Reverse, low, high, shift },
                );
            } else if addend > raised && shift > 0 {
                self.check(
                    addend - raised,
                    GraphAdder { function: AdderFunction::Subtract, low, high, shift },
                );
            }
        }
    }

    fn check(&mut self, value: u64, operation: GraphAdder) {
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
            self.descend(
                addend + raised,
                GraphAdder { function: AdderFunction::Add, low, high, shift },
                additions,
            );
            if raised > addend {
                let operation = GraphAdder { function: AdderFunction::Reverse, low, high, shift };
                self.descend(raised - addend, operation, additions);
            } else if addend > raised && shift > 0 {
                let operation = GraphAdder { function: AdderFunction::Subtract, low, high, shift };
                self.descend(addend - raised, operation, additions);
            }
        }
    }

    fn descend(&mut self, value: u64, operation: GraphAdder, additions: usize) {
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
        self.push(value);
        self.extend(additions - 1);
        self.operations.pop();
        self.values.pop();
        self.distances.pop();
    }
}

/// The interval of slopes, as one octave of mantissas: the weight of the highest bit is 1.
struct Target {
    min: u64,
    /// The largest mantissa below 2.
    max: u64,
    /// The largest mantissa whose double is in the interval too; 0 if there is none.
    half: u64,
    exponent: i32,
}

/// The number shifted to the highest bit.
fn mantissa(value: u64) -> u64 {
    value << value.leading_zeros()
}

impl Target {
    fn new(slopes: Interval) -> Self {
        let exponent = slopes.min.ilog2() as i32;
        let scale = 2f64.powi(-exponent);
        // An octave holds every multiple once.
        let (min, max) = (slopes.min as f64 * scale, slopes.max as f64 * scale);
        let max = max.min(min * 1.999_999);
        let one = (1u64 << 63) as f64;
        let half = if max < 2.0 { 0 } else { (max / 2.0 * one) as u64 };
        Self { min: (min * one) as u64, max: (max * one) as u64, half, exponent: exponent - FRACTION as i32 }
    }

    /// A number `n` such that a change of the multiple by less than its `2^-n`th part leaves it outside the interval,
    /// whatever it is shifted by.
    fn distance(&self, value: u64) -> u32 {
        let mantissa = mantissa(value);
        if mantissa <= self.half || (self.min..=self.max).contains(&mantissa) {
            return u64::BITS;
        }
        let (up, down) = if mantissa < self.min {
            (self.min - mantissa, mantissa - self.half.max(self.max / 2))
        } else {
            ((2 * u128::from(self.min) - u128::from(mantissa)) as u64, mantissa - self.max)
        };
        // A mantissa is less than twice the weight of its highest bit.
        u64::BITS - up.min(down).ilog2()
    }

    /// The slope of a multiple shifted into the interval; `None` if it is outside.
    fn slope(&self, value: u64) -> Option<Slope> {
        let mantissa = mantissa(value);
        let is_inside = mantissa >= self.min && mantissa <= self.max;
        if !is_inside && mantissa > self.half {
            return None;
        }
        let exponent = value.ilog2() as i32 - i32::from(!is_inside);
        let fraction = exponent - self.exponent;
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
fn horner(multiplier: i64) -> Vec<GraphAdder> {
    let mut digits: Vec<(u32, bool)> = digits(multiplier).collect();
    let (mut position, _) = digits.pop().expect("a positive number has a digit");
    let addition = |(node, (weight, is_negative)): (usize, (u32, bool))| {
        let function = if is_negative { AdderFunction::Reverse } else { AdderFunction::Add };
        let shift = std::mem::replace(&mut position, weight) - weight;
        GraphAdder { function, low: 0, high: node, shift }
    };
    (0..).zip(digits.into_iter().rev()).map(addition).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn small_changes_leave_multiples_outside(
            min in 1i128 << 68..1i128 << 73,
            width in 50u32..68,
            value in 1u64..1 << 30,
            part in any::<u64>(),
        ) {
            let target = Target::new(Interval { min, max: min + (1 << width) });
            let (distance, raised) = (target.distance(value), value << LAST_SHIFTS);
            prop_assume!(distance < LAST_SHIFTS);
            prop_assert!(target.slope(raised).is_none());
            let change = part % (raised >> distance);
            prop_assert!(target.slope(raised + change).is_none(), "{raised} + {change}");
            prop_assert!(target.slope(raised - change).is_none(), "{raised} - {change}");
        }
    }
}
