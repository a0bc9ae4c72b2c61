//! Common subexpression elimination.
//!
//! As long as a pair of terms occurs several times in the sums, one adder computes it for all of them (Hartley
//! 1996 for one constant; Aksoy et al. and da4ml, arXiv 2507.04535, for all outputs of a matrix).

use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::adders::Adders;
use super::graph::{AdderFunction, Graph, GraphAdder};
use super::range::Range;
use super::sums::add_up;

/// A node of the graph in a sum, shifted left and added or subtracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SumTerm {
    pub(crate) node: usize,
    pub(crate) shift: u32,
    pub(crate) negative: bool,
}

impl SumTerm {
    /// Two terms, the one with the smaller shift first.
    pub(crate) fn ordered(self, other: Self) -> (Self, Self) {
        if (self.shift, self.node) <= (other.shift, other.node) { (self, other) } else { (other, self) }
    }
}

/// A pair of terms up to their common shift and sign: `low + (high << shift)`, or the difference. Packed into
/// one word, because a search creates millions; a matrix of 64 by 64 has fewer than 2^24 nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern(u64);

impl Pattern {
    fn new(low: usize, high: usize, shift: u32, subtract: bool) -> Self {
        Self((low as u64) << 32 | (high as u64) << 8 | u64::from(shift) << 1 | u64::from(subtract))
    }

    fn of(one: SumTerm, other: SumTerm) -> Self {
        let (low, high) = one.ordered(other);
        Self::new(low.node, high.node, high.shift - low.shift, low.negative != high.negative)
    }

    fn operation(self) -> GraphAdder {
        let Self(word) = self;
        GraphAdder {
            function: if word & 1 == 1 { AdderFunction::Subtract } else { AdderFunction::Add },
            low: (word >> 32) as usize,
            high: (word >> 8 & 0xff_ffff) as usize,
            shift: (word >> 1 & 0x7f) as u32,
        }
    }
}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0);
    }
}

/// The number of occurrences of a pattern, overlapping pairs included.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    now: u32,
    /// The count of its valid entry in the queue; entries with other counts are stale.
    queued: u32,
}

/// Sums that are being turned into a graph.
pub(crate) struct Sums {
    inputs: usize,
    rows: Vec<Vec<SumTerm>>,
    adders: Adders,
    counts: HashMap<Pattern, Count, BuildHasherDefault<Mixer>>,
    /// Priority queue of saved adder bits, count and pattern.
    queue: BinaryHeap<(u64, u32, Pattern)>,
    seed: u64,
}

impl Sums {
    /// Sums whose terms are inputs. The seed breaks ties between patterns of about the same worth.
    pub(crate) fn new(rows: &[Vec<SumTerm>], inputs: usize, input: Range, seed: u64) -> Self {
        let mut sums = Self {
            inputs,
            rows: rows.to_vec(),
            adders: Adders::new(inputs, input),
            counts: HashMap::default(),
            queue: BinaryHeap::new(),
            seed,
        };
        for row in rows {
            for (position, &term) in row.iter().enumerate() {
                for &other in &row[..position] {
                    sums.counts.entry(Pattern::of(term, other)).or_default().now += 1;
                }
            }
        }
        for (_, count) in sums.counts.iter_mut().filter(|(_, count)| count.now > 1) {
            count.queued = count.now;
        }
        let queued = sums.counts.iter().filter(|(_, count)| count.queued > 1);
        sums.queue =
            queued.map(|(&pattern, count)| (sums.worth(pattern, count.now), count.now, pattern)).collect();
        sums
    }

    /// Adds the marked adders of another graph whose operands exist and that still occur twice.
    pub(crate) fn follow(&mut self, shared: &[GraphAdder], kept: &[bool]) {
        let mut made: Vec<Option<usize>> = (0..self.inputs).map(Some).collect();
        for (operation, &kept) in shared.iter().zip(kept) {
            let node = match (made[operation.low], made[operation.high]) {
                (Some(low), Some(high)) if kept => {
                    let subtract = operation.function == AdderFunction::Subtract;
                    self.share(Pattern::new(low, high, operation.shift, subtract))
                }
                _ => None,
            };
            made.push(node);
        }
    }

