//! A module and one of its mutants with shared inputs, as one netlist for the solver.

use std::collections::{BTreeMap, HashMap};

use super::liveness::Liveness;
use super::mutant::Mutant;
use super::netlist::{Bit, Cell, ModulePort, Netlist, operator};
use crate::unit::{Behaviour, Config, Role};

/// Output that is 1 while a significant output or a compared register differs.
pub(crate) const DIFFER: &str = "differ";
/// Output with one bit per pair of corresponding register bits: whether they are equal.
pub(crate) const EQUAL: &str = "equal";
/// Output with the register bits of both machines that an output depends on.
pub(crate) const STATE: &str = "state";
/// Prefix of the cells that only the mutant has, before the name that the module uses.
const TWIN: &str = "$twin$";

/// A module and its mutant.
pub(crate) struct Miter<'a> {
    pub(crate) config: &'a Config,
    original: &'a Netlist,
    mutant: Netlist,
    /// Liveness in the module.
    original_liveness: Liveness,
    /// Liveness in the mutant.
    mutant_liveness: Liveness,
}

impl<'a> Miter<'a> {
    pub(crate) fn new(original: &'a Netlist, mutant: &Mutant, config: &'a Config) -> Self {
        let mutant = mutant.applied(original);
        let [original_liveness, mutant_liveness] = [original, &mutant].map(Liveness::of);
        Self { config, original, mutant, original_liveness, mutant_liveness }
    }

    /// The combinational miter: both machines read the same state, and [`DIFFER`] is 1 if a significant
    /// output or the next value of a register differs. A register that only the mutant has is free.
    pub(crate) fn combinational(&self) -> Netlist {
        let is_shared =
            |name: &str, cell: &Cell| cell.is_register() && self.original.cells.contains_key(name);
        let mut both = SideBySide::new(self, |name, cell| !is_shared(name, cell));
        let mut differences = both.output_differences(self);
        for (name, cell) in self.mutant.cells.iter().filter(|(name, cell)| is_shared(name, cell)) {
            for (port, bits) in &self.original.cells[name].inputs {
                let pairs = bits.iter().zip(&cell.inputs[port]).enumerate();
                let is_compared =
                    |index: usize| port != "D" || self.mutant_liveness.is_live(cell.output()[index]);
                let (own, other): (Vec<Bit>, Vec<Bit>) = pairs
                    .filter(|(index, _)| is_compared(*index))
                    .map(|(_, (own, other))| (*own, both.twin(other)))
                    .filter(|(own, other)| own != other)
                    .unzip();
                if !own.is_empty() {
                    differences.push(both.gate("$ne", &own, &other));
                }
            }
        }
        both.finish(&differences, &[], &[])
    }

    /// The product machine: each machine has its own copy of every register that the fault reaches.
    pub(crate) fn product_machine(&self) -> Netlist {
        let mut both = SideBySide::new(self, |_, _| true);
        let differences = both.output_differences(self);
        let (mut own, mut other, mut state) = (Vec::new(), Vec::new(), Vec::new());
        for (name, cell) in both.copied.iter().filter(|(_, cell)| cell.is_register()) {
            let live = cell.output().iter().filter(|bit| self.mutant_liveness.is_live(**bit));
            let pairs: Vec<(Bit, Bit)> = live.map(|bit| (*bit, both.twin(bit))).collect();
            state.extend(pairs.iter().map(|(_, twin)| *twin));
            if self.original.cells.contains_key(*name) {
                own.extend(pairs.iter().map(|(bit, _)| *bit));
                other.extend(pairs.iter().map(|(_, twin)| *twin));
            }
        }
        let registers = self.original.cells.values().filter(|cell| cell.is_register()).flat_map(Cell::output);
        let is_live = |bit: Bit| self.original_liveness.is_live(bit) || self.mutant_liveness.is_live(bit);
        state.extend(registers.filter(|bit| is_live(**bit)));
        let equal = both.bitwise_equal(&own, &other);
        both.finish(&differences, &equal, &state)
    }
}

/// Both machines in one netlist; they share every cell that the fault does not reach.
struct SideBySide<'a> {
    netlist: Netlist,
    /// The mutant's net for a net of the module.
    twins: HashMap<u32, Bit>,
    /// The mutant's cells that have a copy of their own.
    copied: BTreeMap<&'a str, &'a Cell>,
}

