//! Simulation of units with streams: drives the input beats and collects the output beats.

use super::dut::CompiledModel;
use super::error::DutError;
use crate::unit::{Beat, Column, Config, Direction, Port, Role, StreamIndices, streams};

/// Result of a stream simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRun {
    /// Beats of each output.
    pub outputs: Vec<Vec<Beat>>,
    /// Clock cycles from the reset to the last beat.
    pub cycles: u64,
}

/// Stall probability of the handshakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stalls {
    /// Never.
    None,
    /// At random, from a seed; each stream has its own stall probability.
    Random(u64),
}

/// Drives the beats of each input and collects the requested number of beats of each output.
///
/// The unit is reset first. `advance` is called with the number of output beats that moved in a cycle.
///
/// # Errors
/// [`DutError::Deadlock`] when nothing moves for longer than a frame takes, and [`DutError::Stopped`] when the
/// design ends its simulation.
pub fn simulate_streams(
    model: &CompiledModel,
    inputs: &[Vec<Beat>],
    lengths: &[usize],
    stalls: Stalls,
    advance: &dyn Fn(u64),
) -> Result<StreamRun, DutError> {
    let mut driver = Driver::new(model, inputs, stalls);
    let mut outputs: Vec<Vec<Beat>> = lengths.iter().map(|&length| Vec::with_capacity(length)).collect();
    let mut dut = model.instance();
    let (mut columns, mut sampled) = model.columns(1);
    let (mut cycles, mut waiting) = (0, 0);
    driver.reset(&mut columns);
    dut.run(1, &columns, &mut sampled)?;
    while outputs.iter().zip(lengths).any(|(beats, &length)| beats.len() < length) {
        driver.drive(&mut columns);
        dut.run(1, &columns, &mut sampled)?;
        cycles += 1;
        let moved = driver.take(&columns, &sampled, &mut outputs);
        if moved.outputs > 0 {
            advance(moved.outputs);
        }
        waiting = if moved.any { 0 } else { waiting + 1 };
        if waiting > driver.patience {
            let handshakes = driver.handshakes(&columns, &sampled, &outputs, lengths);
            return Err(DutError::Deadlock { config: model.config().name().to_string(), cycles, handshakes });
        }
    }
    Ok(StreamRun { outputs, cycles })
}

/// Beats of each input stream in columns of the data ports.
pub(crate) fn beats_of_columns(config: &Config, columns: &[Column]) -> Vec<Vec<Beat>> {
    let [inputs, _] = streams(&config.ports());
    let beat = |stream: &StreamIndices, row| Beat {
        data: columns[stream.data].get(row),
        last: stream.last.is_some_and(|port| columns[port].get(row) == 1),
    };
    inputs
        .iter()
        .map(|stream| (0..columns[stream.data].len()).map(|row| beat(stream, row)).collect())
        .collect()
}

/// Columns of the outputs with the beats of each output stream; those of handshakes are empty.
pub(crate) fn columns_of_beats(config: &Config, beats: &[Vec<Beat>]) -> Vec<Column> {
    let ports = config.ports();
    let outputs = ports.iter().filter(|port| port.direction == Direction::Output);
    let mut columns: Vec<Column> = outputs.map(|port| Column::zeros(port.width(), 0)).collect();
    let [_, outputs] = streams(&ports);
    for (stream, beats) in outputs.iter().zip(beats) {
        columns[stream.data].resize(beats.len());
        columns[stream.data].fill(|row| beats[row].data);
        if let Some(last) = stream.last {
            columns[last].resize(beats.len());
            columns[last].fill(|row| beats[row].last.into());
        }
    }
    columns
}

/// Sources and sinks of the streams of a unit.
struct Driver<'a> {
    sources: Vec<Source<'a>>,
    sinks: Vec<(StreamIndices, u64)>,
    reset: Option<usize>,
    driven: Vec<&'static str>,
    outputs: Vec<&'static str>,
    entropy: u64,
    patience: u64,
}

/// Beats that move in a row.
#[derive(Clone, Copy, Default)]
struct MovedBeats {
    /// Whether any beat moves.
    any: bool,
    /// Beats of the outputs.
    outputs: u64,
}

/// A source of beats; a beat that is offered stays until it is taken.
struct Source<'a> {
    stream: StreamIndices,
    beats: &'a [Beat],
    next: usize,
    /// Cycles without a new beat, in 256ths.
    stalls: u64,
    is_offered: bool,
}

