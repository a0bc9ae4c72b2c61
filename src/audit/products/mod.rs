//! Audit of multipliers and dot products: signedness and overflow behaviour.

mod analysis;
mod candidate;

pub(crate) use analysis::ProductAnalysis;
