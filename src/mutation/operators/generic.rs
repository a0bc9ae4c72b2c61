//! Generic faults: any bit of any operator stuck, inverted, or inverted while another bit is 0 or 1. The
//! kinds are those of the Yosys pass `mutate`.

use crate::mutation::bench::Bench;
use crate::mutation::mutant::{INVERTED_BY_ANOTHER, Mutant};
use crate::mutation::netlist::{Bit, Cell, Netlist};
use crate::stimulus::mix;

/// An endless generator of generic faults, from a seed.
pub(crate) struct GenericFaults<'a> {
    cells: Vec<(&'a str, &'a Cell)>,
    nets: Vec<Bit>,
    seed: u64,
    drawn: u64,
}

impl<'a> GenericFaults<'a> {
    /// Faults of a netlist.
    pub(crate) fn new(netlist: &'a Netlist, seed: u64) -> Self {
        let driven = netlist.cells.values().flat_map(|cell| cell.output().iter().copied());
        let ports = netlist.ports.iter().filter(|port| port.is_input && port.name != "clk");
        let nets = driven.chain(ports.flat_map(|port| port.bits.iter().copied())).collect();
        let cells = netlist.cells.iter().map(|(name, cell)| (name.as_str(), cell)).collect();
        Self { cells, nets, seed, drawn: 0 }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.drawn += 1;
        (mix(mix(self.seed).wrapping_add(self.drawn)) % bound as u64) as usize
    }

    /// The next fault, possibly a repeated one; `None` if it changes nothing. With `rare`, a bit is
    /// inverted only while two others are 1.
    pub(crate) fn next(&mut self, bench: &mut Bench, rare: bool) -> Option<Mutant> {
        if self.cells.is_empty() {
            return None;
        }
        let index = self.below(self.cells.len());
        let (name, cell) = self.cells[index];
        let inputs = cell.inputs.keys().filter(|port| *port != "CLK").map(|port| (port.as_str(), true));
        let ports: Vec<(&str, bool)> =
            inputs.chain(cell.outputs.keys().map(|port| (port.as_str(), false))).collect();
        let index = self.below(ports.len());
        let (port, is_input) = ports[index];
        let own = if is_input { cell.input(port) } else { cell.output() };
        let index = self.below(own.len());
        let bit = own[index];
        let (class, wrong, when) = match if rare { 5 } else { self.below(5) } {
            0 => ("bit inverted", inverted(bench, bit), String::new()),
            1 => ("bit stuck at 0", Bit::Zero, String::new()),
            2 => ("bit stuck at 1", Bit::One, String::new()),
            kind => {
                let first = self.below(self.nets.len());
                let mut control = self.nets[first];
                let mut when = format!(" while {} is", bench.bit(control));
                if kind == 3 {
                    control = inverted(bench, control);
                    when += " 0";
                } else {
                    when += " 1";
                }
                if rare {
                    let second = self.below(self.nets.len());
                    let other = self.nets[second];
                    when += &format!(" and {} is 1", bench.bit(other));
                    control = bench.operator("$and", false, &[("A", &[control]), ("B", &[other])], 1)[0];
                }
                let wrong = bench.operator("$xor", false, &[("A", &[bit]), ("B", &[control])], 1)[0];
                (INVERTED_BY_ANOTHER, wrong, when)
            }
        };
        let kind = cell.kind.trim_start_matches('$');
        let fault = format!("bit {index} of {port} of {kind}, {}{when}", bench.bit(bit));
        let mut bits = own.to_vec();
        bits[index] = wrong;
        if is_input {
            bench.input(class, &fault, (name, cell), port, bits);
        } else {
            bench.output(class, &fault, cell, bits);
        }
        bench.mutants.pop()
    }
}

fn inverted(bench: &mut Bench, bit: Bit) -> Bit {
    match bit {
        Bit::Zero => Bit::One,
        Bit::One | Bit::Undefined => Bit::Zero,
        net => bench.operator("$not", false, &[("A", &[net])], 1)[0],
    }
}
