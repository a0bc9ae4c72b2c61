//! Bits of registers that a fault moves while the unit waits.

use std::collections::{HashMap, HashSet};

use super::liveness::Liveness;
use super::netlist::{Bit, Cell, Netlist};
use crate::unit::{Behaviour, Config, Role};

/// What a mutant moves while the module stands, as far as outputs depend on it.
pub(crate) struct Waiting {
    /// Bits that move while the unit is not enabled: nothing is known of them after a pause of unknown length.
    pub(crate) restless: HashSet<Bit>,
    /// Whether none moves in a reset while it is not enabled, which would count as a pause otherwise.
    pub(crate) is_firm: bool,
}

impl Waiting {
    /// Compares a module with its mutant, of which some bits are live; a unit with history or without an
    /// enable does not stand.
    pub(crate) fn of(original: &Netlist, faulty: &Netlist, liveness: &Liveness, config: &Config) -> Waiting {
        let enable = inputs(original, config, &[Role::Enable]);
        if matches!(config.behaviour(), Behaviour::Sequential { .. }) || enable.is_empty() {
            return Waiting { restless: HashSet::new(), is_firm: true };
        }
        let moving = |controls: &[Bit]| -> HashSet<Bit> {
            let [own, other] = [original, faulty].map(|netlist| standing(netlist, controls));
            let registers = faulty.cells.iter().filter(|(_, cell)| cell.is_register());
            let live = registers.flat_map(|(name, cell)| cell.output().iter().map(move |bit| (name, *bit)));
            live.filter(|(_, bit)| liveness.is_live(*bit) && !other.contains(bit))
                .filter(|(name, bit)| own.contains(bit) || !original.cells.contains_key(*name))
                .map(|(_, bit)| bit)
                .collect()
        };
        let both = inputs(original, config, &[Role::Enable, Role::Reset]);
        Waiting { restless: moving(&both), is_firm: moving(&enable).is_empty() }
    }
}

/// The inputs that say whether a unit goes on.
pub(crate) fn controls(netlist: &Netlist, config: &Config) -> Vec<Bit> {
    inputs(netlist, config, &[Role::Clock, Role::Enable, Role::Reset])
}

fn inputs(netlist: &Netlist, config: &Config, roles: &[Role]) -> Vec<Bit> {
    let ports = config.ports();
    let ports = ports.iter().filter(|port| port.is_driven() && roles.contains(&port.role));
    ports.filter_map(|port| netlist.port(port.name)).flat_map(|port| port.bits.clone()).collect()
}

/// The bits of registers that keep what they have while all controls are 0, whatever else is.
fn standing(netlist: &Netlist, controls: &[Bit]) -> HashSet<Bit> {
    let pause = Pause { netlist, drivers: netlist.drivers(), controls };
    let registers = netlist.cells.values().filter(|cell| cell.is_register());
    let bits = registers.flat_map(|cell| cell.output().iter().zip(cell.input("D")));
    bits.filter(|(own, taken)| {
        std::iter::successors(Some(**taken), |bit| pause.source(*bit)).any(|bit| bit == **own)
    })
    .map(|(own, _)| *own)
    .collect()
}

/// How far conditions are followed for a value that does not depend on data: that of a fault is shallow.
const FOLLOWED: u32 = 4;

/// A netlist while its controls are 0.
struct Pause<'a> {
    netlist: &'a Netlist,
    drivers: HashMap<u32, &'a str>,
    controls: &'a [Bit],
}

