//! A module and one of its mutants side by side with common inputs, for a solver to tell apart.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::depth::Depth;
use super::liveness::Liveness;
use super::mutant::Mutant;
use super::netlist::{Bit, Cell, ModulePort, Netlist, operator};
use super::waiting::{Waiting, controls};
use crate::unit::{Behaviour, Config, Role};

/// Whether an output differs that means something.
pub(crate) const DIFFER: &str = "differ";
/// For each register that both have, whether it holds the same in both, as far as outputs of the mutant
/// depend on it.
pub(crate) const ALIKE: &str = "alike";
/// The registers of both that no data has a part in: counters and valid bits.
pub(crate) const CONTROL: &str = "control";
/// The condition of the fault, where it has one.
pub(crate) const TRIGGER: &str = "trigger";
/// What the cells of the mutant are called that are not shared, before the names of those of the module.
pub(crate) const TWIN: &str = "$twin$";
/// The registers of both; of a pair what outputs depend on, but for restless bits.
pub(crate) const STATE: &str = "state";

/// A module and its mutant, to be told apart.
pub(crate) struct Miter<'a> {
    original: &'a Netlist,
    faulty: Netlist,
    config: &'a Config,
    condition: Option<Bit>,
    depth: Depth,
    /// Of the mutant.
    liveness: Liveness,
    /// Of the module.
    own_liveness: Liveness,
    waiting: Waiting,
}

/// The two side by side; they share whatever the fault cannot reach.
pub(crate) struct Pair {
    pub(crate) netlist: Netlist,
    /// The registers that it can reach and both have, in the order of [`ALIKE`].
    pub(crate) registers: Vec<Reached>,
    /// How many registers lie between the inputs and the condition of the fault, if it has one.
    pub(crate) trigger: Option<usize>,
}

/// A register that the fault can reach.
pub(crate) struct Reached {
    pub(crate) name: String,
    /// How many registers lie between the inputs and what it holds, itself among them.
    pub(crate) depth: usize,
}

