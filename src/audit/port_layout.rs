//! Bit fields of the ports: operands, control inputs, constants and results.

use super::fields::{pack, put_bit, put_constant, unpack};
use super::port_map::PortMap;
use super::ports::DesignPort;
use super::role::MapRole;
use super::role_ports::{BoundPort, RolePorts};
use super::rows::{CONTROL_ROLES, InputRows, OutputRows};
use crate::model::Pin;
use crate::stimulus::mix;
use crate::toolchain::verilate::Member;
use crate::unit::Column;

/// Content of a bit field.
#[derive(Clone)]
enum FieldContent {
    /// Control input with this index in [`CONTROL_ROLES`].
    Control(usize),
    /// `valid_out`.
    Valid,
    /// `count` elements of `bits` bits, from element `first` on.
    Elements { first: usize, count: usize, bits: u32 },
    /// Part of element `element`, from its bit `low` on.
    Part { element: usize, low: u32, bits: u32 },
    /// Low bits of a constant.
    Constant { value: u128, bits: u32 },
    /// Random elements that must not matter, of the ignored port with this index.
    Random { port: usize, count: usize, bits: u32 },
}

/// A port and its bit fields, each with its lowest bit.
#[derive(Clone)]
struct FieldedPort {
    member: Member,
    fields: Vec<(u32, FieldContent)>,
}

/// The bit fields of all ports except the clock.
#[derive(Clone, Default)]
pub(crate) struct PortLayout {
    inputs: Vec<FieldedPort>,
    outputs: Vec<FieldedPort>,
    /// Number of operand elements.
    pub operands: usize,
    /// Number of result elements.
    results: usize,
    valid_active_low: bool,
    /// Seed of the random values of each ignored port.
    pub seeds: Vec<u64>,
}

impl PortLayout {
    pub fn new(map: &PortMap) -> Self {
        let mut layout = Self::default();
        for mapped in map.roles.iter().filter(|mapped| mapped.role != MapRole::Clock) {
            if mapped.is_joined {
                layout.add_parts(mapped);
                continue;
            }
            for bound in &mapped.ports {
                layout.add(mapped.role, mapped.bits, bound);
            }
        }
        for (port, value) in &map.tied_slices {
            let content = FieldContent::Constant { value: *value, bits: port.width };
            add_field(&mut layout.inputs, port, content);
        }
        layout.seeds = (0..map.ignored.len() as u64).map(|index| index << 32).collect();
        for (index, port) in map.ignored.iter().enumerate() {
            let (count, bits) = random_elements(port);
            add_field(&mut layout.inputs, port, FieldContent::Random { port: index, count, bits });
        }
        // A field at bit 0 may clear the rest of the vector, so fields are written from bit 0 up.
        for port in layout.inputs.iter_mut().chain(&mut layout.outputs) {
            port.fields.sort_by_key(|&(low, _)| low);
        }
        layout
    }

    fn add(&mut self, role: MapRole, bits: u32, bound: &BoundPort) {
        let count = (bound.port.bits() / bits) as usize;
        if let Some(control) = CONTROL_ROLES.iter().position(|own| *own == role) {
            add_field(&mut self.inputs, &bound.port, FieldContent::Control(control));
        } else if role == MapRole::ValidOut {
            self.valid_active_low = bound.inverted;
            add_field(&mut self.outputs, &bound.port, FieldContent::Valid);
        } else if role.is_output() {
            let content = FieldContent::Elements { first: self.results, count, bits };
            add_field(&mut self.outputs, &bound.port, content);
            self.results += count;
        } else {
            let content = FieldContent::Elements { first: self.operands, count, bits };
            add_field(&mut self.inputs, &bound.port, content);
            self.operands += count;
        }
    }

    /// Adds the ports that are parts of one element.
    fn add_parts(&mut self, mapped: &RolePorts) {
        let (ports, elements) = if mapped.role.is_output() {
            (&mut self.outputs, &mut self.results)
        } else {
            (&mut self.inputs, &mut self.operands)
        };
        let mut low = 0;
        for bound in &mapped.ports {
            let content = FieldContent::Part { element: *elements, low, bits: bound.port.width };
            add_field(ports, &bound.port, content);
            low += bound.port.width;
        }
        *elements += 1;
    }

