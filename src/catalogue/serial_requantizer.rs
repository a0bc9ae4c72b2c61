//! Unit `serial_requantizer`: for small devices, with one adder and one bit per cycle.

use serde_json::Value as Json;

use super::requantization::{
    self, ACC_BITS, CLAMP_MAX, CLAMP_MIN, MULTIPLIER, OUT_BITS, OUT_SIGNED, RULE, SHIFT, ZERO_POINT,
};
use crate::circuit::requantizer::{self, Requantization, RoundingRule};
use crate::unit::{
    Behaviour, ConfigError, Integer, Kind, Parameter, Port, Preset, Role, UnitDefinition, UnitParameters,
    Values,
};

/// Requantizer with one result in code bits + 1 cycles, or in 33 to 66 cycles.
#[derive(Clone, Debug)]
pub struct SerialRequantizerParameters {
    /// Function of the unit; it has no tables and no left shifts.
    pub requantization: Requantization,
}

const RULES: &[&str] =
    &[RoundingRule::Gemmlowp.word(), RoundingRule::Ruy.word(), RoundingRule::Single.word()];

const SERIAL_RULE: Parameter = Parameter { kind: Kind::Choice(RULES), ..RULE };

const SERIAL_MULTIPLIER: Parameter = Parameter {
    kind: Kind::Source { min: 0, max: i32::MAX as i64, words: &["port"], channels: 1 },
    help: "Q0.31 multiplier",
    ..MULTIPLIER
};

const SERIAL_SHIFT: Parameter = Parameter {
    kind: Kind::Source { min: LEAST_SHIFT, max: 0, words: &["port"], channels: 1 },
    help: "left shift, negative to shift right; scales of 1 or more are not supported",
    ..SHIFT
};

/// Smallest shift, which takes most cycles.
const LEAST_SHIFT: i64 = -31;

impl UnitDefinition for SerialRequantizerParameters {
    const SUMMARY: &'static str = "accumulator to output codes, one bit a cycle";

    const PARAMETERS: &'static [Parameter] = &[
        SERIAL_RULE,
        ACC_BITS,
        OUT_BITS,
        OUT_SIGNED,
        SERIAL_MULTIPLIER,
        SERIAL_SHIFT,
        ZERO_POINT,
        CLAMP_MIN,
        CLAMP_MAX,
    ];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "requantizer_serial", sets: &[] },
        Preset { name: "requantizer_serial_ports", sets: &["multiplier=port", "shift=port"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { requantization: requantization::parse(values, None)? })
    }
}

impl UnitParameters for SerialRequantizerParameters {
    fn module_name(&self) -> String {
        format!("requant_serial_{}", requantization::module_name(&self.requantization))
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = vec![
            Port::control("clk", Role::Clock, "acts on the rising edge"),
            Port::control("rst", Role::Reset, "synchronous, drops what is on its way"),
            Port::control("start", Role::Valid, "takes the inputs in, unless busy"),
            Port::input("acc", self.requantization.accumulator, "accumulator"),
        ];
        ports.extend(requantization::number_ports(&self.requantization));
        ports.push(status("busy", "a result is on its way"));
        ports.push(status("done", "out is new, for one cycle"));
        ports.push(Port::register("out", self.requantization.out, "output code, holds until the next"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        if requantizer::compares(&self.requantization) {
            return Behaviour::Sequential { latency: self.requantization.out.bits as usize + 1 };
        }
        let shift = self.requantization.constant_shift();
        Behaviour::Sequential { latency: self.cycles(shift.unwrap_or(LEAST_SHIFT)) }
    }

    fn facts(&self) -> Vec<String> {
        let latency = match self.requantization.constant_shift() {
            _ if requantizer::compares(&self.requantization) => {
                format!("{} clock cycles", self.behaviour().latency())
            }
            Some(shift) => format!("{} clock cycles", self.cycles(shift)),
            None => format!("{} - shift clock cycles", self.cycles(0)),
        };
        let equation = requantization::equation(self.requantization.rule);
        vec![equation.to_string(), format!("Latency: {latency}; one result at a time.")]
    }

    fn context(&self) -> Json {
        requantizer::serial_context(&self.requantization)
    }
}

impl SerialRequantizerParameters {
    /// Clock edges from `start` to `done`.
    ///
    /// One to capture the inputs, 31 for the bits of the multiplier, one for the first rounding of a rule that
    /// rounds twice, one for each bit of the right shift, one for the result.
    fn cycles(&self, shift: i64) -> usize {
        33 + usize::from(self.requantization.rule.rounds_twice()) + (-shift) as usize
    }
}

/// Status output of one bit.
fn status(name: &'static str, help: &'static str) -> Port {
    Port { role: Role::Valid, ..Port::register(name, Integer::unsigned(1), help) }
}