impl<'a> Miter<'a> {
    pub(crate) fn new(original: &'a Netlist, mutant: &Mutant, config: &'a Config) -> Miter<'a> {
        let faulty = mutant.applied(original);
        let depth = Depth::of(&faulty, &controls(original, config));
        let [own_liveness, liveness] = [original, &faulty].map(Liveness::of);
        let waiting = Waiting::of(original, &faulty, &liveness, config);
        let condition = mutant.condition();
        Miter { original, faulty, config, condition, depth, liveness, own_liveness, waiting }
    }

    /// Whether what the mutant holds stands while it is not enabled, as far as outputs depend on it.
    pub(crate) fn waits(&self) -> bool {
        self.waiting.restless.is_empty()
    }

    /// Whether that stands in a reset too, where it is data ([`Waiting::is_firm`]).
    pub(crate) fn is_firm(&self) -> bool {
        self.waiting.is_firm
    }

    /// Whether registers of the mutant follow from themselves ([`Depth::loops`]).
    pub(crate) fn loops(&self) -> bool {
        self.depth.loops
    }

    /// Whether no output of the mutant depends on inputs of two cycles at a time.
    pub(crate) fn is_of_one_time(&self) -> bool {
        let mut outputs = self.faulty.ports.iter().filter(|port| !port.is_input);
        outputs.all(|port| self.depth.is_of_one_time(&port.bits))
    }

    /// The two side by side, with one in the place of two registers of each of these names. None when the
    /// fault reaches no output.
    pub(crate) fn pair(&self, joined: &HashSet<String>) -> Option<Pair> {
        let Miter { original, faulty, config, depth, liveness, own_liveness, waiting, .. } = self;
        let mut both = Both::new(original, faulty, |name, _| !joined.contains(name));
        both.set_free(&waiting.restless);
        let differences = both.differences(original, faulty, config);
        if differences.is_empty() {
            return None;
        }
        let (mut registers, mut alike, mut state) = (Vec::new(), Vec::new(), Vec::new());
        for (name, cell) in both.doubled.iter().filter(|(_, cell)| cell.is_register()) {
            let live: Vec<Bit> = cell.output().iter().copied().filter(|bit| liveness.is_live(*bit)).collect();
            if original.cells.contains_key(*name) {
                let pair: (Vec<Bit>, Vec<Bit>) = live.iter().map(|bit| (*bit, both.twin(bit))).unzip();
                if !pair.0.is_empty() {
                    let depth = depth.of_bits(&pair.0);
                    registers.push(Reached { name: name.to_string(), depth });
                    alike.push(pair);
                }
            }
            let stands = live.iter().filter(|bit| !waiting.restless.contains(bit));
            state.extend(stands.map(|bit| both.twin(bit)));
        }
        let own = original.cells.values().filter(|cell| cell.is_register()).flat_map(Cell::output);
        state.extend(own.filter(|bit| own_liveness.is_live(**bit) || liveness.is_live(**bit)));
        let netlist = &mut both.netlist;
        let differ = reduced(netlist, "$or", Bit::Zero, &differences);
        let mut alike: Vec<Bit> = alike.iter().map(|(own, other)| gate(netlist, "$eq", own, other)).collect();
        let mut control = control(netlist);
        // Bits that never change: a module without registers has a state all the same, and what has two bits
        // is a vector to the solver.
        alike.extend([Bit::One; 2]);
        control.extend([Bit::Zero; 2]);
        state.extend([Bit::Zero; 2]);
        if let Some(condition) = self.condition {
            both.add_output(TRIGGER, vec![both.twin(&condition)]);
        }
        for (name, bits) in [(DIFFER, vec![differ]), (ALIKE, alike), (CONTROL, control), (STATE, state)] {
            both.add_output(name, bits);
        }
        both.netlist.prune();
        let trigger = self.condition.map(|condition| depth.of_bits(&[condition]));
        Some(Pair { netlist: both.netlist, registers, trigger })
    }

    /// The module, and of its mutant what the fault reaches before a register, both in the same state; a
    /// register that takes in something else counts as an output that differs.
    pub(crate) fn step(&self) -> Netlist {
        let Miter { original, faulty, config, liveness, waiting, .. } = self;
        // A register that only the mutant has may hold anything.
        let is_shared = |name: &str, cell: &Cell| cell.is_register() && original.cells.contains_key(name);
        let mut both = Both::new(original, faulty, |name, cell| !is_shared(name, cell));
        both.set_free(&waiting.restless);
        let mut differences = both.differences(original, faulty, config);
        for (name, cell) in faulty.cells.iter().filter(|(name, cell)| is_shared(name, cell)) {
            let own = &original.cells[name];
            for (port, bits) in &own.inputs {
                // What a dead bit of a register of the mutant takes in shows nowhere.
                let pairs = bits.iter().zip(&cell.inputs[port]).enumerate();
                let pairs = pairs.filter(|(place, _)| port != "D" || liveness.is_live(cell.output()[*place]));
                let pairs = pairs.map(|(_, (own, other))| (*own, both.twin(other)));
                let (own, other): (Vec<Bit>, Vec<Bit>) = pairs.filter(|(own, other)| own != other).unzip();
                if !own.is_empty() {
                    differences.push(gate(&mut both.netlist, "$ne", &own, &other));
                }
            }
        }
        let differ = reduced(&mut both.netlist, "$or", Bit::Zero, &differences);
        let registers = both.netlist.cells.values().filter(|cell| cell.is_register());
        let state = registers.flat_map(Cell::output).copied().chain([Bit::Zero; 2]).collect();
        both.add_output(DIFFER, vec![differ]);
        both.add_output(STATE, state);
        both.netlist.prune();
        both.netlist
    }
}

/// Both netlists in one.
struct Both<'a> {
    netlist: Netlist,
    /// What stands for a net of the module in the mutant.
    twins: HashMap<u32, Bit>,
    /// The mutant's cells that are not shared.
    doubled: BTreeMap<&'a str, &'a Cell>,
}

