//! The text of `qrtl.toml`: its keys, and errors with the line.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use crate::text::suggestion;

/// Content of the file: values for all configs, and the configs by name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectFile {
    /// Folder of the generated files.
    pub(super) output: Option<PathBuf>,
    /// Companion files.
    pub(super) with: Option<Vec<String>>,
    /// FPGA family.
    pub(super) target: Option<String>,
    /// Configs by module name.
    #[serde(default)]
    pub(super) configs: BTreeMap<String, Spanned<ConfigEntry>>,
}

/// A config: one of `unit`, `preset` and `network`, and its settings.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigEntry {
    /// Name of a unit.
    pub(super) unit: Option<String>,
    /// Name of a preset.
    pub(super) preset: Option<String>,
    /// Path of a network.
    pub(super) network: Option<PathBuf>,
    /// Parameters of the unit.
    #[serde(default)]
    pub(super) set: BTreeMap<String, SettingValue>,
    /// FPGA family.
    pub(super) target: Option<String>,
    /// Optimization goal.
    pub(super) objective: Option<String>,
    /// Use of DSP blocks.
    pub(super) dsp: Option<String>,
    /// npy file of the integer matrix of the unit.
    pub(super) weights: Option<PathBuf>,
    /// Runtime whose bytes a network reproduces.
    pub(super) profile: Option<String>,
    /// Limit of the clock cycles per frame of a network.
    pub(super) cycles: Option<u64>,
    /// Limit of the multipliers of a network.
    pub(super) multipliers: Option<u32>,
    /// Limits of the LUTs, DSP blocks and block RAMs of a network.
    pub(super) luts: Option<u32>,
    pub(super) dsps: Option<u32>,
    pub(super) rams: Option<u32>,
    /// Report of `generate` with the folds of a network.
    pub(super) fold: Option<PathBuf>,
    /// Folder of the generated files.
    pub(super) output: Option<PathBuf>,
    /// Companion files.
    pub(super) with: Option<Vec<String>>,
}

/// Keys of the file and of a config, for suggestions.
const KEYS: [&str; 18] = [
    "unit",
    "preset",
    "network",
    "set",
    "target",
    "objective",
    "dsp",
    "weights",
    "profile",
    "cycles",
    "multipliers",
    "luts",
    "dsps",
    "rams",
    "fold",
    "output",
    "with",
    "configs",
];

/// Value of a parameter.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum SettingValue {
    Whole(i64),
    Real(f64),
    Word(String),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(f),
            Self::Real(number) => number.fmt(f),
            Self::Word(word) => word.fmt(f),
        }
    }
}

impl ProjectFile {
    /// Parses the text.
    ///
    /// # Errors
    /// Line, starting at 1, and a message that names the nearest key for an unknown one.
    pub(super) fn parse(text: &str) -> Result<Self, (usize, String)> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let span = error.span().unwrap_or_default();
            (line(text, span.start), message(text, span, error.message()))
        })
    }
}

/// Line of a byte of the text, starting at 1.
pub(super) fn line(text: &str, byte: usize) -> usize {
    1 + text[..byte.min(text.len())].matches('\n').count()
}

fn message(text: &str, span: Range<usize>, cause: &str) -> String {
    if !cause.starts_with("unknown field") {
        return cause.trim_end().to_string();
    }
    let typed = text.get(span).unwrap_or_default().trim_matches(['"', '\'']);
    let known = cause.split_once("expected ").map_or("", |(_, known)| known).replace('`', "");
    let nearest = suggestion(typed, KEYS.into_iter().filter(|key| known.contains(key)));
    format!("unknown key '{typed}'{nearest}; the keys here are {}", known.trim_start_matches("one of "))
}
