//! Audit of accumulators: sums of products over time.

mod analysis;
mod candidate;
mod control;
mod episode;
mod latency;
mod packets;
mod shortlist;
mod spacing;

pub(crate) use analysis::{AccumulatorAnalysis, accumulates};
pub(crate) use latency::measure_pairs;
