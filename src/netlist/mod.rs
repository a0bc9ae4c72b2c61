//! Flat netlists in the JSON format of Yosys: the one reader, the one writer and the graph queries.
//!
//! Cells are word-level operators (`$add`, `$mux`, `$dff`) or gates (`$_AND_`), as the Yosys script left them.

mod bit;
mod cell;
mod elaborate;
mod flat;
mod json;
#[cfg(test)]
mod tests;

pub(crate) use bit::Bit;
pub(crate) use cell::{Cell, operator};
pub(crate) use elaborate::elaborate;
pub(crate) use flat::{ModulePort, Netlist};
pub(crate) use json::Module;
