//! Report: result of the verification of one config; text, JSON, JUnit and HTML are views of it.

mod failure;
mod text;

pub use failure::{Failure, MismatchView, ShrunkView};

use serde::{Deserialize, Serialize};

use super::four_state::FourState;
use crate::simulation::{CoverageSummary, SimulationEngine};

/// Result of the verification of one config.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Module name: the preset's name when the config is a preset.
    pub preset: String,
    /// Name of the unit.
    pub unit: String,
    /// Command-line arguments that name the config.
    pub arguments: String,
    /// Digest of the config's parameters and the Verilog, 16 hexadecimal digits.
    pub digest: String,
    /// Input values of a feed-forward unit; `None` from 2^64 on and for units with state.
    pub domain: Option<u64>,
    /// Transactions of the stimulus, warm-up rows included.
    pub transactions: u64,
    /// Transactions whose outputs were compared.
    pub compared: u64,
    /// Whether the whole input space was compared.
    pub exhaustive: bool,
    /// Cycles of random stalls, bubbles and resets; `None` where the main stimulus includes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_cycles: Option<u64>,
    /// Cycles of sums longer than a random episode; `None` for a unit that does not accumulate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long_sum_cycles: Option<u64>,
    /// Cycles after a reset from random register values; `None` for a unit without reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub random_start_cycles: Option<u64>,
    /// Transactions that differ; the run stops after the first few.
    pub mismatches: u64,
    /// Wall time of simulation, reference and comparison, without building the model.
    pub seconds: f64,
    /// Seed of random stimulus; `None` for an exhaustive sweep.
    pub seed: Option<u64>,
    /// Instances stepped by one evaluation.
    pub lanes: u32,
    /// Simulation engine.
    pub engine: SimulationEngine,
    /// Reason why the model is not bit-sliced, if that would have been faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsliced: Option<String>,
    /// Coverage of the run, if it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageSummary>,
    /// Result of the four-state simulation, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub four_state: Option<FourState>,
    /// Result of the frames of a file, for a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<RecordedFrames>,
    /// Explanation of the first mismatch.
    pub failure: Option<Failure>,
    /// The first wrong module of a network, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong_module: Option<String>,
}

/// Result of driving recorded frames into a network, with every stream stalled at random.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFrames {
    /// Frames.
    pub frames: usize,
    /// Output values compared with the file of expected ones, or with the reference.
    pub compared: usize,
    /// Values that differ.
    pub different: usize,
    /// Clock cycles, stalls included.
    pub cycles: u64,
}

impl Report {
    /// Whether something was compared and nothing differs.
    pub fn passed(&self) -> bool {
        self.compared > 0 && self.agrees()
    }

    /// Whether nothing differs, even if nothing was compared.
    pub fn agrees(&self) -> bool {
        let frames = self.recorded.as_ref();
        self.mismatches == 0
            && self.four_state.as_ref().is_none_or(FourState::passed)
            && frames.is_none_or(|frames| frames.compared > 0 && frames.different == 0)
    }

    /// Compared transactions per second of wall time.
    pub fn rate(&self) -> f64 {
        self.compared as f64 / self.seconds.max(1e-9)
    }
}
