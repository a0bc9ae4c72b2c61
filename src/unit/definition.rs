//! Definition of a unit: its description, and the functions of its parsed parameters.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::Value as Json;

use super::behaviour::Behaviour;
use super::config::{Config, Values};
use super::error::ConfigError;
use super::implementation::{self, Arch, Target};
use super::parameter::Parameter;
use super::port::Port;
use super::stream::FrameFunction;

/// A named config that ships in `rtl/`.
#[derive(Debug)]
pub struct Preset {
    /// The name of the preset and of its Verilog module.
    pub name: &'static str,
    /// The parameters in which it differs from the unit's defaults, as `key=value`.
    pub sets: &'static [&'static str],
}

/// A unit: a kind of hardware in the catalogue.
///
/// A unit implements `UnitDefinition` and `UnitParameters`; `Registered` makes a `Unit` of them.
pub trait Unit: Sync {
    /// Name of the unit, `[a-z][a-z0-9_]*`.
    fn name(&self) -> &'static str;
    /// One line for lists.
    fn summary(&self) -> &'static str;
    /// Its parameters, in the order in which they are listed and digested.
    fn parameters(&self) -> &'static [Parameter];
    /// The configs that ship in `rtl/`.
    fn presets(&self) -> &'static [Preset];
    /// Parses values that are legal one by one, and checks the rules between them.
    ///
    /// # Errors
    /// The [`ConfigError`] of the first rule that is broken.
    fn parse(&self, values: &Values) -> Result<Arc<dyn UnitParameters>, ConfigError>;
    /// Whether a parameter selects the implementation for a target, not the function. Presets do not fix these.
    fn is_implementation(&self, parameter: &str) -> bool;
}

impl fmt::Debug for dyn Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The description of a unit, implemented by the type of its parsed parameters.
pub trait UnitDefinition: UnitParameters + Sized {
    /// One line for lists.
    const SUMMARY: &'static str;
    /// The parameters, in the order in which they are listed and digested.
    const PARAMETERS: &'static [Parameter];
    /// The configs that ship in `rtl/`.
    const PRESETS: &'static [Preset];

    /// Parses values that are legal one by one, and checks the rules between them.
    ///
    /// # Errors
    /// The [`ConfigError`] of the first rule that is broken.
    fn parse(values: &Values) -> Result<Self, ConfigError>;

    /// Whether a parameter selects the implementation for a target, not the function.
    fn is_implementation(parameter: &str) -> bool {
        implementation::names(parameter)
    }
}

/// The parsed parameters of a unit; everything about its module is a function of them.
pub trait UnitParameters: Any + fmt::Debug + Send + Sync {
    /// Module name of a config that is not a preset (see `docs/naming.md`).
    fn module_name(&self) -> String;
    /// The ports, in the order of the module header.
    fn ports(&self) -> Vec<Port>;
    /// Feed-forward, pipelined or sequential, and the latency.
    fn behaviour(&self) -> Behaviour;
    /// What the module computes, in one line; `None` for the summary of the unit.
    fn summary(&self) -> Option<String> {
        None
    }
    /// Lines of the header of the generated file.
    fn facts(&self) -> Vec<String>;
    /// The final numbers and texts that the unit's template needs: a JSON object.
    fn context(&self) -> Json;

    /// Structure of the products, if the parameter `arch` chooses one.
    fn product_arch(&self) -> Option<Arch> {
        None
    }
    /// The structure that the parameter `arch` chose, by name; `None` where there is no choice.
    fn arch(&self) -> Option<&'static str> {
        self.product_arch().map(Arch::word)
    }
    /// The FPGA cells that the module instantiates by name, each with a simulation model in
    /// `templates/primitives`.
    fn primitives(&self) -> &'static [&'static str] {
        self.product_arch().map_or(&[], Arch::primitives)
    }
    /// Whether the module is bit-level logic, which the C++ compiler cannot vectorise.
    fn is_bitwise(&self) -> bool {
        self.product_arch().is_some_and(Arch::is_bitwise)
    }
    /// Function of a unit with streams; `None` for any other.
    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        None
    }
    /// Instantiated modules, by the suffix of their names: `requantizer` for `<name>_requantizer`.
    fn parts(&self) -> Vec<(String, Config)> {
        Vec::new()
    }
    /// Suffixes of the names of all modules below this one, for the check of a name.
    ///
    /// A unit whose parts take time to find states them.
    fn part_suffixes(&self) -> Vec<String> {
        let nested = |(end, part): (String, Config)| {
            let below: Vec<String> =
                part.part_suffixes().into_iter().map(|suffix| format!("{end}_{suffix}")).collect();
            std::iter::once(end).chain(below)
        };
        self.parts().into_iter().flat_map(nested).collect()
    }
    /// Command-line arguments that reproduce the module, if they differ from unit and parameters.
    fn arguments(&self) -> Option<String> {
        None
    }
    /// The FPGA family, if it is part of the function of the unit rather than of its implementation.
    fn family(&self) -> Option<&'static str> {
        None
    }
    /// The FPGA family that the module is built for, if no parameter `target` states it.
    fn target(&self) -> Option<Target> {
        None
    }
}

/// A unit together with its name in the list of units.
pub struct RegisteredUnit<P> {
    name: &'static str,
    parameters: PhantomData<fn() -> P>,
}

impl<P: UnitDefinition> RegisteredUnit<P> {
    /// The unit with the parameters `P`, under that name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, parameters: PhantomData }
    }
}

impl<P: UnitDefinition> Unit for RegisteredUnit<P> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        P::SUMMARY
    }

    fn parameters(&self) -> &'static [Parameter] {
        P::PARAMETERS
    }

    fn presets(&self) -> &'static [Preset] {
        P::PRESETS
    }

    fn parse(&self, values: &Values) -> Result<Arc<dyn UnitParameters>, ConfigError> {
        Ok(Arc::new(P::parse(values)?))
    }

    fn is_implementation(&self, parameter: &str) -> bool {
        P::is_implementation(parameter)
    }
}
