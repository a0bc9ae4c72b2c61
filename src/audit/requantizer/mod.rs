//! Audit of requantizers: rounding rule, signedness and overflow behaviour.

mod analysis;
mod candidate;
mod comparison;
mod operands;
mod parameter_sources;
mod parameters;
mod properties;
mod random_parameters;
mod reading;
mod second_tries;
mod selection;

pub(crate) use analysis::RequantizerAnalysis;
