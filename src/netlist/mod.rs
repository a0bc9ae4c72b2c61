//! Flat netlists in the JSON format of Yosys: reader, writer and graph queries.
//!
//! Cells are word-level operators (`$add`, `$mux`, `$dff`) or gates (`$_AND_`), depending on the Yosys script.

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
