//! Bits of registers that a fault moves while the unit waits.

use super::liveness::Liveness;
use super::netlist::{Bit, Cell, Netlist};
use crate::catalogue::{Behaviour, Config, Role};
use std::collections::HashSet;

/// The bits that the outputs of a mutant depend on, that stand while the module is not enabled, and that do
/// not in the mutant: nothing is known of them after a pause of unknown length. None in a unit with history
/// or without an enable.
pub(super) fn restless(
    original: &Netlist,
    faulty: &Netlist,
    liveness: &Liveness,
    config: &Config,
) -> HashSet<Bit> {
    let ports = config.ports();
    let has_role = |role| ports.iter().any(|port| port.is_driven() && port.role == role);
    if matches!(config.behaviour(), Behaviour::Sequential { .. }) || !has_role(Role::Enable) {
        return HashSet::new();
    }
    let controls = ports.iter().filter(|port| matches!(port.role, Role::Enable | Role::Reset));
    let controls: Vec<Bit> =
        controls.filter_map(|port| original.port(port.name)).flat_map(|port| port.bits.clone()).collect();
    let [own, other] = [original, faulty].map(|netlist| standing(netlist, &controls));
    let registers = faulty.cells.iter().filter(|(_, cell)| cell.is_register());
    let moves = |name: &str, bit: &Bit| {
        liveness.is_live(*bit)
            && !other.contains(bit)
            && (own.contains(bit) || !original.cells.contains_key(name))
    };
    registers.flat_map(|(name, cell)| cell.output().iter().copied().filter(|bit| moves(name, bit))).collect()
}

/// The bits of registers that keep what they have while all controls are 0.
fn standing(netlist: &Netlist, controls: &[Bit]) -> HashSet<Bit> {
    let drivers = netlist.drivers();
    let driver = |bit: Bit| bit.net().and_then(|net| drivers.get(&net)).map(|name| &netlist.cells[*name]);
    let chosen = |bit: Bit| {
        let is_choice = |cell: &&Cell| {
            cell.kind == "$mux" && cell.input("S").iter().all(|select| controls.contains(select))
        };
        let cell = driver(bit).filter(is_choice)?;
        let place = cell.output().iter().position(|output| *output == bit)?;
        cell.input("A").get(place).copied()
    };
    let registers = netlist.cells.values().filter(|cell| cell.is_register());
    let bits = registers.flat_map(|cell| cell.output().iter().zip(cell.input("D")));
    bits.filter(|(own, taken)| {
        std::iter::successors(Some(**taken), |bit| chosen(*bit)).any(|bit| bit == **own)
    })
    .map(|(own, _)| *own)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::netlist::{ModulePort, operator};
    use super::*;
    use crate::catalogue;
    use std::collections::BTreeMap;

    #[test]
    fn a_bit_that_turns_over_in_a_pause_is_restless_and_one_that_nobody_reads_is_not() {
        // q <= en ? d : q, in two bits.
        let [clk, en] = [0, 1].map(Bit::Net);
        let [data, held, taken] = [2, 4, 6].map(|first| [first, first + 1].map(Bit::Net));
        let cells = [
            ("choice", operator("$mux", false, &[("A", &held), ("B", &data), ("S", &[en])], &taken)),
            ("q", operator("$dff", false, &[("CLK", &[clk]), ("D", &taken)], &held)),
        ];
        let port = |name: &str, bits: &[Bit], is_input| ModulePort {
            name: name.to_string(),
            is_input,
            bits: bits.to_vec(),
        };
        let original = Netlist {
            name: "u".to_string(),
            ports: vec![
                port("clk", &[clk], true),
                port("en", &[en], true),
                port("x", &data, true),
                port("q", &held, false),
            ],
            cells: cells.map(|(name, cell)| (name.to_string(), cell)).into(),
            wires: BTreeMap::new(),
            next: 8,
        };
        let config = catalogue::preset("quantizer_int8").expect("a preset");
        let of = |faulty: &Netlist| restless(&original, faulty, &Liveness::of(faulty), &config);
        assert_eq!(of(&original), HashSet::new());

        let mut upside_down = original.clone();
        upside_down
            .cells
            .insert("not".to_string(), operator("$not", false, &[("A", &taken[..1])], &[Bit::Net(8)]));
        let register = upside_down.cells.get_mut("q").expect("the register");
        register.inputs.insert("D".to_string(), vec![Bit::Net(8), taken[1]]);
        assert_eq!(of(&upside_down), HashSet::from([held[0]]));

        let mut stuck = original.clone();
        let seen = vec![Bit::Zero, held[1]];
        stuck.ports[3].bits = seen.clone();
        stuck.cells.get_mut("choice").expect("the choice").inputs.insert("A".to_string(), seen);
        assert_eq!(of(&stuck), HashSet::new());
    }
}
