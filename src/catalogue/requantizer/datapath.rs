//! The context of `templates/requantizer.v.tera`: each step as final text.

use super::super::verilog::extended;
use super::parameters::{self, Source};
use super::registers::{Place, Registers, Signal, net_type};
use super::{Integer, Values, f32, factor, output, pipeline, table};
use serde_json::{Value as Json, json};

/// What later steps read; each entry is absent where the config has no such value.
pub(super) struct Live {
    pub(super) acc: Option<Signal>,
    pub(super) channel: Option<Signal>,
    pub(super) multiplier: Option<Signal>,
    pub(super) shift: Option<Signal>,
    /// The part of the shift that goes right, once it is decoded.
    pub(super) right: Option<Signal>,
    /// The sign, where the value is a magnitude.
    pub(super) negative: Option<Signal>,
    pub(super) value: Option<Signal>,
    pub(super) zero_point: Option<Signal>,
    pub(super) clamp_min: Option<Signal>,
    pub(super) clamp_max: Option<Signal>,
}

impl Live {
    fn new(values: &Values) -> Live {
        let port = |name: &'static str, integer: Integer| {
            (Source::of(values, name) == Source::Port).then(|| Signal::new(name, integer))
        };
        let out = parameters::out(values);
        Live {
            acc: Some(Signal::new("acc", parameters::accumulator(values))),
            channel: parameters::channels(values)
                .map(|count| Signal::new("channel", parameters::channel(count))),
            multiplier: port("multiplier", Integer::unsigned(31)),
            shift: port("shift", parameters::shift(values)),
            right: None,
            negative: None,
            value: None,
            zero_point: port("zero_point", out),
            clamp_min: port("clamp_min", out),
            clamp_max: port("clamp_max", out),
        }
    }

    /// Only what the output stage reads.
    pub(super) fn of_value(
        value: Signal,
        zero_point: Option<Signal>,
        clamp_min: Option<Signal>,
        clamp_max: Option<Signal>,
    ) -> Live {
        Live {
            acc: None,
            channel: None,
            multiplier: None,
            shift: None,
            right: None,
            negative: None,
            value: Some(value),
            zero_point,
            clamp_min,
            clamp_max,
        }
    }

    pub(super) fn registers(&mut self, registers: &mut Registers, place: Place) -> Json {
        registers.at(
            place,
            &mut [
                &mut self.acc,
                &mut self.channel,
                &mut self.multiplier,
                &mut self.shift,
                &mut self.right,
                &mut self.negative,
                &mut self.value,
                &mut self.zero_point,
                &mut self.clamp_min,
                &mut self.clamp_max,
            ],
        )
    }

    /// The value that the steps so far have made, which the next one takes.
    pub(super) fn take(&mut self) -> Signal {
        self.value.take().or_else(|| self.acc.take()).expect("a step leaves a value")
    }

    /// Declares what a step makes.
    pub(super) fn declare(&mut self, name: &'static str, integer: Integer, value: String) -> Json {
        self.value = Some(Signal::new(name, integer));
        wire(name, integer, &value)
    }
}

/// A declaration, ready to print.
pub(super) fn wire(name: &str, integer: Integer, value: &str) -> Json {
    json!({ "name": name, "type": net_type(integer), "value": value })
}

/// A step: comment, declarations, then the registers after it.
pub(super) fn step(why: &str, wires: Vec<Json>, banks: Json) -> Json {
    json!({ "why": why, "wires": wires, "banks": banks })
}

pub(super) fn context(values: &Values) -> Json {
    let (rule, stages) = (values.word("rule"), values.count("stages"));
    let mut live = Live::new(values);
    let mut registers = Registers::new(rule, stages);
    let mut unused = Vec::new();
    let mut steps = vec![step("", vec![], live.registers(&mut registers, Place::Input))];
    let tables = table::look_up(values, &mut live);
    if rule == "f32" {
        steps.push(f32::significand(values, &mut live, &mut registers));
        steps.push(f32::product(values, &mut live, &mut registers));
        steps.push(f32::high(&mut live, &mut registers));
        steps.push(f32::scaled(&mut live, &mut registers));
    } else {
        if !parameters::is_pow2(values) {
            steps.push(factor::product(values, &mut live, &mut registers));
        } else if live.shift.is_some() {
            steps.push(factor::pow2_shift(&mut live));
        }
        if matches!(rule, "gemmlowp" | "ruy") {
            steps.push(factor::high(&mut live, &mut registers, &mut unused));
        }
        steps.push(factor::scaled(values, &mut live, &mut registers, &mut unused));
    }
    steps.push(output::offset(values, &mut live, &mut registers));
    let (bounds, clamped) = output::clamped(values, &mut live);
    json!({
        "pipeline": pipeline::context(stages),
        "steps": steps,
        "tables": tables,
        "bounds": bounds,
        "clamped": clamped,
        "unused": unused.join(", "),
    })
}

/// A value of the signal's type plus `bits` of it below and above: sign-extended.
pub(super) fn sign_extended(signal: &Signal, bits: u32) -> String {
    extended(&signal.name, signal.integer, bits)
}
