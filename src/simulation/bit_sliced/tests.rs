//! Translation of hand-made gate-level netlists.

use serde_json::{Map, Value as Json, json};

use super::gates::GateNetlist;
use super::text::text;
use crate::catalogue::unit;
use crate::unit::Config;

/// A multiplier of 2 by 2 bits with one register.
fn config() -> Config {
    Config::new(unit("multiplier").unwrap(), None, &["a_bits=2", "b_bits=2", "stages=1"]).unwrap()
}

fn cell(kind: &str, connections: Json) -> Json {
    let ports = connections.as_object().unwrap().keys();
    let direction = |port: &String| if ["Y", "Q"].contains(&port.as_str()) { "output" } else { "input" };
    let directions: Map<_, _> = ports.map(|port| (port.clone(), direction(port).into())).collect();
    json!({ "type": kind, "port_directions": directions, "connections": connections })
}

fn design(cells: Json, product: Json) -> String {
    let ports = json!({
        "clk": { "direction": "input", "bits": [2] },
        "a": { "direction": "input", "bits": [3, 4] },
        "b": { "direction": "input", "bits": [5, 6] },
        "product": { "direction": "output", "bits": product },
    });
    let register = json!({ "bits": [21], "attributes": { "init": "1" } });
    let module = json!({ "ports": ports, "cells": cells, "netnames": { "register": register } });
    json!({ "modules": { config().name(): module } }).to_string()
}

fn translation(cells: Json, product: Json) -> Result<String, String> {
    let netlist = GateNetlist::read(&config(), &design(cells, product))?;
    text(&config(), &netlist, "top", "digest")
}

#[test]
fn gates_are_written_after_those_they_read() {
    let cells = json!({
        "first": cell("$_MUX_", json!({ "A": [9], "B": [8], "S": [3], "Y": [10] })),
        "second": cell("$_NOT_", json!({ "A": [8], "Y": [9] })),
        "third": cell("$_XOR_", json!({ "A": [4], "B": [6], "Y": [8] })),
        "unread": cell("$_OR_", json!({ "A": [4], "B": [6], "Y": [30] })),
        "register": cell("$_DFF_P_", json!({ "C": [2], "D": [10], "Q": [21] })),
    });
    let text = translation(cells, json!([21, 8, "0", "1"])).unwrap();
    let expected = "
    const Word n8 = in[1] ^ in[3];
    const Word n9 = ~n8;
    const Word n10 = n9 ^ ((n9 ^ n8) & in[0]);
    out[0] = state[0];
    out[1] = n8;
    out[2] = ZERO;
    out[3] = ONES;
    const Word next0 = n10;
    state[0] = next0;
}";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("state[0] = ONES;"), "{text}");
}

#[test]
fn errors_name_untranslatable_cells() {
    let register = |clock: u64| cell("$_DFF_P_", json!({ "C": [clock], "D": [3], "Q": [21] }));
    let product = json!([21, "0", "0", "0"]);
    let gate = |inputs: [u64; 2], output: u64| {
        cell("$_AND_", json!({ "A": [inputs[0]], "B": [inputs[1]], "Y": [output] }))
    };
    let latch = cell("$_DLATCH_P_", json!({ "E": [2], "D": [3], "Q": [21] }));
    let wide = cell("$_NOT_", json!({ "A": [3], "Y": [21, 22] }));
    let cases = [
        (json!({ "one": register(3) }), product.clone(), "not clocked by the clock"),
        (json!({ "one": latch }), product.clone(), "a cell $_DLATCH_P_"),
        (json!({ "one": gate([7, 3], 8), "two": gate([8, 4], 7) }), json!([7, "0", "0", "0"]), "a loop"),
        (json!({ "one": gate([7, 3], 7) }), json!([7, "0", "0", "0"]), "a loop"),
        (json!({ "one": register(2) }), json!([21, 40, "0", "0"]), "nothing drives its net 40"),
        (json!({ "one": register(2) }), json!([21, "x", "0", "0"]), "an undefined bit"),
        (json!({ "one": register(2) }), json!([21]), "product has 1 bits instead of 4"),
        (json!({ "one": cell("$_NOT_", json!({ "Y": [21] })) }), product.clone(), "port A of a $_NOT_ has 0"),
        (json!({ "one": wide }), product, "$_NOT_ does not drive exactly one net"),
    ];
    for (cells, product, reason) in cases {
        let error = translation(cells, product).unwrap_err();
        assert!(error.contains(reason), "'{error}' does not say '{reason}'");
    }
}
