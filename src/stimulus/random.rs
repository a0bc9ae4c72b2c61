//! Random transactions with corner cases, from a seed.

use super::corner::{CORNERS, corner, small};
use super::directed::directed_inputs;
use super::entropy::{Entropy, mix};
use super::float;
use super::profile::StimulusProfile;
use super::scalars::{Pick, Picks, by_lane, fill_below, fill_floats, fill_integers};
use super::source::Stimulus;
use crate::unit::{Behaviour, Column, Config, Port, Role, streams};

/// Rows per episode in the stimulus of a sequential or pipelined unit.
const EPISODE_ROWS: u64 = 1024;

/// Length of an episode of a unit with streams: this many frame intervals plus this many latencies.
const EPISODE_FRAMES: usize = 8;
const EPISODE_LATENCIES: usize = 4;

/// Frames of a guarded unit in which one beat has a wrong `tlast`, on average.
const FRAMES_OF_WRONG_LAST: u64 = 4;

/// Rows from one reset to the next in the random stimulus of a unit.
pub fn episode_rows(config: &Config) -> u64 {
    match config.behaviour() {
        Behaviour::Stream { interval, latency } => {
            let rows = EPISODE_FRAMES * interval + EPISODE_LATENCIES * latency;
            (rows as u64).next_power_of_two().max(EPISODE_ROWS)
        }
        _ => EPISODE_ROWS,
    }
}

/// The driven input that is `tlast` of a guarded unit, and the beats of its frames.
fn guarded_last(config: &Config) -> Option<(usize, u64)> {
    let function = config.frame_function().filter(|function| function.is_guarded())?;
    let [inputs, _] = streams(&config.ports());
    Some((inputs[0].last?, function.input_lengths()[0] as u64))
}

/// Random values of every input, with corner cases.
///
/// For a unit with registers, rows come in episodes of [`episode_rows`]. Each episode begins with a reset, and
/// gives every lane one of four profiles: uniform, corner-biased, held extremes, or held with stalls. A
/// pipelined unit has only the first two. Each handshake of a stream is withheld with a probability of its
/// own in each episode. For `tlast` of a guarded unit, the beats at which it is wrong are drawn.
pub struct RandomStimulus {
    config: Config,
    ports: Vec<Port>,
    seed: u64,
    transactions: u64,
    lanes: u64,
    /// Rows of an episode.
    episode_rows: u64,
    /// Whether each handshake stalls independently.
    has_streams: bool,
    /// The `tlast` whose frames a guarded unit checks, and the beats of a frame.
    guarded: Option<(usize, u64)>,
    /// Profiles that episodes choose from; `None` for a feed-forward unit.
    profiles: Option<&'static [StimulusProfile]>,
}

/// The rows to fill: their first transaction, their episode, and the profile of each lane.
struct Batch {
    first: u64,
    episode: u64,
    profiles: Vec<StimulusProfile>,
}

impl RandomStimulus {
    /// At least `transactions` transactions for a model of `lanes` lanes.
    ///
    /// For a sequential or pipelined unit, the number is rounded up to whole episodes.
    pub fn new(config: &Config, seed: u64, transactions: u64, lanes: u32) -> Self {
        let profiles = match config.behaviour() {
            Behaviour::FeedForward { .. } => None,
            Behaviour::Pipelined { .. } => Some(StimulusProfile::PIPELINED),
            Behaviour::Sequential { .. } | Behaviour::Stream { .. } => Some(StimulusProfile::SEQUENTIAL),
        };
        let (lanes, episode_rows) = (u64::from(lanes), episode_rows(config));
        let episode = if profiles.is_some() { episode_rows * lanes } else { 1 };
        Self {
            config: config.clone(),
            ports: config.ports().into_iter().filter(Port::is_driven).collect(),
            seed,
            transactions: transactions.next_multiple_of(episode),
            lanes,
            episode_rows,
            has_streams: config.behaviour().is_stream(),
            guarded: guarded_last(config),
            profiles,
        }
    }

    /// 64 random bits for an index; different salts give independent bits.
    fn bits(&self, index: u64, salt: u64) -> u64 {
        mix(mix(self.seed ^ salt.wrapping_mul(0xd605_bbb5_8c8a_bbc9)).wrapping_add(index))
    }

