//! Template context of `templates/requantizer.v.tera`: each step as final text.

use serde_json::{Value as Json, json};

use super::registers::{PipelineRegisters, Position, Signal, net_type};
use super::requantization::{Requantization, Source};
use super::{f32, factor, output, table};
use crate::circuit::verilog::extended;
use crate::circuit::{Body, pipeline};
use crate::unit::Integer;

/// Signals that later steps read; `None` before the first and after the last use.
#[derive(Default)]
pub(super) struct LiveSignals {
    pub(super) acc: Option<Signal>,
    pub(super) channel: Option<Signal>,
    pub(super) multiplier: Option<Signal>,
    pub(super) shift: Option<Signal>,
    /// Right shift, decoded from `shift`.
    pub(super) right: Option<Signal>,
    /// Sign, if the value is a magnitude.
    pub(super) negative: Option<Signal>,
    pub(super) value: Option<Signal>,
    pub(super) zero_point: Option<Signal>,
    pub(super) clamp_min: Option<Signal>,
    pub(super) clamp_max: Option<Signal>,
}

impl LiveSignals {
    fn new(requantization: &Requantization) -> Self {
        let [multiplier, shift, zero_point, clamp_min, clamp_max] = requantization.numbers().map(|number| {
            (number.source == Some(&Source::Port)).then(|| Signal::new(number.name, number.integer))
        });
        Self {
            acc: Some(Signal::new("acc", requantization.accumulator)),
            channel: requantization.channel().map(|integer| Signal::new("channel", integer)),
            multiplier,
            shift,
            zero_point,
            clamp_min,
            clamp_max,
            ..Self::default()
        }
    }

    /// Registers at a position, one bank for each stage there.
    pub(super) fn registers(&mut self, registers: &mut PipelineRegisters, position: Position) -> Json {
        registers.at(
            position,
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

    /// Takes the value that the last step computed; before the first step, `acc`.
    pub(super) fn take(&mut self) -> Signal {
        self.value.take().or_else(|| self.acc.take()).expect("a step leaves a value")
    }

    /// Declares the value that a step computes.
    pub(super) fn declare(&mut self, name: &'static str, integer: Integer, value: String) -> Json {
        self.value = Some(Signal::new(name, integer));
        wire(name, integer, &value)
    }
}

/// Declaration of a wire.
pub(super) fn wire(name: &str, integer: Integer, value: &str) -> Json {
    json!({ "name": name, "type": net_type(integer), "value": value })
}

/// A step of the datapath: comment, declarations, then the registers after it.
pub(super) fn step(why: &str, wires: Vec<Json>, banks: Json) -> Json {
    json!({ "why": why, "wires": wires, "banks": banks })
}

/// Context of the form that follows the rule, with `stages` registers from input to output.
pub(super) fn context(requantization: &Requantization, stages: u32) -> Json {
    let mut live = LiveSignals::new(requantization);
    let mut registers = PipelineRegisters::new(requantization.rule, stages);
    let mut unused = Vec::new();
    let mut steps = vec![step("", vec![], live.registers(&mut registers, Position::Input))];
    let tables = table::look_up(requantization, &mut live);
    if requantization.rule.is_float() {
        steps.push(f32::significand(requantization, &mut live, &mut registers));
        steps.push(f32::product(requantization, &mut live, &mut registers));
        steps.push(f32::high(&mut live, &mut registers));
        steps.push(f32::scaled(requantization.rule, &mut live, &mut registers));
    } else {
        if !requantization.rule.is_pow2() {
            steps.push(factor::product(requantization, &mut live, &mut registers, &mut unused));
        } else if live.shift.is_some() {
            steps.push(factor::pow2_shift(&mut live));
        }
        if requantization.rule.rounds_twice() {
            steps.push(factor::high(&mut live, &mut registers, &mut unused));
        }
        steps.push(factor::scaled(requantization, &mut live, &mut registers, &mut unused));
    }
    steps.push(output::offset(requantization, &mut live, &mut registers));
    let (bounds, clamped) = output::clamped(requantization, &mut live);
    json!({
        "pipeline": pipeline::context(stages),
        "statements": [],
        "steps": steps,
        "tables": tables,
        "bounds": bounds,
        "clamped": clamped,
        "unused": unused.join(", "),
    })
}

/// Context of a form in statements of a body, with `stages` registers from input to output.
///
/// `unused` lists expressions that nothing reads.
pub(super) fn statements_context(
    body: Body,
    tables: Vec<Json>,
    clamped: String,
    unused: Vec<String>,
    stages: u32,
) -> Json {
    json!({
        "pipeline": pipeline::context(stages),
        "statements": body.into_statements_before_blank(),
        "steps": [],
        "tables": tables,
        "bounds": [],
        "clamped": clamped,
        "unused": unused.join(", "),
    })
}

/// A value sign-extended to `bits` bits.
pub(super) fn sign_extended(signal: &Signal, bits: u32) -> String {
    extended(&signal.name, signal.integer, bits)
}