impl<'a> Driver<'a> {
    fn new(model: &CompiledModel, beats: &'a [Vec<Beat>], stalls: Stalls) -> Self {
        let ports = model.config().ports();
        let [inputs, outputs] = streams(&ports);
        let mut entropy = match stalls {
            Stalls::None => 0,
            Stalls::Random(seed) => seed.wrapping_mul(2).wrapping_add(1),
        };
        let mut share = || {
            if stalls == Stalls::None { 0 } else { [0, 32, 128, 216][(random(&mut entropy) % 4) as usize] }
        };
        let sources = inputs.iter().zip(beats).map(|(&stream, beats)| Source {
            stream,
            beats,
            next: 0,
            stalls: share(),
            is_offered: false,
        });
        let sources = sources.collect();
        let sinks = outputs.iter().map(|&stream| (stream, share())).collect();
        let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
        Self {
            sources,
            sinks,
            reset: driven.iter().position(|port| port.role == Role::Reset),
            driven: driven.iter().map(|port| port.name).collect(),
            outputs: ports
                .iter()
                .filter(|port| port.direction == Direction::Output)
                .map(|port| port.name)
                .collect(),
            entropy,
            // The duration of a frame with maximum stalls on every stream, with a margin.
            patience: 16 * model.config().behaviour().latency() as u64 + 4096,
        }
    }

    fn reset(&self, columns: &mut [Column]) {
        if let Some(reset) = self.reset {
            columns[reset].set(0, 1);
        }
    }

    /// Drives the inputs of a row.
    fn drive(&mut self, columns: &mut [Column]) {
        if let Some(reset) = self.reset {
            columns[reset].set(0, 0);
        }
        for source in &mut self.sources {
            let beat = source.beats.get(source.next);
            source.is_offered |= random(&mut self.entropy) % 256 >= source.stalls;
            source.is_offered &= beat.is_some();
            columns[source.stream.valid].set(0, source.is_offered.into());
            let Beat { data, last } = beat.copied().unwrap_or_default();
            columns[source.stream.data].set(0, data);
            if let Some(port) = source.stream.last {
                columns[port].set(0, last.into());
            }
        }
        for (stream, stalls) in &self.sinks {
            columns[stream.ready].set(0, (random(&mut self.entropy) % 256 >= *stalls).into());
        }
    }

    /// Takes the beats that move in a row.
    fn take(&mut self, columns: &[Column], sampled: &[Column], outputs: &mut [Vec<Beat>]) -> MovedBeats {
        let mut moved = MovedBeats::default();
        for source in &mut self.sources {
            if source.is_offered && sampled[source.stream.ready].get(0) == 1 {
                source.next += 1;
                source.is_offered = false;
                moved.any = true;
            }
        }
        for ((stream, _), beats) in self.sinks.iter().zip(outputs) {
            if sampled[stream.valid].get(0) == 1 && columns[stream.ready].get(0) == 1 {
                let last = stream.last.is_some_and(|port| sampled[port].get(0) == 1);
                beats.push(Beat { data: sampled[stream.data].get(0), last });
                moved.any = true;
                moved.outputs += 1;
            }
        }
        moved
    }

    /// The state of every handshake.
    fn handshakes(
        &self,
        columns: &[Column],
        sampled: &[Column],
        outputs: &[Vec<Beat>],
        lengths: &[usize],
    ) -> String {
        let inputs = self.sources.iter().map(|source| {
            let StreamIndices { valid, ready, .. } = source.stream;
            format!(
                "{}={}, {}={} after {} of {} beats",
                self.driven[valid],
                columns[valid].get(0),
                self.outputs[ready],
                sampled[ready].get(0),
                source.next,
                source.beats.len()
            )
        });
        let outputs = self.sinks.iter().zip(outputs).zip(lengths).map(|(((stream, _), beats), length)| {
            let StreamIndices { valid, ready, .. } = *stream;
            format!(
                "{}={}, {}={} after {} of {length} beats",
                self.outputs[valid],
                sampled[valid].get(0),
                self.driven[ready],
                columns[ready].get(0),
                beats.len()
            )
        });
        inputs.chain(outputs).collect::<Vec<_>>().join("; ")
    }
}

/// The next number of a xorshift generator; 0 stays 0.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state >> 16
}
