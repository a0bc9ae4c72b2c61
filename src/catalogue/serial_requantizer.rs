//! Unit `serial_requantizer`: for small devices, with one adder and one bit per cycle.

use serde_json::Value as Json;

use super::requantization::{
    self, ACC_BITS, CHANNELS, CLAMP_MAX, CLAMP_MIN, MULTIPLIER, OUT_BITS, OUT_SIGNED, RULE, SHIFT, ZERO_POINT,
};
use crate::circuit::requantizer::{
    self, Requantization, RequantizerNumber, RoundingRule, SerialForm, Source, WIDEST_CODE,
};
use crate::unit::{
    Behaviour, ConfigError, Integer, Kind, Parameter, Port, Preset, Role, UnitDefinition, UnitParameters,
    Values,
};

/// Requantizer with one result in code bits + 1 cycles, or in 33 to 66 cycles.
#[derive(Clone, Debug)]
pub struct SerialRequantizerParameters {
    /// Function of the unit; it has no left shifts.
    pub requantization: Requantization,
    form: SerialForm,
}

const RULES: &[&str] = &[
    RoundingRule::Gemmlowp.word(),
    RoundingRule::Ruy.word(),
    RoundingRule::Single.word(),
    RoundingRule::F32.word(),
    RoundingRule::F64.word(),
    RoundingRule::F32AfterZeroPoint.word(),
    RoundingRule::F32Away.word(),
];

const SERIAL_RULE: Parameter = Parameter { kind: Kind::Choice(RULES), ..RULE };

const SERIAL_MULTIPLIER: Parameter = Parameter {
    help: "Q0.31 multiplier, one for all channels or one per channel; for rules named f32 the bit pattern of a finite binary32, for f64 of a binary64",
    ..MULTIPLIER
};

const SERIAL_SHIFT: Parameter = Parameter {
    kind: Kind::Source { min: LEAST_SHIFT, max: 0, words: &["port"], channels: CHANNELS },
    help: "left shift, negative to shift right, for f32 and f64 rules 0; scales of 1 or more are not supported",
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
        let requantization = requantization::parse(values, None)?;
        let form = SerialForm::find(&requantization).ok_or_else(|| refusal(&requantization))?;
        Ok(Self { requantization, form })
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
        let channel = self.requantization.channel();
        ports.extend(channel.map(|integer| Port::input("channel", integer, "channel of acc")));
        ports.extend(requantization::number_ports(&self.requantization));
        ports.push(status("busy", "a result is on its way"));
        ports.push(status("done", "out is new, for one cycle"));
        ports.push(Port::register("out", self.requantization.out, "output code, holds until the next"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        let latency = match self.form {
            SerialForm::MultiplierBits => {
                self.cycles(self.requantization.constant_shift().unwrap_or(LEAST_SHIFT))
            }
            SerialForm::CodeBits(_) | SerialForm::Constant(_) => self.requantization.out.bits as usize + 1,
        };
        Behaviour::Sequential { latency }
    }

    fn facts(&self) -> Vec<String> {
        let latency = match (&self.form, self.requantization.constant_shift()) {
            (SerialForm::MultiplierBits, None) => format!("{} - shift clock cycles", self.cycles(0)),
            _ => format!("{} clock cycles", self.behaviour().latency()),
        };
        let equation = requantization::equation(self.requantization.rule);
        vec![equation.to_string(), format!("Latency: {latency}; one result at a time.")]
    }

    fn context(&self) -> Json {
        requantizer::serial_context(&self.requantization, &self.form)
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

/// Why a requantizer has no serial form.
fn refusal(requantization: &Requantization) -> ConfigError {
    let rule = requantization.rule.word();
    let what = match requantization.channels() {
        Some(_) => "a table by channel".to_string(),
        None => rule.to_string(),
    };
    let is_port = |number: &RequantizerNumber| number.source == Some(&Source::Port);
    let (reason, fix) = if let Some(port) = requantization.numbers().iter().find(|number| is_port(number)) {
        (format!("{what} needs constant numbers, but {} is a port", port.name), "give the number".to_string())
    } else if requantization.out.bits > WIDEST_CODE {
        (
            format!("out_bits={} is too wide for {what}", requantization.out.bits),
            format!("choose at most {WIDEST_CODE}"),
        )
    } else {
        (
            format!("the thresholds of {rule} with these numbers are not those of a division"),
            "use requantizer, or narrower accumulators".to_string(),
        )
    };
    ConfigError::Combination { reason, fix }
}

/// Status output of one bit.
fn status(name: &'static str, help: &'static str) -> Port {
    Port { role: Role::Valid, ..Port::register(name, Integer::unsigned(1), help) }
}
