//! A unit with validated parameters.

use std::any::Any;
use std::sync::Arc;

use super::behaviour::Behaviour;
use super::choice::Choice;
use super::definition::{Preset, Unit, UnitParameters};
use super::error::ConfigError;
use super::implementation::{self, Target};
use super::keywords::is_plain;
use super::matrix::Matrix;
use super::number::Integer;
use super::parameter::{Parameter, Value};
use super::port::Port;
use super::stream::FrameFunction;
use crate::text::{hex_digest, suggestion};

/// The parameter values of a config, in the order of the unit's parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values(Vec<(&'static str, Value)>);

impl Values {
    fn defaults(parameters: &'static [Parameter]) -> Self {
        Self(parameters.iter().map(|parameter| (parameter.name, parameter.default.clone())).collect())
    }

    /// The parameters as name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Value)> {
        self.0.iter().cloned()
    }

    /// The value of a parameter of the unit.
    pub fn value(&self, name: &str) -> Value {
        let found = self.0.iter().find(|&&(known, _)| known == name);
        found.unwrap_or_else(|| panic!("no unit declares the parameter '{name}'")).1.clone()
    }

    /// Whether a unit computes the same with both; implementation parameters are ignored.
    fn computes(&self, other: &Self, unit: &dyn Unit) -> bool {
        self.0.iter().zip(&other.0).all(|(own, other)| unit.is_implementation(own.0) || own == other)
    }

    fn put(&mut self, name: &str, value: Value) {
        let slot = self.0.iter_mut().find(|(known, _)| *known == name);
        slot.expect("only declared parameters are put").1 = value;
    }

    /// The value of an integer parameter of the unit.
    pub fn integer(&self, name: impl AsRef<str>) -> i64 {
        match self.value(name.as_ref()) {
            Value::Integer(number) => number,
            other => panic!("parameter '{}' is {other}, not an integer", name.as_ref()),
        }
    }

    /// The value of a width or count of the unit.
    pub fn count(&self, name: impl AsRef<str>) -> u32 {
        self.integer(name) as u32
    }

    /// The value of a flag of the unit.
    pub fn flag(&self, name: impl AsRef<str>) -> bool {
        self.value(name.as_ref()) == Value::Flag(true)
    }

    /// The integer type that a parameter for its width and a flag for its sign describe.
    pub(crate) fn integer_type(&self, bits: &Parameter, signed: &Parameter) -> Integer {
        Integer { bits: self.count(bits), signed: self.flag(signed) }
    }

    /// The value of a parameter whose words are all those of `C`.
    pub(crate) fn choice<C: Choice>(&self, parameter: &Parameter) -> C {
        let chosen = self.optional_choice(parameter);
        chosen.unwrap_or_else(|| panic!("parameter '{}' has a word too many", parameter.name))
    }

    /// The value of a parameter with words beside those of `C`: `None` for these.
    pub(crate) fn optional_choice<C: Choice>(&self, parameter: &Parameter) -> Option<C> {
        C::from_word(self.word(parameter))
    }

    /// The value of a matrix of the unit.
    pub fn matrix(&self, name: impl AsRef<str>) -> &Matrix {
        match self.0.iter().find(|&&(known, _)| known == name.as_ref()) {
            Some((_, Value::Matrix(matrix))) => matrix,
            _ => panic!("no unit declares the matrix '{}'", name.as_ref()),
        }
    }

    /// The value of a choice of the unit.
    pub fn word(&self, name: impl AsRef<str>) -> &'static str {
        match self.value(name.as_ref()) {
            Value::Word(word) => word,
            other => panic!("parameter '{}' is {other}, not a word", name.as_ref()),
        }
    }
}

/// A map from name to value, in the order of the unit's parameters.
impl serde::Serialize for Values {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// A config: a unit with validated parameters and a module name. Everything else follows from it.
#[derive(Clone, Debug)]
pub struct Config {
    unit: &'static dyn Unit,
    values: Values,
    parameters: Arc<dyn UnitParameters>,
    preset: Option<&'static str>,
    name: String,
}

impl Config {
    /// The file that [`Config::arguments`] names for a matrix that is too long for a command line.
    pub const MATRIX_FILE: &str = "weights.npy";
    /// The longest setting, in characters, that is printed in full.
    const LONGEST_SETTING: usize = 400;

