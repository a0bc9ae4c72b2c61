//! Latency of one frame: when its first and its last output beat leave, while nothing stalls.
//!
//! The beats of every stream get the clock cycle in which they move. A module computes a group of output beats when its
//! input beats have arrived and the group before is computed.

use serde::Serialize;

use super::engine::{Engine, EngineInput, Pace};
use super::plan::{FRAMES, HardwarePlan, INPUT, ModuleInstance, PORTS};
use crate::unit::Config;

/// Most cycles of a pipeline: behind this many, a behaviour's latency is a margin.
const PIPELINE: usize = 8;

/// Clock cycles from the first input beat of a single frame to its output beats, while nothing stalls.
///
/// An estimate: it does not count the cycles in which a module that is behind delays the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FrameLatency {
    /// To the first output beat.
    pub first: usize,
    /// To the last output beat.
    pub last: usize,
}

impl FrameLatency {
    /// The latency of a plan whose input has `beats` beats.
    pub(super) fn new(plan: &HardwarePlan, beats: usize) -> Self {
        let mut streams: Vec<Vec<usize>> = vec![Vec::new(); plan.streams.len()];
        streams[PORTS] = (0..beats).collect();
        for instance in &plan.instances {
            let inputs: Vec<&[usize]> =
                instance.inputs.iter().map(|&stream| streams[stream].as_slice()).collect();
            let moves = match &instance.engine {
                Some(engine) => engine_moves(engine, &instance.config, &inputs),
                None => inputs[0].iter().map(|cycle| cycle + delay(instance)).collect(),
            };
            for &stream in &instance.outputs {
                streams[stream].clone_from(&moves);
            }
            if instance.outputs == [FRAMES] {
                streams[INPUT] = moves;
            }
        }
        let output = &streams[plan.output];
        let cycle = |beat: Option<&usize>| beat.copied().unwrap_or(0);
        Self { first: cycle(output.first()), last: cycle(output.last()) }
    }
}

/// Cycles of a beat in a module without an engine: two in a memory and its register, one in a register.
fn delay(instance: &ModuleInstance) -> usize {
    if instance.config.unit().name() == "stream_fifo" { 2 } else { 1 }
}

/// The cycles in which the output beats of an engine move.
fn engine_moves(engine: &Engine, config: &Config, inputs: &[&[usize]]) -> Vec<usize> {
    let Pace { group, cycles, spacing } = engine.pace;
    let arrival = |beat: usize| {
        let last = |(moves, input): (&&[usize], &EngineInput)| match input.needs.before(beat) {
            0 => 0,
            count => moves[count - 1],
        };
        inputs.iter().zip(&engine.inputs).map(last).max().unwrap_or(0)
    };
    // The rest of the behaviour's latency, which is from the last input beat to the last output beat.
    let busy = engine.beats.div_ceil(group) * cycles + (group - 1) * spacing;
    let pipeline = config.behaviour().latency().saturating_sub(busy.max(engine.cycles)).clamp(1, PIPELINE);
    let mut moves = Vec::with_capacity(engine.beats);
    let (mut computed, mut left) = (0, 0);
    for first in (0..engine.beats).step_by(group) {
        computed = arrival(first).max(computed) + cycles;
        for beat in 0..group.min(engine.beats - first) {
            left = (computed + pipeline + beat * spacing).max(left + 1);
            moves.push(left);
        }
    }
    moves
}
