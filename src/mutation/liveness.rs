//! Liveness of bits: excludes faults in bits that no output depends on, such as truncated product bits.

use std::collections::HashSet;

use super::netlist::{Bit, Cell, Netlist};

/// The nets that an output depends on.
#[derive(Debug)]
pub(crate) struct Liveness {
    nets: HashSet<u32>,
}

impl Liveness {
    /// Follows the netlist backward from its outputs.
    pub(crate) fn of(netlist: &Netlist) -> Self {
        let drivers = netlist.drivers();
        let outputs = netlist.ports.iter().filter(|port| !port.is_input).flat_map(|port| &port.bits);
        let mut open: Vec<u32> = outputs.filter_map(|bit| bit.net()).collect();
        let mut nets: HashSet<u32> = open.iter().copied().collect();
        while let Some(net) = open.pop() {
            let Some(cell) = drivers.get(&net).map(|name| &netlist.cells[*name]) else { continue };
            let index = cell.output().iter().position(|bit| *bit == Bit::Net(net)).unwrap_or(0);
            for (port, bits) in &cell.inputs {
                let sources =
                    reach(cell, port, index).filter_map(|from| bits.get(from)).filter_map(|bit| bit.net());
                open.extend(sources.filter(|source| nets.insert(*source)));
            }
        }
        Self { nets }
    }

    /// Whether an output depends on a bit.
    pub(crate) fn is_live(&self, bit: Bit) -> bool {
        bit.net().is_some_and(|net| self.nets.contains(&net))
    }

    /// Whether an output depends on a bit of an input of a cell.
    pub(crate) fn is_read(&self, cell: &Cell, port: &str, index: usize) -> bool {
        let outputs = cell.output().iter().enumerate().filter(|(_, bit)| self.is_live(**bit));
        outputs.into_iter().any(|(output, _)| reach(cell, port, output).contains(&index))
    }
}

/// The bits of a cell's input that a bit of its output depends on.
pub(crate) fn reach(cell: &Cell, port: &str, output: usize) -> std::ops::Range<usize> {
    let width = cell.input(port).len();
    match (cell.kind.as_str(), port) {
        (_, "CLK" | "S") => 0..width,
        ("$dff" | "$mux", _) => output..output + 1,
        ("$and" | "$or" | "$xor" | "$xnor" | "$not" | "$pos", _) => {
            let index = output.min(width.saturating_sub(1));
            index..index + 1
        }
        ("$add" | "$sub" | "$mul" | "$neg", _) => 0..width.min(output + 1),
        _ => 0..width,
    }
}
