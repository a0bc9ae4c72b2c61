//! Template context of `templates/serial_requantizer.v.tera`: one adder for all steps.

use serde_json::{Value as Json, json};

use super::datapath::{LiveSignals, wire};
use super::output;
use super::registers::{Signal, net_type};
use super::requantization::{Requantization, RoundingRule, Source};
use super::thresholds::{Constants, Staircase, StaircaseDivision};
use crate::circuit::verilog::{as_type, extended};
use crate::unit::Integer;

/// The type of a right shift amount.
const RIGHT: Integer = Integer::unsigned(6);

/// Whether a code is found bit by bit, by comparison with thresholds.
///
/// Otherwise the multiplier is processed bit by bit.
pub(crate) fn compares(requantization: &Requantization) -> bool {
    requantization.is_constant() && requantization.out.bits <= 8
}

/// Context of the serial form.
pub(crate) fn context(requantization: &Requantization) -> Json {
    if !compares(requantization) {
        return json!({ "by_thresholds": null, "by_bits": by_bits(requantization), "constant": null });
    }
    let constants = Constants::of(requantization).expect("every number is a constant");
    let staircase = Staircase::of_rule(requantization, &constants).expect("the unit has no left shift");
    let out = requantization.out;
    match StaircaseDivision::find(&staircase, out) {
        Some(division) => {
            let context = division.context(requantization, &staircase);
            json!({ "by_thresholds": context, "by_bits": null, "constant": null })
        }
        None => json!({ "by_thresholds": null, "by_bits": null, "constant": constant(out, staircase.first) }),
    }
}

/// Context of a requantizer with a single code.
fn constant(out: Integer, code: i64) -> Json {
    let bits = out.bits;
    json!({
        "digits_msb": bits - 1,
        "digits_next": bits - 2,
        "one": format!("{bits}'d1"),
        "zero": format!("{bits}'d0"),
        "code": as_type(&format!("{bits}'d{}", out.encode(code.into())), out.signed),
    })
}

/// Context of the form that processes the multiplier bit by bit.
fn by_bits(requantization: &Requantization) -> Json {
    let Requantization { rule, accumulator, out, .. } = *requantization;
    let bits = accumulator.bits;
    let is_gemmlowp = rule == RoundingRule::Gemmlowp;
    let mut captured = vec![register("multiplicand", accumulator, "acc")];
    let mut live = output_signals(requantization, &mut captured);
    let (right, shifts, mut wires) = match requantization.constant_shift() {
        Some(shift) => (format!("6'd{}", -shift), format!("6'd{}", 31 - shift), vec![]),
        None => ("right".to_string(), "6'd31 + places".to_string(), vec![places()]),
    };
    if rule.rounds_twice() && requantization.constant_shift().is_none() {
        captured.push(register("right", RIGHT, "places"));
    }
    let multiplier = requantization.constant_multiplier();
    let sign = format!("upper[{}]", bits - 1);
    wires.extend(output::offset_wires(requantization, &mut live));
    let (bounds, clamped) = output::clamped(requantization, &mut live);
    json!({
        "taken_in": captured,
        "multiplier": multiplier.map_or("multiplier".to_string(), |number| format!("31'd{number}")),
        "upper_msb": bits - 1,
        "upper_zero": format!("{bits}'d0"),
        "sum_msb": bits,
        "wide_upper": extended("upper", accumulator, bits + 1),
        "wide_multiplicand": extended("multiplicand", accumulator, bits + 1),
        "wide_zero": format!("{}'d0", bits + 1),
        "wide_up": format!("{{{bits}'d0, up}}"),
        "increment": format!("$signed({{{}'d0, last}})", bits - 1),
        "right": right,
        "shifts": shifts,
        "two_roundings": rule.rounds_twice(),
        "sticky": is_gemmlowp,
        "up": if is_gemmlowp { format!("last & (sticky | ~{sign})") } else { "last".to_string() },
        "wires": wires,
        "bounds": bounds,
        "clamped": clamped,
        "out_zero": format!("{}'d0", out.bits),
    })
}

/// Signals of the output stage; ports are captured in registers with `start`.
fn output_signals(requantization: &Requantization, captured: &mut Vec<Json>) -> LiveSignals {
    let out = requantization.out;
    let mut capture = |source: Option<&Source>, port: &str, name: &'static str| {
        (source == Some(&Source::Port)).then(|| {
            captured.push(register(name, out, port));
            Signal::new(name, out)
        })
    };
    let scaled = Integer::signed(requantization.accumulator.bits + 1);
    LiveSignals {
        value: Some(Signal::new("scaled", scaled)),
        zero_point: capture(Some(&requantization.zero_point), "zero_point", "zero_point_1"),
        clamp_min: capture(requantization.clamp_min.as_ref(), "clamp_min", "clamp_min_1"),
        clamp_max: capture(requantization.clamp_max.as_ref(), "clamp_max", "clamp_max_1"),
        ..LiveSignals::default()
    }
}

/// A register that captures an input with `start`.
fn register(name: &str, integer: Integer, from: &str) -> Json {
    json!({ "type": net_type(integer), "name": name, "from": from })
}

/// Right shift of the port `shift`: -32 counts as -31, positive shifts as 0.
fn places() -> Json {
    wire("places", RIGHT, "~shift[5] ? 6'd0 : (shift == -6'sd32) ? 6'd31 : 6'd0 - shift[5:0]")
}
