//! The arguments that choose a config, the same for every verb.

use super::Error;
use crate::catalogue::{self, Config};
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
        let (unit, own) = catalogue::unit_or_preset(name)?;
        let asked = self.preset.as_deref();
        if let (Some(own), Some(other)) = (own, asked.filter(|&asked| Some(asked) != own)) {
            return Err(format!("{own} is itself a preset, other than {other}; keep one of them").into());
        }
        Ok(Config::new(unit, own.or(asked), &self.sets)?)
    }
}
