//! Netlists in the JSON format of Yosys.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::bit::Bit;
use super::cell::Cell;
use super::flat::{ModulePort, Netlist};

// Fields are in alphabetical order: digests of mutants are computed from the text, and must not change.

#[derive(Serialize, Deserialize)]
struct Design {
    modules: BTreeMap<String, Module>,
}

/// A module as the JSON describes it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Module {
    #[serde(default)]
    cells: BTreeMap<String, JsonCell>,
    #[serde(default)]
    netnames: BTreeMap<String, Net>,
    #[serde(default)]
    ports: BTreeMap<String, Port>,
}

#[derive(Serialize, Deserialize)]
struct JsonCell {
    #[serde(default, skip_serializing)]
    attributes: Attributes,
    connections: BTreeMap<String, Vec<Bit>>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    #[serde(default)]
    port_directions: BTreeMap<String, Direction>,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Serialize, Deserialize)]
struct Net {
    #[serde(default, skip_serializing)]
    attributes: Attributes,
    bits: Vec<Bit>,
}

#[derive(Serialize, Deserialize)]
struct Port {
    bits: Vec<Bit>,
    direction: Direction,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Input,
    Output,
    Inout,
}

#[derive(Default, Serialize, Deserialize)]
struct Attributes {
    /// Position in the Verilog.
    #[serde(default)]
    src: String,
    /// Power-up value, the most significant digit first.
    #[serde(default)]
    init: String,
}

impl Module {
    /// Reads the module of that name; the error says what is wrong with the text.
    pub(crate) fn parse(text: &str, name: &str) -> Result<Self, String> {
        let mut design: Design = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let module = design.modules.remove(name).filter(|module| !module.ports.is_empty());
        module.ok_or_else(|| format!("it has no module {name} with ports"))
    }

    /// Power-up values that the Verilog gives to nets.
    pub(crate) fn initial_values(&self) -> HashMap<u32, bool> {
        let mut values = HashMap::new();
        for net in self.netnames.values() {
            for (bit, digit) in net.bits.iter().zip(net.attributes.init.chars().rev()) {
                values.extend(bit.net().map(|number| (number, digit == '1')));
            }
        }
        values
    }

    /// The netlist, without the cells that no output depends on.
    pub(crate) fn netlist(self, name: &str) -> Netlist {
        let ports = self.ports.into_iter().map(|(name, port)| {
            let is_input = port.direction == Direction::Input;
            ModulePort { name, is_input, bits: port.bits }
        });
        let ports: Vec<ModulePort> = ports.collect();
        let mut wires: BTreeMap<_, _> =
            self.netnames.into_iter().map(|(name, net)| (name, net.bits)).collect();
        let nets = wires.values().chain(ports.iter().map(|port| &port.bits)).flatten();
        let next = nets.filter_map(|bit| bit.net()).max().unwrap_or(1) + 1;
        wires.retain(|name, _| !name.starts_with('$'));
        let cells = self.cells.into_iter().map(|(name, cell)| (name, cell.into())).collect();
        let mut netlist = Netlist { name: name.to_string(), ports, cells, wires, next };
        netlist.prune();
        netlist
    }
}

impl From<JsonCell> for Cell {
    fn from(cell: JsonCell) -> Self {
        let is_input = |port: &String| cell.port_directions.get(port) == Some(&Direction::Input);
        let (inputs, outputs) = cell.connections.into_iter().partition(|(port, _)| is_input(port));
        Self { kind: cell.kind, parameters: cell.parameters, inputs, outputs, source: cell.attributes.src }
    }
}

impl From<&Cell> for JsonCell {
    fn from(cell: &Cell) -> Self {
        let inputs = cell.inputs.keys().map(|port| (port.clone(), Direction::Input));
        let outputs = cell.outputs.keys().map(|port| (port.clone(), Direction::Output));
        let connections = cell.inputs.iter().chain(&cell.outputs);
        Self {
            attributes: Attributes::default(),
            connections: connections.map(|(port, bits)| (port.clone(), bits.clone())).collect(),
            parameters: cell.parameters.clone(),
            port_directions: inputs.chain(outputs).collect(),
            kind: cell.kind.clone(),
        }
    }
}

impl Netlist {
    /// Reads the module of that name, without the cells that no output depends on.
    pub(crate) fn read(text: &str, name: &str) -> Result<Self, String> {
        Ok(Module::parse(text, name)?.netlist(name))
    }

    /// The text that Yosys reads; `with_names` keeps the names that vectors have in the Verilog.
    pub(crate) fn json(&self, with_names: bool) -> String {
        let net = |bits: &Vec<Bit>| Net { attributes: Attributes::default(), bits: bits.clone() };
        // Each wire is driven by one cell only: a simulator that evaluates whole vectors would otherwise
        // see false combinational loops.
        let outputs = self.cells.values().flat_map(|cell| cell.outputs.values()).enumerate();
        let outputs = outputs.map(|(number, bits)| (format!("$wire${number}"), net(bits)));
        let ports = self.ports.iter().map(|port| (port.name.clone(), net(&port.bits)));
        let named = self.wires.iter().filter(|_| with_names).map(|(name, bits)| (name.clone(), net(bits)));
        let module = Module {
            cells: self.cells.iter().map(|(name, cell)| (name.clone(), cell.into())).collect(),
            netnames: outputs.chain(named).chain(ports).collect(),
            ports: self.ports.iter().map(|port| (port.name.clone(), port.into())).collect(),
        };
        let design = Design { modules: [(self.name.clone(), module)].into() };
        serde_json::to_string(&design).expect("maps with string keys are JSON")
    }
}

impl From<&ModulePort> for Port {
    fn from(port: &ModulePort) -> Self {
        let direction = if port.is_input { Direction::Input } else { Direction::Output };
        Self { bits: port.bits.clone(), direction }
    }
}
