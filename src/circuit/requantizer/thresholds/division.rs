//! Codes bit by bit, highest first, by comparison with the thresholds: a non-restoring division.
//!
//! The threshold of code `zero + index` is `(step * index + offset) / 2^fraction`, rounded up. After each bit the
//! remainder is doubled, and the largest weight is subtracted if it is not negative, otherwise added.

use serde_json::{Value as Json, json};

use super::super::requantization::Requantization;
use super::line::{Interval, Lines, Slope};
use super::staircase::Staircase;
use crate::circuit::{Net, concatenation, repeated};
use crate::unit::Integer;

/// Fraction bits of the bounds of a step: thresholds of 8-bit codes determine a step of fewer.
const FRACTION: u32 = 32;
/// Binary logarithm of the maximum distance of thresholds.
const STEEPEST: u32 = 64;

/// A division that has the thresholds of a staircase.
#[derive(Clone, Debug)]
pub(crate) struct StaircaseDivision {
    /// The type of the window of accumulators.
    window: Integer,
    /// The code of index 0.
    zero: i64,
    /// Bits of an index.
    bits: u32,
    /// Fraction bits of the remainder, at least one.
    fraction: u32,
    step: i128,
    /// Offsets for negative and for other accumulators.
    offsets: [i128; 2],
    /// Width of every remainder.
    width: u32,
}

impl StaircaseDivision {
    /// The division with the fewest fraction bits, for codes of a type of at most 8 bits; `None` for one code.
    pub(in super::super) fn find(staircase: &Staircase, out: Integer) -> Option<Self> {
        let zero = out.min() as i64;
        let lines = Lines::inverse(staircase, zero);
        let steps = lines.slopes_at(FRACTION, STEEPEST).filter(|_| !staircase.thresholds.is_empty())?;
        (1..=FRACTION).find_map(|fraction| {
            let unit = 1i128 << (FRACTION - fraction);
            let step = (steps.min + unit - 1) / unit;
            let offsets =
                lines.offsets(Slope { multiplier: step, fraction }).filter(|_| step <= steps.max / unit)?;
            // A line must be below a threshold, a division at or below it.
            let offset = |index: usize| with_most_trailing_zeros(offsets[index]) + 1;
            let mut division = Self {
                window: staircase.window(),
                zero,
                bits: out.bits,
                fraction,
                step,
                offsets: [offset(0), offset(1)],
                width: 0,
            };
            division.width = division.width();
            Some(division)
        })
    }

    /// The weight of the highest bit.
    fn weight(&self) -> i128 {
        self.step << (self.bits - 1)
    }

    /// First subtrahend, for negative and for other accumulators.
    fn first(&self) -> [i128; 2] {
        self.offsets.map(|offset| self.weight() + offset)
    }

    /// The remainder after each bit.
    fn rests(&self, acc: i128) -> impl Iterator<Item = i128> {
        let first = (acc << self.fraction) - self.first()[usize::from(acc >= 0)];
        let weight = self.weight();
        let next = move |rest: &i128| Some(2 * rest + if *rest < 0 { weight } else { -weight });
        std::iter::successors(Some(first), next).take(self.bits as usize)
    }

    /// Width of every remainder, and of the accumulator with its sign.
    fn width(&self) -> u32 {
        let ends = [self.window.min(), self.window.max(), -1, 0].into_iter().flat_map(|acc| self.rests(acc));
        let largest = ends.chain([self.weight()]).map(i128::abs).max().expect("a rest");
        (129 - largest.leading_zeros()).max(self.window.bits + self.fraction + 1)
    }

    /// The code of an accumulator of the window before it is clamped.
    #[cfg(test)]
    pub(super) fn level(&self, acc: i128) -> i64 {
        let index = self.rests(acc).fold(0, |index, rest| {
            assert!(Integer::signed(self.width).holds(rest), "{self:?} at {acc}");
            2 * index + i64::from(rest >= 0)
        });
        self.zero + index
    }

    /// Context of `templates/serial_requantizer.v.tera` for this form.
    pub(in super::super) fn context(&self, requantization: &Requantization, staircase: &Staircase) -> Json {
        let (width, bits, top) = (self.width, self.bits, requantization.accumulator.bits - 1);
        let literal = |number: i128| format!("{width}'d{}", number as u128 & (u128::MAX >> (128 - width)));
        let [first_negative, first_other] = self.first().map(literal);
        let own = Net::part("acc", self.window.bits - 1, 0).text();
        // Half of it, because every step doubles the remainder.
        let low = self.fraction - 1;
        let fill = repeated(&format!("acc[{top}]"), width - self.window.bits - low);
        let loaded = concatenation(&[fill, own, repeated("1'b0", low)]);
        let is_outside = (self.window.bits <= top).then(|| {
            let above = Net::part("acc", top, self.window.bits - 1).text();
            format!("(|{above}) & ~(&{above})")
        });
        json!({
            "msb": width - 1,
            "next_msb": width - 2,
            "padding": format!("{}'d0", width - 1),
            "digits_msb": bits - 1,
            "digits_next": bits - 2,
            "one": format!("{bits}'d1"),
            "loaded": loaded,
            "first_negative": first_negative,
            "first_other": first_other,
            "weight": literal(self.weight()),
            "sign": format!("acc[{top}]"),
            "outside": is_outside,
            "code": self.code(requantization.out, staircase, self.window.bits <= top),
            "zero": format!("{bits}'d0"),
        })
    }

    /// The clamped code of the net `index` as an expression.
    fn code(&self, out: Integer, staircase: &Staircase, has_outside: bool) -> String {
        let bits = self.bits;
        let pattern = |code: i64| format!("{bits}'d{}", out.encode(code.into()));
        let index = |code: i64| format!("{bits}'d{}", code - self.zero);
        let (first, last) = (staircase.first, staircase.last());
        let own = if out.signed {
            concatenation(&[format!("~index[{}]", bits - 1), Net::part("index", bits - 2, 0).text()])
        } else {
            "index".to_string()
        };
        let below = (i128::from(first) > out.min())
            .then(|| format!("index < {} ? {} : ", index(first), pattern(first)));
        let above =
            (i128::from(last) < out.max()).then(|| format!("index > {} ? {} : ", index(last), pattern(last)));
        let outside =
            has_outside.then(|| format!("outside ? (negative ? {} : {}) : ", pattern(first), pattern(last)));
        let parts: String = [outside, below, above].into_iter().flatten().chain([own]).collect();
        if out.signed { format!("$signed({parts})") } else { parts }
    }
}

/// The number of an interval with the most zeros at its end.
fn with_most_trailing_zeros(interval: Interval) -> i128 {
    let ends = (0..120).rev().map(|bit| interval.max >> bit << bit);
    ends.into_iter().find(|&number| number >= interval.min).expect("not empty")
}