    fn batch(&self, first: u64) -> Batch {
        let episode = first / self.chunk();
        let profile = |lane: u64| match self.profiles {
            Some(profiles) => profiles[(self.bits(episode, 1 + lane) % profiles.len() as u64) as usize],
            None => StimulusProfile::UNIFORM,
        };
        Batch { first, episode, profiles: (0..self.lanes).map(profile).collect() }
    }
}

impl Stimulus for RandomStimulus {
    fn transactions(&self) -> u64 {
        self.transactions
    }

    fn chunk(&self) -> u64 {
        if self.profiles.is_some() { self.episode_rows * self.lanes } else { 1 << 18 }
    }

    fn fill(&self, first: u64, inputs: &mut [Column]) {
        let batch = self.batch(first);
        let (row, profiles) = (first / self.lanes, &batch.profiles);
        let mut entropy = Entropy::new(self.seed, first);
        for (input, (port, column)) in self.ports.iter().zip(inputs.iter_mut()).enumerate() {
            if let Some((_, length)) = self.guarded.filter(|(own, _)| *own == input) {
                let one_in = FRAMES_OF_WRONG_LAST * length;
                column.fill(|i| self.bits(first + i as u64, u64::MAX - 4).is_multiple_of(one_in).into());
                continue;
            }
            match port.role {
                Role::Reset => column.fill(|i| self.resets(row + i as u64).into()),
                Role::Enable => {
                    let stalls = profiles[0].stalls;
                    column.fill(|i| (self.bits(row + i as u64, u64::MAX) >> 56 >= stalls).into());
                }
                Role::Valid | Role::Ready if self.has_streams => {
                    let field = entropy.field(8, column.len());
                    fill_below(column, &field, &self.handshakes(input, batch.episode));
                }
                Role::Valid => {
                    let starts = by_lane(profiles.iter().map(|profile| 256 - profile.stalls));
                    let field = entropy.field(8, column.len());
                    fill_below(column, &field, &starts);
                }
                Role::Clear => {
                    let clears = by_lane(profiles.iter().map(|profile| profile.clears));
                    let field = entropy.field(8, column.len());
                    fill_below(column, &field, &clears);
                }
                _ if port.width() <= 32 && port.elements == 1 => {
                    self.fill_scalar(input, port, &batch, &mut entropy, column);
                }
                _ => self.fill_packed(input, port, &batch, column),
            }
        }
        self.fill_directed(first, inputs);
    }
}

impl RandomStimulus {
    /// Whether a row resets: the first of each episode, and two others in an episode on average; one in 512
    /// where an episode is short.
    fn resets(&self, row: u64) -> bool {
        let others = self.episode_rows / 2;
        row.is_multiple_of(self.episode_rows) || self.bits(row, u64::MAX).is_multiple_of(others)
    }

    /// For each lane, the number of rows in 256 in which a handshake is given.
    fn handshakes(&self, input: usize, episode: u64) -> Vec<u32> {
        let choices = StimulusProfile::STREAM_STALLS;
        let stalls = |lane: u64| {
            let choice = self.bits(episode, 1 << 63 | (input as u64) << 32 | lane);
            choices[(choice % choices.len() as u64) as usize]
        };
        by_lane((0..self.lanes).map(|lane| 256 - stalls(lane)))
    }

    /// Fills a port of one element and at most 32 bits.
    fn fill_scalar(
        &self,
        input: usize,
        port: &Port,
        batch: &Batch,
        entropy: &mut Entropy,
        column: &mut Column,
    ) {
        // A lane that holds its operand repeats one corner case throughout the episode.
        let pick = |(lane, profile): (usize, &StimulusProfile)| match profile.holds {
            0 => Pick { below: profile.corners, free: CORNERS - 1, fixed: 0 },
            holds => {
                let fixed = self.bits(batch.episode, (input as u64) << 32 | lane as u64) % CORNERS;
                Pick { below: holds, free: 0, fixed }
            }
        };
        let picks = Picks::new(batch.profiles.iter().enumerate().map(pick));
        let field = entropy.field(8 + port.width(), column.len());
        match port.float {
            Some(format) => fill_floats(format, column, &field, &picks),
            None => fill_integers(port, column, &field, &picks),
        }
    }

