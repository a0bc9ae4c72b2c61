//! Output stage, from the rescaled value to the code: saturation, zero point and clamp.

use serde_json::Value as Json;

use super::datapath::{LiveSignals, sign_extended, step, wire};
use super::registers::{PipelineRegisters, Position, Signal};
use super::requantization::{Requantization, Source};
use crate::circuit::verilog::{as_type, extended};
use crate::unit::Integer;

/// Addition of the zero point, and the registers after it.
pub(super) fn offset(
    requantization: &Requantization,
    live: &mut LiveSignals,
    registers: &mut PipelineRegisters,
) -> Json {
    let wires = offset_wires(requantization, live);
    step("", wires, live.registers(registers, Position::Offset))
}

/// Adds the zero point.
///
/// The value first saturates to one bit more than a code: beyond that, the result is a bound for any zero
/// point. Without a zero point it saturates to the code.
pub(super) fn offset_wires(requantization: &Requantization, live: &mut LiveSignals) -> Vec<Json> {
    let (scaled, out) = (live.take(), requantization.out);
    let code_bits = out.bits;
    if is_code_already(requantization) {
        let (mut wires, value) = saturated(&scaled, out, "fits");
        wires.push(live.declare("offset", out, value));
        return wires;
    }
    let near = Integer::signed(code_bits + 1);
    let (mut wires, value) = saturated(&scaled, near, "fits");
    wires.push(wire("near", near, &value));
    let zero_point = match (live.zero_point.take(), requantization.zero_point.constant()) {
        (Some(port), _) => {
            format!(" + {}", as_type(&extended(&port.name, port.integer, code_bits + 2), true))
        }
        (None, Some(number)) if number != 0 => format!(" + {}", literal(number, code_bits + 2)),
        (None, _) => String::new(),
    };
    let sum = format!("{}{zero_point}", as_type(&extended("near", near, code_bits + 2), true));
    wires.push(live.declare("offset", Integer::signed(code_bits + 2), sum));
    wires
}

/// The declarations that the clamp needs, and the clamped code.
pub(super) fn clamped(requantization: &Requantization, live: &mut LiveSignals) -> (Vec<Json>, String) {
    let (offset, out) = (live.take(), requantization.out);
    if is_code_already(requantization) {
        return (Vec::new(), offset.name);
    }
    if spans_type(requantization) {
        return saturated(&offset, out, "is_code");
    }
    let offset = offset.name;
    let (low_port, high_port) = (live.clamp_min.take(), live.clamp_max.take());
    let has_port = low_port.is_some() || high_port.is_some();
    let mut wires = Vec::new();
    let mut bound = |port: Option<Signal>, name: &str, source: Option<&Source>, limit: i128| match port {
        Some(port) => Bound::of_port(&port, name, &mut wires),
        None => Bound::of_code(source.and_then(Source::constant).map_or(limit, i128::from), out),
    };
    let low = bound(low_port, "low_bound", requantization.clamp_min.as_ref(), out.min());
    let high = bound(high_port, "high_bound", requantization.clamp_max.as_ref(), out.max());
    let empty = if has_port { format!(" || {} > {}", low.wide, high.wide) } else { String::new() };
    let code = format!(
        "({offset} > {}{empty}) ? {} : ({offset} < {}) ? {} : {offset}[{}:0]",
        high.wide,
        high.code,
        low.wide,
        low.code,
        out.bits - 1
    );
    (wires, as_type(&code, out.signed))
}

/// A bound of the clamp: extended to the width that is compared, and as a code.
struct Bound {
    wide: String,
    code: String,
}

impl Bound {
    /// The value of a port, extended to a wire of that name.
    fn of_port(port: &Signal, name: &str, wires: &mut Vec<Json>) -> Self {
        let Integer { bits, .. } = port.integer;
        let value = as_type(&extended(&port.name, port.integer, bits + 2), true);
        wires.push(wire(name, Integer::signed(bits + 2), &value));
        Self { wide: name.to_string(), code: format!("{}[{}:0]", port.name, bits - 1) }
    }

    /// A constant.
    fn of_code(code: i128, out: Integer) -> Self {
        let pattern = format!("{}'d{}", out.bits, out.encode(code));
        Self { wide: literal(code as i64, out.bits + 2), code: pattern }
    }
}

/// Whether the clamp is the range of the output type.
///
/// In this case the bits above a code decide, which takes far fewer LUTs than two comparisons.
fn spans_type(requantization: &Requantization) -> bool {
    let Requantization { out, clamp_min, clamp_max, .. } = requantization;
    let is_limit = |source: &Option<Source>, limit: i128| {
        source.as_ref().is_none_or(|source| source.constant().map(i128::from) == Some(limit))
    };
    is_limit(clamp_min, out.min()) && is_limit(clamp_max, out.max())
}

/// Whether the saturated value is the code, without zero point and other bounds.
fn is_code_already(requantization: &Requantization) -> bool {
    spans_type(requantization) && requantization.zero_point == Source::Constant(0)
}

/// A signed value saturated to the range of `to`.
///
/// Returns the declaration of the wire `fits`, if it is needed, and the expression.
fn saturated(value: &Signal, to: Integer, fits: &str) -> (Vec<Json>, String) {
    let (name, top, bits) = (&value.name, value.integer.bits - 1, to.bits);
    let sign = format!("{name}[{top}]");
    if top < bits && to.signed {
        return (Vec::new(), as_type(&sign_extended(value, bits), true));
    }
    if top < bits {
        let has_same_width = value.integer.bits == bits;
        let whole = if has_same_width { format!("{name}[{top}:0]") } else { sign_extended(value, bits) };
        return (Vec::new(), format!("{sign} ? {bits}'d0 : {whole}"));
    }
    let (test, nearest) = if to.signed {
        let above = format!("{name}[{top}:{}]", bits - 1);
        (format!("(&{above}) | ~(|{above})"), format!("{{{sign}, {{{}{{~{sign}}}}}}}", bits - 1))
    } else {
        (format!("~(|{name}[{top}:{bits}])"), format!("{{{bits}{{~{sign}}}}}"))
    };
    let selected = format!("{fits} ? {name}[{}:0] : {nearest}", bits - 1);
    (vec![wire(fits, Integer::unsigned(1), &test)], as_type(&selected, to.signed))
}

/// A signed literal.
pub(super) fn literal(number: i64, bits: u32) -> String {
    if number < 0 { format!("-{bits}'sd{}", -number) } else { format!("{bits}'sd{number}") }
}
