//! Port faults: ignored control inputs, mishandled extreme operands.

use crate::mutation::bench::Bench;
use crate::mutation::netlist::Bit;
use crate::unit::{Config, Port, Role};

pub(crate) fn propose(bench: &mut Bench, config: &Config) {
    for port in config.ports().iter().filter(|port| port.is_driven()) {
        let Some(own) = bench.netlist.port(port.name) else { continue };
        let nets = own.bits.clone();
        let mut stuck = |class, fault: &str, bit| bench.nets(class, "", fault, nets.clone(), vec![bit]);
        match port.role {
            Role::Reset => stuck("reset ignored", "nothing is reset", Bit::Zero),
            Role::Enable => stuck("enable ignored", "nothing stalls", Bit::One),
            Role::Valid => {
                stuck("valid ignored", "every input is taken as valid", Bit::One);
                stuck("valid ignored", "nothing is ever valid", Bit::Zero);
            }
            Role::Clear => {
                stuck("clear ignored", "no sum is started anew", Bit::Zero);
                stuck("clear always", "every sum is started anew", Bit::One);
            }
            _ => data(bench, port, nets),
        }
    }
}

fn data(bench: &mut Bench, port: &Port, nets: Vec<Bit>) {
    let width = port.integer.bits as usize;
    if port.elements > 1 {
        let mut wrong = nets.clone();
        wrong.rotate_left(width);
        let fault = format!("{} begins with its second element", port.name);
        bench.nets("elements in the wrong order", "", &fault, nets.clone(), wrong);
    }
    if port.float.is_some() || width < 2 {
        return;
    }
    let mut elements = vec![0, port.elements as usize - 1];
    elements.dedup();
    for element in elements {
        let range = element * width..(element + 1) * width;
        let extremes = [
            ("most negative value mishandled", port.min()),
            ("largest value mishandled", port.integer.max()),
        ];
        for (class, value) in extremes {
            if value == 0 {
                continue;
            }
            let pattern = port.integer.encode(value);
            let bit = |index: usize| if pattern >> index & 1 == 1 { Bit::One } else { Bit::Zero };
            let constant: Vec<Bit> = (0..width).map(bit).collect();
            let own = &nets[range.clone()];
            let met = bench.operator("$eq", false, &[("A", own), ("B", &constant)], 1);
            let mut wrong = nets.clone();
            let flipped = bench.operator("$xor", false, &[("A", &own[..1]), ("B", &met)], 1);
            wrong[range.start] = flipped[0];
            let fault = format!("{value} of {} counts as the value beside it", port.name);
            bench.nets(class, "", &fault, nets.clone(), wrong);
        }
    }
}
