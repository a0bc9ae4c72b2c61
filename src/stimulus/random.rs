//! Random transactions with corners, from a seed.

use super::directed::directed_inputs;
use super::entropy::{Entropy, mix};
use super::scalars::{Pick, Picks, by_lane, fill_below, fill_floats, fill_integers};
use super::{Stimulus, float};
use crate::unit::{Behaviour, Column, Config, Port, Role};

/// Rows from one reset to the next in the stimulus of a sequential unit.
pub const EPISODE_ROWS: u64 = 1024;

/// Choices of [`corner`]: sixteen magnitudes of a float with either sign; integers repeat after eight.
pub(crate) const CORNERS: u64 = 32;

/// Random values of every input, corners more often than chance would have it.
///
/// For a sequential or pipelined unit the rows come in episodes of [`EPISODE_ROWS`]. Each begins with
/// reset, and within it every lane has one of four moods: even chances; corners half of the time; one
/// pair of extreme operands held, never cleared, so that sums overflow; or held most of the time, with
/// stalls, so that sums also come back from a limit. A pipelined unit, which has no sums, has the
/// first two.
pub struct Random {
    config: Config,
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
        Random {
            config: config.clone(),
            ports,
            seed,
            transactions: transactions.next_multiple_of(whole),
            lanes,
            moods,
        }
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
        let mood = |lane: u64| match self.moods {
            Some(moods) => moods[(self.bits(episode, 1 + lane) % moods.len() as u64) as usize],
            None => Mood::EVEN,
        };
        let moods: Vec<Mood> = (0..self.lanes).map(mood).collect();
        let mut entropy = Entropy::new(self.seed, first);
        for (place, (port, column)) in self.ports.iter().zip(inputs.iter_mut()).enumerate() {
            let count = column.len();
            match port.role {
                Role::Reset => {
                    let row = first / self.lanes;
                    let rst = |row: u64| {
                        row.is_multiple_of(EPISODE_ROWS) || self.bits(row, u64::MAX).is_multiple_of(512)
                    };
                    column.fill(|i| rst(row + i as u64).into());
                }
                Role::Enable => {
                    let (row, stalls) = (first / self.lanes, moods[0].stalls);
                    column.fill(|i| (self.bits(row + i as u64, u64::MAX) >> 56 >= stalls).into());
                }
                Role::Valid => {
                    let starts = by_lane(moods.iter().map(|mood| 256 - mood.stalls));
                    fill_below(column, &entropy.field(8, count), &starts);
                }
                Role::Clear => {
                    let clears = by_lane(moods.iter().map(|mood| mood.clears));
                    fill_below(column, &entropy.field(8, count), &clears);
                }
                _ if port.width() <= 32 && port.elements == 1 => {
                    // A lane that holds its operand takes the same corner whenever it takes one.
                    let pick = |(lane, mood): (usize, &Mood)| match mood.holds {
                        0 => Pick { below: mood.corners, free: CORNERS - 1, fixed: 0 },
                        often => {
                            let fixed = self.bits(episode, (place as u64) << 32 | lane as u64) % CORNERS;
                            Pick { below: often, free: 0, fixed }
                        }
                    };
                    let picks = Picks::new(moods.iter().enumerate().map(pick));
                    let field = entropy.field(8 + port.width(), count);
                    match port.float {
                        Some(format) => fill_floats(format, column, &field, &picks),
                        None => fill_integers(port, column, &field, &picks),
                    }
                }
                _ => self.fill_packed(place, port, first, &moods, column),
            }
        }
        self.fill_telling(first, inputs);
    }
}

impl Random {
    /// Wide ports and ports of several elements, element by element.
    fn fill_packed(&self, place: usize, port: &Port, first: u64, moods: &[Mood], column: &mut Column) {
        let bits = port.integer.bits;
        let episode = first / self.chunk();
        // Of 256 rows, those of equal elements; floats have more kinds of them, and of the one that is odd.
        let equals = if port.float.is_some() { 32 } else { 8 };
        for i in 0..column.len() {
            // One NaN among many elements decides the result: most rows have none, in any port.
            let is_finite = !self.bits(first + i as u64, u64::MAX - 1).is_multiple_of(8);
            let mut words = vec![0u64; port.width().div_ceil(64) as usize];
            let lane = i & (moods.len() - 1);
            // Sums are extreme only where all elements are.
            let row = self.bits(first + i as u64, (place as u64) << 32 | 1 << 31);
            // A product of floats is of one kind only where both operands are.
            let shared = match port.float {
                Some(_) => self.bits(first + i as u64, u64::MAX - 3),
                None => row,
            };
            let common = match shared >> 56 {
                chance if chance < moods[lane].holds => {
                    Some(self.bits(episode, (place as u64) << 32 | lane as u64))
                }
                chance if chance < equals => Some(row),
                _ => None,
            };
            let odd = shared as u32 % (2 * port.elements);
            for element in 0..port.elements {
                let random = self.bits(first + i as u64, (place as u64) << 32 | u64::from(element) << 16);
                let value = match (common, random >> 56) {
                    (Some(choice), _) => corner(port, choice),
                    (_, choice) if choice < moods[lane].corners => corner(port, choice),
                    (_, choice @ ..128) if port.float.is_none() => small(port, choice, random),
                    _ => random & port.integer.mask(),
                };
                let value = match port.float {
                    Some(format) if common.is_some() && element == odd => {
                        float::odd(format, value, shared >> 32 ^ (place as u64 & 1))
                    }
                    _ => value,
                };
                let value = match port.float {
                    Some(format) if is_finite => float::finite(format, value),
                    _ => port.legal(value),
                };
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

impl Random {
    /// One transaction in eight at a change of the unit's mind, for a unit that knows where.
    fn fill_telling(&self, first: u64, inputs: &mut [Column]) {
        let Some(draw) = directed_inputs(&self.config) else { return };
        let count = inputs.iter().map(Column::len).max().unwrap_or_default();
        for i in 0..count {
            let random = self.bits(first + i as u64, u64::MAX - 2);
            if random >> 61 != 0 {
                continue;
            }
            for (name, pattern) in draw(&self.config, random) {
                let place = self.ports.iter().position(|port| port.name == name);
                let place = place.unwrap_or_else(|| panic!("{} has no input {name}", self.config.name()));
                inputs[place].set_words(i, &[pattern]);
            }
        }
    }
}

/// How a lane behaves during an episode; chances in 256ths.
#[derive(Clone, Copy)]
struct Mood {
    holds: u64,
    corners: u64,
    stalls: u64,
    clears: u64,
}

impl Mood {
    const EVEN: Mood = Mood { holds: 0, corners: 32, stalls: 64, clears: 16 };

    const ALL: [Mood; 4] = [
        Mood::EVEN,
        Mood { corners: 128, stalls: 16, ..Mood::EVEN },
        Mood { holds: 256, stalls: 0, clears: 0, ..Mood::EVEN },
        Mood { holds: 224, stalls: 64, clears: 1, ..Mood::EVEN },
    ];
}

/// One of the values where arithmetic goes wrong first.
pub(crate) fn corner(port: &Port, choice: u64) -> u64 {
    if let Some(format) = port.float {
        return float::corner(format, choice);
    }
    let (min, max) = (port.min(), port.integer.max());
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

/// A value of any magnitude: wide operands are rarely small by chance, and what rescales them tells
/// only small ones apart.
fn small(port: &Port, choice: u64, random: u64) -> u64 {
    let shift = choice % u64::from(port.integer.bits);
    port.integer.encode(port.integer.decode(random) >> shift)
}
