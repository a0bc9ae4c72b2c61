//! The netlist that Yosys writes as JSON, read into gates in the order of their evaluation.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::gate::Gate;
use crate::unit::{Config, Port, Role};

/// A net or a constant; Yosys numbers the nets of a module.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(untagged)]
pub(crate) enum Bit {
    Net(u64),
    Constant(String),
}

/// A gate and the nets it is between.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) gate: &'static Gate,
    pub(crate) inputs: Vec<Bit>,
    pub(crate) output: u64,
}

/// A register that takes its input at every rising edge of the clock; enable and reset are gates before
/// it.
#[derive(Clone, Debug)]
pub(crate) struct Register {
    pub(crate) input: Bit,
    pub(crate) output: u64,
    /// The value that the Verilog gives it before the first edge.
    pub(crate) initial: bool,
}

/// A module in gates.
#[derive(Clone, Debug)]
pub(crate) struct Netlist {
    /// The bits of every port but the clock, least significant first, in the order of the config's ports.
    pub(crate) ports: Vec<Vec<Bit>>,
    /// Each after those that it reads.
    pub(crate) gates: Vec<Placed>,
    pub(crate) registers: Vec<Register>,
}

#[derive(Deserialize)]
struct Design {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    ports: BTreeMap<String, Pins>,
    cells: BTreeMap<String, Cell>,
    netnames: BTreeMap<String, Net>,
}

#[derive(Deserialize)]
struct Pins {
    bits: Vec<Bit>,
}

#[derive(Deserialize)]
struct Cell {
    #[serde(rename = "type")]
    kind: String,
    connections: BTreeMap<String, Vec<Bit>>,
}

#[derive(Deserialize)]
struct Net {
    bits: Vec<Bit>,
    #[serde(default)]
    attributes: BTreeMap<String, serde_json::Value>,
}

/// The only register that is left: at the rising edge of the clock, nothing else.
const REGISTER: &str = "$_DFF_P_";

impl Netlist {
    /// Reads the module of a config; the error says what cannot be translated.
    pub(crate) fn read(config: &Config, json: &str) -> Result<Netlist, String> {
        let mut design: Design = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let module = design.modules.remove(config.name()).ok_or("it has no module of that name")?;
        let own = config.ports();
        let clock = own.iter().find(|port| port.role == Role::Clock);
        let clock = clock.map(|port| module.pins(port)).transpose()?;
        let ports: Vec<Vec<Bit>> = own
            .iter()
            .filter(|port| port.role != Role::Clock)
            .map(|port| module.pins(port))
            .collect::<Result<_, _>>()?;
        let initial = module.initial_values();
        let mut placed = HashMap::new();
        let mut registers = Vec::new();
        for cell in module.cells.values() {
            let pin = |name: &str| -> Result<Bit, String> {
                let bits = cell.connections.get(name).map(Vec::as_slice);
                let [bit] = bits.unwrap_or_default() else {
                    return Err(format!("a {} has no {name} of one bit", cell.kind));
                };
                Ok(bit.clone())
            };
            let driven = |name: &str| match pin(name)? {
                Bit::Net(net) => Ok(net),
                Bit::Constant(_) => Err(format!("a {} drives a constant", cell.kind)),
            };
            if cell.kind == REGISTER {
                if Some(&vec![pin("C")?]) != clock.as_ref() {
                    return Err("a register has another clock than the unit".to_string());
                }
                let output = driven("Q")?;
                let initial = initial.get(&output).copied().unwrap_or_default();
                registers.push(Register { input: pin("D")?, output, initial });
                continue;
            }
            let gate = Gate::of(&cell.kind).ok_or_else(|| format!("it has a cell {}", cell.kind))?;
            let inputs = gate.inputs.iter().map(|&name| pin(name)).collect::<Result<_, _>>()?;
            let output = driven("Y")?;
            placed.insert(output, Placed { gate, inputs, output });
        }
        let outputs = own.iter().filter(|port| port.role != Role::Clock).zip(&ports);
        let outputs = outputs.filter(|(port, _)| !port.is_driven()).flat_map(|(_, bits)| bits);
        let roots: Vec<&Bit> = outputs.chain(registers.iter().map(|register| &register.input)).collect();
        let gates = sorted(placed, &roots)?;
        Ok(Netlist { ports, gates, registers })
    }
}

impl Module {
    fn pins(&self, port: &Port) -> Result<Vec<Bit>, String> {
        let found = self.ports.get(port.name).map(|pins| pins.bits.as_slice()).unwrap_or_default();
        if found.len() == port.width() as usize {
            return Ok(found.to_vec());
        }
        Err(format!("its port {} has {} bits instead of {}", port.name, found.len(), port.width()))
    }

    fn initial_values(&self) -> HashMap<u64, bool> {
        let mut values = HashMap::new();
        for net in self.netnames.values() {
            let digits = net.attributes.get("init").and_then(|value| value.as_str()).unwrap_or_default();
            // Yosys writes the most significant digit first.
            for (bit, digit) in net.bits.iter().zip(digits.chars().rev()) {
                if let Bit::Net(net) = bit {
                    values.insert(*net, digit == '1');
                }
            }
        }
        values
    }
}

/// The gates that the roots depend on, each after those that it reads.
fn sorted(mut waiting: HashMap<u64, Placed>, roots: &[&Bit]) -> Result<Vec<Placed>, String> {
    let mut done = Vec::new();
    // Gates whose inputs are being evaluated, and how many of those are done.
    let mut open: Vec<(Placed, usize)> = Vec::new();
    let mut on_path = HashSet::new();
    for root in roots {
        let Bit::Net(root) = root else { continue };
        open.extend(waiting.remove(root).map(|gate| (gate, 0)));
        while let Some((gate, next)) = open.last_mut() {
            on_path.insert(gate.output);
            let Some(input) = gate.inputs.get(*next) else {
                let (gate, _) = open.pop().expect("it was there a line ago");
                on_path.remove(&gate.output);
                done.push(gate);
                continue;
            };
            *next += 1;
            let Bit::Net(net) = input else { continue };
            if on_path.contains(net) {
                return Err("its gates form a loop without a register".to_string());
            }
            let needed = waiting.remove(net);
            open.extend(needed.map(|gate| (gate, 0)));
        }
    }
    Ok(done)
}
