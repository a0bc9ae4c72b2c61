//! Lines of all channels with a common fraction: a left shift, a short multiplier and offsets by channel.

use super::line::{FRACTION, Interval, Lines, Slope};
use super::staircase::Staircase;
use crate::circuit::constant_matrix::Range;
use crate::unit::Integer;

/// The widest shifted accumulator, which keeps every code before it is clamped in 64 bits.
const WIDEST: u32 = 32;
/// Number of multipliers tried for a channel.
const MULTIPLIERS: i128 = 64;

/// The line of a channel.
#[derive(Clone, Debug)]
pub(super) struct ChannelLine {
    /// Left shift of the accumulator.
    pub(super) shift: u32,
    /// Multiplier; 0 for a channel with a single code.
    pub(super) multiplier: i128,
    /// Offsets for negative and for other accumulators, in multiples of the lowest bit of the sum.
    pub(super) offsets: [i128; 2],
}

/// Lines that have the thresholds of all channels.
#[derive(Clone, Debug)]
pub(crate) struct ChannelForm {
    pub(super) channels: Vec<ChannelLine>,
    /// The type of a shifted accumulator.
    pub(super) x: Integer,
    /// The type of a multiplier.
    pub(super) multiplier: Integer,
    /// Fraction bits of the sum.
    pub(super) fraction: u32,
    /// Lowest bit of the sum that the offsets reach.
    pub(super) low: u32,
    /// The type of every code before it is clamped.
    pub(super) code: Integer,
}

/// A channel before the fraction is known.
struct Candidate {
    lines: Lines,
    /// Interval of slopes; `None` for a single code.
    slopes: Option<Interval>,
    shift: u32,
    first: i64,
}

impl ChannelForm {
    /// The form with the shortest multipliers. `None` if a channel has no line or has codes that neither thresholds
    /// nor clamp bound, or if no channel has two codes.
    ///
    /// `bounds` are those of the clamp.
    pub(in super::super) fn find(staircases: &[Staircase], bounds: (i64, i64)) -> Option<Self> {
        let is_constant = |staircase: &Staircase| staircase.thresholds.is_empty();
        let is_bounded = |staircase: &Staircase| (staircase.first, staircase.last()) == bounds;
        if !staircases.iter().all(|staircase| is_constant(staircase) || is_bounded(staircase)) {
            return None;
        }
        if staircases.iter().all(is_constant) {
            return None;
        }
        let widest = staircases.iter().map(|staircase| staircase.window().bits).max()?;
        if widest > WIDEST {
            return None;
        }
        let candidates: Vec<Candidate> =
            staircases.iter().map(|staircase| Candidate::new(staircase, widest)).collect::<Option<_>>()?;
        let fraction =
            (1..FRACTION).find(|&fraction| candidates.iter().all(|channel| channel.has_slope(fraction)))?;
        let low = (0..=fraction)
            .rev()
            .find(|&low| candidates.iter().all(|channel| channel.at(fraction, low).is_some()))?;
        let channels: Vec<ChannelLine> =
            candidates.iter().filter_map(|channel| channel.at(fraction, low)).collect();
        let x = Integer::signed(widest);
        let largest = channels.iter().map(|channel| channel.multiplier).max()?.max(1);
        let multiplier = Integer::unsigned(i128::BITS - largest.leading_zeros());
        let codes = channels.iter().map(|channel| {
            let code = |x: i128, offset: Option<&i128>| {
                ((channel.multiplier * x + offset.expect("two segments")) >> fraction) as i64
            };
            Range {
                min: code(x.min(), channel.offsets.iter().min()),
                max: code(x.max(), channel.offsets.iter().max()),
            }
        });
        let code = codes.fold(Range { min: -1, max: 0 }, Range::union).integer();
        Some(Self { channels, x, multiplier, fraction, low, code })
    }
}

impl ChannelForm {
    /// The type of a shifted accumulator.
    pub(in super::super) fn x(&self) -> Integer {
        self.x
    }

    /// The code of an accumulator in the window of a channel before it is clamped.
    #[cfg(test)]
    pub(super) fn level(&self, channel: usize, acc: i128) -> i128 {
        let ChannelLine { shift, multiplier, offsets } = &self.channels[channel];
        let product = (multiplier * (acc << shift)) >> self.low << self.low;
        (product + offsets[usize::from(acc >= 0)]) >> self.fraction
    }

    /// The type of a multiplier.
    pub(in super::super) fn multiplier(&self) -> Integer {
        self.multiplier
    }
}

impl Candidate {
    fn new(staircase: &Staircase, widest: u32) -> Option<Self> {
        let window = staircase.window().bits;
        // One offset for each sign.
        let lines = Lines::new(staircase, 1);
        let slopes = if staircase.thresholds.is_empty() { None } else { Some(lines.slopes()?) };
        Some(Self { lines, slopes, shift: widest - window, first: staircase.first })
    }

    /// The multipliers at a number of fraction bits of the shifted accumulator, some of them.
    fn slopes(&self, slopes: Interval, fraction: u32) -> impl Iterator<Item = Slope> {
        let own = fraction.saturating_sub(self.shift);
        let unit = 1i128 << (FRACTION - own);
        let (min, max) = ((slopes.min + unit - 1) / unit, slopes.max / unit);
        (min..=max.min(min + MULTIPLIERS)).map(move |multiplier| Slope { multiplier, fraction: own })
    }

    fn has_slope(&self, fraction: u32) -> bool {
        match self.slopes {
            None => true,
            Some(slopes) => {
                fraction >= self.shift
                    && self.slopes(slopes, fraction).any(|slope| self.lines.offsets(slope).is_some())
            }
        }
    }

    /// The line with offsets that are multiples of `2^low`.
    fn at(&self, fraction: u32, low: u32) -> Option<ChannelLine> {
        let Some(slopes) = self.slopes else {
            let offset = i128::from(self.first) << fraction;
            return Some(ChannelLine { shift: 0, multiplier: 0, offsets: [offset; 2] });
        };
        let lines = self.slopes(slopes, fraction).filter_map(|slope| {
            // The shifted accumulator scales nothing: its fraction bits are those of the sum.
            let shift = fraction - slope.fraction;
            let offset = |interval: Interval| {
                let (min, max) = (interval.min << shift, ((interval.max + 1) << shift) - 1);
                // The number with the most zeros at its end, for a small table.
                (low..fraction + 2).rev().map(|bit| max >> bit << bit).find(|&offset| offset >= min)
            };
            let offsets: Vec<i128> =
                self.lines.offsets(slope)?.into_iter().map(offset).collect::<Option<_>>()?;
            let offsets = offsets.try_into().ok()?;
            Some(ChannelLine { shift: self.shift, multiplier: slope.multiplier, offsets })
        });
        let digits = |channel: &ChannelLine| -> u32 {
            channel
                .offsets
                .iter()
                .map(|offset| fraction + 2 - offset.trailing_zeros().min(fraction + 2))
                .sum()
        };
        lines.min_by_key(digits)
    }
}
