//! From the accumulator to the rescaled value: (R1) to (R3), (R6) and (R7) as additions and shifts.

use serde_json::Value as Json;

use super::datapath::{Live, sign_extended, step, wire};
use super::parameters::Source;
use super::registers::{Place, Registers, Signal};
use crate::circuit::verilog::as_type;
use crate::unit::{Integer, Values};

/// `acc * multiplier`, for (R1) and (R2) after the left shift, which wraps in its register.
pub(crate) fn product(values: &Values, live: &mut Live, registers: &mut Registers) -> Json {
    let rule = values.word("rule");
    let mut wires = Vec::new();
    if let Some(shift) = live.shift.take() {
        wires.push(legal_shift(&shift));
        wires.extend(decoded(rule, live));
    }
    let mut acc = live.take();
    if matches!(rule, "gemmlowp" | "ruy") {
        let left = match Source::of(values, "shift") {
            Source::Constant(shift) => (shift > 0).then(|| format!("5'd{shift}")),
            _ => Some("left".to_string()),
        };
        if let Some(left) = left {
            let register = Integer::signed(if acc.integer.bits <= 32 { 32 } else { 64 });
            wires.push(wire(
                "multiplicand",
                register,
                &as_type(&format!("{} << {left}", sign_extended(&acc, register.bits)), true),
            ));
            acc = Signal::new("multiplicand", register);
        }
    }
    let multiplier = match (live.multiplier.take(), Source::of(values, "multiplier")) {
        (Some(port), _) => format!("$signed({{1'b0, {}}})", port.name),
        (None, Source::Constant(multiplier)) => format!("32'sd{multiplier}"),
        (None, _) => unreachable!("a multiplier is a constant or a port"),
    };
    let integer = Integer::signed(acc.integer.bits + 31);
    wires.push(live.declare("product", integer, format!("{} * {multiplier}", acc.name)));
    step("", wires, live.registers(registers, Place::Product))
}

/// -32 counts as -31 and 31 as 30.
fn legal_shift(shift: &Signal) -> Json {
    let name = &shift.name;
    let value = format!("({name} == -6'sd32) ? -6'sd31 : ({name} == 6'sd31) ? 6'sd30 : {name}");
    wire("legal_shift", shift.integer, &value)
}

/// The left and the right part of `legal_shift`, as the rule counts them.
fn decoded(rule: &str, live: &mut Live) -> Vec<Json> {
    let right = |live: &mut Live, bits, value: &str| {
        live.right = Some(Signal::new("right", Integer::unsigned(bits)));
        wire("right", Integer::unsigned(bits), value)
    };
    match rule {
        "single" => vec![right(live, 6, "6'd30 - legal_shift[5:0]")],
        "floor" => vec![right(live, 6, "6'd31 - legal_shift[5:0]")],
        _ => vec![
            wire("left", Integer::unsigned(5), "legal_shift[5] ? 5'd0 : legal_shift[4:0]"),
            right(live, 5, "legal_shift[5] ? 5'd0 - legal_shift[4:0] : 5'd0"),
        ],
    }
}

/// The right shift of (R7): -64 counts as -63, and what is above 0 as 0.
pub(crate) fn pow2_shift(live: &mut Live) -> Json {
    let shift = live.shift.take().expect("called for a shift port");
    let name = &shift.name;
    let value = format!("~{name}[6] ? 6'd0 : ({name} == -7'sd64) ? 6'd63 : 6'd0 - {name}[5:0]");
    live.right = Some(Signal::new("right", Integer::unsigned(6)));
    step("", vec![wire("right", Integer::unsigned(6), &value)], Json::Array(vec![]))
}

/// SRDHM of a multiplier of 0 or more, which never saturates: `(product + 2^30) >> 31`.
pub(crate) fn high(live: &mut Live, registers: &mut Registers, unused: &mut Vec<String>) -> Json {
    let product = live.take();
    let (name, bits) = (product.name, product.integer.bits - 31);
    unused.push(format!("{name}[29:0]"));
    let value = format!("{name}[{}:31] + {{{}'d0, {name}[30]}}", bits + 30, bits - 1);
    let wires = vec![live.declare("high", Integer::signed(bits), as_type(&value, true))];
    step(
        "SRDHM: half of the last place added as the bit below it.",
        wires,
        live.registers(registers, Place::High),
    )
}

