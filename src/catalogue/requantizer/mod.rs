//! Rescales an accumulator to output codes under a named rounding rule, one result a cycle.

pub(crate) mod datapath;
mod f32;
mod factor;
pub(crate) mod output;
pub(crate) mod parameters;
pub(crate) mod registers;
mod table;
use serde_json::Value as Json;

use crate::circuit::pipeline;
use crate::unit::{Behaviour, ConfigError, Parameter, Port, Preset, Values, ValuesParameters, ValuesUnit};

/// `out = clamp(rule(acc, multiplier, shift) + zero_point, clamp_min, clamp_max)`.
pub(crate) struct Requantizer;

pub(crate) type RequantizerParameters = ValuesParameters<Requantizer>;

impl ValuesUnit for Requantizer {
    const SUMMARY: &'static str = "accumulator to output codes under a named rounding rule";

    const PARAMETERS: &'static [Parameter] = parameters::ALL;

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

    fn check(values: &Values) -> Result<(), ConfigError> {
        parameters::check(values)
    }

    fn module_name(values: &Values) -> String {
        format!("requant_{}_p{}", parameters::name(values), values.count("stages"))
    }

    fn ports(values: &Values) -> Vec<Port> {
        let mut ports = pipeline::control().to_vec();
        ports.push(Port::input("acc", parameters::accumulator(values), "accumulator"));
        if let Some(channels) = parameters::channels(values) {
            ports.push(Port::input("channel", parameters::channel(channels), "channel of acc"));
        }
        ports.extend(parameters::number_ports(values));
        ports.push(pipeline::valid_out());
        ports.push(Port::register("out", parameters::out(values), "output code"));
        ports
    }

    fn behaviour(values: &Values) -> Behaviour {
        pipeline::behaviour(values.count("stages"))
    }

    fn facts(values: &Values) -> Vec<String> {
        vec![parameters::equation(values).to_string(), pipeline::fact(values.count("stages"))]
    }

    fn context(values: &Values) -> Json {
        datapath::context(values)
    }
}
