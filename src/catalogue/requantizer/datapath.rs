//! The context of `templates/requantizer.v.tera`: each step as final text.

use serde_json::{Value as Json, json};

use super::parameters::Source;
use super::registers::{Place, Registers, Signal, net_type};
use super::{f32, factor, output, parameters, table};
use crate::circuit::pipeline;
use crate::circuit::verilog::extended;
use crate::unit::{Integer, Values};

/// What later steps read; each entry is absent where the config has no such value.
pub(crate) struct Live {
    pub(crate) acc: Option<Signal>,
    pub(crate) channel: Option<Signal>,
    pub(crate) multiplier: Option<Signal>,
    pub(crate) shift: Option<Signal>,
    /// The part of the shift that goes right, once it is decoded.
    pub(crate) right: Option<Signal>,
    /// The sign, where the value is a magnitude.
    pub(crate) negative: Option<Signal>,
    pub(crate) value: Option<Signal>,
    pub(crate) zero_point: Option<Signal>,
    pub(crate) clamp_min: Option<Signal>,
    pub(crate) clamp_max: Option<Signal>,
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
    pub(crate) fn of_value(
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

    pub(crate) fn registers(&mut self, registers: &mut Registers, place: Place) -> Json {
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
    pub(crate) fn take(&mut self) -> Signal {
        self.value.take().or_else(|| self.acc.take()).expect("a step leaves a value")
    }

    /// Declares what a step makes.
    pub(crate) fn declare(&mut self, name: &'static str, integer: Integer, value: String) -> Json {
        self.value = Some(Signal::new(name, integer));
        wire(name, integer, &value)
    }
}

/// A declaration, ready to print.
pub(crate) fn wire(name: &str, integer: Integer, value: &str) -> Json {
    json!({ "name": name, "type": net_type(integer), "value": value })
}

/// A step: comment, declarations, then the registers after it.
pub(crate) fn step(why: &str, wires: Vec<Json>, banks: Json) -> Json {
    json!({ "why": why, "wires": wires, "banks": banks })
}

pub(crate) fn context(values: &Values) -> Json {
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
pub(crate) fn sign_extended(signal: &Signal, bits: u32) -> String {
    extended(&signal.name, signal.integer, bits)
}
