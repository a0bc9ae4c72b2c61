//! Rescales an accumulator to output codes under a named rounding rule, one result a cycle.

mod datapath;
mod f32;
mod factor;
mod output;
mod parameters;
mod registers;
mod table;

use super::{Behaviour, ConfigError, Integer, Parameter, Port, Preset, Unit, Value, Values, pipeline};
use parameters::Source;
use serde_json::Value as Json;

/// `out = clamp(rule(acc, multiplier, shift) + zero_point, clamp_min, clamp_max)`.
pub(super) struct Requantizer;

impl Unit for Requantizer {
    fn name(&self) -> &'static str {
        "requantizer"
    }

    fn summary(&self) -> &'static str {
        "accumulator to output codes under a named rounding rule"
    }

    fn parameters(&self) -> &'static [Parameter] {
        parameters::ALL
    }

    fn presets(&self) -> &'static [Preset] {
        &[
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
        ]
    }

    fn check(&self, values: &Values) -> Result<(), ConfigError> {
        parameters::check(values)
    }

    fn module_name(&self, values: &Values) -> String {
        let mut name = format!(
            "requant_{}_{}_{}",
            values.word("rule"),
            parameters::accumulator(values).short(),
            parameters::out(values).short()
        );
        for (parameter, short) in [
            ("multiplier", "m"),
            ("shift", "e"),
            ("zero_point", "z"),
            ("clamp_min", "lo"),
            ("clamp_max", "hi"),
        ] {
            if parameters::exists(values, parameter) {
                name += &Source::of(values, parameter).short(short);
            }
        }
        format!("{name}_p{}", values.count("stages"))
    }

    fn ports(&self, values: &Values) -> Vec<Port> {
        let (out, mut ports) = (parameters::out(values), pipeline::control().to_vec());
        ports.push(Port::input("acc", parameters::accumulator(values), "accumulator"));
        let optional = [
            ("multiplier", Integer::unsigned(31), parameters::multiplier_help(values)),
            ("shift", parameters::shift(values), "left shift, negative to the right"),
            ("zero_point", out, "code of real zero"),
            ("clamp_min", out, "least code"),
            ("clamp_max", out, "largest code, wins over clamp_min"),
        ];
        if let Some(channels) = parameters::channels(values) {
            ports.push(Port::input("channel", parameters::channel(channels), "channel of acc"));
        }
        for (name, integer, help) in optional {
            if Source::of(values, name) == Source::Port {
                ports.push(Port::input(name, integer, help));
            }
        }
        ports.push(pipeline::valid_out());
        ports.push(Port::register("out", out, "output code"));
        ports
    }

    fn signals(&self) -> &'static [&'static str] {
        registers::SIGNALS
    }

    fn behaviour(&self, values: &Values) -> Behaviour {
        pipeline::behaviour(values.count("stages"))
    }

    fn facts(&self, values: &Values) -> Vec<String> {
        vec![parameters::equation(values).to_string(), pipeline::fact(values.count("stages"))]
    }

    fn context(&self, values: &Values) -> Json {
        datapath::context(values)
    }
}