    /// Validates a preset, `key=value` settings, or both if they agree. Other parameters have their defaults.
    /// A config that computes the same as a preset is that preset; implementation parameters
    /// ([`Unit::is_implementation`]) are ignored.
    ///
    /// # Errors
    /// The [`ConfigError`] of the first rule that is broken.
    pub fn new(
        unit: &'static dyn Unit,
        preset: Option<&str>,
        sets: &[impl AsRef<str>],
    ) -> Result<Self, ConfigError> {
        let asked = parse_sets(unit, sets)?;
        let mut values = Values::defaults(unit.parameters());
        match preset {
            Some(name) => {
                let preset = find_preset(unit, name)?;
                values = preset_values(unit, preset);
                for (parameter, value) in asked {
                    if unit.is_implementation(parameter) {
                        values.put(parameter, value);
                    } else if values.value(parameter) != value {
                        return Err(ConfigError::PresetConflict {
                            preset: preset.name,
                            parameter,
                            fixed: values.value(parameter).to_string(),
                            asked: value.to_string(),
                        });
                    }
                }
            }
            None => asked.into_iter().for_each(|(parameter, value)| values.put(parameter, value)),
        }
        let parameters = unit.parse(&values)?;
        let preset = unit
            .presets()
            .iter()
            .find(|preset| values.computes(&preset_values(unit, preset), unit))
            .map(|preset| preset.name);
        let config = Self { unit, values, parameters, preset, name: String::new() };
        let name = config.own_name();
        config.named(&name)
    }

    /// Config from parsed parameters, with the given module name.
    ///
    /// # Errors
    /// [`ConfigError::ModuleName`] when the name is no plain identifier, or the name of a port.
    pub(crate) fn of_parameters(
        unit: &'static dyn Unit,
        parameters: Arc<dyn UnitParameters>,
        name: &str,
    ) -> Result<Self, ConfigError> {
        let values = Values::defaults(unit.parameters());
        Self { unit, values, parameters, preset: None, name: String::new() }.named(name)
    }

    /// Function of a unit with streams; `None` for any other.
    pub fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        self.parameters.frame_function()
    }

    /// Suffixes of the names of all modules below this one.
    pub(crate) fn part_suffixes(&self) -> Vec<String> {
        self.parameters.part_suffixes()
    }

    /// Configs of the instantiated modules, with their full names.
    pub(crate) fn parts(&self) -> Vec<Self> {
        let named = |(end, part): (String, Self)| part.named(&format!("{}_{end}", self.name));
        let parts = self.parameters.parts().into_iter().map(named);
        parts.map(|part| part.expect("names of parts are checked with that of the whole")).collect()
    }

    /// The default module name, which follows from unit and parameters.
    pub fn own_name(&self) -> String {
        let name = self.preset.map_or_else(|| self.parameters.module_name(), str::to_string);
        name + &implementation::suffix(self.unit, &self.values)
    }

    /// Returns the config with another module name.
    ///
    /// # Errors
    /// [`ConfigError::ModuleName`] when it is no plain identifier, or the name of a port, or when that holds for
    /// the name of a module that it instantiates.
    pub(crate) fn named(mut self, name: &str) -> Result<Self, ConfigError> {
        let parts = self.parameters.part_suffixes().into_iter().map(|end| format!("{name}_{end}"));
        let mut names = std::iter::once(name.to_string()).chain(parts);
        let ports = self.ports();
        if let Some(name) = names.find(|own| !is_plain(own) || ports.iter().any(|port| port.name == own)) {
            return Err(ConfigError::ModuleName { name });
        }
        self.name = name.to_string();
        Ok(self)
    }

