//! Which rounding rule a requantizer has, and what it does at the ends of its range.

mod candidates;
mod design;
mod numbers;
mod reading;
mod rounding;

pub(crate) use design::Requantizer;
