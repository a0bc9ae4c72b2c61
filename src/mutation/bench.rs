//! Construction of mutants: a netlist, the names of its nets, and the cells of each fault.

use std::collections::HashMap;

use super::liveness::Liveness;
use super::mutant::{Change, Mutant, Site};
use super::netlist::{Bit, Cell, Netlist, operator};

/// A netlist and the mutants proposed so far.
pub(crate) struct Bench<'a> {
    pub(crate) netlist: &'a Netlist,
    pub(crate) drivers: HashMap<u32, &'a str>,
    pub(crate) mutants: Vec<Mutant>,
    liveness: Liveness,
    /// Wire and index of each net that has a name in the Verilog.
    names: HashMap<u32, (&'a str, usize)>,
    helpers: Vec<Cell>,
    made: usize,
    next: u32,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(netlist: &'a Netlist) -> Self {
        let mut names = HashMap::new();
        for (name, bits) in &netlist.wires {
            for (index, net) in bits.iter().enumerate().filter_map(|(index, bit)| Some((index, bit.net()?))) {
                names.entry(net).or_insert((name.as_str(), index));
            }
        }
        Self {
            netlist,
            drivers: netlist.drivers(),
            mutants: Vec::new(),
            liveness: Liveness::of(netlist),
            names,
            helpers: Vec::new(),
            made: 0,
            next: netlist.next,
        }
    }

    /// Adds an operator to the current fault; returns its output.
    pub(crate) fn operator(
        &mut self,
        kind: &str,
        signed: bool,
        inputs: &[(&str, &[Bit])],
        width: usize,
    ) -> Vec<Bit> {
        let output = self.fresh(width);
        self.helpers.push(operator(kind, signed, inputs, &output));
        output
    }

    /// Lowest net number that neither the netlist nor a fault uses.
    pub(crate) fn next(&self) -> u32 {
        self.next
    }

    /// Fresh nets for the current fault.
    pub(crate) fn fresh(&mut self, width: usize) -> Vec<Bit> {
        let nets = (self.next..).take(width).map(Bit::Net).collect();
        self.next += width as u32;
        nets
    }

    /// Adds a cell to the current fault.
    pub(crate) fn helper(&mut self, cell: Cell) {
        self.helpers.push(cell);
    }

    /// Adds a copy of a cell with another type or inputs to the current fault; returns its output.
    pub(crate) fn copy(&mut self, cell: &Cell, kind: &str, inputs: &[(&str, &[Bit])]) -> Vec<Bit> {
        let output = self.fresh(cell.output().len());
        let mut copy = Cell { kind: kind.to_string(), ..cell.clone() };
        for (port, bits) in inputs {
            copy.inputs.insert(port.to_string(), bits.to_vec());
            copy.parameters.insert(format!("{port}_WIDTH"), format!("{:032b}", bits.len()));
        }
        copy.outputs.values_mut().for_each(|bits| bits.clone_from(&output));
        self.helpers.push(copy);
        output
    }

    /// Proposes a mutant in which a cell reads other bits at one of its inputs.
    pub(crate) fn input(
        &mut self,
        class: &'static str,
        fault: &str,
        cell: (&str, &Cell),
        port: &str,
        bits: Vec<Bit>,
    ) {
        let site = Site::Input { cell: cell.0.to_string(), port: port.to_string() };
        let own = cell.1.input(port).iter().zip(&bits).enumerate();
        let mut changed = own.filter(|(_, (own, wrong))| own != wrong).map(|(index, _)| index);
        let same = !changed.any(|index| self.liveness.is_read(cell.1, port, index));
        self.finish(class, cell.1.line(), fault, same, Change { site, bits });
    }

    /// Proposes a mutant in which all readers of a cell read another result.
    pub(crate) fn output(&mut self, class: &'static str, fault: &str, cell: &Cell, bits: Vec<Bit>) {
        self.nets(class, cell.line(), fault, cell.output().to_vec(), bits);
    }

    /// Proposes a mutant in which all readers of these nets read other bits.
    pub(crate) fn nets(
        &mut self,
        class: &'static str,
        line: &str,
        fault: &str,
        nets: Vec<Bit>,
        bits: Vec<Bit>,
    ) {
        let same = nets.iter().zip(&bits).all(|(&net, &bit)| net == bit || !self.liveness.is_live(net));
        self.finish(class, line, fault, same, Change { site: Site::Nets(nets), bits });
    }

    fn finish(&mut self, class: &'static str, line: &str, fault: &str, same: bool, change: Change) {
        let helpers = std::mem::take(&mut self.helpers);
        if same {
            return;
        }
        self.made += 1;
        let name = |index: usize| format!("$mutant${}${index}", self.made);
        let helpers = helpers.into_iter().enumerate().map(|(index, cell)| (name(index), cell)).collect();
        let (line, fault) = (line.to_string(), fault.to_string());
        self.mutants.push(Mutant { class, line, fault, helpers, changes: vec![change] });
    }

    /// Wire and index of a net that has a name in the Verilog.
    pub(crate) fn wire_bit(&self, bit: Bit) -> Option<(&'a str, usize)> {
        self.names.get(&bit.net()?).copied()
    }

    /// The bits of a named wire.
    pub(crate) fn wire(&self, name: &str) -> &'a [Bit] {
        &self.netlist.wires[name]
    }

    /// Name of a vector for reports: its wire, or the kind of operator that drives it.
    pub(crate) fn name(&self, bits: &[Bit]) -> String {
        let named = bits.iter().find_map(|&bit| self.wire_bit(bit));
        let made = || bits.iter().find_map(|bit| self.drivers.get(&bit.net()?).copied());
        match (named, made()) {
            (Some((wire, _)), _) => wire.to_string(),
            (None, Some(cell)) => {
                format!("the result of {}", self.netlist.cells[cell].kind.trim_start_matches('$'))
            }
            (None, None) => "a constant".to_string(),
        }
    }

    /// Name of a bit for reports: `sum[7]`.
    pub(crate) fn bit(&self, bit: Bit) -> String {
        match (bit, self.wire_bit(bit)) {
            (Bit::Net(_), Some((wire, index))) if self.wire(wire).len() > 1 => format!("{wire}[{index}]"),
            _ => self.name(&[bit]),
        }
    }

    /// The cell that drives a bit.
    pub(crate) fn driver(&self, bit: Bit) -> Option<&'a Cell> {
        self.drivers.get(&bit.net()?).map(|name| &self.netlist.cells[*name])
    }
}