impl Pause<'_> {
    /// The bit that this one equals, if an operator only passes it on.
    fn source(&self, bit: Bit) -> Option<Bit> {
        let (cell, place) = self.driver(bit)?;
        let input = |port: &str| cell.input(port).get(place).copied();
        let taken = match cell.kind.as_str() {
            "$mux" => match self.value(*cell.input("S").first()?, FOLLOWED)? {
                false => "A",
                true => "B",
            },
            "$xor" | "$or" | "$and" => {
                let neutral = Some(cell.kind == "$and");
                let is_neutral =
                    |port: &&str| input(port).and_then(|bit| self.value(bit, FOLLOWED)) == neutral;
                let spent = ["A", "B"].into_iter().find(is_neutral)?;
                if spent == "A" { "B" } else { "A" }
            }
            _ => return None,
        };
        input(taken)
    }

    /// The value of a bit, if it does not depend on data.
    fn value(&self, bit: Bit, followed: u32) -> Option<bool> {
        match bit {
            Bit::Zero => return Some(false),
            Bit::One => return Some(true),
            _ if self.controls.contains(&bit) => return Some(false),
            _ => {}
        }
        let followed = followed.checked_sub(1)?;
        let (cell, place) = self.driver(bit)?;
        let input = |port| cell.input(port).get(place).and_then(|bit| self.value(*bit, followed));
        match cell.kind.as_str() {
            "$not" => input("A").map(|value| !value),
            "$and" if input("A") == Some(false) || input("B") == Some(false) => Some(false),
            "$or" if input("A") == Some(true) || input("B") == Some(true) => Some(true),
            _ => None,
        }
    }

    fn driver(&self, bit: Bit) -> Option<(&Cell, usize)> {
        let cell = &self.netlist.cells[*self.drivers.get(&bit.net()?)?];
        Some((cell, cell.output().iter().position(|output| *output == bit)?))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalogue;
    use crate::mutation::netlist::{ModulePort, operator};

    #[test]
    fn a_bit_that_moves_in_a_pause_is_restless_and_one_that_nobody_reads_is_not() {
        // q <= en ? d : q, in two bits.
        let [clk, en, rst] = [0, 1, 10].map(Bit::Net);
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
                port("rst", &[rst], true),
                port("x", &data, true),
                port("q", &held, false),
            ],
            cells: cells.map(|(name, cell)| (name.to_string(), cell)).into(),
            wires: BTreeMap::new(),
            next: 11,
        };
        let config = catalogue::preset("quantizer_int8").expect("a preset");
        let of = |faulty: &Netlist| {
            let waiting = Waiting::of(&original, faulty, &Liveness::of(faulty), &config);
            (waiting.restless, waiting.is_firm)
        };
        assert_eq!(of(&original), (HashSet::new(), true));

        let mut upside_down = original.clone();
        upside_down
            .cells
            .insert("not".to_string(), operator("$not", false, &[("A", &taken[..1])], &[Bit::Net(8)]));
        let register = upside_down.cells.get_mut("q").expect("the register");
        register.inputs.insert("D".to_string(), vec![Bit::Net(8), taken[1]]);
        assert_eq!(of(&upside_down), (HashSet::from([held[0]]), false));

        // Upside down while the reset is 1, but not at rest.
        let (condition, inverted) = (Bit::Net(9), Bit::Net(8));
        let mut in_reset = original.clone();
        let both = operator("$and", false, &[("A", &[data[0]]), ("B", &[rst])], &[condition]);
        in_reset.cells.insert("both".to_string(), both);
        let xor = operator("$xor", false, &[("A", &taken[..1]), ("B", &[condition])], &[inverted]);
        in_reset.cells.insert("xor".to_string(), xor);
        let register = in_reset.cells.get_mut("q").expect("the register");
        register.inputs.insert("D".to_string(), vec![inverted, taken[1]]);
        assert_eq!(of(&in_reset), (HashSet::new(), false));

        let reset = [11, 12].map(Bit::Net);
        let mut reset_loads = original.clone();
        let choice = operator("$mux", false, &[("A", &taken), ("B", &data), ("S", &[rst])], &reset);
        reset_loads.cells.insert("reset".to_string(), choice);
        let register = reset_loads.cells.get_mut("q").expect("the register");
        register.inputs.insert("D".to_string(), reset.to_vec());
        assert_eq!(of(&reset_loads), (HashSet::new(), false));

        let mut stuck = original.clone();
        let seen = vec![Bit::Zero, held[1]];
        stuck.ports[4].bits = seen.clone();
        stuck.cells.get_mut("choice").expect("the choice").inputs.insert("A".to_string(), seen);
        assert_eq!(of(&stuck), (HashSet::new(), true));
    }
}
