//! The cocotb testbench, whose golden model is the Python package.

use serde_json::{Value as Json, json};

use super::clock;
use crate::unit::{Behaviour, Config, Direction, Float, Port, Role};

pub(crate) const TEMPLATE: (&str, &str) = ("cocotb", include_str!("../../../templates/flow/cocotb.py.tera"));

/// Transactions that are driven.
const TRANSACTIONS: usize = 2000;
/// Transactions of a unit that takes several cycles for each.
const SERIAL_TRANSACTIONS: usize = 200;

/// Units with streams, for which the Python package aligns frames, not beats of a handshake.
pub(crate) fn refusal(config: &Config) -> Option<(String, &'static str)> {
    let reason = "its golden model in Python has frames, not handshakes";
    config
        .behaviour()
        .is_stream()
        .then(|| (reason.to_string(), "use the companion testbench, which drives the streams"))
}

pub(crate) fn context(config: &Config) -> Json {
    let ports = config.ports();
    let is_serial = ports.iter().any(|port| port.name == "busy");
    let with_role = |role: Role| ports.iter().find(|port| port.role == role).map(|port| port.name);
    let data = |direction: Direction| {
        ports.iter().filter(move |port| port.direction == direction && port.role == Role::Data)
    };
    let valid_out = ports.iter().find(|port| (port.role, port.direction) == (Role::Valid, Direction::Output));
    // Only a pipeline leaves the data undefined while it is not valid.
    let is_pipelined = matches!(config.behaviour(), Behaviour::Pipelined { .. });
    let settings = config.settings();
    let settings = settings.iter().filter_map(|setting| setting.split_once('='));
    json!({
        "name": config.name(),
        "unit": config.unit().name(),
        "version": env!("CARGO_PKG_VERSION"),
        "digest": config.digest(),
        "settings": settings.map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>(),
        "sources": sources(config),
        "transactions": if is_serial { SERIAL_TRANSACTIONS } else { TRANSACTIONS },
        "latency": config.behaviour().latency(),
        "clock": clock(config),
        "reset": with_role(Role::Reset),
        "enable": with_role(Role::Enable),
        "clear": with_role(Role::Clear),
        "valid_in": ports.iter().find(|port| port.role == Role::Valid && port.is_driven()).map(|port| port.name),
        "valid_out": valid_out.filter(|_| !is_serial).map(|port| port.name),
        "gated": is_pipelined,
        "serial": is_serial,
        "inputs": data(Direction::Input).map(entry).collect::<Vec<_>>(),
        "outputs": data(Direction::Output).map(entry).collect::<Vec<_>>(),
    })
}

/// The module, and the models of the FPGA cells in it.
fn sources(config: &Config) -> Vec<String> {
    let cells = config.primitives().iter().map(ToString::to_string);
    std::iter::once(config.name().to_string()).chain(cells).map(|name| format!("{name}.v")).collect()
}

fn entry(port: &Port) -> Json {
    let is_real = port.float == Some(Float::F32);
    // A mask that leaves no infinity and no NaN in the elements of a long sum.
    let finite = port.float.filter(|_| port.elements > 1).map(|float| {
        let mask = float.pattern().mask() & !(1 << float.fraction_bits);
        format!("{mask:#x}")
    });
    json!({
        "name": port.name,
        "bits": port.integer.bits,
        "elements": port.elements,
        "low": port.min().to_string(),
        "high": port.integer.max().to_string(),
        "real": is_real,
        "finite": finite,
    })
}
