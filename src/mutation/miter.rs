//! A module and one of its mutants side by side with common inputs, for a solver to tell apart.

use super::liveness::Liveness;
use super::mutant::Mutant;
use super::netlist::{Bit, Cell, ModulePort, Netlist, operator};
use crate::catalogue::{Behaviour, Config, Role};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Whether an output differs that means something.
pub(super) const DIFFER: &str = "differ";
/// For each register that both have, and some output depends on, whether it holds the same in both.
pub(super) const ALIKE: &str = "alike";
/// The registers of both that no data has a part in: counters and valid bits.
pub(super) const CONTROL: &str = "control";
/// Whether an input has the one value for which the fault is there.
pub(super) const TRIGGER: &str = "trigger";
/// What the cells of the mutant are called that are not shared, before the names of those of the module.
pub(super) const TWIN: &str = "$twin$";
/// All registers of both.
pub(super) const STATE: &str = "state";

/// Builds the two, which share whatever the fault cannot reach. None when it reaches no output.
pub(super) fn miter(original: &Netlist, mutant: &Mutant, config: &Config) -> Option<Netlist> {
    let faulty = mutant.applied(original);
    let mut both = original.clone();
    both.next = faulty.next;
    let mut twins: HashMap<u32, Bit> = HashMap::new();
    let mut doubled: BTreeMap<&str, &Cell> = BTreeMap::new();
    loop {
        let is_reached = |(name, cell): &(&String, &Cell)| {
            let reaches = |bit: &Bit| bit.net().is_some_and(|net| twins.contains_key(&net));
            let changed = original.cells.get(*name).is_none_or(|own| own.inputs != cell.inputs);
            !doubled.contains_key(name.as_str()) && (changed || cell.inputs.values().flatten().any(reaches))
        };
        let reached: Vec<(&String, &Cell)> = faulty.cells.iter().filter(is_reached).collect();
        if reached.is_empty() {
            break;
        }
        for (name, cell) in reached {
            doubled.insert(name, cell);
            for net in cell.outputs.values().flatten().filter_map(|bit| bit.net()) {
                twins.insert(net, both.fresh(1)[0]);
            }
        }
    }
    let liveness = Liveness::of(original);
    let twin = |bit: &Bit| bit.net().and_then(|net| twins.get(&net)).copied().unwrap_or(*bit);
    let (mut alike, mut state) = (Vec::new(), Vec::new());
    for (name, cell) in &doubled {
        let mut copy = (*cell).clone();
        copy.inputs.values_mut().flatten().for_each(|bit| *bit = twin(bit));
        copy.outputs.values_mut().flatten().for_each(|bit| *bit = twin(bit));
        if cell.is_register() {
            state.extend(copy.output().to_vec());
            if let Some(own) = original.cells.get(*name) {
                let pairs = own.output().iter().zip(copy.output()).filter(|(own, _)| liveness.is_live(**own));
                let pair: (Vec<Bit>, Vec<Bit>) = pairs.map(|(own, other)| (*own, *other)).unzip();
                alike.extend((!pair.0.is_empty()).then_some(pair));
            }
        }
        both.cells.insert(format!("{TWIN}{name}"), copy);
    }
    let registers = original.cells.values().filter(|cell| cell.is_register());
    state.extend(registers.flat_map(|cell| cell.output().iter().copied()));
    // Beside a valid bit of 0 the data of a pipeline mean nothing.
    let ports = config.ports();
    let pipelined = matches!(config.behaviour(), Behaviour::Pipelined { .. });
    let valid = ports.iter().find(|port| pipelined && !port.is_driven() && port.role == Role::Valid);
    let valid = valid.and_then(|port| original.port(port.name)).map(|port| (port.name.clone(), port.bits[0]));
    let mut differences = Vec::new();
    for (own, other) in original.ports.iter().zip(&faulty.ports).filter(|(own, _)| !own.is_input) {
        let other: Vec<Bit> = other.bits.iter().map(twin).collect();
        if own.bits == other {
            continue;
        }
        let mut differs = gate(&mut both, "$ne", &own.bits, &other);
        if let Some((name, bit)) = &valid
            && *name != own.name
        {
            differs = gate(&mut both, "$and", &[differs], &[*bit]);
        }
        differences.push(differs);
    }
    if differences.is_empty() {
        return None;
    }
    let differ = reduced(&mut both, "$or", Bit::Zero, &differences);
    let mut alike: Vec<Bit> = alike.iter().map(|(own, other)| gate(&mut both, "$eq", own, other)).collect();
    let mut control = control(&both);
    // Bits that never change: a module without registers has a state all the same, and what has two bits
    // is a vector to the solver.
    alike.extend([Bit::One; 2]);
    control.extend([Bit::Zero; 2]);
    state.push(Bit::Zero);
    let comparison = mutant.helpers.iter().find(|(_, cell)| cell.kind == "$eq");
    if let Some((_, comparison)) = comparison {
        let bits = comparison.output().iter().map(twin).collect();
        both.ports.push(ModulePort { name: TRIGGER.to_string(), is_input: false, bits });
    }
    for (name, bits) in [(DIFFER, vec![differ]), (ALIKE, alike), (CONTROL, control), (STATE, state)] {
        both.ports.push(ModulePort { name: name.to_string(), is_input: false, bits });
    }
    both.prune();
    Some(both)
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
