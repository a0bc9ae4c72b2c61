//! Reading, writing and ordering of small netlists.

use std::collections::BTreeMap;

use super::{Bit, Cell, Module, ModulePort, Netlist, operator};

const TEXT: &str = r#"{
  "creator": "Yosys",
  "modules": {
    "unit": {
      "attributes": { "top": "00000000000000000000000000000001" },
      "ports": {
        "a": { "direction": "input", "bits": [2, 3] },
        "y": { "direction": "output", "bits": [4, "x"] }
      },
      "cells": {
        "$not$1": {
          "hide_name": 1,
          "type": "$not",
          "parameters": { "A_SIGNED": "1", "A_WIDTH": "00000000000000000000000000000010" },
          "attributes": { "src": "unit.v:12.3-12.9|cells.v:4.1-4.2" },
          "port_directions": { "A": "input", "Y": "output" },
          "connections": { "A": [2, "1"], "Y": [4] }
        },
        "unread": {
          "type": "$not",
          "port_directions": { "A": "input", "Y": "output" },
          "connections": { "A": [4], "Y": [7] }
        }
      },
      "netnames": {
        "held": { "hide_name": 0, "bits": [4, 5], "attributes": { "init": "10" } },
        "$hidden": { "hide_name": 1, "bits": [9], "attributes": {} }
      }
    }
  }
}"#;

#[test]
fn reads_ports_cells_and_named_wires() {
    let netlist = Netlist::read(TEXT, "unit").unwrap();
    let bits = vec![Bit::Net(2), Bit::Net(3)];
    assert_eq!(netlist.port("a"), Some(&ModulePort { name: "a".to_string(), is_input: true, bits }));
    assert_eq!(netlist.port("y").unwrap().bits, [Bit::Net(4), Bit::Undefined]);
    assert_eq!(netlist.cells.keys().collect::<Vec<_>>(), ["$not$1"], "cells without effect are dropped");
    let cell = &netlist.cells["$not$1"];
    assert_eq!((cell.kind.as_str(), cell.line(), cell.number("A_WIDTH")), ("$not", "12", 2));
    assert!(cell.is_signed() && !cell.is_register());
    assert_eq!((cell.input("A"), cell.output()), (&[Bit::Net(2), Bit::One][..], &[Bit::Net(4)][..]));
    assert_eq!(netlist.wires.keys().collect::<Vec<_>>(), ["held"]);
    assert_eq!(netlist.next, 10);
}

#[test]
fn reads_power_up_values_bit_by_bit() {
    let values = Module::parse(TEXT, "unit").unwrap().initial_values();
    assert_eq!(values, [(4, false), (5, true)].into());
}

#[test]
fn refuses_text_without_the_module() {
    assert!(Netlist::read(TEXT, "other").unwrap_err().contains("no module other"));
    assert!(Netlist::read("{", "unit").is_err());
    let without_bits = TEXT.replace(r#""bits": [2, 3]"#, r#""bits": 2"#);
    assert!(Netlist::read(&without_bits, "unit").is_err());
}

/// Digests in the mutation baseline are taken of this text.
#[test]
fn writes_the_recorded_bytes() {
    let netlist = Netlist::read(TEXT, "unit").unwrap();
    let head = r#"{"modules":{"unit":{"cells":{"$not$1":{"connections":{"A":[2,"1"],"Y":[4]},"parameters":{"A_SIGNED":"1","A_WIDTH":"00000000000000000000000000000010"},"port_directions":{"A":"input","Y":"output"},"type":"$not"}},"netnames":{"$wire$0":{"bits":[4]},"a":{"bits":[2,3]},"#;
    let ports = r#""y":{"bits":[4,"x"]}},"ports":{"a":{"bits":[2,3],"direction":"input"},"y":{"bits":[4,"x"],"direction":"output"}}}}}"#;
    assert_eq!(netlist.json(false), format!("{head}{ports}"));
    assert_eq!(netlist.json(true), format!(r#"{head}"held":{{"bits":[4,5]}},{ports}"#));
    let again = Netlist::read(&netlist.json(true), "unit").unwrap();
    assert_eq!(again.json(true), netlist.json(true));
}

/// `first` is `a & last`, `last` is `~held`, and `held` is a register of `input`.
fn three_cells(input: Bit) -> Netlist {
    let [clk, a, first, last, held] = [2, 3, 4, 5, 6].map(Bit::Net);
    let cells = [
        ("first", operator("$and", false, &[("A", &[a]), ("B", &[last])], &[first])),
        ("last", operator("$not", false, &[("A", &[held])], &[last])),
        ("held", operator("$dff", false, &[("CLK", &[clk]), ("D", &[input])], &[held])),
    ];
    Netlist {
        name: "unit".to_string(),
        ports: Vec::new(),
        cells: cells.map(|(name, cell)| (name.to_string(), cell)).into(),
        wires: BTreeMap::new(),
        next: 7,
    }
}

#[test]
fn evaluation_order_puts_cells_after_those_they_read() {
    let netlist = three_cells(Bit::Net(3));
    let kinds = |is_source: fn(&Cell) -> bool| {
        let order = netlist.evaluation_order([Bit::Net(4)], is_source).unwrap();
        order.iter().map(|cell| cell.kind.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(|_| false), ["$dff", "$not", "$and"]);
    assert_eq!(kinds(Cell::is_register), ["$not", "$and"]);
    assert!(netlist.is_acyclic());
}

#[test]
fn detects_combinational_loops() {
    let mut netlist = three_cells(Bit::Net(4));
    assert!(netlist.is_acyclic());
    assert!(netlist.evaluation_order([Bit::Net(4)], |_| false).is_none());
    let last = netlist.cells.get_mut("last").unwrap();
    last.inputs.insert("A".to_string(), vec![Bit::Net(4)]);
    assert!(!netlist.is_acyclic());
}

#[test]
fn detached_outputs_have_unread_nets() {
    let mut netlist = Netlist::read(TEXT, "unit").unwrap();
    netlist.detach_outputs();
    assert_eq!(netlist.port("y").unwrap().bits, [Bit::Net(10), Bit::Net(11)]);
    assert_eq!(netlist.cells["$output$y"].input("A"), [Bit::Net(4), Bit::Undefined]);
    assert_eq!(netlist.next, 12);
}
