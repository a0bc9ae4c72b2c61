//! The units qrtl can generate: their parameters, legal ranges, ports, latency and presets.
//!
//! Everything here is pure: no file, no environment, no `crate::` path, so that `build.rs` mounts
//! this very folder. A unit is one file; [`UNITS`] is the only list of them, and every check of
//! the project (golden files, lint, exhaustive sweeps, properties) loops over it.

mod accumulator;
mod config;
mod constant_matrix;
mod dequantizer;
mod digest;
mod dot_product;
mod error;
mod float;
mod float_product;
mod fp8;
mod fp8_decoder;
mod fp8_dot;
mod fp8_encoder;
mod fp8_multiplier;
mod grid;
mod implementation;
mod keywords;
mod listing;
mod mac;
mod matrix;
mod multiplier;
mod near_ties;
mod normalize;
mod number;
mod operand;
mod packed_multiplier;
mod parameter;
mod pipeline;
mod port;
mod quantizer;
mod requantizer;
mod structure;
mod verilog;
mod zero_point;

pub use config::{Config, Values};
pub use digest::{hex_digest, sha256};
pub use error::{ConfigError, nearest};
pub use float::Float;
pub use grid::{Axis, Grid, Refused};
pub use listing::{PresetListing, UnitListing, listing, signature};
pub use matrix::{Matrix, MatrixError};
pub use number::Integer;
pub use parameter::{Kind, Parameter, Value};
pub use port::{Direction, Format, Port, Role};

use serde_json::Value as Json;

/// Every unit, in the order in which they are listed.
pub static UNITS: &[&dyn Unit] = &[
    &multiplier::Multiplier,
    &mac::Mac,
    &dot_product::DotProduct,
    &packed_multiplier::PackedMultiplier,
    &constant_matrix::ConstantMatrix,
    &requantizer::Requantizer,
    &requantizer::SerialRequantizer,
    &fp8_decoder::Fp8Decoder,
    &fp8_encoder::Fp8Encoder,
    &fp8_multiplier::Fp8Multiplier,
    &fp8_dot::Fp8Dot,
    &dequantizer::Dequantizer,
    &quantizer::Quantizer,
];

/// A named config that ships in `rtl/`.
#[derive(Debug)]
pub struct Preset {
    /// The name of the preset and of its Verilog module.
    pub name: &'static str,
    /// The parameters in which it differs from the unit's defaults, as `key=value`.
    pub sets: &'static [&'static str],
}

/// How the outputs of a unit follow its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "behaviour", rename_all = "snake_case")]
pub enum Behaviour {
    /// Each transaction stands alone: its outputs appear `latency` clock edges after its inputs.
    FeedForward {
        /// Clock edges from an operand to its result; 0 for a combinational unit.
        latency: usize,
    },
    /// Each transaction stands alone, and control decides when it moves: it enters together with
    /// its valid bit on an enabled edge, and leaves `latency` enabled edges later. Outputs beside a
    /// valid bit of 0 mean nothing. Reset drops what is on its way.
    Pipelined {
        /// Enabled clock edges from an operand to its result, at least 1.
        latency: usize,
    },
    /// Outputs depend on the history since reset; the reference is compared every cycle.
    Sequential {
        /// Clock edges from an operand to the first output that includes it.
        latency: usize,
    },
}

impl Behaviour {
    /// Clock edges from an operand to the first output that depends on it.
    pub fn latency(self) -> usize {
        match self {
            Behaviour::FeedForward { latency }
            | Behaviour::Pipelined { latency }
            | Behaviour::Sequential { latency } => latency,
        }
    }
}

