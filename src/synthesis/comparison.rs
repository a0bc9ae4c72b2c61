//! Comparison of a config with the same function written with operators.

use serde::{Deserialize, Serialize};

use super::error::SynthesisError;
use super::family::Family;
use super::part::Part;
use super::resources::Figures;
use super::synthesizer::{SynthesisInput, Synthesizer};
use crate::generator::render;
use crate::unit::{Config, Value};

/// Figures of a config and of its inferred form on one family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SynthesisComparison {
    /// Name of the unit.
    pub unit: String,
    /// Name of the preset, if the config is one.
    pub preset: Option<String>,
    /// Command-line arguments of the config.
    pub config: String,
    /// Name of the family.
    pub target: String,
    /// Architecture of the products; `None` for a unit without a choice.
    pub arch: Option<String>,
    /// Digest of the inputs of the figures: see [`Synthesizer::input_digest`].
    pub source: String,
    /// Values of the netlist that were compared with the reference, all equal; `None` if it was not simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub netlist_compared: Option<u64>,
    /// Figures of the config.
    #[serde(flatten)]
    pub figures: Figures,
    /// Figures of the inferred form; those of the config for a unit without a choice.
    pub inferred: Figures,
}

impl SynthesisComparison {
    /// Synthesizes the config and its inferred form.
    ///
    /// [`uses_dsp`] gives the usual value of `dsp`.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or exceeds the time limit.
    pub fn measure(
        synthesizer: &Synthesizer,
        config: &Config,
        part: &'static Part,
        dsp: bool,
    ) -> Result<Self, SynthesisError> {
        let verilog = render(config);
        let design = SynthesisInput { config, verilog: &verilog, part, dsp };
        let own = synthesizer.figures(&design)?;
        let inferred = match config.inferred() {
            Some(inferred) => {
                let verilog = render(&inferred);
                synthesizer.figures(&SynthesisInput { config: &inferred, verilog: &verilog, ..design })?
            }
            None => own,
        };
        Ok(Self {
            unit: config.unit().name().to_string(),
            preset: config.preset().map(str::to_string),
            config: config.arguments(),
            target: part.family.name().to_string(),
            arch: config.arch().map(str::to_string),
            source: synthesizer.input_digest(&design),
            netlist_compared: None,
            figures: own,
            inferred,
        })
    }
}

/// Whether synthesis may use DSP blocks for a config.
///
/// On iCE40, where most devices have none, only if the architecture requires them.
pub fn uses_dsp(config: &Config, family: Family) -> bool {
    match family {
        // Structures of adders are compared with operators that do not use DSP blocks either.
        _ if matches!(config.arch(), Some("csd" | "shared")) => false,
        Family::Ice40 => config.arch() == Some("dsp") || config.primitives().contains(&"SB_MAC16"),
        _ => !config.values().iter().any(|(name, value)| name == "dsp" && value == Value::Word("avoid")),
    }
}
