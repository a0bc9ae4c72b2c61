//! Specifications by unit.

use super::error::ProofError;
use super::specification::Specification;
use super::{
    constant_matrix, dot_product, mac, multi_precision_dot, multiplier, packed_multiplier, requantizer,
};
use crate::catalogue::for_each_unit;
use crate::unit::Config;

/// Returns the specification of a config.
///
/// The error states the parameters to which specifications of the unit are restricted.
type Specify = fn(&Config) -> Result<Specification, &'static str>;

/// Entry of a unit that lists a proof among its companions.
macro_rules! entry {
    ($unit:ident proof) => {
        Some((stringify!($unit), |config| $unit::specification(config.parameters())))
    };
    ($unit:ident $companion:ident) => {
        None
    };
}

macro_rules! entries {
    ($($unit:ident: $parameters:ident [$($companion:ident)*],)*) => {
        const ENTRIES: &[Option<(&str, Specify)>] = &[$($(entry!($unit $companion),)*)*];
    };
}

for_each_unit!(entries);

/// Returns the specification of a config.
///
/// # Errors
/// [`ProofError::NoSpecification`] for a unit or parameters without one.
pub(crate) fn specification(config: &Config) -> Result<Specification, ProofError> {
    let name = config.unit().name();
    let specified = match ENTRIES.iter().flatten().find(|(unit, _)| *unit == name) {
        Some((_, specify)) => specify(config).map_err(str::to_string),
        None => Err(specified_units()),
    };
    specified.map_err(|stated| ProofError::NoSpecification { config: config.name().to_string(), stated })
}

/// Lists the units with a specification: `multiplier, mac and requantizer`.
fn specified_units() -> String {
    let names: Vec<&str> = ENTRIES.iter().flatten().map(|(unit, _)| *unit).collect();
    let (last, others) = names.split_last().expect("some units have a specification");
    format!("{} and {last}", others.join(", "))
}

/// Checks that a config has a specification.
///
/// # Errors
/// [`ProofError::NoSpecification`], which lists what has one.
pub fn check_specified(config: &Config) -> Result<(), ProofError> {
    specification(config).map(|_| ())
}
