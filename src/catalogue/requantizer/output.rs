//! From the rescaled value to the code: saturation, zero point and clamp.

use serde_json::Value as Json;

use super::datapath::{Live, sign_extended, step, wire};
use super::parameters;
use super::parameters::Source;
use super::registers::{Place, Registers, Signal};
use crate::circuit::verilog::{as_type, extended};
use crate::unit::{Integer, Values};

/// The zero point added, and the registers after it.
pub(crate) fn offset(values: &Values, live: &mut Live, registers: &mut Registers) -> Json {
    let wires = offset_wires(values, live);
    step("", wires, live.registers(registers, Place::Offset))
}

/// Adds the zero point. One bit more than a code holds every value that does not end at a bound
/// whatever the zero point is, so the value saturates there first; a code does without a zero point.
pub(crate) fn offset_wires(values: &Values, live: &mut Live) -> Vec<Json> {
    let (scaled, out) = (live.take(), parameters::out(values));
    let code = out.bits;
    if is_code_already(values) {
        let (mut wires, value) = saturated(&scaled, out, "fits");
        wires.push(live.declare("offset", out, value));
        return wires;
    }
    let near = Integer::signed(code + 1);
    let (mut wires, value) = saturated(&scaled, near, "fits");
    wires.push(wire("near", near, &value));
    let zero_point = match (live.zero_point.take(), Source::of(values, "zero_point")) {
        (Some(port), _) => {
            format!(" + {}", as_type(&extended(&port.name, port.integer, code + 2), true))
        }
        (None, Source::Constant(number)) if number != 0 => format!(" + {}", literal(number, code + 2)),
        _ => String::new(),
    };
    let sum = format!("{}{zero_point}", as_type(&extended("near", near, code + 2), true));
    wires.push(live.declare("offset", Integer::signed(code + 2), sum));
    wires
}

/// The declarations that the clamp needs, and the clamped code.
pub(crate) fn clamped(values: &Values, live: &mut Live) -> (Vec<Json>, String) {
    let (offset, out) = (live.take(), parameters::out(values));
    if is_code_already(values) {
        return (Vec::new(), offset.name);
    }
    if spans_type(values) {
        return saturated(&offset, out, "is_code");
    }
    let (offset, bits) = (offset.name, out.bits + 2);
    let mut wires = Vec::new();
    let mut bound = |name: &'static str, limit: i128, port: Option<_>| match (port, Source::of(values, name))
    {
        (Some(port), _) => {
            let port: super::registers::Signal = port;
            let wide = if name == "clamp_min" { "low_bound" } else { "high_bound" };
            let bound = as_type(&extended(&port.name, out, bits), true);
            wires.push(wire(wide, Integer::signed(bits), &bound));
            (wide.to_string(), format!("{}[{}:0]", port.name, out.bits - 1), true)
        }
        (None, Source::Constant(number)) => (literal(number, bits), pattern(number.into(), out), false),
        (None, _) => (literal(limit as i64, bits), pattern(limit, out), false),
    };
    let (low, low_code, low_is_port) = bound("clamp_min", out.min(), live.clamp_min.take());
    let (high, high_code, high_is_port) = bound("clamp_max", out.max(), live.clamp_max.take());
    let empty = if low_is_port || high_is_port { format!(" || {low} > {high}") } else { String::new() };
    let code = format!(
        "({offset} > {high}{empty}) ? {high_code} : ({offset} < {low}) ? {low_code} : {offset}[{}:0]",
        out.bits - 1
    );
    (wires, as_type(&code, out.signed))
}

/// Whether the clamp is that of the output type, which the bits above a code decide: far smaller than
/// two comparisons.
fn spans_type(values: &Values) -> bool {
    let out = parameters::out(values);
    [("clamp_min", out.min()), ("clamp_max", out.max())].into_iter().all(|(name, limit)| {
        match Source::of(values, name) {
            Source::Type => true,
            Source::Constant(number) => i128::from(number) == limit,
            _ => false,
        }
    })
}

/// Whether the saturated value is the code: nothing is added to it, and nothing else bounds it.
fn is_code_already(values: &Values) -> bool {
    spans_type(values) && Source::of(values, "zero_point") == Source::Constant(0)
}

/// A signed value held within the range of `to`: the wire `fits` that it needs, and the expression.
fn saturated(value: &Signal, to: Integer, fits: &str) -> (Vec<Json>, String) {
    let (name, top, bits) = (&value.name, value.integer.bits - 1, to.bits);
    let sign = format!("{name}[{top}]");
    let (test, nearest) = match to.signed {
        true if top < bits => return (Vec::new(), as_type(&sign_extended(value, bits), true)),
        true => {
            let above = format!("{name}[{top}:{}]", bits - 1);
            (format!("(&{above}) | ~(|{above})"), format!("{{{sign}, {{{}{{~{sign}}}}}}}", bits - 1))
        }
        false if top < bits => {
            let whole = match value.integer.bits == bits {
                true => format!("{name}[{top}:0]"),
                false => sign_extended(value, bits),
            };
            return (Vec::new(), format!("{sign} ? {bits}'d0 : {whole}"));
        }
        false => (format!("~(|{name}[{top}:{bits}])"), format!("{{{bits}{{~{sign}}}}}")),
    };
    let value = format!("{fits} ? {name}[{}:0] : {nearest}", bits - 1);
    (vec![wire(fits, Integer::unsigned(1), &test)], as_type(&value, to.signed))
}

/// A signed literal.
pub(crate) fn literal(number: i64, bits: u32) -> String {
    if number < 0 { format!("-{bits}'sd{}", -number) } else { format!("{bits}'sd{number}") }
}

/// The bit pattern of a code.
fn pattern(code: i128, out: Integer) -> String {
    format!("{}'d{}", out.bits, out.encode(code))
}
