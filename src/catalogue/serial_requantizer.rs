//! A requantizer for small devices: one adder, one bit of the multiplier a cycle.

use serde_json::{Value as Json, json};

use super::requantizer::datapath::{Live, wire};
use super::requantizer::parameters::Source;
use super::requantizer::registers::{Signal, net_type};
use super::requantizer::{output, parameters};
use crate::circuit::verilog::extended;
use crate::unit::{
    Behaviour, ConfigError, Integer, Parameter, Port, Preset, Role, Values, ValuesParameters, ValuesUnit,
};

/// What a requantizer computes, in 33 to 66 cycles a result.
pub(crate) struct SerialRequantizer;

pub(crate) type SerialRequantizerParameters = ValuesParameters<SerialRequantizer>;

impl ValuesUnit for SerialRequantizer {
    const SUMMARY: &'static str = "accumulator to output codes, one bit of the multiplier a cycle";

    const PARAMETERS: &'static [Parameter] = parameters::SERIAL;

    const PRESETS: &'static [Preset] = &[Preset { name: "requantizer_serial", sets: &[] }];

    fn check(values: &Values) -> Result<(), ConfigError> {
        parameters::check(values)
    }

    fn module_name(values: &Values) -> String {
        format!("requant_serial_{}", parameters::name(values))
    }

    fn ports(values: &Values) -> Vec<Port> {
        let out = parameters::out(values);
        let mut ports = vec![
            Port::control("clk", Role::Clock, "acts on the rising edge"),
            Port::control("rst", Role::Reset, "synchronous, drops what is on its way"),
            Port::control("start", Role::Valid, "takes the inputs in, unless busy"),
            Port::input("acc", parameters::accumulator(values), "accumulator"),
        ];
        ports.extend(parameters::number_ports(values));
        ports.push(status("busy", "a result is on its way"));
        ports.push(status("done", "out is new, for one cycle"));
        ports.push(Port::register("out", out, "output code, holds until the next"));
        ports
    }

    fn behaviour(values: &Values) -> Behaviour {
        Behaviour::Sequential { latency: cycles(values, longest(values)) }
    }

    fn facts(values: &Values) -> Vec<String> {
        let latency = match Source::of(values, "shift") {
            Source::Constant(shift) => format!("{} clock cycles", cycles(values, shift)),
            _ => format!("{} - shift clock cycles", cycles(values, 0)),
        };
        vec![parameters::equation(values).to_string(), format!("Latency: {latency}; one result at a time.")]
    }

    fn context(values: &Values) -> Json {
        let acc = parameters::accumulator(values);
        let bits = acc.bits;
        let two_roundings = has_two_roundings(values);
        let mut taken_in = vec![register("multiplicand", acc, "acc")];
        let mut captured = |name: &'static str, register_name: &'static str| {
            (Source::of(values, name) == Source::Port).then(|| {
                taken_in.push(register(register_name, parameters::out(values), name));
                Signal::new(register_name, parameters::out(values))
            })
        };
        let zero_point = captured("zero_point", "zero_point_1");
        let (clamp_min, clamp_max) =
            (captured("clamp_min", "clamp_min_1"), captured("clamp_max", "clamp_max_1"));
        let multiplier = match Source::of(values, "multiplier") {
            Source::Constant(number) => format!("31'd{number}"),
            _ => "multiplier".to_string(),
        };
        let (right, shifts, mut wires) = match Source::of(values, "shift") {
            Source::Constant(shift) => (format!("6'd{}", -shift), format!("6'd{}", 31 - shift), vec![]),
            _ => ("right".to_string(), "6'd31 + places".to_string(), vec![places()]),
        };
        if two_roundings && !wires.is_empty() {
            taken_in.push(register("right", PLACES, "places"));
        }
        let up = match values.word("rule") {
            "gemmlowp" => format!("last & (sticky | ~upper[{}])", bits - 1),
            _ => "last".to_string(),
        };
        let scaled = Signal::new("scaled", Integer::signed(bits + 1));
        let mut live = Live::of_value(scaled, zero_point, clamp_min, clamp_max);
        wires.extend(output::offset_wires(values, &mut live));
        let (bounds, clamped) = output::clamped(values, &mut live);
        json!({
            "taken_in": taken_in,
            "multiplier": multiplier,
            "upper_msb": bits - 1,
            "upper_zero": format!("{bits}'d0"),
            "sum_msb": bits,
            "wide_upper": extended("upper", acc, bits + 1),
            "wide_multiplicand": extended("multiplicand", acc, bits + 1),
            "wide_zero": format!("{}'d0", bits + 1),
            "wide_up": format!("{{{bits}'d0, up}}"),
            "increment": format!("$signed({{{}'d0, last}})", bits - 1),
            "right": right,
            "shifts": shifts,
            "two_roundings": two_roundings,
            "sticky": values.word("rule") == "gemmlowp",
            "up": up,
            "wires": wires,
            "bounds": bounds,
            "clamped": clamped,
            "out_zero": format!("{}'d0", parameters::out(values).bits),
        })
    }
}

/// The type of a number of places to the right.
const PLACES: Integer = Integer::unsigned(6);

/// What is taken in with `start`.
fn register(name: &str, integer: Integer, from: &str) -> Json {
    json!({ "type": net_type(integer), "name": name, "from": from })
}

/// The places of the port `shift`: -32 counts as -31, and what is above 0 as 0.
fn places() -> Json {
    wire("places", PLACES, "~shift[5] ? 6'd0 : (shift == -6'sd32) ? 6'd31 : 6'd0 - shift[5:0]")
}

fn status(name: &'static str, help: &'static str) -> Port {
    Port { role: Role::Valid, ..Port::register(name, Integer::unsigned(1), help) }
}

/// Whether a rounding follows the multiplication, and another the shift.
fn has_two_roundings(values: &Values) -> bool {
    matches!(values.word("rule"), "gemmlowp" | "ruy")
}

/// Edges from `start` to `done`: 31 multiplier bits, the places of the shift, the rounding between
/// the two where there is one, one to take in and one to give out.
fn cycles(values: &Values, shift: i64) -> usize {
    33 + usize::from(has_two_roundings(values)) + (-shift) as usize
}

/// The shift that takes longest.
fn longest(values: &Values) -> i64 {
    match Source::of(values, "shift") {
        Source::Constant(shift) => shift,
        _ => -31,
    }
}
