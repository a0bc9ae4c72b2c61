//! Random transactions with corners, from a seed.

use super::{Stimulus, float};
use crate::catalogue::{Behaviour, Config, Port, Role};
use crate::column::Column;

/// Rows from one reset to the next in the stimulus of a sequential unit.
pub const EPISODE_ROWS: u64 = 1024;

/// Random values of every input, corners more often than chance would have it.
///
/// For a sequential or pipelined unit the rows come in episodes of [`EPISODE_ROWS`]. Each begins with
/// reset, and within it every lane has one of four moods: even chances; corners half of the time; one
/// pair of extreme operands held, never cleared, so that sums overflow; or the same with stalls. A
/// pipelined unit, which has no sums, has the first two.
pub struct Random {
    ports: Vec<Port>,
    seed: u64,
    transactions: u64,
    lanes: u64,
    /// Of each episode; none for a feed-forward unit.
    moods: Option<&'static [Mood]>,
}

impl Random {
    /// At least `transactions` random ones for a model of that many lanes; rounded up to whole
    /// episodes for a sequential unit.
    pub fn new(config: &Config, seed: u64, transactions: u64, lanes: u32) -> Random {
        let moods = match config.behaviour() {
            Behaviour::FeedForward { .. } => None,
            Behaviour::Pipelined { .. } => Some(&Mood::ALL[..2]),
            Behaviour::Sequential { .. } => Some(&Mood::ALL[..]),
        };
        let lanes = u64::from(lanes);
        let whole = if moods.is_some() { EPISODE_ROWS * lanes } else { 1 };
        let ports = config.ports().into_iter().filter(Port::is_driven).collect();
        Random { ports, seed, transactions: transactions.next_multiple_of(whole), lanes, moods }
    }

    fn bits(&self, index: u64, salt: u64) -> u64 {
        mix(mix(self.seed ^ salt.wrapping_mul(0xd605_bbb5_8c8a_bbc9)).wrapping_add(index))
    }
}

impl Stimulus for Random {
    fn transactions(&self) -> u64 {
        self.transactions
    }

    fn chunk(&self) -> u64 {
        if self.moods.is_some() { EPISODE_ROWS * self.lanes } else { 1 << 18 }
    }

    fn fill(&self, first: u64, inputs: &mut [Column]) {
        let episode = first / self.chunk();
        let mood = |i: usize| match self.moods {
            Some(moods) => {
                let random = self.bits(episode, 1 + (first + i as u64) % self.lanes);
                moods[(random % moods.len() as u64) as usize]
            }
            None => Mood::EVEN,
        };
        let moods: Vec<Mood> = (0..self.lanes as usize).map(mood).collect();
        let lane = |i: usize| i & (self.lanes as usize - 1);
        let mut entropy = Entropy::new(self, first);
        for (place, (port, column)) in self.ports.iter().zip(inputs).enumerate() {
            match port.role {
                Role::Reset => {
                    let row = first / self.lanes;
                    let rst = |i: usize| {
                        (row + i as u64).is_multiple_of(EPISODE_ROWS)
                            || self.bits(row + i as u64, u64::MAX).is_multiple_of(512)
                    };
                    column.fill(|i| rst(i).into());
                }
                Role::Enable | Role::Valid => {
                    let bits = entropy.take(8, column.len());
                    column.fill(|i| (bits(i) >= moods[lane(i)].stalls).into());
                }
                Role::Clear => {
                    let bits = entropy.take(8, column.len());
                    column.fill(|i| (bits(i) < moods[lane(i)].clears).into());
                }
                Role::Clock | Role::Data if port.width() <= 32 && port.elements == 1 => {
                    let held: Vec<u64> = (0..self.lanes)
                        .map(|lane| corner(port, self.bits(episode, (place as u64) << 32 | lane)))
                        .collect();
                    let mask = port.integer.mask();
                    let choice = entropy.take(8, column.len());
                    let value = entropy.take(port.width(), column.len());
                    column.fill(|i| {
                        let mood = &moods[lane(i)];
                        match choice(i) {
                            _ if mood.holds => held[lane(i)],
                            choice if choice < mood.corners => corner(port, choice),
                            choice => match port.float {
                                Some(format) => float::plausible(format, choice, value(i)),
                                None => value(i) & mask,
                            },
                        }
                    });
                }
                Role::Clock | Role::Data => self.fill_packed(place, port, first, column),
            }
        }
    }
}

