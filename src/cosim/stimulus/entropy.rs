//! Random bits by transaction.

use crate::column::Column;

/// Random bits by transaction, handed out to the ports field by field from as few words as
/// possible: mixing a word costs more than anything else in a batch.
pub(super) struct Entropy {
    seed: u64,
    first: u64,
    word: u64,
    used: u32,
    words: Vec<u64>,
    values: Vec<u64>,
}

impl Entropy {
    /// For transactions from `first` on.
    pub(super) fn new(seed: u64, first: u64) -> Entropy {
        Entropy { seed, first, word: 0, used: 64, words: Vec::new(), values: Vec::new() }
    }

    /// Sets every transaction of a column from its index and `bits` random bits.
    #[inline(always)]
    pub(super) fn fill(&mut self, column: &mut Column, bits: u32, value: impl Fn(usize, u64) -> u64) {
        if self.used + bits > 64 {
            self.word += 1;
            self.used = 0;
            let base = mix(self.seed ^ self.word.wrapping_mul(0xa076_1d64_78bd_642f));
            let first = base.wrapping_add(self.first);
            self.words.clear();
            self.words.extend((0..column.len() as u64).map(|i| mix(first.wrapping_add(i))));
        }
        let (shift, mask) = (self.used, u64::MAX >> (64 - bits));
        self.used += bits;
        // By way of plain words: the column's five types would call the function instead of inlining it.
        let words = self.words[..column.len()].iter().enumerate();
        self.values.clear();
        self.values.extend(words.map(|(i, &word)| value(i, word >> shift & mask)));
        column.write(0, self.values.iter().copied());
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a good hash of a counter.
pub(crate) fn mix(counter: u64) -> u64 {
    let mut z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
