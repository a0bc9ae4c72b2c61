//! The self-checking testbench: a common harness that drives, aligns and compares, and one behavioural model
//! per unit, written independently of the unit's template.

use serde_json::{Map, Value as Json, json};

use crate::unit::{Behaviour, Config, Direction, Float, FloatNan, Port, Role, Value, Values};

pub(crate) const FRAME: (&str, &str) =
    ("testbench.v", include_str!("../../../templates/flow/testbench.v.tera"));

/// Inputs of at most this many bits are driven exhaustively: 65,536 cycles.
const EXHAUSTIVE_BITS: u32 = 16;
/// Cycles of random stimulus.
const RANDOM_CYCLES: u64 = 20_000;
/// Cycles of random stimulus for a unit with packed operands, which an interpreter simulates slowly.
const PACKED_CYCLES: u64 = 2_000;

/// The name of the template with the behavioural model of the config's unit.
pub(crate) fn template(config: &Config) -> String {
    format!("testbench/{}", config.unit().name())
}

pub(crate) fn context(config: &Config) -> Json {
    let ports = config.ports();
    let inputs: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
    let outputs: Vec<&Port> = ports.iter().filter(|port| port.direction == Direction::Output).collect();
    let row_bits: u32 = inputs.iter().map(|port| port.width()).sum();
    let (sequential, delay) = match config.behaviour() {
        Behaviour::FeedForward { latency } => (false, latency),
        // The model steps with the unit: its outputs are compared after the next edge.
        Behaviour::Pipelined { .. } | Behaviour::Sequential { .. } | Behaviour::Stream { .. } => (true, 1),
    };
    let narrow = inputs.iter().any(|port| port.narrow);
    let random = sequential || narrow || row_bits > EXHAUSTIVE_BITS;
    let packed = inputs.iter().find(|port| port.elements > 1);
    let cycles = match (random, packed) {
        (false, _) => 1 << row_bits,
        (true, None) => RANDOM_CYCLES,
        (true, Some(_)) => PACKED_CYCLES,
    };
    let plan = if random {
        format!("{cycles} cycles of random inputs with corners")
    } else {
        format!("all {cycles} inputs")
    };
    let clocked = ports.iter().any(|port| port.role == Role::Clock);
    let type_width = ports.iter().map(|port| port.net_type().len()).max().unwrap_or(0);
    let entry = |port: &Port| {
        let net_type = format!("{:<type_width$}", port.net_type());
        json!({ "name": port.name, "type": net_type, "draw": draw(port), "role": port.role })
    };
    json!({
        "name": config.name(),
        "version": env!("CARGO_PKG_VERSION"),
        "digest": config.digest(),
        "plan": plan,
        "latency": config.behaviour().latency(),
        "result": outputs.last().map(|port| port.name),
        "result_elements": outputs.last().map(|port| port.elements),
        "result_bits": outputs.last().map(|port| port.integer.bits),
        "result_msb": outputs.last().map(|port| port.width() - 1),
        "floats": inputs.iter().any(|port| port.float == Some(Float::F32)),
        "float": ports.iter().filter_map(|port| port.float).find(|&float| float != Float::F32).map(float_format),
        "narrow": narrow,
        "packed": packed.map_or(0, |port| port.elements),
        "packed_msb": packed.map_or(0, |port| port.width() - 1),
        "codes": packed.is_some_and(|port| port.float.is_some()),
        "packed_finite": packed.and_then(|port| port.float).map(finite_mask),
        "cycles": cycles,
        "delay": delay,
        "random": random,
        "sequential": sequential,
        "clocked": clocked,
        "bit": " ".repeat(type_width),
        "row_msb": row_bits - 1,
        "ports": ports.iter().map(|port| port.name).collect::<Vec<_>>(),
        "inputs": inputs.into_iter().map(entry).collect::<Vec<_>>(),
        "outputs": outputs.into_iter().map(entry).collect::<Vec<_>>(),
        "port": ports.iter().map(|port| (port.name.to_string(), number(port))).collect::<Map<_, _>>(),
        "values": texts(config.values()),
        "lists": lists(config.values()),
    })
}

/// The expression of a random value for a port.
fn draw(port: &Port) -> String {
    match port.float {
        None if port.narrow => format!("draw_narrow({}, {})", port.integer.bits, port.elements),
        None if port.elements > 1 => format!("draw_elements({}, {})", port.integer.bits, port.elements),
        Some(_) if port.elements > 1 => format!("draw_codes({})", 8 * port.elements),
        Some(Float::F32) => "draw_float(6)".to_string(),
        _ => format!("draw({})", port.width()),
    }
}

/// A mask that clears the lowest bit of the exponent, which makes every 8-bit code finite.
fn finite_mask(float: Float) -> String {
    format!("64'h{:x}", float.pattern().mask() & !(1 << float.fraction_bits))
}

/// Template context of a port for behavioural models: its value and its range.
fn number(port: &Port) -> Json {
    let integer = port.integer;
    let literal = |value: i128| format!("{}128'sd{}", if value < 0 { "-" } else { "" }, value.unsigned_abs());
    json!({
        "value": format!("value(then_{}, {}, 1'b{})", port.name, integer.bits, u8::from(integer.signed)),
        "min": literal(port.min()),
        "max": literal(integer.max()),
        "bits": integer.bits,
        "span": literal(integer.max() - port.min() + 1),
    })
}

/// Template context of a format: fields of a code named `code`, and literals of its limits.
fn float_format(float: Float) -> Json {
    let Float { exponent_bits, fraction_bits, .. } = float;
    let magnitude_bits = exponent_bits + fraction_bits;
    let literal = |code: u64| format!("{magnitude_bits}'h{code:x}");
    let least = 1 - i64::from(float.bias()) - i64::from(fraction_bits);
    let last_finite_or_infinite = float.largest() + u64::from(float.infinity);
    json!({
        "kind": match float.nan {
            _ if float.is_scale => "scale",
            FloatNan::AllOnes => "with_nan",
            FloatNan::NegativeZero => "fnuz",
            FloatNan::None => "finite",
        },
        "infinity": float.infinity,
        "magnitude_msb": magnitude_bits - 1,
        "exponent": format!("code[{}:{fraction_bits}]", magnitude_bits - 1),
        "fraction": if fraction_bits == 0 { String::new() } else { format!("code[{}:0]", fraction_bits - 1) },
        "padding": 39 - fraction_bits,
        "infinite": literal(float.largest() + 1),
        "below_nan": literal(last_finite_or_infinite),
        "nan": literal(if float.infinity { float.largest() + 1 + (1 << (fraction_bits - 1)) } else { float.magnitude_mask() }),
        "largest": format!("8'h{:02x}", float.largest()),
        "below_largest": format!("8'h{:02x}", float.largest() - 1),
        "first_beyond": format!("8'h{:02x}", float.largest() + 1),
        "end": format!("8'h{:02x}", float.largest() + 1 + u64::from(float.nan == FloatNan::AllOnes)),
        "least_exponent": least,
        "middle_exponent": least + 149,
    })
}

/// The parameters that are lists or matrices.
fn lists(values: &Values) -> Map<String, Json> {
    let lists = values.iter().filter_map(|(name, value)| match value {
        Value::List(numbers) => Some((name.to_string(), json!(numbers))),
        Value::Matrix(matrix) => Some((name.to_string(), json!(matrix))),
        _ => None,
    });
    lists.collect()
}

fn texts(values: &Values) -> Map<String, Json> {
    values.iter().map(|(name, value)| (name.to_string(), value.to_string().into())).collect()
}