    /// Pins of the C++ shim with bits and elements of each: inputs, then outputs.
    pub fn pins(&self) -> (Vec<Pin>, Vec<(u32, usize)>) {
        let inputs = self.inputs.iter().map(|port| (port, true));
        let pins = inputs.chain(self.outputs.iter().map(|port| (port, false)));
        let pin = |(FieldedPort { member, .. }, driven): (&FieldedPort, bool)| {
            let pin = Pin { member: member.name.clone(), driven };
            (pin, (member.bits, member.elements as usize))
        };
        pins.map(pin).unzip()
    }

    /// Writes rows into the columns of the inputs.
    pub fn write(&self, rows: &InputRows, active_low: [bool; 5], columns: &mut [Column]) {
        let len = rows.len();
        for (port, column) in self.inputs.iter().zip(columns) {
            for &(low, ref content) in &port.fields {
                match *content {
                    FieldContent::Control(control) => {
                        let levels = &rows.controls[control];
                        put_bit(column, low, len, |row| (levels[row] == 1) ^ active_low[control]);
                    }
                    FieldContent::Elements { first, count, bits } => {
                        pack(&rows.operands[first..first + count], bits, low, len, column);
                    }
                    FieldContent::Part { element, low: first, bits } => {
                        let part = rows.operands[element].iter().map(|value| value >> first).collect();
                        pack(&[part], bits, low, len, column);
                    }
                    FieldContent::Constant { value, bits } => put_constant(column, low, bits, len, value),
                    FieldContent::Random { port, count, bits } => {
                        let seed = |element: usize| self.seeds[port].wrapping_add(element as u64);
                        let values: Vec<Vec<u64>> =
                            (0..count).map(|element| random_values(rows, seed(element))).collect();
                        pack(&values, bits, low, len, column);
                    }
                    FieldContent::Valid => {}
                }
            }
        }
    }

    /// Reads `len` rows from the columns of the outputs.
    pub fn read(&self, columns: &[Column], len: usize) -> OutputRows {
        let mut rows = OutputRows { results: vec![Vec::new(); self.results], valid: None };
        for (port, column) in self.outputs.iter().zip(columns) {
            for &(low, ref content) in &port.fields {
                match *content {
                    FieldContent::Valid => {
                        let mut bits = [Vec::new()];
                        unpack(column, 1, low, len, &mut bits);
                        let level = |bit: &u64| u8::from((*bit == 1) ^ self.valid_active_low);
                        rows.valid = Some(bits[0].iter().map(level).collect());
                    }
                    FieldContent::Elements { first, count, bits } => {
                        unpack(column, bits, low, len, &mut rows.results[first..first + count]);
                    }
                    FieldContent::Part { element, low: first, bits } => {
                        let mut part = [Vec::new()];
                        unpack(column, bits, low, len, &mut part);
                        let whole = &mut rows.results[element];
                        whole.resize(len, 0);
                        whole.iter_mut().zip(&part[0]).for_each(|(whole, part)| *whole |= part << first);
                    }
                    FieldContent::Control(_)
                    | FieldContent::Constant { .. }
                    | FieldContent::Random { .. } => {}
                }
            }
        }
        rows
    }
}

/// Number and width of the random elements of a port: at most 64 bits each.
fn random_elements(port: &DesignPort) -> (usize, u32) {
    let bits = (1..=64.min(port.width)).rev().find(|bits| port.width.is_multiple_of(*bits)).unwrap_or(1);
    ((port.bits() / bits) as usize, bits)
}

/// A pseudo-random value for each row, which differs between seeds and does not repeat with the operands.
fn random_values(rows: &InputRows, seed: u64) -> Vec<u64> {
    let value = |row: usize| {
        let operand = rows.operands.first().map_or(0, |operand| operand[row]);
        let mixed = operand.rotate_left(29) ^ ((row as u64) << 8) ^ seed.wrapping_mul(0xd6e8_feb8_6659_fd93);
        mix(mixed)
    };
    (0..rows.len()).map(value).collect()
}

/// Adds a field to a port, which is appended if it has none yet.
fn add_field(ports: &mut Vec<FieldedPort>, port: &DesignPort, content: FieldContent) {
    match ports.iter_mut().find(|known| known.member.name == port.member.name) {
        Some(known) => known.fields.push((port.low, content)),
        None => ports.push(FieldedPort { member: port.member.clone(), fields: vec![(port.low, content)] }),
    }
}
