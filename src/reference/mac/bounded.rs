//! Accumulators that saturate or flag overflow: sums are computed exactly.

use super::Sums;
use super::number::ExactNumber;
use crate::unit::{Column, Integer};

/// The registers of all lanes.
pub(crate) struct BoundedSums<T> {
    accumulator: Integer,
    saturate: bool,
    min: T,
    max: T,
    /// The product of the last enabled cycle.
    waiting: Vec<T>,
    /// Whether that product starts a new sum.
    start: Vec<bool>,
    accum: Vec<T>,
    overflow: Vec<bool>,
    /// Scratch: the outputs of a block.
    accum_rows: Vec<T>,
    overflow_rows: Vec<bool>,
}

impl<T: ExactNumber> BoundedSums<T> {
    pub(crate) fn new(lanes: usize, accumulator: Integer, saturate: bool) -> Self {
        Self {
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
}

impl<T: ExactNumber> Sums for BoundedSums<T> {
    type Number = T;

    fn lanes(&self) -> usize {
        self.accum.len()
    }

    fn reset(&mut self) {
        self.waiting.fill(T::from_value(0));
        self.start.fill(false);
        self.accum.fill(T::from_value(0));
        self.overflow.fill(false);
    }

    #[inline(always)]
    fn step(&mut self, lanes: usize, clear: &[u8], (a, b): (&[T], &[T])) {
        // Slices of one length, so that the loop has no bounds checks; selections instead of branches,
        // because branches on random data are mispredicted.
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

    #[inline(always)]
    fn record(&mut self, lanes: usize) {
        self.accum_rows.extend_from_slice(&self.accum[..lanes]);
        self.overflow_rows.extend_from_slice(&self.overflow[..lanes]);
    }

    #[inline(always)]
    fn write(&mut self, start: usize, outputs: &mut [Column]) {
        let mask = self.accumulator.mask();
        outputs[0].write(start, self.accum_rows.iter().map(|sum| sum.pattern() & mask));
        if let Some(overflow) = outputs.get_mut(1) {
            overflow.write(start, self.overflow_rows.iter().map(|&flag| flag.into()));
        }
        self.accum_rows.clear();
        self.overflow_rows.clear();
    }
}
