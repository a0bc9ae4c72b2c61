//! A mutant: a small change of a netlist, applied directly or behind a select.

use std::collections::HashMap;

use super::netlist::{Bit, Cell, Netlist, operator};

/// Class of a fault that is active while another bit of the module is 1.
pub(crate) const INVERTED_BY_ANOTHER: &str = "bit inverted by another";

/// Location of a change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Site {
    /// One input of one cell.
    Input {
        /// The cell.
        cell: String,
        /// Its input.
        port: String,
    },
    /// All readers of these nets.
    Nets(Vec<Bit>),
}

/// Replacement of the bits at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) site: Site,
    pub(crate) bits: Vec<Bit>,
}

/// A deliberate fault in a netlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mutant {
    /// Kind of fault.
    pub(crate) class: &'static str,
    /// Line of the Verilog; empty for a port.
    pub(crate) line: String,
    /// Description of the fault.
    pub(crate) fault: String,
    /// Cells that only the changes read.
    pub(crate) helpers: Vec<(String, Cell)>,
    pub(crate) changes: Vec<Change>,
}

impl Mutant {
    /// The netlist with the fault applied.
    pub(crate) fn applied(&self, netlist: &Netlist) -> Netlist {
        let mut faulty = netlist.clone();
        for change in &self.changes {
            match &change.site {
                Site::Input { cell, port } => {
                    let cell = faulty.cells.get_mut(cell).expect("the cell of the site");
                    cell.inputs.insert(port.clone(), change.bits.clone());
                }
                Site::Nets(nets) => {
                    let seen: HashMap<Bit, Bit> =
                        nets.iter().copied().zip(change.bits.iter().copied()).collect();
                    let inputs = faulty.cells.values_mut().flat_map(|cell| cell.inputs.values_mut());
                    let outputs =
                        faulty.ports.iter_mut().filter(|port| !port.is_input).map(|port| &mut port.bits);
                    for bit in inputs.chain(outputs).flatten() {
                        *bit = *seen.get(bit).unwrap_or(bit);
                    }
                }
            }
        }
        let nets = self.helpers.iter().flat_map(|(_, cell)| cell.output()).filter_map(|bit| bit.net());
        faulty.next = faulty.next.max(nets.max().unwrap_or(0) + 1);
        faulty.cells.extend(self.helpers.iter().cloned());
        faulty
    }

    /// Guards the fault with a select: it is active while `chosen` is 1. The free nets of the netlist must
    /// start after those of the helpers.
    pub(crate) fn guard(&self, netlist: &mut Netlist, chosen: Bit) {
        // The driver of a site before the multiplexer.
        let mut before: HashMap<Bit, Bit> = HashMap::new();
        let mut guarded = Vec::new();
        for change in &self.changes {
            let Site::Nets(nets) = &change.site else { continue };
            for (&net, &bit) in nets.iter().zip(&change.bits).filter(|(net, bit)| net != bit) {
                let raw = netlist.fresh(1)[0];
                redrive(netlist, net, raw);
                before.insert(net, raw);
                guarded.push((net, bit));
            }
        }
        let seen = |bit: &Bit| *before.get(bit).unwrap_or(bit);
        let multiplex = |netlist: &mut Netlist, a: Vec<Bit>, b: Vec<Bit>, y: Vec<Bit>| {
            let name = format!("$guard${}", netlist.next);
            netlist.next += 1;
            netlist
                .cells
                .insert(name, operator("$mux", false, &[("A", &a), ("B", &b), ("S", &[chosen])], &y));
        };
        if !guarded.is_empty() {
            let a = guarded.iter().map(|(net, _)| seen(net)).collect();
            let b = guarded.iter().map(|(_, bit)| seen(bit)).collect();
            multiplex(netlist, a, b, guarded.iter().map(|(net, _)| *net).collect());
        }
        for change in &self.changes {
            let Site::Input { cell, port } = &change.site else { continue };
            let mut bits = netlist.cells[cell].inputs[port].clone();
            let indices: Vec<usize> =
                (0..bits.len()).filter(|&index| bits[index] != change.bits[index]).collect();
            let y = netlist.fresh(indices.len());
            let pick = |from: &[Bit]| indices.iter().map(|&index| from[index]).collect::<Vec<_>>();
            multiplex(netlist, pick(&bits), pick(&change.bits).iter().map(seen).collect(), y.clone());
            indices.iter().zip(y).for_each(|(&index, bit)| bits[index] = bit);
            netlist.cells.get_mut(cell).expect("the cell of the site").inputs.insert(port.clone(), bits);
        }
        for (name, helper) in &self.helpers {
            let mut helper = helper.clone();
            helper.inputs.values_mut().flatten().for_each(|bit| *bit = seen(bit));
            netlist.cells.insert(name.clone(), helper);
        }
    }
}

/// Reconnects the driver of one net to another.
fn redrive(netlist: &mut Netlist, from: Bit, to: Bit) {
    let outputs = netlist.cells.values_mut().flat_map(|cell| cell.outputs.values_mut());
    let is_here = |bits: &&mut Vec<Bit>| bits.contains(&from);
    let driver = match outputs.into_iter().find(is_here) {
        Some(bits) => bits,
        None => {
            let port = netlist.ports.iter_mut().find(|port| port.is_input && port.bits.contains(&from));
            let port = port.expect("every net of a site has a driver");
            &mut port.bits
        }
    };
    driver.iter_mut().filter(|bit| **bit == from).for_each(|bit| *bit = to);
}
