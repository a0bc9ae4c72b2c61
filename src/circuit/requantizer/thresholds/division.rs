//! Codes bit by bit, highest first, by comparison with the thresholds: a non-restoring division.
//!
//! The threshold of code `zero + index` is `(step * index + offset) / 2^fraction`, rounded up. After each bit the
//! remainder is doubled, and the largest weight is subtracted if it is not negative, otherwise added. Channels have
//! steps and offsets of their own, and one fraction.

use serde_json::{Value as Json, json};

use super::super::requantization::Requantization;
use super::super::table::{Address, BY_CHANNEL, table};
use super::line::{Interval, Lines, Slope};
use super::staircase::Staircase;
use crate::circuit::{Net, concatenation, repeated};
use crate::unit::Integer;

/// Fraction bits of the bounds of a step: thresholds of 8-bit codes determine a step of fewer.
const FRACTION: u32 = 32;
/// Binary logarithm of the maximum distance of thresholds.
const STEEPEST: u32 = 64;
/// The widest remainder of a division by channel, whose weights are numbers of 64 bits.
const WIDEST: u32 = 63;
/// Fraction bits that a table without signs may have more.
const SPARE: u32 = 4;
/// Number of steps that are tried.
const STEPS: i128 = 16;

/// Offsets of a division.
#[derive(Clone, Copy)]
enum Offsets {
    /// For negative and for other accumulators.
    BySign,
    /// The same for both.
    Common,
}

/// A division that has the thresholds of one staircase, or of one for each channel.
#[derive(Clone, Debug)]
pub(crate) struct StaircaseDivision {
    /// The type of the window of accumulators.
    window: Integer,
    /// The code of index 0.
    zero: i64,
    /// Smallest and largest code of every channel.
    bounds: (i64, i64),
    /// Bits of an index.
    bits: u32,
    /// Fraction bits of the remainder, at least one.
    fraction: u32,
    /// Width of every remainder.
    width: u32,
    channels: Vec<ChannelDivision>,
}

/// The division of a channel.
#[derive(Clone, Debug)]
struct ChannelDivision {
    step: i128,
    /// Offsets for negative and for other accumulators.
    offsets: [i128; 2],
    /// Whether the accumulator counts as 0, as that of a channel with a single code.
    is_constant: bool,
}

/// The inverse lines of a staircase, and their steps; `None` for a single code.
struct Candidate<'a> {
    staircase: &'a Staircase,
    lines: Option<(Lines, Interval)>,
}

impl StaircaseDivision {
    /// The division with the fewest fraction bits, for codes of a type of at most 8 bits.
    ///
    /// `None` without a division, without a channel of two codes, for remainders of more than 63 bits by channel,
    /// and for channels whose codes do not reach the same bounds. Windows are restricted to `accumulator`.
    pub(in super::super) fn find(
        staircases: &[Staircase],
        out: Integer,
        accumulator: Integer,
    ) -> Option<Self> {
        let zero = out.min() as i64;
        let rising = || staircases.iter().filter(|staircase| !staircase.thresholds.is_empty());
        let bounds = rising().map(|staircase| (staircase.first, staircase.last())).next()?;
        if rising().any(|staircase| (staircase.first, staircase.last()) != bounds) {
            return None;
        }
        let candidates: Vec<Candidate> =
            staircases.iter().map(|staircase| Candidate::new(staircase, zero)).collect::<Option<_>>()?;
        let least = |offsets: Offsets| {
            (1..=FRACTION).find_map(|fraction| {
                let all = candidates.iter().map(|candidate| candidate.at(fraction, zero, offsets));
                Some((fraction, all.collect::<Option<Vec<_>>>()?))
            })
        };
        let by_sign = least(Offsets::BySign)?;
        // Half of the table is worth a few bits of the remainder.
        let spare = if staircases.len() > 1 { SPARE } else { 0 };
        let (fraction, channels) = match least(Offsets::Common) {
            Some(common) if common.0 <= by_sign.0 + spare => common,
            _ => by_sign,
        };
        let widest = rising().map(|staircase| staircase.window().bits).max()?;
        let window = Integer::signed(widest.min(accumulator.bits));
        let mut division = Self { window, zero, bounds, bits: out.bits, fraction, width: 0, channels };
        division.width = division.width();
        (division.channels.len() == 1 || division.width <= WIDEST).then_some(division)
    }

    /// The weight of the highest bit.
    fn weight(&self, channel: &ChannelDivision) -> i128 {
        channel.step << (self.bits - 1)
    }