/// A kind of hardware. Every method is a pure function of the parameter values, which
/// [`Config::new`] has validated before any of them is called.
pub trait Unit: Sync {
    /// The name users type, `[a-z][a-z0-9_]*`.
    fn name(&self) -> &'static str;
    /// One line for lists.
    fn summary(&self) -> &'static str;
    /// Its parameters, in the order in which they are listed and digested.
    fn parameters(&self) -> &'static [Parameter];
    /// The configs that ship in `rtl/`.
    fn presets(&self) -> &'static [Preset];
    /// The rules that tie parameters together; ranges of single ones are checked before.
    fn check(&self, values: &Values) -> Result<(), ConfigError>;
    /// The module name of a config that is no preset (see `docs/naming.md`).
    fn module_name(&self, values: &Values) -> String;
    /// The ports, in the order of the module header.
    fn ports(&self, values: &Values) -> Vec<Port>;
    /// The names that its template declares inside the module; a module of such a name would hide
    /// or be hidden by them.
    fn signals(&self) -> &'static [&'static str];
    /// Feed-forward or sequential, and the latency.
    fn behaviour(&self, values: &Values) -> Behaviour;
    /// What the header of the generated file states, one line each, computed from the values.
    fn facts(&self, values: &Values) -> Vec<String>;
    /// The cells of an FPGA family that the module instantiates by name, each with a simulation model
    /// in `templates/primitives`.
    fn primitives(&self, _: &Values) -> &'static [&'static str] {
        &[]
    }
    /// Whether a parameter says how the unit is made for a target, and nothing of what it computes: a
    /// preset leaves these open.
    fn is_implementation(&self, parameter: &str) -> bool {
        implementation::names(parameter)
    }
    /// The structure of its products, by its name in the parameter `arch`; none where there is no choice.
    fn arch(&self, _: &Values) -> Option<&'static str> {
        None
    }
    /// Inputs, by name, at which the results change their minds: near the ties of a rounding that the
    /// corners and chances of each input alone would never meet; from random bits.
    fn telling(&self, _: &Values, _random: u64) -> Option<Vec<(&'static str, u64)>> {
        None
    }
    /// Whether the module is written bit by bit, which no compiler of models vectorises.
    fn is_bitwise(&self, _: &Values) -> bool {
        false
    }
    /// The final numbers and texts that the unit's template needs: a JSON object.
    fn context(&self, values: &Values) -> Json;
}

impl std::fmt::Debug for dyn Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The unit of that name.
///
/// # Errors
/// [`ConfigError::UnknownUnit`], with the nearest name, when there is none; [`ConfigError::PresetNotUnit`]
/// when it names a preset.
pub fn unit(name: &str) -> Result<&'static dyn Unit, ConfigError> {
    match unit_or_preset(name) {
        Ok((unit, None)) => Ok(unit),
        Ok((owner, Some(preset))) => {
            Err(ConfigError::PresetNotUnit { preset: preset.to_string(), owner: owner.name() })
        }
        Err(_) => Err(ConfigError::UnknownUnit {
            name: name.to_string(),
            hint: error::nearest(name, UNITS.iter().map(|unit| unit.name())),
        }),
    }
}

/// The config of that preset, of whichever unit.
///
/// # Errors
/// [`ConfigError::UnknownPreset`], with the nearest name, when there is none.
pub fn preset(name: &str) -> Result<Config, ConfigError> {
    presets().find(|config| config.name() == name).ok_or_else(|| ConfigError::UnknownPreset {
        name: name.to_string(),
        hint: error::nearest(name, UNITS.iter().flat_map(|unit| unit.presets()).map(|preset| preset.name)),
    })
}

/// What a name stands for: a unit, or a unit and one of its presets.
///
/// # Errors
/// [`ConfigError::UnknownName`], with the nearest name of either kind, when it is neither.
pub fn unit_or_preset(name: &str) -> Result<(&'static dyn Unit, Option<&'static str>), ConfigError> {
    let names = UNITS.iter().flat_map(|&unit| {
        let presets = unit.presets().iter().map(move |preset| (preset.name, (unit, Some(preset.name))));
        std::iter::once((unit.name(), (unit, None))).chain(presets)
    });
    names.clone().find(|(known, _)| *known == name).map(|(_, found)| found).ok_or_else(|| {
        ConfigError::UnknownName {
            name: name.to_string(),
            hint: error::nearest(name, names.map(|(known, _)| known)),
        }
    })
}

/// The configs of all presets, unit by unit.
pub fn presets() -> impl Iterator<Item = Config> {
    UNITS.iter().flat_map(|&unit| {
        unit.presets().iter().map(move |preset| {
            Config::new(unit, Some(preset.name), &[""; 0])
                .unwrap_or_else(|error| panic!("preset {} breaks its own unit's rules: {error}", preset.name))
        })
    })
}
