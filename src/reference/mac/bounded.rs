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

    /// What a rising edge with enable and without reset does to every lane.
    #[inline(always)]
    fn step(&mut self, lanes: usize, clear: &[u8], (a, b): (&[T], &[T])) {
        // One length for all, so that the loop has no bounds to check; values are chosen rather
        // than branched on, since no branch on random data is predicted.
        let (clear, a, b) = (&clear[..lanes], &a[..lanes], &b[..lanes]);
        let (waiting, start) = (&mut self.waiting[..lanes], &mut self.start[..lanes]);
        let (accum, overflow) = (&mut self.accum[..lanes], &mut self.overflow[..lanes]);
        for lane in 0..lanes {
            let sum = if start[lane] { waiting[lane] } else { accum[lane].plus(waiting[lane]) };
            let outside = sum < self.min || sum > self.max;
            accum[lane] =
                if self.saturate { sum.clamp(self.min, self.max) } else { sum.wrapped(self.accumulator) };
            overflow[lane] = outside | (overflow[lane] & !start[lane]);
            waiting[lane] = a[lane].times(b[lane]);
            start[lane] = clear[lane] == 1;
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
        lanes: usize,
        control: &Control<'_>,
        rows: Range<usize>,
        pairs: (&[T], &[T]),
        outputs: &mut [Column],
    ) {
        let first = rows.start * lanes;
        self.accum_rows.clear();
        self.overflow_rows.clear();
        for row in rows {
            self.accum_rows.extend_from_slice(&self.accum[..lanes]);
            self.overflow_rows.extend_from_slice(&self.overflow[..lanes]);
            let here = row * lanes..(row + 1) * lanes;
            let block = here.start - first..here.end - first;
            if control.rst[row] == 1 {
                self.reset();
            } else if control.en[row] == 1 {
                self.step(lanes, &control.clear[here], (&pairs.0[block.clone()], &pairs.1[block]));
            }
        }
        let mask = self.accumulator.mask();
        outputs[0].write(first, self.accum_rows.iter().map(|sum| sum.pattern() & mask));
        if let Some(overflow) = outputs.get_mut(1) {
            overflow.write(first, self.overflow_rows.iter().map(|&flag| flag.into()));
        }
    }
}
