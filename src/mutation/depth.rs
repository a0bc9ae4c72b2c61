//! How many registers lie between the inputs of a pipeline and a bit.

use std::collections::{HashMap, HashSet};

use super::liveness::reach;
use super::netlist::{Bit, Cell, Netlist};

/// The most and the fewest registers on any path to a net; a register that keeps what it has is none on its
/// own path.
pub(crate) struct Depth {
    nets: HashMap<u32, usize>,
    /// From inputs other than those that make a unit go on; none where only constants lead to it.
    fewest: HashMap<u32, Option<usize>>,
    /// Whether some register follows from itself through another, or through more than a choice to wait:
    /// then the numbers mean nothing.
    pub(crate) loops: bool,
}

impl Depth {
    /// Follows every net back to the inputs, of which some make the unit go on.
    pub(crate) fn of(netlist: &Netlist, controls: &[Bit]) -> Depth {
        let drivers = netlist.drivers();
        let driver = |net: u32| drivers.get(&net).map(|name| &netlist.cells[*name]);
        let mut depth = Depth { nets: HashMap::new(), fewest: HashMap::new(), loops: false };
        depth.fewest.extend(controls.iter().filter_map(|bit| bit.net()).map(|net| (net, None)));
        let mut entered: HashSet<u32> = HashSet::new();
        let mut open: Vec<(u32, bool)> = drivers.keys().map(|net| (*net, false)).collect();
        while let Some((net, leaves)) = open.pop() {
            let Some(cell) = driver(net) else { continue };
            if !leaves && !entered.insert(net) {
                depth.loops |= !depth.nets.contains_key(&net);
                continue;
            }
            let sources = match cell.is_register() {
                true => next(cell, net, driver),
                false => operands(cell, net),
            };
            if leaves {
                let own = usize::from(cell.is_register());
                let shallowest = sources.iter().filter_map(|source| depth.fewest_of_net(*source)).min();
                depth.fewest.insert(net, shallowest.map(|fewest| fewest + own));
                let deepest = sources.into_iter().map(|source| depth.of_net(source)).max().unwrap_or(0);
                depth.nets.insert(net, deepest + own);
            } else {
                open.push((net, true));
                open.extend(sources.into_iter().map(|source| (source, false)));
            }
        }
        depth
    }

    /// That of the deepest of some bits; 0 for inputs and constants.
    pub(crate) fn of_bits(&self, bits: &[Bit]) -> usize {
        bits.iter().filter_map(|bit| bit.net()).map(|net| self.of_net(net)).max().unwrap_or(0)
    }

    /// Whether all that comes to these bits at a time came in at one time.
    pub(crate) fn is_of_one_time(&self, bits: &[Bit]) -> bool {
        let fewest = bits.iter().filter_map(|bit| bit.net()).filter_map(|net| self.fewest_of_net(net)).min();
        !self.loops && fewest.is_none_or(|fewest| fewest == self.of_bits(bits))
    }

    fn fewest_of_net(&self, net: u32) -> Option<usize> {
        self.fewest.get(&net).copied().unwrap_or(Some(0))
    }

    fn of_net(&self, net: u32) -> usize {
        self.nets.get(&net).copied().unwrap_or(0)
    }
}

/// The nets that one of an operator's own follows from.
fn operands(cell: &Cell, net: u32) -> Vec<u32> {
    let place = cell.output().iter().position(|bit| *bit == Bit::Net(net)).unwrap_or(0);
    let inputs = cell.inputs.iter();
    let bits = inputs.flat_map(|(port, bits)| reach(cell, port, place).filter_map(|from| bits.get(from)));
    bits.filter_map(|bit| bit.net()).collect()
}

/// The nets that a register takes in when it does not keep what it has: multiplexers before it choose.
fn next<'a>(register: &Cell, net: u32, driver: impl Fn(u32) -> Option<&'a Cell>) -> Vec<u32> {
    let place = register.output().iter().position(|bit| *bit == Bit::Net(net)).unwrap_or(0);
    let mut open: Vec<u32> = register.input("D").get(place).and_then(|bit| bit.net()).into_iter().collect();
    let mut seen = HashSet::from([net]);
    let mut sources = Vec::new();
    while let Some(source) = open.pop() {
        match driver(source) {
            _ if !seen.insert(source) => {}
            Some(cell) if cell.kind == "$mux" => open.extend(operands(cell, source)),
            _ => sources.push(source),
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::mutation::netlist::{ModulePort, operator};

    #[test]
    fn a_register_that_waits_is_counted_once_and_every_bit_of_a_line_by_itself() {
        // q <= en ? {q[1:0], a ^ b} : q, then a comparison of q with b.
        let nets = |nets: [u32; 3]| nets.map(Bit::Net).to_vec();
        let [clk, en, a, b, xor, equal] = [0, 1, 2, 3, 4, 5].map(Bit::Net);
        let (line, next) = (nets([6, 7, 8]), nets([9, 10, 11]));
        let taken = [xor, line[0], line[1]];
        let cells = [
            ("xor", operator("$xor", false, &[("A", &[a]), ("B", &[b])], &[xor])),
            ("mux", operator("$mux", false, &[("A", &line), ("B", &taken), ("S", &[en])], &next)),
            ("line", operator("$dff", false, &[("CLK", &[clk]), ("D", &next)], &line)),
            ("equal", operator("$eq", false, &[("A", &line), ("B", &[b])], &[equal])),
        ];
        let port = |(name, bit, is_input)| ModulePort { name: String::from(name), is_input, bits: vec![bit] };
        let ports =
            [("clk", clk, true), ("en", en, true), ("a", a, true), ("b", b, true), ("y", equal, false)];
        let mut netlist = Netlist {
            name: "u".to_string(),
            ports: ports.map(port).to_vec(),
            cells: cells.map(|(name, cell)| (name.to_string(), cell)).into(),
            wires: BTreeMap::new(),
            next: 12,
        };
        let depth = Depth::of(&netlist, &[clk, en]);
        assert_eq!(
            [&[a][..], &[xor], &line[..1], &line[1..2], &line, &[equal]].map(|bits| depth.of_bits(bits)),
            [0, 0, 1, 2, 3, 3]
        );
        assert!(!depth.loops);
        // What is compared came in at one time only if b does not take part, nor another bit of the line.
        assert!(depth.is_of_one_time(&line[1..2]) && depth.is_of_one_time(&[Bit::One]));
        assert!(!depth.is_of_one_time(&line) && !depth.is_of_one_time(&[equal]));
        // What the comparison says enters the line that it compares.
        let fed_back = [equal, line[0], line[1]];
        let register = netlist.cells.get_mut("line").expect("the line");
        register.inputs.insert("D".to_string(), fed_back.to_vec());
        assert!(Depth::of(&netlist, &[clk, en]).loops);
    }
}
