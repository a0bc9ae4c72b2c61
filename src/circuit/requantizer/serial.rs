//! Template context of `templates/serial_requantizer.v.tera`: one adder for all steps.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::datapath::{LiveSignals, wire};
use super::output;
use super::registers::{Signal, net_type};
use super::requantization::{Requantization, RequantizerNumber, RoundingRule, Source};
use super::thresholds::{Constants, Staircase, StaircaseDivision, WIDEST_CODE};
use crate::circuit::verilog::{as_type, extended};
use crate::unit::Integer;

/// The type of a right shift amount.
const RIGHT: Integer = Integer::unsigned(6);

/// Form of a serial requantizer.
#[derive(Clone, Debug)]
pub(crate) enum SerialForm {
    /// The multiplier is processed bit by bit.
    MultiplierBits,
    /// A code is found bit by bit, by comparison with thresholds.
    CodeBits(Arc<StaircaseDivision>),
    /// Every accumulator gives this code.
    Constant(i64),
}

impl SerialForm {
    /// The form of a requantizer.
    ///
    /// `None` if the thresholds of a table or of a rule without a datapath have no division.
    pub(crate) fn find(requantization: &Requantization) -> Option<Self> {
        let is_port = |number: &RequantizerNumber| number.source == Some(&Source::Port);
        if requantization.numbers().iter().any(is_port) || requantization.out.bits > WIDEST_CODE {
            let is_by_bits = requantization.channels().is_none() && requantization.rule.is_fixed();
            return is_by_bits.then_some(Self::MultiplierBits);
        }
        let staircases = staircases(requantization)?;
        if let [Staircase { first, thresholds }] = &staircases[..]
            && thresholds.is_empty()
        {
            return Some(Self::Constant(*first));
        }
        let division = StaircaseDivision::find(&staircases, requantization.out, requantization.accumulator)?;
        Some(Self::CodeBits(Arc::new(division)))
    }
}

/// The staircase of each channel.
///
/// Channels need the thresholds of the same codes, although the accumulators of some do not reach all of them.
fn staircases(requantization: &Requantization) -> Option<Vec<Staircase>> {
    if let Some(constants) = Constants::of(requantization) {
        return Some(vec![Staircase::of_rule(requantization, &constants)?]);
    }
    let channels = Constants::by_channel(requantization)?;
    channels.iter().map(|constants| Staircase::past_the_ends(requantization, constants)).collect()
}

/// Context of the serial form.
pub(crate) fn context(requantization: &Requantization, form: &SerialForm) -> Json {
    let by_thresholds = match form {
        SerialForm::CodeBits(division) => division.context(requantization),
        _ => Json::Null,
    };
    let by_bits = match form {
        SerialForm::MultiplierBits => by_bits(requantization),
        _ => Json::Null,
    };
    let constant = match form {
        SerialForm::Constant(code) => constant(requantization.out, *code),
        _ => Json::Null,
    };
    json!({ "by_thresholds": by_thresholds, "by_bits": by_bits, "constant": constant })
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
