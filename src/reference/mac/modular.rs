//! Sums that wrap and say nothing of it: computed modulo the width of a word, cut when they are read.

use super::number::Word;
use super::{Control, Sums};
use crate::catalogue::Integer;
use crate::column::Column;
use std::ops::Range;

/// The registers of all lanes.
pub(super) struct Modular<W> {
    accumulator: Integer,
    /// The product taken in one enabled cycle ago.
    waiting: Vec<W>,
    /// All ones where that product starts a new sum.
    start: Vec<W>,
    accum: Vec<W>,
    /// Scratch: the sums of a block.
    rows: Vec<W>,
}

impl<W: Word> Modular<W> {
    pub(super) fn new(lanes: usize, accumulator: Integer) -> Modular<W> {
        let zeros = vec![W::from_value(0); lanes];
        Modular { accumulator, waiting: zeros.clone(), start: zeros.clone(), accum: zeros, rows: Vec::new() }
    }

    /// What a rising edge without reset does to every lane.
    #[inline(always)]
    fn step(&mut self, en: &[u8], clear: &[u8], (a, b): (&[W], &[W])) {
        // One length for all, so that the loop has no bounds to check and the compiler may
        // vectorise it; masks rather than branches for the same reason.
        let lanes = self.accum.len();
        let (en, clear, a, b) = (&en[..lanes], &clear[..lanes], &a[..lanes], &b[..lanes]);
        let (waiting, start) = (&mut self.waiting[..lanes], &mut self.start[..lanes]);
        let accum = &mut self.accum[..lanes];
        for lane in 0..lanes {
            let enabled = W::mask(en[lane]);
            let sum = start[lane].select(W::from_value(0), accum[lane]).plus(waiting[lane]);
            accum[lane] = enabled.select(sum, accum[lane]);
            waiting[lane] = enabled.select(a[lane].times(b[lane]), waiting[lane]);
            start[lane] = enabled.select(W::mask(clear[lane]), start[lane]);
        }
    }

    fn reset(&mut self) {
        for registers in [&mut self.waiting, &mut self.start, &mut self.accum] {
            registers.fill(W::from_value(0));
        }
    }
}

impl<W: Word> Sums for Modular<W> {
    type Number = W;

    fn lanes(&self) -> usize {
        self.accum.len()
    }

    #[inline(always)]
    fn run(
        &mut self,
        control: &Control<'_>,
        rows: Range<usize>,
        pairs: (&[W], &[W]),
        outputs: &mut [Column],
    ) {
        let lanes = self.accum.len();
        let first = rows.start * lanes;
        self.rows.clear();
        for row in rows {
            self.rows.extend_from_slice(&self.accum);
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
        outputs[0].write(first, self.rows.iter().map(|&sum| sum.into() & mask));
    }
}
