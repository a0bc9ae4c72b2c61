//! Word-level netlists as Yosys writes and reads them in JSON: adders and multiplexers as they stand
//! in the Verilog, before anything is mapped to gates.

use std::collections::{BTreeMap, HashMap, HashSet};

/// One bit of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Bit {
    Zero,
    One,
    /// Undefined, as after a register without reset.
    Undefined,
    Net(u32),
}

impl Bit {
    pub(crate) fn net(self) -> Option<u32> {
        match self {
            Bit::Net(net) => Some(net),
            _ => None,
        }
    }

    pub(crate) fn is_constant(self) -> bool {
        self.net().is_none()
    }
}

/// An operator or a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Its type, `$add`.
    pub(crate) kind: String,
    /// Numbers in binary, as Yosys writes them.
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) inputs: BTreeMap<String, Vec<Bit>>,
    pub(crate) outputs: BTreeMap<String, Vec<Bit>>,
    /// File and line of the Verilog it came from.
    pub(crate) source: String,
}

impl Cell {
    /// A parameter that is a small number; 0 when there is none of that name.
    pub(crate) fn number(&self, name: &str) -> u32 {
        self.parameters.get(name).and_then(|digits| u32::from_str_radix(digits, 2).ok()).unwrap_or(0)
    }

    /// Whether it takes its operands as signed.
    pub(crate) fn is_signed(&self) -> bool {
        self.number("A_SIGNED") == 1 && (!self.inputs.contains_key("B") || self.number("B_SIGNED") == 1)
    }

    pub(crate) fn is_register(&self) -> bool {
        self.kind.contains("dff") || self.kind.contains("latch")
    }

    /// An input; nothing when it has none of that name.
    pub(crate) fn input(&self, port: &str) -> &[Bit] {
        self.inputs.get(port).map_or(&[], Vec::as_slice)
    }

    /// An operand as wide as the result.
    pub(crate) fn extended(&self, port: &str, signed: bool) -> Vec<Bit> {
        let bits = self.input(port);
        let top = *bits.last().unwrap_or(&Bit::Zero);
        let fill = if signed { top } else { Bit::Zero };
        bits.iter().copied().chain(std::iter::repeat(fill)).take(self.output().len()).collect()
    }

    /// Its output; every operator and register has one.
    pub(crate) fn output(&self) -> &[Bit] {
        self.outputs.values().next().map_or(&[], Vec::as_slice)
    }

    /// The line of the Verilog, `39`; empty if unknown.
    pub(crate) fn line(&self) -> &str {
        let place = self.source.split('|').next().unwrap_or_default();
        place.rsplit(':').next().and_then(|place| place.split('.').next()).unwrap_or_default()
    }
}

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
    /// Vectors that the Verilog names.
    pub(crate) wires: BTreeMap<String, Vec<Bit>>,
    /// The first net that is free.
    pub(crate) next: u32,
}

impl Netlist {
    /// Drops the cells that no output depends on.
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

    /// The cell that drives each net.
    pub(crate) fn drivers(&self) -> HashMap<u32, &str> {
        let nets =
            |cell: &Cell| cell.outputs.values().flatten().filter_map(|bit| bit.net()).collect::<Vec<_>>();
        self.cells
            .iter()
            .flat_map(|(name, cell)| nets(cell).into_iter().map(move |net| (net, name.as_str())))
            .collect()
    }

    /// The port of that name.
    pub(crate) fn port(&self, name: &str) -> Option<&ModulePort> {
        self.ports.iter().find(|port| port.name == name)
    }

    /// Fresh nets.
    pub(crate) fn fresh(&mut self, width: usize) -> Vec<Bit> {
        let first = self.next;
        self.next += width as u32;
        (first..self.next).map(Bit::Net).collect()
    }

    /// Gives every output nets of its own, which nothing inside reads.
    pub(crate) fn detach_outputs(&mut self) {
        for place in 0..self.ports.len() {
            if self.ports[place].is_input {
                continue;
            }
            let own = self.fresh(self.ports[place].bits.len());
            let inside = std::mem::replace(&mut self.ports[place].bits, own.clone());
            let name = format!("$output${}", self.ports[place].name);
            self.cells.insert(name, operator("$pos", false, &[("A", &inside)], &own));
        }
    }

    /// Whether no operator depends on its own output other than through a register.
    pub(crate) fn is_acyclic(&self) -> bool {
        let drivers = self.drivers();
        let mut done: HashSet<&str> = HashSet::new();
        let mut entered: HashSet<&str> = HashSet::new();
        for start in self.cells.keys() {
            let mut stack = vec![(start.as_str(), false)];
            while let Some((name, leaves)) = stack.pop() {
                if leaves {
                    done.insert(name);
                    continue;
                }
                if done.contains(name) || self.cells[name].is_register() {
                    continue;
                }
                if !entered.insert(name) {
                    return false;
                }
                stack.push((name, true));
                let sources = self.cells[name].inputs.values().flatten().filter_map(|bit| bit.net());
                let sources: HashSet<&str> = sources.filter_map(|net| drivers.get(&net).copied()).collect();
                for source in sources.into_iter().filter(|source| !self.cells[*source].is_register()) {
                    if entered.contains(source) && !done.contains(source) {
                        return false;
                    }
                    if !done.contains(source) {
                        stack.push((source, false));
                    }
                }
            }
        }
        true
    }
}

/// An operator with its parameters: widths from its connections, the rest as told.
pub(crate) fn operator(kind: &str, signed: bool, inputs: &[(&str, &[Bit])], output: &[Bit]) -> Cell {
    let number = |value: usize| format!("{value:032b}");
    let mut parameters = BTreeMap::new();
    match kind {
        "$mux" => drop(parameters.insert("WIDTH".to_string(), number(output.len()))),
        "$dff" => {
            parameters.insert("WIDTH".to_string(), number(output.len()));
            parameters.insert("CLK_POLARITY".to_string(), "1".to_string());
        }
        _ => {
            for (name, bits) in inputs {
                parameters.insert(format!("{name}_WIDTH"), number(bits.len()));
                parameters.insert(format!("{name}_SIGNED"), number(signed.into()));
            }
            parameters.insert("Y_WIDTH".to_string(), number(output.len()));
        }
    }
    let name = if kind == "$dff" { "Q" } else { "Y" };
    Cell {
        kind: kind.to_string(),
        parameters,
        inputs: inputs.iter().map(|(name, bits)| (name.to_string(), bits.to_vec())).collect(),
        outputs: [(name.to_string(), output.to_vec())].into(),
        source: String::new(),
    }
}
