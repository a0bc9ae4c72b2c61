//! Named faults: typical design errors, placed by pattern matching on the netlist.

mod arithmetic;
mod constants;
mod extension;
mod generic;
mod logic;
mod ports;
mod registers;
mod select;
mod slices;

pub(crate) use generic::GenericFaults;

use super::bench::Bench;
use super::mutant::Mutant;
use crate::unit::Config;

/// Every named fault of a netlist, in an order that depends on the netlist alone.
pub(crate) fn named(bench: &mut Bench, config: &Config) -> Vec<Mutant> {
    ports::propose(bench, config);
    for (name, cell) in &bench.netlist.cells {
        let cell = (name.as_str(), cell);
        arithmetic::propose(bench, cell);
        extension::propose(bench, cell);
        constants::propose(bench, cell);
        logic::propose(bench, cell);
        registers::propose(bench, cell);
        select::propose(bench, cell, config);
        slices::propose(bench, cell);
    }
    std::mem::take(&mut bench.mutants)
}
