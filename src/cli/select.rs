//! The arguments that choose a config, the same for every verb.

use super::Error;
use crate::catalogue::{self, Config, UNITS};
use clap::Args;

/// A unit or preset, and what is set of it.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Select {
    /// Start from this preset of the unit
    #[arg(long, value_name = "P")]
    preset: Option<String>,
    /// Set a parameter of the unit; `qrtl list UNIT` shows them
    #[arg(long = "set", value_name = "K=V")]
    sets: Vec<String>,
}

impl Select {
    /// Whether anything beyond the name of a unit or preset was given.
    pub(super) fn is_specific(&self) -> bool {
        self.preset.is_some() || !self.sets.is_empty()
    }

    /// The config of a unit, or of a preset that is named in its place.
    pub(super) fn config(&self, name: &str) -> Result<Config, Error> {
        match catalogue::unit(name) {
            Ok(unit) => Ok(Config::new(unit, self.preset.as_deref(), &self.sets)?),
            Err(_) => {
                let Ok(preset) = catalogue::preset(name) else { return Err(unknown(name)) };
                if let Some(other) = self.preset.as_deref().filter(|&other| other != name) {
                    return Err(
                        format!("{name} is itself a preset, other than {other}; keep one of them").into()
                    );
                }
                Ok(Config::new(preset.unit(), Some(name), &self.sets)?)
            }
        }
    }
}

/// A name that is neither, with the nearest of both kinds.
fn unknown(name: &str) -> Error {
    let units = UNITS.iter().map(|unit| unit.name());
    let presets = UNITS.iter().flat_map(|unit| unit.presets()).map(|preset| preset.name);
    let hint = catalogue::nearest(name, units.chain(presets));
    format!("unknown unit or preset '{name}'{hint}; `qrtl list` shows all").into()
}