    /// Fills a wide port or a port of several elements, element by element.
    fn fill_packed(&self, input: usize, port: &Port, batch: &Batch, column: &mut Column) {
        let salt = (input as u64) << 32;
        let mut words = vec![0u64; port.width().div_ceil(64) as usize];
        for i in 0..column.len() {
            let row = self.packed_row(input, port, batch, i);
            words.fill(0);
            for element in 0..port.elements {
                let random = self.bits(batch.first + i as u64, salt | u64::from(element) << 16);
                let pattern = row.pattern(port, element, random);
                port.integer.set_element(&mut words, element, pattern.into());
            }
            column.set_words(i, &words);
        }
    }

    fn packed_row(&self, input: usize, port: &Port, batch: &Batch, i: usize) -> PackedRow {
        let (transaction, salt) = (batch.first + i as u64, (input as u64) << 32);
        let lane = i & (batch.profiles.len() - 1);
        let profile = &batch.profiles[lane];
        let own = self.bits(transaction, salt | 1 << 31);
        // A product of floats is a corner case only where both operands are: all ports share these bits.
        let shared = match port.float {
            Some(_) => self.bits(transaction, u64::MAX - 3),
            None => own,
        };
        // Rows of equal elements, in 256ths; floats have more kinds of corner cases.
        let equal = if port.float.is_some() { 32 } else { 8 };
        // Sums are extreme only where all elements are.
        let common_corner = match shared >> 56 {
            chance if chance < profile.holds => Some(self.bits(batch.episode, salt | lane as u64)),
            chance if chance < equal => Some(own),
            _ => None,
        };
        PackedRow {
            // One NaN among many elements determines the result, so most rows have none in any port.
            is_finite: !self.bits(transaction, u64::MAX - 1).is_multiple_of(8),
            common_corner,
            corners: profile.corners,
            odd_element: shared as u32 % (2 * port.elements),
            odd_choice: shared >> 32 ^ (input as u64 & 1),
        }
    }

    /// Replaces one transaction in eight by a directed one, for a unit that has directed stimulus.
    fn fill_directed(&self, first: u64, inputs: &mut [Column]) {
        let Some(draw) = directed_inputs(&self.config) else { return };
        let count = inputs.iter().map(Column::len).max().unwrap_or_default();
        for i in 0..count {
            let random = self.bits(first + i as u64, u64::MAX - 2);
            if random >> 61 != 0 {
                continue;
            }
            for (name, pattern) in draw(&self.config, random) {
                let input = self.ports.iter().position(|port| port.name == name);
                let input = input.unwrap_or_else(|| panic!("{} has no input {name}", self.config.name()));
                inputs[input].set_words(i, &[pattern]);
            }
        }
    }
}

/// Properties shared by all elements of one row of a packed port.
struct PackedRow {
    /// Whether infinities and NaNs are excluded.
    is_finite: bool,
    /// The corner case of all elements, if they are equal.
    common_corner: Option<u64>,
    /// Elements that are corner cases otherwise, in 256ths.
    corners: u64,
    /// Among equal floats, the element that differs; none if it is past the last.
    odd_element: u32,
    /// How that element differs.
    odd_choice: u64,
}

impl PackedRow {
    fn pattern(&self, port: &Port, element: u32, random: u64) -> u64 {
        let drawn = match (self.common_corner, random >> 56) {
            (Some(choice), _) => corner(port, choice),
            (None, choice) if choice < self.corners => corner(port, choice),
            (None, choice @ ..128) if port.float.is_none() => small(port, choice, random),
            (None, _) => random & port.integer.mask(),
        };
        let Some(format) = port.float else { return port.legal(drawn) };
        let is_odd = self.common_corner.is_some() && element == self.odd_element;
        let pattern = if is_odd { float::odd(format, drawn, self.odd_choice) } else { drawn };
        if self.is_finite { float::finite(format, pattern) } else { port.legal(pattern) }
    }
}
