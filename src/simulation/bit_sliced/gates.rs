//! Gate-level view of a netlist: gates in evaluation order, registers, port bits.

use super::gate::Gate;
use crate::netlist::{Bit, Cell, Module, Netlist};
use crate::unit::{Config, Port, Role};

/// A gate and the nets it is connected to.
#[derive(Clone, Debug)]
pub(super) struct GateInstance {
    pub(super) gate: &'static Gate,
    pub(super) inputs: Vec<Bit>,
    pub(super) output: u32,
}

/// A register that samples its input at every rising edge; enable and reset are gates in front of it.
#[derive(Clone, Debug)]
pub(super) struct GateRegister {
    pub(super) input: Bit,
    pub(super) output: u32,
    /// Power-up value.
    pub(super) initial: bool,
}

/// A module in gates.
#[derive(Clone, Debug)]
pub(super) struct GateNetlist {
    /// Bits of every port but the clock, least significant first, in the order of the config's ports.
    pub(super) ports: Vec<Vec<Bit>>,
    /// Each gate comes after those that it reads.
    pub(super) gates: Vec<GateInstance>,
    pub(super) registers: Vec<GateRegister>,
}

/// The only register type that the script of [`super::slicer`] leaves.
const REGISTER: &str = "$_DFF_P_";

impl GateNetlist {
    /// Reads the module of a config; the error says what cannot be translated.
    pub(super) fn read(config: &Config, json: &str) -> Result<Self, String> {
        let module = Module::parse(json, config.name())?;
        let initial = module.initial_values();
        let netlist = module.netlist(config.name());
        let (clock, data): (Vec<Port>, Vec<Port>) =
            config.ports().into_iter().partition(|port| port.role == Role::Clock);
        let clock: Vec<Vec<Bit>> =
            clock.iter().map(|port| port_bits(&netlist, port)).collect::<Result<_, _>>()?;
        let ports: Vec<Vec<Bit>> =
            data.iter().map(|port| port_bits(&netlist, port)).collect::<Result<_, _>>()?;
        let mut registers = Vec::new();
        for cell in netlist.cells.values().filter(|cell| is_register(cell)) {
            if clock.iter().all(|bits| bits != cell.input("C")) {
                return Err("a register is not clocked by the clock of the unit".to_string());
            }
            let output = driven_net(cell)?;
            let initial = initial.get(&output).copied().unwrap_or_default();
            registers.push(GateRegister { input: input_bit(cell, "D")?, output, initial });
        }
        let outputs = data.iter().zip(&ports).filter(|(port, _)| !port.is_driven());
        let outputs = outputs.flat_map(|(_, bits)| bits).copied();
        let roots = outputs.chain(registers.iter().map(|register| register.input));
        let order = netlist.evaluation_order(roots, is_register);
        let order = order.ok_or("its gates form a loop without a register")?;
        let gates = order.into_iter().map(gate_instance).collect::<Result<_, _>>()?;
        Ok(Self { ports, gates, registers })
    }
}

fn is_register(cell: &Cell) -> bool {
    cell.kind == REGISTER
}

fn gate_instance(cell: &Cell) -> Result<GateInstance, String> {
    let gate = Gate::of_kind(&cell.kind).ok_or_else(|| format!("it has a cell {}", cell.kind))?;
    let inputs = gate.inputs.iter().map(|port| input_bit(cell, port)).collect::<Result<_, _>>()?;
    Ok(GateInstance { gate, inputs, output: driven_net(cell)? })
}

fn input_bit(cell: &Cell, port: &str) -> Result<Bit, String> {
    match cell.input(port) {
        [bit] => Ok(*bit),
        bits => Err(format!("port {port} of a {} has {} bits instead of 1", cell.kind, bits.len())),
    }
}

fn driven_net(cell: &Cell) -> Result<u32, String> {
    match cell.output() {
        [Bit::Net(net)] => Ok(*net),
        _ => Err(format!("a {} does not drive exactly one net", cell.kind)),
    }
}

fn port_bits(netlist: &Netlist, port: &Port) -> Result<Vec<Bit>, String> {
    let bits = netlist.port(port.name).map(|port| port.bits.as_slice()).unwrap_or_default();
    if bits.len() == port.width() as usize {
        return Ok(bits.to_vec());
    }
    Err(format!("its port {} has {} bits instead of {}", port.name, bits.len(), port.width()))
}