impl<'a> Both<'a> {
    /// The fault goes through the cells that `pass`.
    fn new(original: &Netlist, faulty: &'a Netlist, pass: impl Fn(&str, &Cell) -> bool) -> Both<'a> {
        let netlist = Netlist { next: faulty.next, ..original.clone() };
        let mut both = Both { netlist, twins: HashMap::new(), doubled: BTreeMap::new() };
        loop {
            let is_reached = |(name, cell): &(&String, &Cell)| {
                let changed = original.cells.get(*name).is_none_or(|own| own.inputs != cell.inputs);
                !both.doubled.contains_key(name.as_str())
                    && pass(name, cell)
                    && (changed || cell.inputs.values().flatten().any(|bit| both.twin(bit) != *bit))
            };
            let reached: Vec<(&String, &Cell)> = faulty.cells.iter().filter(is_reached).collect();
            if reached.is_empty() {
                break;
            }
            for (name, cell) in reached {
                both.doubled.insert(name, cell);
                for net in cell.outputs.values().flatten().filter_map(|bit| bit.net()) {
                    both.twins.insert(net, both.netlist.fresh(1)[0]);
                }
            }
        }
        for (name, cell) in &both.doubled {
            let mut copy = (*cell).clone();
            let bits = copy.inputs.values_mut().chain(copy.outputs.values_mut()).flatten();
            bits.for_each(|bit| *bit = both.twin(bit));
            both.netlist.cells.insert(format!("{TWIN}{name}"), copy);
        }
        both
    }

    /// Lets bits of the mutant's own registers be anything in any cycle.
    fn set_free(&mut self, bits: &HashSet<Bit>) {
        let mut free = Vec::new();
        for (name, cell) in &self.doubled {
            for bit in cell.output().iter().filter(|bit| bits.contains(bit)) {
                let (twin, unread) = (self.twin(bit), self.netlist.fresh(1)[0]);
                let copy = self.netlist.cells.get_mut(&format!("{TWIN}{name}")).expect("the copy of a cell");
                copy.outputs.values_mut().flatten().filter(|bit| **bit == twin).for_each(|bit| *bit = unread);
                free.push(twin);
            }
        }
        if !free.is_empty() {
            self.netlist.ports.push(ModulePort { name: "restless".to_string(), is_input: true, bits: free });
        }
    }

    fn twin(&self, bit: &Bit) -> Bit {
        bit.net().and_then(|net| self.twins.get(&net)).copied().unwrap_or(*bit)
    }

    /// For each output that may differ, whether it does; beside a valid bit of 0 the data of a pipeline
    /// mean nothing.
    fn differences(&mut self, original: &Netlist, faulty: &Netlist, config: &Config) -> Vec<Bit> {
        let ports = config.ports();
        let pipelined = matches!(config.behaviour(), Behaviour::Pipelined { .. });
        let valid = ports.iter().find(|port| pipelined && !port.is_driven() && port.role == Role::Valid);
        let valid = valid.and_then(|port| original.port(port.name));
        let mut differences = Vec::new();
        for (own, other) in original.ports.iter().zip(&faulty.ports).filter(|(own, _)| !own.is_input) {
            let other: Vec<Bit> = other.bits.iter().map(|bit| self.twin(bit)).collect();
            if own.bits == other {
                continue;
            }
            let mut differs = gate(&mut self.netlist, "$ne", &own.bits, &other);
            if let Some(valid) = valid
                && valid.name != own.name
            {
                differs = gate(&mut self.netlist, "$and", &[differs], &valid.bits[..1]);
            }
            differences.push(differs);
        }
        differences
    }

    fn add_output(&mut self, name: &str, bits: Vec<Bit>) {
        self.netlist.ports.push(ModulePort { name: name.to_string(), is_input: false, bits });
    }
}

/// The registers that follow from inputs of one bit and from each other.
fn control(netlist: &Netlist) -> Vec<Bit> {
    let inputs = netlist.ports.iter().filter(|port| port.is_input && port.bits.len() > 1);
    let mut data: HashSet<Bit> = inputs.flat_map(|port| port.bits.iter().copied()).collect();
    loop {
        let before = data.len();
        for cell in netlist.cells.values() {
            if cell.inputs.values().flatten().any(|bit| data.contains(bit)) {
                data.extend(cell.outputs.values().flatten());
            }
        }
        if data.len() == before {
            break;
        }
    }
    let registers = netlist.cells.values().filter(|cell| cell.is_register());
    registers.flat_map(|cell| cell.output()).copied().filter(|bit| !data.contains(bit)).collect()
}

fn gate(netlist: &mut Netlist, kind: &str, a: &[Bit], b: &[Bit]) -> Bit {
    let output = netlist.fresh(1);
    let name = format!("$miter${}", netlist.next);
    netlist.cells.insert(name, operator(kind, false, &[("A", a), ("B", b)], &output));
    output[0]
}

fn reduced(netlist: &mut Netlist, kind: &str, none: Bit, bits: &[Bit]) -> Bit {
    bits.iter().copied().reduce(|sum, bit| gate(netlist, kind, &[sum], &[bit])).unwrap_or(none)
}
