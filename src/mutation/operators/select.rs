//! Multiplexer faults: a case never or always taken.

use crate::mutation::bench::Bench;
use crate::mutation::netlist::{Bit, Cell};
use crate::unit::{Config, Role};

pub(crate) fn propose(bench: &mut Bench, (name, cell): (&str, &Cell), config: &Config) {
    if cell.kind != "$mux" {
        return;
    }
    let what = bench.name(cell.output());
    let select = cell.input("S")[0];
    let role = config.ports().into_iter().find(|port| {
        bench.netlist.port(port.name).is_some_and(|own| own.is_input && own.bits.contains(&select))
    });
    let mut stuck = |class, fault: String, bit| bench.input(class, &fault, (name, cell), "S", vec![bit]);
    match role.map(|port| port.role) {
        Some(Role::Reset) => stuck("reset ignored", format!("reset leaves {what} as it is"), Bit::Zero),
        Some(Role::Enable) => stuck("enable ignored", format!("{what} does not stall"), Bit::One),
        Some(Role::Clear) => stuck("clear ignored", format!("{what} is not cleared"), Bit::Zero),
        Some(Role::Valid) => stuck("valid ignored", format!("{what} includes invalid inputs"), Bit::One),
        _ => {
            let asked = bench.name(&[select]);
            for (class, bit) in [("case left out", Bit::Zero), ("case always taken", Bit::One)] {
                bench.input(class, &format!("{what} ignores {asked}"), (name, cell), "S", vec![bit]);
            }
        }
    }
}
