//! Netlists as Yosys writes and reads them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::netlist::{Bit, Cell, ModulePort, Netlist};

impl Bit {
    fn read(bit: &Json) -> Option<Bit> {
        match bit.as_str() {
            None => bit.as_u64().and_then(|net| u32::try_from(net).ok()).map(Bit::Net),
            Some("0") => Some(Bit::Zero),
            Some("1") => Some(Bit::One),
            Some(_) => Some(Bit::Undefined),
        }
    }

    fn json(self) -> Json {
        match self {
            Bit::Zero => "0".into(),
            Bit::One => "1".into(),
            Bit::Undefined => "x".into(),
            Bit::Net(net) => net.into(),
        }
    }
}

impl Netlist {
    /// Reads the module of that name; what is wrong with the text otherwise. Whatever no output depends
    /// on is left out.
    pub(crate) fn read(text: &str, name: &str) -> Result<Netlist, String> {
        let json: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let module = &json["modules"][name];
        let objects = |value: &Json| value.as_object().cloned().unwrap_or_default();
        let vector = |bits: &Json| -> Result<Vec<Bit>, String> {
            let bits = bits.as_array().ok_or("a connection without bits")?;
            bits.iter().map(|bit| Bit::read(bit).ok_or(format!("a bit {bit}"))).collect()
        };
        let mut ports = Vec::new();
        for (name, port) in objects(&module["ports"]) {
            let is_input = port["direction"] == "input";
            ports.push(ModulePort { name, is_input, bits: vector(&port["bits"])? });
        }
        if ports.is_empty() {
            return Err(format!("it has no module {name} with ports"));
        }
        let mut cells = BTreeMap::new();
        for (name, cell) in objects(&module["cells"]) {
            let kind = cell["type"].as_str().unwrap_or_default().to_string();
            let parameters = objects(&cell["parameters"])
                .into_iter()
                .map(|(name, value)| (name, value.as_str().unwrap_or_default().to_string()))
                .collect();
            let source = cell["attributes"]["src"].as_str().unwrap_or_default().to_string();
            let (mut inputs, mut outputs) = (BTreeMap::new(), BTreeMap::new());
            for (port, bits) in objects(&cell["connections"]) {
                let is_input = cell["port_directions"][&port] == "input";
                let side = if is_input { &mut inputs } else { &mut outputs };
                side.insert(port, vector(&bits)?);
            }
            cells.insert(name, Cell { kind, parameters, inputs, outputs, source });
        }
        let mut wires = BTreeMap::new();
        for (name, wire) in objects(&module["netnames"]) {
            wires.insert(name, vector(&wire["bits"])?);
        }
        let nets = wires.values().chain(ports.iter().map(|port| &port.bits)).flatten();
        let next = nets.filter_map(|bit| bit.net()).max().unwrap_or(1) + 1;
        wires.retain(|name, _| !name.starts_with('$'));
        let mut netlist = Netlist { name: name.to_string(), ports, cells, wires, next };
        netlist.prune();
        Ok(netlist)
    }

    /// The text that Yosys reads; with the names that the Verilog gives to vectors, where they matter.
    pub(crate) fn json(&self, with_names: bool) -> String {
        let vector = |bits: &[Bit]| bits.iter().map(|bit| bit.json()).collect::<Json>();
        let directions = |cell: &Cell| {
            let inputs = cell.inputs.keys().map(|name| (name.clone(), Json::from("input")));
            inputs
                .chain(cell.outputs.keys().map(|name| (name.clone(), "output".into())))
                .collect::<Map<_, _>>()
        };
        let cell = |cell: &Cell| {
            let connections = cell.inputs.iter().chain(&cell.outputs);
            let connections: Map<_, _> =
                connections.map(|(name, bits)| (name.clone(), vector(bits))).collect();
            json!({
                "type": cell.kind,
                "parameters": cell.parameters,
                "port_directions": directions(cell),
                "connections": connections,
            })
        };
        let port = |port: &ModulePort| {
            let direction = if port.is_input { "input" } else { "output" };
            (port.name.clone(), json!({ "direction": direction, "bits": vector(&port.bits) }))
        };
        // A vector is what one cell drives, and is read as a whole or in parts: two cells that drive one
        // vector would make a simulator see loops where there are none.
        let outputs = self.cells.values().flat_map(|cell| cell.outputs.values()).enumerate();
        let outputs = outputs.map(|(number, bits)| (format!("$wire${number}"), bits));
        let ports = self.ports.iter().map(|port| (port.name.clone(), &port.bits));
        let named = self.wires.iter().filter(|_| with_names).map(|(name, bits)| (name.clone(), bits));
        let wires = outputs.chain(named).chain(ports);
        let wires = wires.map(|(name, bits)| (name, json!({ "bits": vector(bits) })));
        let module = json!({
            "ports": self.ports.iter().map(port).collect::<Map<_, _>>(),
            "cells": self.cells.iter().map(|(name, own)| (name.clone(), cell(own))).collect::<Map<_, _>>(),
            "netnames": wires.collect::<Map<_, _>>(),
        });
        let modules: Map<_, _> = [(self.name.clone(), module)].into_iter().collect();
        json!({ "modules": modules }).to_string()
    }
}
