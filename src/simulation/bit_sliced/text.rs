//! C++ of a gate-level netlist: straight-line code on words of lanes, with the ABI of compiled models.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use tera::{Context, Tera};

use super::gates::GateNetlist;
use crate::generator;
use crate::model::{ABI_VERSION, Lanes, data_ports, is_per_lane};
use crate::netlist::Bit;
use crate::unit::{Column, Config};

static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    generator::engine(&[
        ("abi.h", include_str!("../../../templates/abi.h.tera")),
        ("sliced.cpp", include_str!("../../../templates/sliced.cpp.tera")),
    ])
});

/// C++ source of the model; the error says what cannot be translated.
///
/// The model is exported as `top`; `digest` is that of its Verilog sources.
pub(super) fn text(
    config: &Config,
    netlist: &GateNetlist,
    top: &str,
    digest: &str,
) -> Result<String, String> {
    let words = Words::new(config, netlist);
    let mut gates = Vec::with_capacity(netlist.gates.len());
    for instance in &netlist.gates {
        let inputs: Vec<String> =
            instance.inputs.iter().map(|&bit| words.get(bit)).collect::<Result<_, _>>()?;
        let value = instance.gate.expression_on(&inputs);
        gates.push(json!({ "name": format!("n{}", instance.output), "value": value }));
    }
    let mut registers = Vec::new();
    for register in &netlist.registers {
        registers.push(json!({ "next": words.get(register.input)?, "initial": register.initial }));
    }
    let ports = config.ports();
    let outputs = data_ports(&ports).zip(&netlist.ports).filter(|(port, _)| !port.is_driven());
    let outputs: Vec<String> =
        outputs.flat_map(|(_, bits)| bits).map(|&bit| words.get(bit)).collect::<Result<_, _>>()?;
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

/// C++ expressions of the nets.
struct Words {
    expressions: HashMap<u32, String>,
    /// Bits of all driven ports.
    inputs: usize,
}

impl Words {
    fn new(config: &Config, netlist: &GateNetlist) -> Self {
        let mut words = Self { expressions: HashMap::new(), inputs: 0 };
        let ports = config.ports();
        let driven = data_ports(&ports).zip(&netlist.ports).filter(|(port, _)| port.is_driven());
        for bit in driven.flat_map(|(_, bits)| bits) {
            if let Bit::Net(net) = bit {
                words.expressions.insert(*net, format!("in[{}]", words.inputs));
            }
            words.inputs += 1;
        }
        let registers = netlist.registers.iter().enumerate();
        words
            .expressions
            .extend(registers.map(|(index, register)| (register.output, format!("state[{index}]"))));
        let gates = netlist.gates.iter().map(|instance| instance.output);
        words.expressions.extend(gates.map(|net| (net, format!("n{net}"))));
        words
    }

    fn get(&self, bit: Bit) -> Result<String, String> {
        match bit {
            Bit::Net(net) => {
                self.expressions.get(&net).cloned().ok_or_else(|| format!("nothing drives its net {net}"))
            }
            Bit::Zero => Ok("ZERO".to_string()),
            Bit::One => Ok("ONES".to_string()),
            Bit::Undefined => Err("it reads an undefined bit".to_string()),
        }
    }
}

/// Layout of the ports in the columns of the ABI.
fn port_lines(config: &Config) -> Vec<Json> {
    let mut next_bit = [0, 0];
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
        let side = usize::from(port.is_driven());
        let first = next_bit[side];
        next_bit[side] += port.width();
        json!({
            "name": port.name,
            "driven": port.is_driven(),
            "per_lane": is_per_lane(port),
            "element": element,
            "elements": elements,
            "bits": port.width(),
            "first": first,
            "bytes": stride * if is_per_lane(port) { Lanes::SLICED.0 as usize } else { 1 },
        })
    });
    lines.collect()
}
