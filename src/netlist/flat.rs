//! A flat module and its graph.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::bit::Bit;
use super::cell::{Cell, operator};

/// A port of the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModulePort {
    pub(crate) name: String,
    pub(crate) is_input: bool,
    pub(crate) bits: Vec<Bit>,
}

/// A flat module.
#[derive(Clone, Debug)]
pub(crate) struct Netlist {
    pub(crate) name: String,
    pub(crate) ports: Vec<ModulePort>,
    pub(crate) cells: BTreeMap<String, Cell>,
    /// Vectors that are named in the Verilog.
    pub(crate) wires: BTreeMap<String, Vec<Bit>>,
    /// Lowest net number that is not in use.
    pub(crate) next: u32,
}

impl Netlist {
    /// Removes the cells that no output depends on.
    pub(crate) fn prune(&mut self) {
        let drivers = self.drivers();
        let outputs = self.ports.iter().filter(|port| !port.is_input).flat_map(|port| &port.bits);
        let mut open: Vec<u32> = outputs.filter_map(|bit| bit.net()).collect();
        let mut live: HashSet<String> = HashSet::new();
        while let Some(net) = open.pop() {
            if let Some(name) = drivers.get(&net)
                && live.insert(name.to_string())
            {
                open.extend(self.cells[*name].inputs.values().flatten().filter_map(|bit| bit.net()));
            }
        }
        self.cells.retain(|name, _| live.contains(name));
    }

    /// Name of the cell that drives each net.
    pub(crate) fn drivers(&self) -> HashMap<u32, &str> {
        let mut drivers = HashMap::new();
        for (name, cell) in &self.cells {
            let nets = cell.outputs.values().flatten().filter_map(|bit| bit.net());
            drivers.extend(nets.map(|net| (net, name.as_str())));
        }
        drivers
    }

    /// The port of that name.
    pub(crate) fn port(&self, name: &str) -> Option<&ModulePort> {
        self.ports.iter().find(|port| port.name == name)
    }

    /// Allocates nets.
    pub(crate) fn fresh(&mut self, width: usize) -> Vec<Bit> {
        let first = self.next;
        self.next += width as u32;
        (first..self.next).map(Bit::Net).collect()
    }

    /// Gives every output nets of its own, which no cell reads.
    pub(crate) fn detach_outputs(&mut self) {
        for index in 0..self.ports.len() {
            if self.ports[index].is_input {
                continue;
            }
            let own = self.fresh(self.ports[index].bits.len());
            let inside = std::mem::replace(&mut self.ports[index].bits, own.clone());
            let name = format!("$output${}", self.ports[index].name);
            self.cells.insert(name, operator("$pos", false, &[("A", &inside)], &own));
        }
    }

    /// Whether every combinational path ends at a register or at an input.
    pub(crate) fn is_acyclic(&self) -> bool {
        let roots = self.cells.values().flat_map(|cell| cell.outputs.values().flatten().copied());
        self.evaluation_order(roots, Cell::is_register).is_some()
    }

    /// The cells that `roots` depend on, each after those it reads; `None` if they form a loop.
    ///
    /// Outputs of cells that satisfy `is_source` are taken as known, like inputs of the module.
    pub(crate) fn evaluation_order(
        &self,
        roots: impl IntoIterator<Item = Bit>,
        is_source: impl Fn(&Cell) -> bool,
    ) -> Option<Vec<&Cell>> {
        let drivers = self.drivers();
        let driver =
            |bit: &Bit| drivers.get(&bit.net()?).copied().filter(|name| !is_source(&self.cells[*name]));
        let sources = |name: &str| -> Vec<&str> {
            self.cells[name].inputs.values().flatten().rev().filter_map(driver).collect()
        };
        let mut order = Vec::new();
        // State of a cell: absent until reached, false while its sources are visited, then true.
        let mut is_done: HashMap<&str, bool> = HashMap::new();
        let roots: Vec<&str> = roots.into_iter().filter_map(|bit| driver(&bit)).collect();
        for root in roots {
            if is_done.contains_key(root) {
                continue;
            }
            is_done.insert(root, false);
            // Depth-first search without recursion: a deep netlist must not overflow the stack.
            let mut path = vec![(root, sources(root))];
            while let Some((name, unvisited)) = path.last_mut() {
                let Some(source) = unvisited.pop() else {
                    is_done.insert(name, true);
                    order.push(&self.cells[*name]);
                    path.pop();
                    continue;
                };
                match is_done.get(source) {
                    Some(true) => {}
                    Some(false) => return None,
                    None => {
                        is_done.insert(source, false);
                        path.push((source, sources(source)));
                    }
                }
            }
        }
        Some(order)
    }
}
