//! A constant matrix as a graph of shifts and shared adders.

mod adders;
mod digits;
mod emission;
mod graph;
mod inferred;
mod polarity;
mod range;
pub(crate) mod search;
mod sharing;
mod sums;

pub(crate) use digits::digits;
pub(crate) use emission::Emission;
pub(crate) use graph::{AdderFunction, Graph, GraphAdder, Tap};
pub(crate) use inferred::inferred;
pub(crate) use polarity::Polarity;
pub(crate) use range::Range;
