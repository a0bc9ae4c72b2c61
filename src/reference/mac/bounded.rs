//! Sums whose overflow matters, because they saturate or flag it: computed exactly.

use super::number::Exact;
use super::{Control, Sums};
use crate::catalogue::Integer;
use crate::column::Column;
use std::ops::Range;

/// The registers of all lanes.
pub(super) struct Bounded<T> {
    accumulator: Integer,
    saturate: bool,
    min: T,
    max: T,
    /// The product taken in one enabled cycle ago.
    waiting: Vec<T>,
    /// Whether that product starts a new sum.
    start: Vec<bool>,
    accum: Vec<T>,
    overflow: Vec<bool>,
    /// Scratch: the outputs of a block.
    accum_rows: Vec<T>,
    overflow_rows: Vec<bool>,
}

impl<T: Exact> Bounded<T> {
    pub(super) fn new(lanes: usize, accumulator: Integer, saturate: bool) -> Bounded<T> {
        Bounded {
            accumulator,
            saturate,
            min: T::from_bound(accumulator.min()),
            max: T::from_bound(accumulator.max()),
            waiting: vec![T::from_value(0); lanes],
            start: vec![false; lanes],
            accum: vec![T::from_value(0); lanes],
            overflow: vec![false; lanes],
            accum_rows: Vec::new(),
            overflow_rows: Vec::new(),
        }
    }

    /// What a rising edge without reset does to every lane.
    #[inline(always)]
    fn step(&mut self, en: &[u8], clear: &[u8], (a, b): (&[T], &[T])) {
        // One length for all, so that the loop has no bounds to check; values are chosen rather
        // than branched on, since no branch on random data is predicted.
        let lanes = self.accum.len();
        let (en, clear, a, b) = (&en[..lanes], &clear[..lanes], &a[..lanes], &b[..lanes]);
        let (waiting, start) = (&mut self.waiting[..lanes], &mut self.start[..lanes]);
        let (accum, overflow) = (&mut self.accum[..lanes], &mut self.overflow[..lanes]);
        for lane in 0..lanes {
            let enabled = en[lane] == 1;
            let sum = if start[lane] { waiting[lane] } else { accum[lane].plus(waiting[lane]) };
            let outside = sum < self.min || sum > self.max;
            let kept =
                if self.saturate { sum.clamp(self.min, self.max) } else { sum.wrapped(self.accumulator) };
            let sticky = outside | (overflow[lane] & !start[lane]);
            accum[lane] = if enabled { kept } else { accum[lane] };
            overflow[lane] = if enabled { sticky } else { overflow[lane] };
            waiting[lane] = if enabled { a[lane].times(b[lane]) } else { waiting[lane] };
            start[lane] = if enabled { clear[lane] == 1 } else { start[lane] };
        }
    }

    fn reset(&mut self) {
        self.waiting.fill(T::from_value(0));
        self.start.fill(false);
        self.accum.fill(T::from_value(0));
        self.overflow.fill(false);
    }
}

impl<T: Exact> Sums for Bounded<T> {
    type Number = T;

    fn lanes(&self) -> usize {
        self.accum.len()
    }

    #[inline(always)]
    fn run(
        &mut self,
        control: &Control<'_>,
        rows: Range<usize>,
        pairs: (&[T], &[T]),
        outputs: &mut [Column],
    ) {
        let lanes = self.accum.len();
        let first = rows.start * lanes;
        self.accum_rows.clear();
        self.overflow_rows.clear();
        for row in rows {
            self.accum_rows.extend_from_slice(&self.accum);
            self.overflow_rows.extend_from_slice(&self.overflow);
            let (here, block) =
                (row * lanes..(row + 1) * lanes, row * lanes - first..(row + 1) * lanes - first);
            if control.rst[row] == 1 {
                self.reset();
            } else {
                let pairs = (&pairs.0[block.clone()], &pairs.1[block]);
                self.step(&control.en[here.clone()], &control.clear[here], pairs);
            }
        }
        let mask = self.accumulator.mask();
        outputs[0].write(first, self.accum_rows.iter().map(|sum| sum.pattern() & mask));
        if let Some(overflow) = outputs.get_mut(1) {
            overflow.write(first, self.overflow_rows.iter().map(|&flag| flag.into()));
        }
    }
}