impl Random {
    /// Wide ports and ports of several elements, element by element.
    fn fill_packed(&self, place: usize, port: &Port, first: u64, column: &mut Column) {
        let bits = port.integer.bits;
        for i in 0..column.len() {
            // One NaN among many elements decides the result: most rows have none, in any port.
            let is_finite = !self.bits(first + i as u64, u64::MAX - 1).is_multiple_of(8);
            let mut words = vec![0u64; port.width().div_ceil(64) as usize];
            for element in 0..port.elements {
                let random = self.bits(first + i as u64, (place as u64) << 32 | u64::from(element) << 16);
                let value = match random >> 56 {
                    choice @ ..32 => corner(port, choice),
                    _ => random & port.integer.mask(),
                };
                let value =
                    port.float.filter(|_| is_finite).map_or(value, |format| float::finite(format, value));
                let (word, offset) = ((element * bits / 64) as usize, element * bits % 64);
                words[word] |= value << offset;
                if offset + bits > 64 {
                    words[word + 1] |= value >> (64 - offset);
                }
            }
            column.set_words(i, &words);
        }
    }
}

/// How a lane behaves during an episode; chances in 256ths.
#[derive(Clone, Copy)]
struct Mood {
    corners: u64,
    holds: bool,
    stalls: u64,
    clears: u64,
}

impl Mood {
    const EVEN: Mood = Mood { corners: 32, holds: false, stalls: 64, clears: 16 };

    const ALL: [Mood; 4] = [
        Mood::EVEN,
        Mood { corners: 128, stalls: 16, ..Mood::EVEN },
        Mood { holds: true, stalls: 0, clears: 0, ..Mood::EVEN },
        Mood { holds: true, stalls: 64, clears: 1, ..Mood::EVEN },
    ];
}

/// One of the values where arithmetic goes wrong first.
fn corner(port: &Port, choice: u64) -> u64 {
    if let Some(format) = port.float {
        return float::corner(format, choice);
    }
    let (min, max) = (port.integer.min(), port.integer.max());
    let value = match choice % 8 {
        0 | 1 => min,
        2 | 3 => max,
        4 => min + 1,
        5 => max - 1,
        6 => 0,
        _ => {
            if port.integer.signed {
                -1
            } else {
                1
            }
        }
    };
    port.integer.encode(value)
}

/// Random bits by transaction, handed out to the ports field by field from as few words as
/// possible: mixing a word costs more than anything else in a batch.
struct Entropy<'a> {
    random: &'a Random,
    first: u64,
    word: u64,
    used: u32,
    words: std::rc::Rc<Vec<u64>>,
}

impl<'a> Entropy<'a> {
    fn new(random: &'a Random, first: u64) -> Entropy<'a> {
        Entropy { random, first, word: 0, used: 64, words: Default::default() }
    }

    /// A field of random bits for each of `len` transactions.
    fn take(&mut self, bits: u32, len: usize) -> impl Fn(usize) -> u64 + use<> {
        if self.used + bits > 64 {
            self.word += 1;
            self.used = 0;
            let base = mix(self.random.seed ^ self.word.wrapping_mul(0xa076_1d64_78bd_642f));
            let first = base.wrapping_add(self.first);
            self.words = std::rc::Rc::new((0..len as u64).map(|i| mix(first.wrapping_add(i))).collect());
        }
        let (shift, words) = (self.used, self.words.clone());
        self.used += bits;
        let mask = u64::MAX >> (64 - bits);
        move |i| words[i] >> shift & mask
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a good hash of a counter.
fn mix(counter: u64) -> u64 {
    let mut z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
