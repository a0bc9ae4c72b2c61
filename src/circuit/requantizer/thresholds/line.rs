//! Straight lines with the thresholds of a staircase: `floor((multiplier * acc + offset) / 2^fraction)`.
//!
//! The highest bits of the accumulator select one of a few offsets: rules that round half away from zero need two,
//! and with more offsets the multipliers are shorter. A line fits if it is at or above each code at the
//! threshold of the code, and below it one accumulator earlier. For a given multiplier that is an interval of offsets
//! in each segment; the multipliers with such intervals are an interval too, as the width of an interval of offsets is
//! a concave function of the multiplier.

use super::staircase::Staircase;

/// Fraction bits of the bounds of [`Lines::slopes`].
pub(crate) const FRACTION: u32 = 72;
/// Binary logarithm of the largest slope that is tried, in codes per accumulator step.
const STEEPEST: u32 = 8;

/// An interval of whole numbers, not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) min: i128,
    pub(crate) max: i128,
}

/// A multiplier and the number of fraction bits of its products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slope {
    pub(crate) multiplier: i128,
    pub(crate) fraction: u32,
}

/// Constraints of an exact line in each segment of the accumulators, lowest first.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    segments: Vec<Segment>,
}

/// Points of the accumulators with the same highest bits, as accumulator and code.
#[derive(Clone, Debug, Default)]
struct Segment {
    /// The line is at or above each of these.
    above: Vec<(i128, i128)>,
    /// The line is below each of these.
    below: Vec<(i128, i128)>,
}

impl Lines {
    /// The lines of a staircase with an offset for each value of the highest `bits` bits of its window.
    pub(crate) fn new(staircase: &Staircase, bits: u32) -> Self {
        let window = staircase.window();
        let length = 1i64 << (window.bits - bits);
        let min = window.min() as i64;
        let segment = |index: i64| {
            let (first, last) = (min + index * length, min + (index + 1) * length - 1);
            let mut segment = Segment::default();
            for (threshold, code) in staircase.steps() {
                if (first..=last).contains(&threshold) {
                    segment.above.push((threshold.into(), code.into()));
                }
                if (first..=last).contains(&(threshold - 1)) {
                    segment.below.push(((threshold - 1).into(), code.into()));
                }
            }
            // Segments meet between two thresholds.
            let (lowest, highest) = (staircase.code(first), staircase.code(last));
            if lowest > staircase.first {
                segment.above.push((first.into(), lowest.into()));
            }
            if highest < staircase.last() {
                segment.below.push((last.into(), i128::from(highest) + 1));
            }
            segment
        };
        Self { segments: (0..1 << bits).map(segment).collect() }
    }

    /// For each segment, the offsets for which a slope has the thresholds; `None` if there are none.
    pub(crate) fn offsets(&self, slope: Slope) -> Option<Vec<Interval>> {
        self.segments.iter().map(|segment| segment.bounds(slope).interval(slope.fraction)).collect()
    }

    /// The inverse lines: `ceil((multiplier * index + offset) / 2^fraction)` is the threshold of code `zero + index`.
    ///
    /// Their two offsets are for comparisons with negative accumulators and with others.
    pub(crate) fn inverse(staircase: &Staircase, zero: i64) -> Self {
        // The smallest and the largest accumulator of each side.
        let sides = [(i128::MIN, -1), (0, i128::MAX)];
        let segment = |(first, last): (i128, i128)| {
            let mut segment = Segment::default();
            for (threshold, code) in staircase.steps() {
                let (threshold, index) = (i128::from(threshold), i128::from(code - zero));
                if threshold > first {
                    segment.above.push((index, last.min(threshold - 1)));
                }
                if threshold <= last {
                    segment.below.push((index, first.max(threshold)));
                }
            }
            segment
        };
        Self { segments: sides.map(segment).to_vec() }
    }

    /// The multipliers at [`FRACTION`] fraction bits that have offsets; `None` if there are none.
    pub(crate) fn slopes(&self) -> Option<Interval> {
        self.slopes_at(FRACTION, STEEPEST)
    }

    /// The multipliers below `2^steepest` at that number of fraction bits that have offsets; `None` if there are none.
    pub(crate) fn slopes_at(&self, fraction: u32, steepest: u32) -> Option<Interval> {
        let steepest = 1 << (fraction + steepest);
        let at = |multiplier| {
            let slope = Slope { multiplier, fraction };
            self.segments
                .iter()
                .map(|segment| segment.bounds(slope))
                .min_by_key(Bounds::width)
                .expect("a segment")
        };
        // The smaller width rises up to here and falls from here on.
        let widest = least(1, steepest, |multiplier| !at(multiplier).widens());
        let fits = |multiplier| at(multiplier).width() >= 0;
        let near = [(widest - 1).max(1), widest].into_iter().find(|&multiplier| fits(multiplier))?;
        let min = least(1, near, fits);
        let past = least(near, steepest, |multiplier| !fits(multiplier));
        Some(Interval { min, max: if fits(past) { past } else { past - 1 } })
    }
}

impl Segment {
    fn bounds(&self, Slope { multiplier, fraction }: Slope) -> Bounds {
        let bound = |&(acc, code): &(i128, i128)| ((code << fraction) - multiplier * acc, -acc);
        Bounds { min: self.above.iter().map(bound).max(), past: self.below.iter().map(bound).min() }
    }
}

/// Smallest offset of a slope and smallest offset that is too large, each with its derivative by the multiplier.
///
/// `None` if unbounded.
struct Bounds {
    min: Option<(i128, i128)>,
    past: Option<(i128, i128)>,
}

impl Bounds {
    /// The interval of offsets; if it is unbounded on one side, as long as one code.
    fn interval(&self, fraction: u32) -> Option<Interval> {
        let code = 1i128 << fraction;
        let min = self.min.map(|(offset, _)| offset);
        let max = self.past.map(|(offset, _)| offset - 1);
        let interval = match (min, max) {
            (Some(min), Some(max)) => Interval { min, max },
            (Some(min), None) => Interval { min, max: min + code },
            (None, Some(max)) => Interval { min: max - code, max },
            (None, None) => Interval { min: 0, max: code },
        };
        (interval.min <= interval.max).then_some(interval)
    }

    /// The number of offsets minus one; negative if there are none.
    fn width(&self) -> i128 {
        match (self.min, self.past) {
            (Some((min, _)), Some((past, _))) => past - 1 - min,
            _ => i128::MAX,
        }
    }

    /// Whether a larger multiplier has more offsets.
    fn widens(&self) -> bool {
        matches!((self.min, self.past), (Some((_, min)), Some((_, past))) if past > min)
    }
}

/// Binary search: the smallest number of `min..=max` with a monotone property; `max` if none has it.
fn least(min: i128, max: i128, holds: impl Fn(i128) -> bool) -> i128 {
    let (mut low, mut high) = (min, max);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
