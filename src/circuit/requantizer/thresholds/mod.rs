//! Requantizers with constant numbers, constructed from their thresholds.
//!
//! A rule with constant numbers is a [`Staircase`](staircase::Staircase). A straight line with the same thresholds is
//! the same function, independent of the rule's intermediate values; the search takes the cheapest line. Comparisons
//! with the thresholds themselves exist for every rule.

mod channel_circuit;
mod channels;
mod circuit;
mod clamp;
mod comparisons;
mod constants;
mod division;
mod form;
mod line;
mod memory;
mod multiples;
mod search;
mod selection;
mod staircase;
mod truncation;

pub(super) use channel_circuit::{bounds, context as channel_context, product_stages};
pub(super) use channels::ChannelForm;
pub(super) use circuit::context as line_context;
pub(crate) use comparisons::{ComparisonForm, WIDEST_CODE};
pub(super) use division::StaircaseDivision;
pub(super) use form::LineForm;
pub(super) use staircase::{Constants, Staircase};

#[cfg(test)]
mod tests;
