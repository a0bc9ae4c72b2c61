//! What a unit is: the interface that every file of the catalogue implements.

use serde_json::Value as Json;

use super::behaviour::Behaviour;
use super::config::Values;
use super::error::ConfigError;
use super::implementation;
use super::parameter::Parameter;
use super::port::Port;

/// A named config that ships in `rtl/`.
#[derive(Debug)]
pub struct Preset {
    /// The name of the preset and of its Verilog module.
    pub name: &'static str,
    /// The parameters in which it differs from the unit's defaults, as `key=value`.
    pub sets: &'static [&'static str],
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
