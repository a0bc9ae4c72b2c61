//! Wrapping accumulators without an overflow flag.
//!
//! Sums are computed modulo the width of a word, and truncated when they are read.

use super::Sums;
use super::number::Word;
use crate::unit::{Column, Integer};

/// The registers of all lanes.
pub(crate) struct ModularSums<W> {
    accumulator: Integer,
    /// The product of the last enabled cycle.
    waiting: Vec<W>,
    /// 0 where that product starts a new sum, otherwise all ones.
    keep: Vec<W>,
    accum: Vec<W>,
    /// Scratch: the sums of a block.
    rows: Vec<W>,
}

impl<W: Word> ModularSums<W> {
    pub(crate) fn new(lanes: usize, accumulator: Integer) -> Self {
        let zeros = vec![W::from_value(0); lanes];
        let keep = vec![W::mask_unless(0); lanes];
        Self { accumulator, waiting: zeros.clone(), keep, accum: zeros, rows: Vec::new() }
    }
}

impl<W: Word> Sums for ModularSums<W> {
    type Number = W;

    fn lanes(&self) -> usize {
        self.accum.len()
    }

    fn reset(&mut self) {
        self.waiting.fill(W::from_value(0));
        self.keep.fill(W::mask_unless(0));
        self.accum.fill(W::from_value(0));
    }

    #[inline(always)]
    fn step(&mut self, lanes: usize, clear: &[u8], (a, b): (&[W], &[W])) {
        // Slices of one length and masks instead of branches, so that the compiler vectorises the loop.
        let (clear, a, b) = (&clear[..lanes], &a[..lanes], &b[..lanes]);
        let (waiting, keep) = (&mut self.waiting[..lanes], &mut self.keep[..lanes]);
        let accum = &mut self.accum[..lanes];
        for lane in 0..lanes {
            accum[lane] = (accum[lane] & keep[lane]).plus(waiting[lane]);
            waiting[lane] = a[lane].times(b[lane]);
            keep[lane] = W::mask_unless(clear[lane]);
        }
    }

    #[inline(always)]
    fn record(&mut self, lanes: usize) {
        self.rows.extend_from_slice(&self.accum[..lanes]);
    }

    #[inline(always)]
    fn write(&mut self, start: usize, outputs: &mut [Column]) {
        let mask = self.accumulator.mask();
        outputs[0].write(start, self.rows.iter().map(|&sum| sum.into() & mask));
        self.rows.clear();
    }
}
