//! Units whose parameters are looked up by name.

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value as Json;

use super::behaviour::Behaviour;
use super::config::Values;
use super::definition::{Preset, UnitDefinition, UnitParameters};
use super::error::ConfigError;
use super::implementation;
use super::parameter::Parameter;
use super::port::Port;

pub(crate) trait ValuesUnit: Sync + 'static {
    const SUMMARY: &'static str;
    const PARAMETERS: &'static [Parameter];
    const PRESETS: &'static [Preset];
    fn check(values: &Values) -> Result<(), ConfigError>;
    fn module_name(values: &Values) -> String;
    fn ports(values: &Values) -> Vec<Port>;
    fn behaviour(values: &Values) -> Behaviour;
    fn facts(values: &Values) -> Vec<String>;
    fn primitives(_: &Values) -> &'static [&'static str] {
        &[]
    }
    fn is_implementation(parameter: &str) -> bool {
        implementation::names(parameter)
    }
    fn arch(_: &Values) -> Option<&'static str> {
        None
    }
    fn family(_: &Values) -> Option<&'static str> {
        None
    }
    fn is_bitwise(_: &Values) -> bool {
        false
    }
    fn context(values: &Values) -> Json;
}

pub(crate) struct ValuesParameters<U> {
    pub(crate) values: Values,
    unit: PhantomData<fn() -> U>,
}

impl<U> fmt::Debug for ValuesParameters<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.values.fmt(f)
    }
}

impl<U: ValuesUnit> UnitDefinition for ValuesParameters<U> {
    const SUMMARY: &'static str = U::SUMMARY;
    const PARAMETERS: &'static [Parameter] = U::PARAMETERS;
    const PRESETS: &'static [Preset] = U::PRESETS;

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        U::check(values)?;
        Ok(Self { values: values.clone(), unit: PhantomData })
    }

    fn is_implementation(parameter: &str) -> bool {
        U::is_implementation(parameter)
    }
}

impl<U: ValuesUnit> UnitParameters for ValuesParameters<U> {
    fn module_name(&self) -> String {
        U::module_name(&self.values)
    }

    fn ports(&self) -> Vec<Port> {
        U::ports(&self.values)
    }

    fn behaviour(&self) -> Behaviour {
        U::behaviour(&self.values)
    }

    fn facts(&self) -> Vec<String> {
        U::facts(&self.values)
    }

    fn context(&self) -> Json {
        U::context(&self.values)
    }

    fn arch(&self) -> Option<&'static str> {
        U::arch(&self.values)
    }

    fn primitives(&self) -> &'static [&'static str] {
        U::primitives(&self.values)
    }

    fn is_bitwise(&self) -> bool {
        U::is_bitwise(&self.values)
    }

    fn family(&self) -> Option<&'static str> {
        U::family(&self.values)
    }
}
