//! The control ports of pipelined units, and the shift register of their valid bits.

use serde_json::{Value as Json, json};

use crate::unit::{Behaviour, Integer, Port, Role};

/// The ports that precede the operands.
pub(crate) fn control() -> [Port; 4] {
    [
        Port::control("clk", Role::Clock, "acts on the rising edge"),
        Port::control("rst", Role::Reset, "synchronous, drops what is on its way, wins over en"),
        Port::control("en", Role::Enable, "holds every register when 0"),
        Port::control("valid_in", Role::Valid, "the inputs count"),
    ]
}

/// The port that precedes the results.
pub(crate) fn valid_out() -> Port {
    Port { role: Role::Valid, ..Port::output("valid_out", Integer::unsigned(1), "the outputs count") }
}

/// The register that `templates/pipeline.v.tera` declares.
pub(crate) const SIGNAL: &str = "valid";

/// The behaviour of a unit with `stages` registers from input to output.
pub(crate) fn behaviour(stages: u32) -> Behaviour {
    Behaviour::Pipelined { latency: stages as usize }
}

/// The header line on the latency.
pub(crate) fn fact(stages: u32) -> String {
    let cycles = if stages == 1 { "cycle" } else { "cycles" };
    format!("Latency: {stages} clock {cycles} with en = 1; one result per cycle.")
}

/// The context of `templates/pipeline.v.tera`, the key `pipeline` of the unit's context.
pub(crate) fn context(stages: u32) -> Json {
    line(SIGNAL, "valid_in", stages)
}

/// The context of a shift register of that name and length for one bit.
pub(crate) fn line(name: &str, input: &str, stages: u32) -> Json {
    let last = stages - 1;
    json!({
        "range": if last == 0 { String::new() } else { format!("[{last}:0] ") },
        "next": match last {
            0 => input.to_string(),
            1 => format!("{{{name}[0], {input}}}"),
            _ => format!("{{{name}[{}:0], {input}}}", last - 1),
        },
        "zero": format!("{stages}'d0"),
        "last": tap(name, stages, stages),
    })
}

/// The output of register `stage`, counted from 1, of a shift register of `stages` registers.
pub(crate) fn tap(name: &str, stage: u32, stages: u32) -> String {
    if stages == 1 { name.to_string() } else { format!("{name}[{}]", stage - 1) }
}