impl<'a> SideBySide<'a> {
    /// Follows the fault forward through the cells that `passes` admits.
    fn new(miter: &'a Miter, passes: impl Fn(&str, &Cell) -> bool) -> Self {
        let Miter { original, mutant, .. } = miter;
        let netlist = Netlist { next: mutant.next, ..(*original).clone() };
        let mut both = Self { netlist, twins: HashMap::new(), copied: BTreeMap::new() };
        loop {
            let is_reached = |(name, cell): &(&String, &Cell)| {
                let is_changed = original.cells.get(*name).is_none_or(|own| own.inputs != cell.inputs);
                !both.copied.contains_key(name.as_str())
                    && passes(name, cell)
                    && (is_changed || cell.inputs.values().flatten().any(|bit| both.twin(bit) != *bit))
            };
            let reached: Vec<(&String, &Cell)> = mutant.cells.iter().filter(is_reached).collect();
            if reached.is_empty() {
                break;
            }
            for (name, cell) in reached {
                both.copied.insert(name, cell);
                for net in cell.outputs.values().flatten().filter_map(|bit| bit.net()) {
                    both.twins.insert(net, both.netlist.fresh(1)[0]);
                }
            }
        }
        for (name, cell) in &both.copied {
            let mut copy = (*cell).clone();
            let bits = copy.inputs.values_mut().chain(copy.outputs.values_mut()).flatten();
            bits.for_each(|bit| *bit = both.twin(bit));
            both.netlist.cells.insert(format!("{TWIN}{name}"), copy);
        }
        both
    }

    /// The mutant's bit for a bit of the module.
    fn twin(&self, bit: &Bit) -> Bit {
        bit.net().and_then(|net| self.twins.get(&net)).copied().unwrap_or(*bit)
    }

    /// One bit per output that may differ; the data outputs of a pipeline are compared only while valid is 1.
    fn output_differences(&mut self, miter: &Miter) -> Vec<Bit> {
        let ports = miter.config.ports();
        let is_pipelined = matches!(miter.config.behaviour(), Behaviour::Pipelined { .. });
        let valid = ports.iter().find(|port| is_pipelined && !port.is_driven() && port.role == Role::Valid);
        let valid = valid.and_then(|port| miter.original.port(port.name));
        let mut differences = Vec::new();
        let outputs = miter.original.ports.iter().zip(&miter.mutant.ports).filter(|(own, _)| !own.is_input);
        for (own, other) in outputs {
            let other: Vec<Bit> = other.bits.iter().map(|bit| self.twin(bit)).collect();
            if own.bits == other {
                continue;
            }
            let mut differs = self.gate("$ne", &own.bits, &other);
            if let Some(valid) = valid.filter(|valid| valid.name != own.name) {
                differs = self.gate("$and", &[differs], &valid.bits[..1]);
            }
            differences.push(differs);
        }
        differences
    }

    /// Adds the outputs of a miter and removes the cells that none of them depends on.
    fn finish(mut self, differences: &[Bit], equal: &[Bit], state: &[Bit]) -> Netlist {
        let differ = differences.iter().copied().reduce(|sum, bit| self.gate("$or", &[sum], &[bit]));
        // Two constant bits keep the outputs vectors: the solver would treat a single bit as a Boolean.
        let equal = [equal, &[Bit::One; 2]].concat();
        let state = [state, &[Bit::Zero; 2]].concat();
        let outputs = [(DIFFER, vec![differ.unwrap_or(Bit::Zero)]), (EQUAL, equal), (STATE, state)];
        for (name, bits) in outputs {
            self.netlist.ports.push(ModulePort { name: name.to_string(), is_input: false, bits });
        }
        self.netlist.prune();
        self.netlist
    }

    fn bitwise_equal(&mut self, own: &[Bit], other: &[Bit]) -> Vec<Bit> {
        if own.is_empty() {
            return Vec::new();
        }
        let output = self.netlist.fresh(own.len());
        self.insert("$xnor", own, other, &output);
        output
    }

    fn gate(&mut self, kind: &str, a: &[Bit], b: &[Bit]) -> Bit {
        let output = self.netlist.fresh(1);
        self.insert(kind, a, b, &output);
        output[0]
    }

    fn insert(&mut self, kind: &str, a: &[Bit], b: &[Bit], output: &[Bit]) {
        let name = format!("$miter${}", self.netlist.next);
        self.netlist.cells.insert(name, operator(kind, false, &[("A", a), ("B", b)], output));
    }
}