    /// The unit.
    pub fn unit(&self) -> &'static dyn Unit {
        self.unit
    }

    /// The validated parameters.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The parsed parameters, in the type that the unit defines for them.
    ///
    /// # Panics
    /// When the unit has parameters of another type.
    pub fn parameters<P: UnitParameters>(&self) -> &P {
        self.try_parameters().unwrap_or_else(|| panic!("{} has other parameters", self.unit.name()))
    }

    /// The parsed parameters; `None` when the unit has parameters of another type.
    pub fn try_parameters<P: UnitParameters>(&self) -> Option<&P> {
        (&*self.parameters as &dyn Any).downcast_ref()
    }

    /// What the module computes, in one line.
    pub fn summary(&self) -> String {
        self.parameters.summary().unwrap_or_else(|| self.unit.summary().to_string())
    }

    /// Lines of the header of the generated file.
    pub fn facts(&self) -> Vec<String> {
        self.parameters.facts()
    }

    /// The final numbers and texts that the unit's template needs.
    pub(crate) fn context(&self) -> serde_json::Value {
        self.parameters.context()
    }

    /// The preset that this config is, if it is one.
    pub fn preset(&self) -> Option<&'static str> {
        self.preset
    }

    /// The Verilog module name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The ports, in the order of the module header.
    pub fn ports(&self) -> Vec<Port> {
        self.parameters.ports()
    }

    /// Feed-forward, pipelined or sequential, and the latency.
    pub fn behaviour(&self) -> Behaviour {
        self.parameters.behaviour()
    }

    /// The cells of an FPGA family that the module and its parts instantiate by name.
    pub fn primitives(&self) -> &'static [&'static str] {
        let parts = self.parameters.parts();
        let mut of_parts = parts.iter().map(|(_, part)| part.primitives());
        let own = self.parameters.primitives();
        if own.is_empty() { of_parts.find(|part| !part.is_empty()).unwrap_or_default() } else { own }
    }

    /// Name of the structure chosen by the parameter `arch`; `None` if there is no choice.
    pub fn arch(&self) -> Option<&'static str> {
        self.parameters.arch()
    }

    /// The same function with operators for its products and no FPGA family, as written by hand; `None` if there
    /// is no choice.
    pub fn inferred(&self) -> Option<Self> {
        self.arch()?;
        let own = self.settings().into_iter();
        let kept =
            own.filter(|set| set.split_once('=').is_some_and(|(name, _)| !self.unit.is_implementation(name)));
        let sets: Vec<String> = kept.chain(["arch=inferred".to_string()]).collect();
        Some(Self::new(self.unit, None, &sets).expect("the operator makes every product"))
    }

    /// The FPGA family, if it is part of the function of the unit rather than of its implementation.
    pub fn family(&self) -> Option<&'static str> {
        self.parameters.family()
    }

    /// The FPGA family that the module is built for.
    pub fn target(&self) -> Target {
        implementation::target(&self.values, self.parameters.target())
    }

    /// Whether the module is written bit by bit.
    pub fn is_bitwise(&self) -> bool {
        self.parameters.is_bitwise()
    }

    /// Digest of unit and parameters in 16 hexadecimal digits, independent of the module name.
    pub fn digest(&self) -> String {
        let text = self.parameters.arguments().unwrap_or_else(|| self.settings().join(";"));
        hex_digest(&[self.unit.name().as_bytes(), text.as_bytes()])
    }

    /// All parameters as `key=value`.
    pub fn settings(&self) -> Vec<String> {
        self.values.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// The arguments that select this config in any subcommand: `multiplier --preset int8_multiplier`, or the
    /// unit with a `--set` for each parameter that is not at its default. A large matrix is read from the
    /// file [`Config::MATRIX_FILE`] by its own option, `--weights`.
    pub fn arguments(&self) -> String {
        if let Some(arguments) = self.parameters.arguments() {
            return arguments;
        }
        let mut text = self.unit.name().to_string();
        let mut start = Values::defaults(self.unit.parameters());
        if let Some(preset) = self.preset {
            text += &format!(" --preset {preset}");
            start = preset_values(self.unit, find_preset(self.unit, preset).expect("its own preset"));
        }
        for (name, value) in self.values.iter().filter(|(name, value)| start.value(name) != *value) {
            let setting = format!(" --set {name}={value}");
            match value {
                Value::Matrix(_) if setting.len() > Self::LONGEST_SETTING => {
                    text += &format!(" --weights {}", Self::MATRIX_FILE);
                }
                _ => text += &setting,
            }
        }
        text
    }
}

fn find_preset(unit: &'static dyn Unit, name: &str) -> Result<&'static Preset, ConfigError> {
    let found = unit.presets().iter().find(|preset| preset.name == name);
    found.ok_or_else(|| ConfigError::UnknownPreset {
        name: name.to_string(),
        hint: suggestion(name, unit.presets().iter().map(|preset| preset.name)),
    })
}

pub(crate) fn find_parameter(unit: &'static dyn Unit, name: &str) -> Result<&'static Parameter, ConfigError> {
    let names = || unit.parameters().iter().map(|parameter| parameter.name);
    unit.parameters().iter().find(|parameter| parameter.name == name).ok_or_else(|| {
        ConfigError::UnknownParameter {
            unit: unit.name(),
            name: name.to_string(),
            hint: suggestion(name, names()),
            known: names().collect::<Vec<_>>().join(", "),
        }
    })
}

fn preset_values(unit: &'static dyn Unit, preset: &Preset) -> Values {
    let sets = parse_sets(unit, preset.sets).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
    let mut values = Values::defaults(unit.parameters());
    sets.into_iter().for_each(|(parameter, value)| values.put(parameter, value));
    values
}

fn parse_sets(
    unit: &'static dyn Unit,
    sets: &[impl AsRef<str>],
) -> Result<Vec<(&'static str, Value)>, ConfigError> {
    let mut parsed: Vec<(&'static str, Value)> = Vec::new();
    for text in sets.iter().map(AsRef::as_ref) {
        let (name, value) =
            text.split_once('=').ok_or_else(|| ConfigError::Syntax { text: text.to_string() })?;
        let parameter = find_parameter(unit, name)?;
        let value = parameter.parse(value)?;
        match parsed.iter().find(|(known, _)| *known == parameter.name) {
            Some((_, first)) if *first != value => {
                let (first, second) = (first.to_string(), value.to_string());
                return Err(ConfigError::Repeated { parameter: parameter.name, first, second });
            }
            Some(_) => {}
            None => parsed.push((parameter.name, value)),
        }
    }
    Ok(parsed)
}
