//! SystemVerilog assertions about control and streams, bound to the module.

use serde_json::{Value as Json, json};

use super::clock;
use crate::unit::{Behaviour, Config, Direction, Port, Role, streams};

pub(crate) const TEMPLATE: (&str, &str) =
    ("assertions", include_str!("../../../templates/flow/assertions.sv.tera"));

/// A combinational unit has nothing that an assertion over cycles could state.
pub(crate) fn refusal(config: &Config) -> Option<(String, &'static str)> {
    let fix =
        "choose a config with registers, such as --set stages=2 where the unit has it, or leave sva out";
    clock(config).is_none().then(|| ("it is combinational, and has no clock to sample".to_string(), fix))
}

pub(crate) fn context(config: &Config) -> Json {
    let ports = config.ports();
    let (latency, is_sequential) = match config.behaviour() {
        Behaviour::FeedForward { latency } | Behaviour::Pipelined { latency } => (latency, false),
        Behaviour::Sequential { .. } => (0, true),
        Behaviour::Stream { .. } => (0, false),
    };
    let is_stream = config.behaviour().is_stream();
    let is_serial = ports.iter().any(|port| port.name == "busy");
    let is_used = |port: &&Port| match (port.role, port.direction) {
        // Events belong to no beat, and nothing is asserted about them.
        (Role::Event, _) => false,
        // Of a unit with history, a result is no function of a few inputs.
        (Role::Data | Role::Clear, Direction::Input) => !is_sequential,
        (Role::Valid, Direction::Input) => !is_sequential || is_serial,
        _ => true,
    };
    let used: Vec<&Port> = ports.iter().filter(is_used).collect();
    let named = |role: Role, direction: Direction| {
        let found = ports.iter().find(|port| (port.role, port.direction) == (role, direction));
        found.map(|port| port.name)
    };
    let data = |direction: Direction| {
        let own = ports.iter().filter(move |port| port.direction == direction && port.role == Role::Data);
        own.collect::<Vec<_>>()
    };
    let outputs = ports.iter().filter(|port| port.direction == Direction::Output);
    let [inputs, outputs_of_streams] = stream_names(&ports);
    json!({
        "name": config.name(),
        "version": env!("CARGO_PKG_VERSION"),
        "digest": config.digest(),
        "ports": used.iter().map(|port| declaration(port)).collect::<Vec<_>>(),
        "connections": used.iter().map(|port| format!(".{0}({0})", port.name)).collect::<Vec<_>>(),
        "latency": latency,
        "operands": concatenation(&data(Direction::Input)),
        "operands_msb": last_bit(&data(Direction::Input)),
        "results": concatenation(&data(Direction::Output)),
        "results_msb": last_bit(&data(Direction::Output)),
        "outputs": concatenation(&outputs.collect::<Vec<_>>()),
        "reset": named(Role::Reset, Direction::Input),
        "enable": named(Role::Enable, Direction::Input),
        "valid_in": named(Role::Valid, Direction::Input).filter(|_| !is_stream && !is_serial),
        "valid_out": named(Role::Valid, Direction::Output).filter(|_| !is_stream && !is_serial),
        "sequential": is_sequential,
        "serial": is_serial,
        "stream": is_stream,
        "stream_inputs": inputs,
        "stream_outputs": outputs_of_streams,
    })
}

/// A port of the checker: an input, of a type without a sign.
fn declaration(port: &Port) -> String {
    match port.width() {
        1 => format!("input wire {}", port.name),
        width => format!("input wire [{}:0] {}", width - 1, port.name),
    }
}

fn concatenation(ports: &[&Port]) -> String {
    let names: Vec<&str> = ports.iter().map(|port| port.name).collect();
    format!("{{{}}}", names.join(", "))
}

fn last_bit(ports: &[&Port]) -> u32 {
    ports.iter().map(|port| port.width()).sum::<u32>().saturating_sub(1)
}

/// Names of the ports of each input stream, and of each output stream.
fn stream_names(ports: &[Port]) -> [Vec<Json>; 2] {
    let side = |direction: Direction| {
        let own = ports.iter().filter(move |port| port.direction == direction && port.role != Role::Clock);
        own.collect::<Vec<_>>()
    };
    let (driven, given) = (side(Direction::Input), side(Direction::Output));
    let [inputs, outputs] = streams(ports);
    [(inputs, &driven, &given), (outputs, &given, &driven)].map(|(streams, ahead, back)| {
        let names = streams.iter().map(|stream| {
            let payload: Vec<&Port> =
                [Some(stream.data), stream.last].into_iter().flatten().map(|index| ahead[index]).collect();
            json!({
                "name": ahead[stream.data].name.strip_suffix("_tdata"),
                "payload": concatenation(&payload),
                "valid": ahead[stream.valid].name,
                "ready": back[stream.ready].name,
            })
        });
        names.collect()
    })
}
