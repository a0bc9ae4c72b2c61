//! Rescaling of an accumulator to output codes under a named rounding rule.

use serde_json::Value as Json;

use super::requantization::{
    self, ACC_BITS, CLAMP_MAX, CLAMP_MIN, MULTIPLIER, OUT_BITS, OUT_SIGNED, RULE, SHIFT, ZERO_POINT,
};
use crate::circuit::pipeline;
use crate::circuit::requantizer::{self, Requantization};
use crate::unit::{
    Behaviour, ConfigError, Kind, Parameter, Port, Preset, UnitDefinition, UnitParameters, Value, Values,
};

/// `out = clamp(rule(acc, multiplier, shift) + zero_point, clamp_min, clamp_max)`.
#[derive(Clone, Debug)]
pub struct RequantizerParameters {
    /// What it computes.
    pub requantization: Requantization,
    /// Registers between accumulator and output, 1 to 6.
    pub stages: u32,
}

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 1, max: 6 },
    default: Value::Integer(3),
    help: "registers between accumulator and output",
};

impl UnitDefinition for RequantizerParameters {
    const SUMMARY: &'static str = "accumulator to output codes under a named rounding rule";

    const PARAMETERS: &'static [Parameter] =
        &[RULE, ACC_BITS, OUT_BITS, OUT_SIGNED, MULTIPLIER, SHIFT, ZERO_POINT, CLAMP_MIN, CLAMP_MAX, STAGES];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "requantizer_single", sets: &[] },
        Preset { name: "requantizer_gemmlowp", sets: &["rule=gemmlowp", "stages=4"] },
        // 0x3b8d43f3: the scale of the others, 1185020333 * 2^-38, in binary32.
        Preset {
            name: "requantizer_f32",
            sets: &["rule=f32", "multiplier=999113715", "shift=0", "stages=4"],
        },
        // Scales from the largest to the smallest of a convolution, one channel that is zero.
        Preset {
            name: "requantizer_per_channel",
            sets: &[
                "multiplier=1185020333,1073741824,2147483647,1395864371,1932735283,1181116007,0,1610612736,\
                 1288490189,2040109466,1717986918,1127428915,1503238554,1825361101,1342177280,1879048192",
                "shift=-7,-7,-8,-6,-7,-9,0,-8,-7,-10,-7,-6,-8,-7,-5,-12",
                "stages=4",
            ],
        },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { requantization: requantization::parse(values)?, stages: values.count(&STAGES) })
    }
}

impl UnitParameters for RequantizerParameters {
    fn module_name(&self) -> String {
        format!("requant_{}_p{}", requantization::module_name(&self.requantization), self.stages)
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("acc", self.requantization.accumulator, "accumulator"));
        let channel = self.requantization.channel();
        ports.extend(channel.map(|integer| Port::input("channel", integer, "channel of acc")));
        ports.extend(requantization::number_ports(&self.requantization));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("out", self.requantization.out, "output code"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        pipeline::behaviour(self.stages)
    }

    fn facts(&self) -> Vec<String> {
        let equation = requantization::equation(self.requantization.rule);
        vec![equation.to_string(), pipeline::fact(self.stages)]
    }

    fn context(&self) -> Json {
        requantizer::context(&self.requantization, self.stages)
    }
}
