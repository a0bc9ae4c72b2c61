//! A config beside the same function written with the operator.

use serde::{Deserialize, Serialize};

use super::error::SynthesisError;
use super::family::Family;
use super::resources::Figures;
use super::synthesizer::{SynthesisInput, Synthesizer};
use crate::generator::render;
use crate::unit::{Config, Value};

/// What a config takes on a family, and what its inferred form does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SynthesisComparison {
    /// The unit.
    pub unit: String,
    /// The preset that the config is, if it is one.
    pub preset: Option<String>,
    /// The arguments that name the config to any verb.
    pub config: String,
    /// The family.
    pub target: String,
    /// The structure of the products; none for a unit that has no choice.
    pub arch: Option<String>,
    /// What its own figures follow from: see [`Synthesizer::input_digest`].
    pub source: String,
    /// Its own figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Those of the form with the operator; for a unit that has no choice its own.
    pub inferred: Figures,
}

impl SynthesisComparison {
    /// Synthesizes both, with DSP blocks or without; [`uses_dsp`] says what becomes a config.
    ///
    /// # Errors
    /// When a tool fails, or runs out of time.
    pub fn measure(
        synthesizer: &Synthesizer,
        config: &Config,
        family: Family,
        dsp: bool,
    ) -> Result<SynthesisComparison, SynthesisError> {
        let verilog = render(config);
        let design = SynthesisInput { config, verilog: &verilog, family, dsp };
        let own = synthesizer.figures(&design)?;
        let inferred = match config.inferred() {
            Some(inferred) => {
                let verilog = render(&inferred);
                synthesizer.figures(&SynthesisInput { config: &inferred, verilog: &verilog, ..design })?
            }
            None => own,
        };
        Ok(SynthesisComparison {
            unit: config.unit().name().to_string(),
            preset: config.preset().map(str::to_string),
            config: config.arguments(),
            target: family.name().to_string(),
            arch: config.arch().map(str::to_string),
            source: synthesizer.input_digest(&design),
            figures: own,
            inferred,
        })
    }
}

/// Whether synthesis may use DSP blocks for a config. On iCE40, where most devices have none, only if
/// its structure asks for them.
pub fn uses_dsp(config: &Config, family: Family) -> bool {
    match family {
        // Made to do without them, and so is the operator beside it.
        _ if matches!(config.arch(), Some("csd" | "shared")) => false,
        Family::Ice40 => config.arch() == Some("dsp") || config.primitives().contains(&"SB_MAC16"),
        _ => !config.values().iter().any(|(name, value)| name == "dsp" && value == Value::Word("avoid")),
    }
}
