//! The specification of each unit that has one.

use super::error::ProofError;
use super::specification::Specification;
use super::{constant_matrix, dot_product, mac, multiplier, packed_multiplier, requantizer};
use crate::catalogue::for_each_unit;
use crate::unit::Config;

/// The specification of a config, or what the specifications of its unit are restricted to.
type Specify = fn(&Config) -> Result<Specification, &'static str>;

/// The entry of a unit that lists a proof among its companions.
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

/// The specification of a config.
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

/// `multiplier, mac and requantizer`: the units that have a specification.
fn specified_units() -> String {
    let names: Vec<&str> = ENTRIES.iter().flatten().map(|(unit, _)| *unit).collect();
    let (last, others) = names.split_last().expect("some units have a specification");
    format!("{} and {last}", others.join(", "))
}

/// Whether there is a specification that a config could be proved to meet.
///
/// # Errors
/// [`ProofError::NoSpecification`], which says what there is one of.
pub fn check_specified(config: &Config) -> Result<(), ProofError> {
    specification(config).map(|_| ())
}