/// The right shift, rounded as the rule says.
pub(crate) fn scaled(
    values: &Values,
    live: &mut Live,
    registers: &mut Registers,
    unused: &mut Vec<String>,
) -> Json {
    let value = live.take();
    let constant = match Source::of(values, "shift") {
        Source::Constant(shift) => Some(shift),
        _ => None,
    };
    let right = live.right.take().map(|right| right.name);
    let (why, wires) = match (values.word("rule"), constant) {
        ("single", Some(shift)) => half_up(live, &value, (30 - shift) as u32, unused),
        ("single", None) => {
            let shifted = format!("{} >>> {}", value.name, right.expect("decoded"));
            half_up_of(live, value.integer, shifted)
        }
        ("floor", Some(shift)) => floor(live, &value, (31 - shift) as u32, unused),
        ("floor" | "pow2_floor", None) => {
            let shifted = format!("{} >>> {}", value.name, right.expect("decoded"));
            ("", vec![live.declare("scaled", value.integer, shifted)])
        }
        ("pow2_floor", Some(shift)) => floor(live, &value, shift.unsigned_abs() as u32, unused),
        ("gemmlowp", _) => half_away(live, &value, constant, right, unused),
        (_, Some(0..)) => ("", vec![live.declare("scaled", value.integer, value.name.clone())]),
        (_, Some(shift)) => half_up(live, &value, shift.unsigned_abs() as u32 - 1, unused),
        (_, None) => {
            let doubled = Integer::signed(value.integer.bits + 1);
            let shifted = format!("$signed({{{}, 1'b0}}) >>> {}", value.name, right.expect("decoded"));
            half_up_of(live, doubled, shifted)
        }
    };
    step(why, wires, live.registers(registers, Place::Scaled))
}

const HALF_UP: &str = "Half up: one bit more than the result, which is added to the bits above it.";

/// `((value >> place) + 1) >> 1` with a constant place.
fn half_up(
    live: &mut Live,
    value: &Signal,
    place: u32,
    unused: &mut Vec<String>,
) -> (&'static str, Vec<Json>) {
    let (shifted, integer) = sliced(value, place, unused);
    half_up_of(live, integer, shifted)
}

fn half_up_of(live: &mut Live, integer: Integer, shifted: String) -> (&'static str, Vec<Json>) {
    let bits = integer.bits;
    let rounded = Integer::signed(bits);
    let value = format!("{{shifted[{top}], shifted[{top}:1]}} + {{{top}'d0, shifted[0]}}", top = bits - 1);
    (
        HALF_UP,
        vec![wire("shifted", integer, &shifted), live.declare("scaled", rounded, as_type(&value, true))],
    )
}

fn floor(live: &mut Live, value: &Signal, place: u32, unused: &mut Vec<String>) -> (&'static str, Vec<Json>) {
    let (shifted, integer) = sliced(value, place, unused);
    ("", vec![live.declare("scaled", integer, shifted)])
}

/// The bits of a value from `place` up, at least two of them, and their type.
fn sliced(value: &Signal, place: u32, unused: &mut Vec<String>) -> (String, Integer) {
    let (name, top) = (&value.name, value.integer.bits - 1);
    let lowest = place.min(top);
    if lowest > 0 {
        unused.push(if lowest == 1 { format!("{name}[0]") } else { format!("{name}[{}:0]", lowest - 1) });
    }
    if lowest == top {
        return (format!("$signed({{2{{{name}[{top}]}}}})"), Integer::signed(2));
    }
    let slice = if lowest == 0 { name.clone() } else { format!("$signed({name}[{top}:{lowest}])") };
    (slice, Integer::signed(top - lowest + 1))
}

/// `RDBPOT(high, right)` as one addition: half of the last place, less 1 below zero.
fn half_away(
    live: &mut Live,
    high: &Signal,
    constant: Option<i64>,
    right: Option<String>,
    unused: &mut Vec<String>,
) -> (&'static str, Vec<Json>) {
    let why = "RDBPOT: half away from zero, as half up of a value that is 1 less below zero.";
    let (name, sign) = (&high.name, format!("{}[{}]", high.name, high.integer.bits - 1));
    match constant {
        Some(0..) => ("", vec![live.declare("scaled", high.integer, name.clone())]),
        Some(shift) => {
            let right = shift.unsigned_abs() as u32;
            let bits = high.integer.bits.max(right + 1) + 1;
            // 2^(right-1) less the sign: a one above zeros, or zeros and ones.
            let nudge = match right {
                1 => format!("{{{}'d0, ~{sign}}}", bits - 1),
                _ => format!("{{{}'d0, ~{sign}, {{{}{{{sign}}}}}}}", bits - right, right - 1),
            };
            let nudged = Signal::new("nudged", Integer::signed(bits));
            let sum = format!("{} + {nudge}", sign_extended(high, bits));
            let (slice, integer) = sliced(&nudged, right, unused);
            (
                why,
                vec![
                    wire("nudged", nudged.integer, &as_type(&sum, true)),
                    live.declare("scaled", integer, slice),
                ],
            )
        }
        None => {
            let right = right.expect("decoded");
            let bits = high.integer.bits.max(32) + 1;
            let integer = Integer::signed(bits);
            let sum = format!(
                "{} + (({bits}'d1 << {right}) >> 1) - {{{}'d0, {sign} & (|{right})}}",
                sign_extended(high, bits),
                bits - 1
            );
            let shifted = format!("nudged >>> {right}");
            (
                why,
                vec![wire("nudged", integer, &as_type(&sum, true)), live.declare("scaled", integer, shifted)],
            )
        }
    }
}
