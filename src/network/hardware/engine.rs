//! The module that computes a layer, or a part of it.

use std::sync::Arc;

use crate::catalogue::unit;
use crate::circuit::engine::Fold;
use crate::unit::{Config, ConfigError, Implementation, UnitParameters};

/// A module that computes a layer.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    /// Config of the module, with a preliminary name.
    pub(super) config: Config,
    /// Kind of engine, for names and reports.
    pub(super) kind: &'static str,
    /// Fold of a layer of products.
    pub(super) fold: Option<Fold>,
    /// Multipliers.
    pub(super) multipliers: usize,
    /// Products of a frame.
    pub(super) products: usize,
    /// Beats of a frame at its output.
    pub(super) beats: usize,
    /// Clock cycles of a frame while nothing stalls.
    pub(super) cycles: usize,
    /// How its output beats follow each other.
    pub(super) pace: Pace,
    /// Bits of the accumulators.
    pub(super) accumulator_bits: Option<u32>,
    /// Form of the requantizer of a layer of products: `serial` or `pipelined`.
    pub(super) requantizer: Option<&'static str>,
    /// Number of scales of a layer of products: its channels, or 1 for all.
    pub(super) scales: usize,
    /// Whether the window of a layer of products has several taps.
    pub(super) has_window: bool,
    /// Bytes of weights and of buffered rows.
    pub(super) weight_bytes: usize,
    pub(super) buffer_bytes: usize,
    /// What it reads, in the order of its input streams.
    pub(super) inputs: Vec<EngineInput>,
}

/// Output beats that are computed at the same time, and when they leave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Beats of a group.
    pub(super) group: usize,
    /// Clock cycles that compute a group.
    pub(super) cycles: usize,
    /// Clock cycles from one beat of a group to the next.
    pub(super) spacing: usize,
}

impl Pace {
    /// A beat a cycle.
    pub(super) const STREAMING: Self = Self { group: 1, cycles: 1, spacing: 1 };
}

/// An input stream of an engine.
#[derive(Debug, Clone)]
pub(super) struct EngineInput {
    /// What it carries.
    pub(super) source: InputSource,
    /// Input beats that an output beat needs.
    pub(super) needs: InputNeeds,
}

/// What an input stream of an engine carries.
#[derive(Debug, Clone, Copy)]
pub(super) enum InputSource {
    /// The input of the layer of that index.
    Layer(usize),
    /// The output of the engine before it, of a layer with several.
    Previous,
}

/// Input beats that must have arrived before an output beat can leave.
#[derive(Debug, Clone)]
pub(super) enum InputNeeds {
    /// The beat of the same index, and all before it.
    Own,
    /// Whole rows of the input.
    Rows {
        /// Output beats of an output row.
        beats: usize,
        /// Input beats before each output row.
        before: Vec<usize>,
    },
    /// Complete groups of this number of beats.
    Groups(usize),
    /// A number for each output beat.
    Each(Arc<[usize]>),
}

impl InputNeeds {
    /// Input beats before output beat `index`.
    pub(super) fn before(&self, index: usize) -> usize {
        match self {
            Self::Own => index + 1,
            Self::Rows { beats, before } => before[index / beats],
            Self::Groups(length) => (index / length + 1) * length,
            Self::Each(beats) => beats[index],
        }
    }
}

/// Requirements on an engine: speed, fold and FPGA family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goal {
    /// Most clock cycles per frame; a layer that cannot reach them gets its fastest engine.
    pub(super) cycles: usize,
    /// Fold; `None` for the one with the fewest multipliers that reaches the cycles.
    pub(super) fold: Option<Fold>,
    /// FPGA family, and use of its DSP blocks.
    pub(super) implementation: Implementation,
}

impl Goal {
    /// The first of the folds, fewest multipliers first, that reaches the cycles, or the fastest; or the given fold
    /// if it is among them.
    pub(super) fn choose(
        &self,
        folds: &[Fold],
        cycles: impl Fn(Fold) -> usize,
    ) -> Result<Fold, MissingEngine> {
        if let Some(asked) = self.fold {
            let is_legal = folds.contains(&asked);
            return if is_legal {
                Ok(asked)
            } else {
                Err(MissingEngine::Fold { asked, legal: folds.to_vec() })
            };
        }
        let fast_enough = folds.iter().find(|fold| cycles(**fold) <= self.cycles);
        let fold = fast_enough.or_else(|| folds.iter().min_by_key(|fold| cycles(**fold)));
        Ok(*fold.expect("every layer has a fold"))
    }
}

/// Reason why a layer has no engine, and the nearest supported form.
pub(super) enum MissingEngine {
    Engine(String, &'static str),
    Config(ConfigError),
    Fold { asked: Fold, legal: Vec<Fold> },
}

impl From<ConfigError> for MissingEngine {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// An engine without products of weights, with a beat for each cycle, that reads `needs` of each input of its layer.
pub(super) fn simple(
    name: &str,
    kind: &'static str,
    cycles: usize,
    parameters: Arc<dyn UnitParameters>,
    needs: impl IntoIterator<Item = InputNeeds>,
) -> Result<Engine, ConfigError> {
    Ok(Engine {
        config: Config::of_parameters(unit(name)?, parameters, name)?,
        kind,
        fold: None,
        multipliers: 0,
        products: 0,
        beats: cycles,
        cycles,
        pace: Pace::STREAMING,
        accumulator_bits: None,
        requantizer: None,
        scales: 0,
        has_window: false,
        weight_bytes: 0,
        buffer_bytes: 0,
        inputs: layer_inputs(needs),
    })
}

/// The inputs of a layer in their order.
pub(super) fn layer_inputs(needs: impl IntoIterator<Item = InputNeeds>) -> Vec<EngineInput> {
    let input = |(index, needs)| EngineInput { source: InputSource::Layer(index), needs };
    needs.into_iter().enumerate().map(input).collect()
}
