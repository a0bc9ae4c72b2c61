//! A netlist as C++: straight-line code over words of lanes, behind the interface of any model.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use tera::{Context, Tera};

use super::netlist::{Bit, Netlist};
use crate::generator;
use crate::model::{ABI_VERSION, Lanes, data_ports, is_per_lane};
use crate::unit::{Column, Config};

static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    generator::engine(&[
        ("abi.h", include_str!("../../../templates/abi.h.tera")),
        ("sliced.cpp", include_str!("../../../templates/sliced.cpp.tera")),
    ])
});

/// The text of a model that exports itself under the name `top`, of sources of that digest; the error
/// says what cannot be translated.
pub(crate) fn text(config: &Config, netlist: &Netlist, top: &str, digest: &str) -> Result<String, String> {
    let words = Words::of(config, netlist);
    let mut gates = Vec::with_capacity(netlist.gates.len());
    for placed in &netlist.gates {
        let inputs: Vec<String> = placed.inputs.iter().map(|bit| words.get(bit)).collect::<Result<_, _>>()?;
        gates.push(json!({ "name": format!("n{}", placed.output), "value": placed.gate.on(&inputs) }));
    }
    let mut registers = Vec::new();
    for register in &netlist.registers {
        registers.push(json!({ "next": words.get(&register.input)?, "initial": register.initial }));
    }
    let ports = config.ports();
    let outputs = data_ports(&ports).zip(&netlist.ports).filter(|(port, _)| !port.is_driven());
    let outputs: Vec<String> =
        outputs.flat_map(|(_, bits)| bits).map(|bit| words.get(bit)).collect::<Result<_, _>>()?;
    let context = json!({
        "top": top,
        "abi": ABI_VERSION,
        "digest": digest,
        "lanes": Lanes::SLICED.0,
        "input_bits": words.inputs,
        "gates": gates,
        "registers": registers,
        "outputs": outputs,
        "ports": port_lines(config),
    });
    let context = Context::from_serialize(&context).expect("contexts are JSON objects");
    Ok(ENGINE.render("sliced.cpp", &context).unwrap_or_else(|error| panic!("template sliced.cpp: {error}")))
}

/// The C++ names of the nets.
struct Words {
    names: HashMap<u64, String>,
    inputs: usize,
}

impl Words {
    fn of(config: &Config, netlist: &Netlist) -> Words {
        let mut words = Words { names: HashMap::new(), inputs: 0 };
        let ports = config.ports();
        let driven = data_ports(&ports).zip(&netlist.ports).filter(|(port, _)| port.is_driven());
        for bit in driven.flat_map(|(_, bits)| bits) {
            if let Bit::Net(net) = bit {
                words.names.insert(*net, format!("in[{}]", words.inputs));
            }
            words.inputs += 1;
        }
        let registers = netlist.registers.iter().enumerate();
        words.names.extend(registers.map(|(place, register)| (register.output, format!("state[{place}]"))));
        let gates = netlist.gates.iter().map(|placed| placed.output);
        words.names.extend(gates.map(|net| (net, format!("n{net}"))));
        words
    }

    fn get(&self, bit: &Bit) -> Result<String, String> {
        match bit {
            Bit::Net(net) => {
                self.names.get(net).cloned().ok_or_else(|| format!("nothing drives its net {net}"))
            }
            Bit::Constant(digit) if digit == "0" => Ok("ZERO".to_string()),
            Bit::Constant(digit) if digit == "1" => Ok("ONES".to_string()),
            Bit::Constant(digit) => Err(format!("it has a constant {digit}")),
        }
    }
}

/// The ports as the shim's columns hold them.
fn port_lines(config: &Config) -> Vec<Json> {
    let mut first = [0, 0];
    let ports = config.ports();
    let lines = data_ports(&ports).map(|port| {
        let stride = Column::zeros(port.width(), 0).stride();
        let (element, elements) = match stride {
            1 => ("uint8_t", 1),
            2 => ("uint16_t", 1),
            4 => ("uint32_t", 1),
            8 => ("uint64_t", 1),
            _ => ("uint32_t", stride / 4),
        };
        let side = &mut first[usize::from(port.is_driven())];
        let place = *side;
        *side += port.width();
        json!({
            "name": port.name,
            "driven": port.is_driven(),
            "per_lane": is_per_lane(port),
            "element": element,
            "elements": elements,
            "bits": port.width(),
            "first": place,
            "bytes": stride * if is_per_lane(port) { Lanes::SLICED.0 as usize } else { 1 },
        })
    });
    lines.collect()
}