    /// First subtrahend, for negative and for other accumulators.
    fn first(&self, channel: &ChannelDivision) -> [i128; 2] {
        channel.offsets.map(|offset| self.weight(channel) + offset)
    }

    /// The remainder after each bit.
    fn rests(&self, channel: &ChannelDivision, acc: i128) -> impl Iterator<Item = i128> {
        let acc = if channel.is_constant { 0 } else { acc };
        let first = (acc << self.fraction) - self.first(channel)[usize::from(acc >= 0)];
        let weight = self.weight(channel);
        let next = move |rest: &i128| Some(2 * rest + if *rest < 0 { weight } else { -weight });
        std::iter::successors(Some(first), next).take(self.bits as usize)
    }

    /// Width of every remainder, and of the accumulator with its sign.
    fn width(&self) -> u32 {
        let largest = self.channels.iter().flat_map(|channel| {
            let ends = [self.window.min(), self.window.max(), -1, 0].into_iter();
            ends.flat_map(|acc| self.rests(channel, acc)).chain([self.weight(channel)])
        });
        let largest = largest.map(i128::abs).max().expect("a rest");
        (129 - largest.leading_zeros()).max(self.window.bits + self.fraction + 1)
    }

    /// The code of an accumulator of the window before it is clamped.
    #[cfg(test)]
    pub(super) fn level(&self, channel: usize, acc: i128) -> i64 {
        let index = self.rests(&self.channels[channel], acc).fold(0, |index, rest| {
            assert!(Integer::signed(self.width).holds(rest), "{self:?} at {acc}");
            2 * index + i64::from(rest >= 0)
        });
        self.zero + index
    }

    /// The smallest and the largest accumulator that is not outside.
    #[cfg(test)]
    pub(super) fn window(&self) -> Integer {
        self.window
    }

    /// The pattern of a number of the remainder.
    fn pattern(&self, number: i128) -> u128 {
        number as u128 & (u128::MAX >> (128 - self.width))
    }

    /// Context of `templates/serial_requantizer.v.tera` for this form.
    pub(in super::super) fn context(&self, requantization: &Requantization) -> Json {
        let (width, bits, top) = (self.width, self.bits, requantization.accumulator.bits - 1);
        let literal = |number: i128| format!("{width}'d{}", self.pattern(number));
        let own = Net::part("acc", self.window.bits - 1, 0).text();
        // Half of it, because every step doubles the remainder.
        let low = self.fraction - 1;
        let fill = repeated(&format!("acc[{top}]"), width - self.window.bits - low);
        let loaded = concatenation(&[fill, own, repeated("1'b0", low)]);
        let has_constant = self.channels.iter().any(|channel| channel.is_constant);
        let counts = |text: String, otherwise: &str| match has_constant {
            true => format!("is_constant ? {otherwise} : {text}"),
            false => text,
        };
        let is_outside = (self.window.bits <= top).then(|| {
            let above = Net::part("acc", top, self.window.bits - 1).text();
            counts(format!("(|{above}) & ~(&{above})"), "1'b0")
        });
        // The functions of tables have an index of their own.
        let index = if requantization.channels().is_some() { "code_index" } else { "index" };
        let [first_negative, first_other] = self.first(&self.channels[0]).map(literal);
        json!({
            "msb": width - 1,
            "next_msb": width - 2,
            "padding": format!("{}'d0", width - 1),
            "digits_msb": bits - 1,
            "digits_next": bits - 2,
            "one": format!("{bits}'d1"),
            "loaded": counts(loaded, &format!("{width}'d0")),
            "first": if first_negative == first_other {
                first_other
            } else {
                format!("(below_zero ? {first_negative} : {first_other})")
            },
            "weight": literal(self.weight(&self.channels[0])),
            "by_channel": requantization.channel().map(|channel| self.tables(channel, top)),
            "sign": format!("acc[{top}]"),
            "outside": is_outside,
            "index": index,
            "code": self.code(index, requantization.out, self.window.bits <= top),
            "zero": format!("{bits}'d0"),
        })
    }

