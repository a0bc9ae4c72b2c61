//! Random bits of transactions.

use multiversion::multiversion;

/// Random bits of transactions, taken in fields from as few words as possible.
pub(crate) struct Entropy {
    seed: u64,
    first: u64,
    word: u64,
    used: u32,
    words: Vec<u64>,
}

/// A field of bits in a random word of each transaction.
pub(crate) struct Field<'a> {
    /// One word per transaction.
    pub(crate) words: &'a [u64],
    /// Position of the field's lowest bit.
    pub(crate) shift: u32,
}

impl Entropy {
    /// Bits of the transactions from `first` on.
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        Self { seed, first, word: 0, used: 64, words: Vec::new() }
    }

    /// The next `bits` random bits of `count` transactions; `count` is the same for all fields.
    pub(crate) fn field(&mut self, bits: u32, count: usize) -> Field<'_> {
        if self.used + bits > 64 {
            self.word += 1;
            self.used = 0;
            let base = mix(self.seed ^ self.word.wrapping_mul(0xa076_1d64_78bd_642f));
            self.words.resize(count, 0);
            mix_all(base.wrapping_add(self.first), &mut self.words);
        }
        let shift = self.used;
        self.used += bits;
        Field { words: &self.words[..count], shift }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq", "x86_64+avx2"))]
fn mix_all(first: u64, words: &mut [u64]) {
    for (index, word) in words.iter_mut().enumerate() {
        *word = mix(first.wrapping_add(index as u64));
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a hash of a counter.
#[inline(always)]
pub(crate) fn mix(counter: u64) -> u64 {
    let mut z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