    /// Shares pairs, the most valuable first, until none occurs twice. Returns the number of adders.
    pub(crate) fn share_all(&mut self) -> usize {
        while let Some((_, count, pattern)) = self.queue.pop() {
            let entry = self.counts.get_mut(&pattern).expect("what is queued was counted");
            if entry.queued != count {
                continue;
            }
            entry.queued = 0;
            if entry.now == count {
                self.share(pattern);
            } else if entry.now > 1 {
                entry.queued = entry.now;
                let now = entry.now;
                self.queue.push((self.worth(pattern, now), now, pattern));
            }
        }
        self.adders.operations.len()
    }

    /// The graph; the remaining terms of every sum are added up.
    pub(crate) fn into_graph(self) -> Graph {
        let Self { inputs, rows, mut adders, .. } = self;
        let outputs = rows.into_iter().map(|row| add_up(row, &mut adders)).collect();
        Graph { inputs, operations: adders.operations, outputs }
    }

    /// Replaces all occurrences of a pattern by a new node, if there are at least two.
    fn share(&mut self, pattern: Pattern) -> Option<usize> {
        let operation = pattern.operation();
        let occurrences: Vec<(usize, SumTerm, SumTerm)> =
            (0..self.rows.len()).flat_map(|row| self.occurrences(row, operation)).collect();
        if occurrences.len() < 2 {
            return None;
        }
        let node = self.adders.push(operation);
        for (row, low, high) in occurrences {
            self.remove(row, low);
            self.remove(row, high);
            self.insert(row, SumTerm { node, ..low });
        }
        Some(node)
    }

    /// The occurrences of a pattern in a row, without overlaps.
    fn occurrences(&self, row: usize, operation: GraphAdder) -> Vec<(usize, SumTerm, SumTerm)> {
        let terms = &self.rows[row];
        let mut found: Vec<(usize, SumTerm, SumTerm)> = Vec::new();
        for &low in terms.iter().filter(|term| term.node == operation.low) {
            let negative = low.negative != (operation.function == AdderFunction::Subtract);
            let high = SumTerm { node: operation.high, shift: low.shift + operation.shift, negative };
            let is_free = |term| found.iter().all(|&(_, low, high)| low != term && high != term);
            if high != low && is_free(low) && is_free(high) && terms.contains(&high) {
                found.push((row, low, high));
            }
        }
        found
    }

    fn remove(&mut self, row: usize, term: SumTerm) {
        let position = self.rows[row].iter().position(|&other| other == term).expect("a term of the row");
        self.rows[row].swap_remove(position);
        for position in 0..self.rows[row].len() {
            let pattern = Pattern::of(term, self.rows[row][position]);
            self.counts.get_mut(&pattern).expect("every pair is counted").now -= 1;
        }
    }

    fn insert(&mut self, row: usize, term: SumTerm) {
        for position in 0..self.rows[row].len() {
            self.count(Pattern::of(term, self.rows[row][position]));
        }
        self.rows[row].push(term);
    }

    fn count(&mut self, pattern: Pattern) {
        let entry = self.counts.entry(pattern).or_default();
        entry.now += 1;
        if entry.now > entry.queued.max(1) {
            entry.queued = entry.now;
            let now = entry.now;
            self.queue.push((self.worth(pattern, now), now, pattern));
        }
    }

    /// The number of adder bits that sharing saves, those in which both operands have digits; the seed varies
    /// it by less than one adder.
    fn worth(&self, pattern: Pattern, count: u32) -> u64 {
        let GraphAdder { low, high, shift, .. } = pattern.operation();
        let bits = |node: usize| self.adders.ranges[node].integer().bits;
        let overlap = bits(low).min(bits(high) + shift).saturating_sub(shift);
        let chance = mix(self.seed ^ pattern.0) >> 54;
        (u64::from(count - 1) * 1024 + chance) * u64::from(overlap.max(1))
    }
}

/// A fast hash of a few words.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = mix(self.0 ^ word);
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
pub(crate) fn mix(counter: u64) -> u64 {
    let mut z = counter.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
