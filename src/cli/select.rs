//! Arguments that select configs, shared by all subcommands.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, weights};
use crate::catalogue::{self, UNITS};
use crate::unit::{Config, Kind, Unit};

/// Preset, parameters and shorthands for common parameters.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Select {
    /// Start from this preset of the unit
    #[arg(long, value_name = "P")]
    pub(super) preset: Option<String>,
    /// Set a parameter of the unit; `qrtl list UNIT` lists them
    #[arg(long = "set", value_name = "K=V")]
    pub(super) sets: Vec<String>,
    /// Set the FPGA family: generic, ice40, ecp5, xc7, xcup; short for --set target=T
    #[arg(long, value_name = "T")]
    pub(super) target: Option<String>,
    /// Set the optimization goal: area, speed, balanced; short for --set objective=O
    #[arg(long, value_name = "O")]
    pub(super) objective: Option<String>,
    /// Allow or avoid DSP blocks; short for --set dsp=D
    #[arg(long, value_name = "D")]
    pub(super) dsp: Option<String>,
    /// Read the integer matrix of the unit from this npy file; short for --set weights=W or --set table=T
    #[arg(long, value_name = "W.npy")]
    pub(super) weights: Option<PathBuf>,
}

/// Name of the matrix parameter of a unit.
fn matrix_name(unit: &dyn Unit) -> &'static str {
    let matrix = unit.parameters().iter().find(|parameter| matches!(parameter.kind, Kind::Matrix));
    matrix.map_or("weights", |parameter| parameter.name)
}

/// Whether a name matches a pattern of `*` (any characters) and `?` (one character).
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|start| matches(rest, &name[start..])),
        ([b'?', pattern @ ..], [_, name @ ..]) => matches(pattern, name),
        ([own, pattern @ ..], [first, name @ ..]) => own == first && matches(pattern, name),
        ([], []) => true,
        _ => false,
    }
}

impl Select {
    /// Whether the selection sets more than implementation parameters.
    fn is_specific(&self, unit: &dyn Unit) -> bool {
        let is_open = |set: &String| {
            set.split_once('=').is_some_and(|(name, _)| name == "target" || unit.is_implementation(name))
        };
        self.preset.is_some() || self.weights.is_some() || !self.sets.iter().all(is_open)
    }

    /// Whether nothing is selected.
    pub(super) fn is_empty(&self) -> bool {
        let options = [&self.preset, &self.target, &self.objective, &self.dsp];
        self.sets.is_empty() && self.weights.is_none() && options.iter().all(|option| option.is_none())
    }

    /// Whether nothing but the family and the use of its DSP blocks is selected.
    pub(super) fn is_only_technology(&self) -> bool {
        Self { target: None, dsp: None, ..self.clone() }.is_empty()
    }

    /// Use of DSP blocks, if it is given.
    pub(super) fn dsp(&self) -> Option<&str> {
        self.dsp.as_deref()
    }

    /// Selects a family, if none is.
    pub(super) fn with_target(&self, name: &str) -> Self {
        let target = self.target().unwrap_or(name);
        Self { target: Some(target.to_string()), ..self.clone() }
    }

    /// FPGA family, if one is given.
    pub(super) fn target(&self) -> Option<&str> {
        let set = self.sets.iter().find_map(|set| set.strip_prefix("target="));
        self.target.as_deref().or(set)
    }

    /// Returns the selection without `--target` if the unit does not support it.
    pub(super) fn without_unsupported_target(&self, unit: &dyn Unit) -> Self {
        let mut own = self.clone();
        if unit.parameters().iter().all(|parameter| parameter.name != "target") {
            own.target = None;
            own.sets.retain(|set| !set.starts_with("target="));
        }
        own
    }

    /// Selected configs: one config, or all presets of a unit without a preset or settings, or all presets whose
    /// names match a pattern such as `int8*`.
    pub(super) fn configs(&self, name: &str) -> Result<Vec<Config>, CliError> {
        if name.contains(['*', '?']) {
            return self.matching_presets(name);
        }
        match catalogue::unit_or_preset(name)? {
            (unit, None) if !self.is_specific(unit) => self.presets(unit),
            _ => Ok(vec![self.config(name)?]),
        }
    }

    /// The presets whose names match a pattern, with the given settings.
    fn matching_presets(&self, pattern: &str) -> Result<Vec<Config>, CliError> {
        let presets =
            UNITS.iter().flat_map(|&unit| unit.presets().iter().map(move |preset| (unit, preset.name)));
        let matching = presets.filter(|(_, preset)| matches(pattern.as_bytes(), preset.as_bytes()));
        let configs: Vec<Config> = matching
            .map(|(unit, preset)| Ok(Config::new(unit, Some(preset), &self.settings(unit)?)?))
            .collect::<Result<_, CliError>>()?;
        if configs.is_empty() {
            return Err(format!("no preset matches '{pattern}'; `qrtl list` shows all presets").into());
        }
        Ok(configs)
    }

    /// All presets of a unit with the given settings, except those of another family.
    fn presets(&self, unit: &'static dyn Unit) -> Result<Vec<Config>, CliError> {
        let mut configs = Vec::new();
        for preset in unit.presets() {
            let own = Config::new(unit, Some(preset.name), &[""; 0])?;
            let is_foreign = own.family().is_some_and(|own| self.target().is_some_and(|asked| asked != own));
            if !is_foreign {
                configs.push(Config::new(unit, Some(preset.name), &self.settings(unit)?)?);
            }
        }
        if configs.is_empty() {
            configs.push(Config::new(unit, None, &self.settings(unit)?)?);
        }
        Ok(configs)
    }

    /// All settings: `--set`, shorthands and weights.
    fn settings(&self, unit: &dyn Unit) -> Result<Vec<String>, CliError> {
        let weights = self
            .weights
            .as_deref()
            .map(|path| Ok::<_, CliError>(format!("{}={}", matrix_name(unit), weights::read(path)?)));
        let short = [("target", &self.target), ("objective", &self.objective), ("dsp", &self.dsp)];
        let short = short.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
        Ok(self.sets.iter().cloned().chain(short).chain(weights.transpose()?).collect())
    }

    /// The npy file of the weights, if one is given.
    pub(super) fn weights_file(&self) -> Option<&Path> {
        self.weights.as_deref()
    }

    /// Config of a unit or preset.
    pub(super) fn config(&self, name: &str) -> Result<Config, CliError> {
        let (unit, own) = catalogue::unit_or_preset(name)?;
        let asked = self.preset.as_deref();
        if let (Some(own), Some(other)) = (own, asked.filter(|&asked| Some(asked) != own)) {
            return Err(format!("{own} and {other} are both presets; keep one of them").into());
        }
        let config = Config::new(unit, own.or(asked), &self.settings(unit)?);
        Ok(config.map_err(|error| catalogue::with_owner(unit, error))?)
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_names() {
        let is_match = |pattern: &str, name: &str| matches(pattern.as_bytes(), name.as_bytes());
        for (pattern, name) in
            [("int8*", "int8_mac"), ("*_mac", "int8_mac"), ("int?_mac", "int4_mac"), ("*", "x")]
        {
            assert!(is_match(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("int8", "int8_mac"), ("mac*", "int8_mac"), ("int?_mac", "int16_mac"), ("?", "")]
        {
            assert!(!is_match(pattern, name), "{pattern} {name}");
        }
    }
}
