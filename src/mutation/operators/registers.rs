//! Register faults: results one cycle early or late.

use crate::mutation::bench::Bench;
use crate::mutation::netlist::{Bit, Cell, operator};

pub(crate) fn propose(bench: &mut Bench, (_, cell): (&str, &Cell)) {
    if cell.kind != "$dff" {
        return;
    }
    let (own, what) = (cell.output(), bench.name(cell.output()));
    let Load { value, hold } = load(bench, cell);
    bench.output("one cycle early", &format!("{what} is not registered"), cell, value);

    // A second register behind the first that holds whenever the first does.
    let later = bench.fresh(own.len());
    let next = match hold {
        Some((select, true)) => {
            bench.operator("$mux", false, &[("A", &later), ("B", own), ("S", &[select])], own.len())
        }
        Some((select, false)) => {
            bench.operator("$mux", false, &[("A", own), ("B", &later), ("S", &[select])], own.len())
        }
        None => own.to_vec(),
    };
    bench.helper(operator("$dff", false, &[("CLK", cell.input("CLK")), ("D", &next)], &later));
    bench.output("one cycle late", &format!("{what} is registered twice"), cell, later);
}

/// Value that a register loads when it is neither reset nor stalled.
struct Load {
    value: Vec<Bit>,
    /// Select of the multiplexer that stalls the register, and whether 0 stalls it.
    hold: Option<(Bit, bool)>,
}

fn load(bench: &Bench, register: &Cell) -> Load {
    let own = register.output();
    let mut load = Load { value: register.input("D").to_vec(), hold: None };
    while let Some(cell) = bench.driver(load.value[0]).filter(|cell| cell.kind == "$mux") {
        if cell.output() != load.value {
            break;
        }
        let [a, b] = ["A", "B"].map(|port| cell.input(port));
        let is_reset = |bits: &[Bit]| bits.iter().all(|bit| bit.is_constant());
        let select = cell.input("S")[0];
        load.value = match (a, b) {
            (a, b) if a == own => {
                load.hold = Some((select, true));
                b.to_vec()
            }
            (a, b) if b == own => {
                load.hold = Some((select, false));
                a.to_vec()
            }
            (a, b) if is_reset(b) && load.hold.is_none() => a.to_vec(),
            (a, b) if is_reset(a) && load.hold.is_none() => b.to_vec(),
            _ => break,
        };
        if load.hold.is_some() {
            break;
        }
    }
    load
}
