//! Audit of requantizers: rounding rule, signedness and overflow behaviour.

mod analysis;
mod candidate;
mod comparison;
mod interpretation;
mod operands;
mod parameter_sources;
mod parameters;
mod random_parameters;

pub(crate) use analysis::RequantizerAnalysis;