    /// Context of the tables by channel.
    fn tables(&self, channel: Integer, top: u32) -> Json {
        // Past the end, the last channel is used.
        let last = self.channels.last().into_iter().cycle();
        let all = || self.channels.iter().chain(last.clone()).take(1 << channel.bits);
        let has_signs = self.channels.iter().any(|channel| channel.offsets[0] != channel.offsets[1]);
        let (first, weight) = if has_signs {
            (format!("{{channel, 1'b0, acc[{top}]}}"), "{own_channel, 2'd2}")
        } else {
            ("{channel, 1'b0}".to_string(), "{own_channel, 1'b1}")
        };
        let words = all().flat_map(|channel| {
            let ([negative, other], weight) = (self.first(channel), self.weight(channel));
            if has_signs { vec![other, negative, weight, weight] } else { vec![other, weight] }
        });
        let words: Vec<i64> = words.map(|number| self.pattern(number) as i64).collect();
        let address = Address {
            text: format!("busy ? {weight} : {first}"),
            bits: channel.bits + if has_signs { 2 } else { 1 },
        };
        let why = "By channel: what is subtracted first, and the largest weight; past the end, the last.";
        let mut tables = vec![table("subtrahend", why, Integer::unsigned(self.width), &address, &words)];
        if self.channels.iter().any(|channel| channel.is_constant) {
            let flags: Vec<i64> =
                self.channels.iter().map(|channel| i64::from(channel.is_constant)).collect();
            let address = Address { text: "channel".to_string(), bits: channel.bits };
            tables.push(table("is_constant", BY_CHANNEL, Integer::unsigned(1), &address, &flags));
        }
        json!({ "msb": channel.bits - 1, "is_vector": channel.bits > 1, "tables": tables })
    }

    /// The clamped code of the net `own` as an expression.
    fn code(&self, own: &str, out: Integer, has_outside: bool) -> String {
        let bits = self.bits;
        let pattern = |code: i64| format!("{bits}'d{}", out.encode(code.into()));
        let index = |code: i64| format!("{bits}'d{}", code - self.zero);
        let (first, last) = self.bounds;
        let code = if out.signed {
            concatenation(&[format!("~{own}[{}]", bits - 1), Net::part(own, bits - 2, 0).text()])
        } else {
            own.to_string()
        };
        let below = (i128::from(first) > out.min())
            .then(|| format!("{own} < {} ? {} : ", index(first), pattern(first)));
        let above =
            (i128::from(last) < out.max()).then(|| format!("{own} > {} ? {} : ", index(last), pattern(last)));
        let outside =
            has_outside.then(|| format!("outside ? (negative ? {} : {}) : ", pattern(first), pattern(last)));
        let parts: String = [outside, below, above].into_iter().flatten().chain([code]).collect();
        if out.signed { format!("$signed({parts})") } else { parts }
    }
}

impl<'a> Candidate<'a> {
    fn new(staircase: &'a Staircase, zero: i64) -> Option<Self> {
        if staircase.thresholds.is_empty() {
            return Some(Self { staircase, lines: None });
        }
        let lines = Lines::inverse(staircase, zero);
        let steps = lines.slopes_at(FRACTION, STEEPEST)?;
        Some(Self { staircase, lines: Some((lines, steps)) })
    }

    /// The division at a number of fraction bits.
    fn at(&self, fraction: u32, zero: i64, offsets: Offsets) -> Option<ChannelDivision> {
        let Some((lines, steps)) = &self.lines else {
            let step = 1i128 << fraction;
            let offset = -step * i128::from(self.staircase.first - zero);
            return Some(ChannelDivision { step, offsets: [offset; 2], is_constant: true });
        };
        let unit = 1i128 << (FRACTION - fraction);
        let (first, last) = ((steps.min + unit - 1) / unit, steps.max / unit);
        let apart = ((last - first) / STEPS).max(1);
        let mut tried = (0..=STEPS).map(|index| first + index * apart).filter(|&step| step <= last);
        // A line must be below a threshold, a division at or below it.
        let offset = |interval: Interval| with_most_trailing_zeros(interval) + 1;
        tried.find_map(|step| {
            let intervals = lines.offsets(Slope { multiplier: step, fraction })?;
            let both = Interval {
                min: intervals[0].min.max(intervals[1].min),
                max: intervals[0].max.min(intervals[1].max),
            };
            let offsets = match offsets {
                _ if both.min <= both.max => [offset(both); 2],
                Offsets::Common => return None,
                Offsets::BySign => [offset(intervals[0]), offset(intervals[1])],
            };
            Some(ChannelDivision { step, offsets, is_constant: false })
        })
    }
}

/// The number of an interval with the most zeros at its end.
fn with_most_trailing_zeros(interval: Interval) -> i128 {
    let ends = (0..120).rev().map(|bit| interval.max >> bit << bit);
    ends.into_iter().find(|&number| number >= interval.min).expect("not empty")
}
