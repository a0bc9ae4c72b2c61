//! Catalogue of units: their parameters, legal ranges, ports, latency and presets.
//!
//! Everything here is pure: no file, no environment, so that `build.rs` can include this folder. Each unit is
//! one file; [`UNITS`] is generated from the only list of them, and every check of the project (golden files,
//! lint, exhaustive sweeps, properties) loops over it.

mod accumulator_width;
mod add_engine;
mod code_stream;
mod constant_matrix;
mod convolution_engine;
mod dequantizer;
mod dot_product;
mod fp8;
mod fp8_decoder;
mod fp8_dot;
mod fp8_encoder;
mod fp8_multiplier;
mod frame_guard;
mod join_parameters;
mod layer_requantizer;
mod listing;
mod lookup;
mod mac;
mod multi_precision_dot;
mod multiplier;
mod multiply_engine;
mod mx_dot;
mod operand;
mod packed_multiplier;
mod pad_engine;
mod pool_engine;
mod quantizer;
mod requantization;
mod requantizer;
mod serial_requantizer;
mod softmax_engine;
mod stream_concatenation;
mod stream_fifo;
mod stream_fork;
mod template_context;
mod units;
mod zero_point;

pub use listing::{PresetListing, UnitListing, listing, signature};

pub(crate) use add_engine::TensorSum;
pub use constant_matrix::MatrixArch;
pub use fp8_dot::SumRounding;
pub use mac::Overflow;
pub(crate) use multiply_engine::TensorProduct;
pub use mx_dot::MxFormat;
pub use packed_multiplier::Pairing;
pub use zero_point::{ZeroPoint, ZeroPointOperand};

pub(crate) use units::for_each_unit;

use crate::text::suggestion;
use crate::unit::{Config, ConfigError, RegisteredUnit, Unit};

macro_rules! registered {
    ($($unit:ident: $parameters:ident $companions:tt,)*) => {
        $(pub(crate) use $unit::$parameters;)*

        /// Every unit, in the order in which they are listed.
        pub static UNITS: &[&dyn Unit] = &[$(&RegisteredUnit::<$parameters>::new(stringify!($unit)),)*];
    };
}

for_each_unit!(registered);

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
            hint: suggestion(name, UNITS.iter().map(|unit| unit.name())),
        }),
    }
}

/// The config of the preset of that name.
///
/// # Errors
/// [`ConfigError::UnknownPreset`], with the nearest name, when there is none.
pub fn preset(name: &str) -> Result<Config, ConfigError> {
    presets().find(|config| config.name() == name).ok_or_else(|| ConfigError::UnknownPreset {
        name: name.to_string(),
        hint: suggestion(name, UNITS.iter().flat_map(|unit| unit.presets()).map(|preset| preset.name)),
    })
}

/// Converts the error for an unknown preset to one that names the unit which has the preset.
pub fn with_owner(unit: &'static dyn Unit, error: ConfigError) -> ConfigError {
    let ConfigError::UnknownPreset { name, .. } = &error else { return error };
    match unit_or_preset(name) {
        Ok((owner, Some(_))) => {
            ConfigError::ForeignPreset { preset: name.clone(), owner: owner.name(), unit: unit.name() }
        }
        _ => error,
    }
}

/// Resolves a name to a unit, or to a unit and one of its presets.
///
/// # Errors
/// [`ConfigError::UnknownName`], with the nearest name of either kind, when it is neither.
pub fn unit_or_preset(name: &str) -> Result<(&'static dyn Unit, Option<&'static str>), ConfigError> {
    let names = UNITS.iter().flat_map(|&unit| {
        let presets = unit.presets().iter().map(move |preset| (preset.name, (unit, Some(preset.name))));
        std::iter::once((unit.name(), (unit, None))).chain(presets)
    });
    names.clone().find(|(known, _)| *known == name).map(|(_, found)| found).ok_or_else(|| {
        let known = names.map(|(known, _)| known);
        let longer: Vec<&str> = known.clone().filter(|known| known.starts_with(name)).collect();
        let hint = match longer.as_slice() {
            [] => suggestion(name, known),
            _ => format!(" (names that start with it: {})", longer.join(", ")),
        };
        ConfigError::UnknownName { name: name.to_string(), hint }
    })
}

/// The presets of units without streams, which have mutants in `data/mutation.json`.
pub fn measured_presets() -> impl Iterator<Item = Config> {
    presets().filter(|config| !config.behaviour().is_stream())
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
