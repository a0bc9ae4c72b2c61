//! Timing harness: registers around a module whose clock frequency is measured.

use std::sync::LazyLock;

use serde_json::json;
use tera::{Context, Tera};

use crate::generator::engine;
use crate::unit::{Config, Direction, Port, Role};

static ENGINE: LazyLock<Tera> =
    LazyLock::new(|| engine(&[("timing.v", include_str!("../../templates/synthesis/timing.v.tera"))]));

/// Renders the module `top`, which registers all inputs and outputs.
pub(crate) fn timing_harness(config: &Config) -> String {
    let ports = config.ports();
    let mut pins = Vec::new();
    let mut widths = [0, 0];
    for port in &ports {
        let pin = match (port.role, port.direction) {
            (Role::Clock, _) => ".clk (clk)".to_string(),
            (_, Direction::Input) => pin(port, "driven", &mut widths[0]),
            (_, Direction::Output) => pin(port, "results", &mut widths[1]),
        };
        pins.push(pin);
    }
    let context = json!({ "name": config.name(), "pins": pins, "inputs": widths[0], "outputs": widths[1] });
    let context = Context::from_serialize(&context).expect("a JSON object");
    ENGINE.render("timing.v", &context).expect("template and context agree")
}

fn pin(port: &Port, vector: &str, used: &mut u32) -> String {
    let low = *used;
    *used += port.width();
    format!(".{} ({vector}[{}:{low}])", port.name, *used - 1)
}
