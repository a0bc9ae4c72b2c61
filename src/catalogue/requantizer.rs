//! Unit `requantizer`: rescales an accumulator to output codes under a named rounding rule.

use std::sync::OnceLock;

use serde_json::Value as Json;

use super::requantization::{
    self, ACC_BITS, BIAS, CLAMP_MAX, CLAMP_MIN, MULTIPLIER, OUT_BITS, OUT_SIGNED, RULE, SHIFT, ZERO_POINT,
};
use crate::circuit::pipeline;
use crate::circuit::requantizer::{
    Form, Requantization, RequantizerArch, RequantizerImplementation, Source, WIDEST_CODE,
};
use crate::unit::{
    Arch, Behaviour, ConfigError, DSP, DspUse, Kind, OBJECTIVE, Objective, Parameter, Port, Preset, TARGET,
    UnitDefinition, UnitParameters, Value, Values,
};

/// `out = clamp(rule(acc, multiplier, shift) + zero_point, clamp_min, clamp_max)`.
#[derive(Clone, Debug)]
pub struct RequantizerParameters {
    /// Function of the unit.
    pub requantization: Requantization,
    /// Registers between accumulator and output, 1 to 12.
    pub stages: u32,
    /// Parameters that choose the structure.
    pub implementation: RequantizerImplementation,
    /// The structure, searched for on first use because the search is slow.
    form: OnceLock<Form>,
}

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 1, max: 12 },
    default: Value::Integer(5),
    help: "registers between accumulator and output",
};

const ARCH: Parameter = Parameter {
    name: "arch",
    kind: Kind::Choice(&["auto", "inferred", "adders", "short_multiplier", "successive_approximation"]),
    default: Value::Word("auto"),
    help: "the structure; auto chooses by target, objective and dsp",
};

impl UnitDefinition for RequantizerParameters {
    const SUMMARY: &'static str = "accumulator to output codes under a named rounding rule";

    const PARAMETERS: &'static [Parameter] = &[
        RULE, ACC_BITS, OUT_BITS, OUT_SIGNED, MULTIPLIER, SHIFT, BIAS, ZERO_POINT, CLAMP_MIN, CLAMP_MAX,
        STAGES, TARGET, ARCH, OBJECTIVE, DSP,
    ];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "requantizer_single", sets: &[] },
        Preset { name: "requantizer_gemmlowp", sets: &["rule=gemmlowp"] },
        // 0x3b8d43f3: the scale of the others, 1185020333 * 2^-38, in binary32.
        Preset { name: "requantizer_f32", sets: &["rule=f32", "multiplier=999113715", "shift=0"] },
        // Scales from the largest to the smallest of a convolution, one channel that is zero.
        Preset {
            name: "requantizer_per_channel",
            sets: &[
                "multiplier=1185020333,1073741824,2147483647,1395864371,1932735283,1181116007,0,1610612736,\
                 1288490189,2040109466,1717986918,1127428915,1503238554,1825361101,1342177280,1879048192",
                "shift=-7,-7,-8,-6,-7,-9,0,-8,-7,-10,-7,-6,-8,-7,-5,-12",
                "stages=10",
            ],
        },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let requantization = requantization::parse(values, Some(&BIAS))?;
        let implementation = implementation(values, &requantization)?;
        Ok(Self { requantization, stages: values.count(&STAGES), implementation, form: OnceLock::new() })
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
        [equation.to_string(), pipeline::fact(self.stages)].into_iter().chain(self.form().fact()).collect()
    }

    fn product_arch(&self) -> Option<Arch> {
        self.form().product()
    }

    fn arch(&self) -> Option<&'static str> {
        self.form().arch().map(RequantizerArch::word)
    }

    fn context(&self) -> Json {
        self.form().context(&self.requantization, self.stages, self.implementation.target)
    }
}

impl RequantizerParameters {
    fn form(&self) -> &Form {
        self.form.get_or_init(|| Form::choose(&self.requantization, self.implementation, self.stages))
    }
}

/// Parses the parameters that choose the structure.
fn implementation(
    values: &Values,
    requantization: &Requantization,
) -> Result<RequantizerImplementation, ConfigError> {
    let implementation = RequantizerImplementation {
        target: values.choice(&TARGET),
        arch: values.optional_choice(&ARCH),
        objective: values.choice(&OBJECTIVE),
        dsp: values.choice(&DSP),
    };
    let numbers = requantization.numbers();
    let port = numbers.iter().find(|number| number.source == Some(&Source::Port));
    let is_by_channel = requantization.channels().is_some();
    let refused = match (implementation.arch, port) {
        (Some(arch), Some(number)) if arch != RequantizerArch::Inferred => Some((
            format!("arch={} needs constant numbers, but {} is a port", arch.word(), number.name),
            "leave arch out, or give the number",
        )),
        (Some(RequantizerArch::Inferred), _) if !requantization.rule.has_datapath() => Some((
            format!(
                "{} has no circuit of its steps: it is found from the thresholds",
                requantization.rule.word()
            ),
            "leave arch out",
        )),
        (Some(RequantizerArch::SuccessiveApproximation), _) if requantization.out.bits > WIDEST_CODE => {
            Some((
                format!(
                    "arch=successive_approximation needs codes of at most {WIDEST_CODE} bits, and out_bits={}",
                    requantization.out.bits
                ),
                "leave arch out",
            ))
        }
        (Some(RequantizerArch::Adders), _) if is_by_channel => Some((
            "arch=adders supports a single multiplier, but a table has one per channel".to_string(),
            "leave arch out, or use arch=short_multiplier",
        )),
        (Some(arch), _) if implementation.dsp == DspUse::Avoid && is_operator(arch, is_by_channel) => Some((
            format!("arch={} leaves the product to DSP blocks, which dsp=avoid rules out", arch.word()),
            "leave one of the two out",
        )),
        (Some(arch), _) if implementation.objective != Objective::Area && !is_by_channel => Some((
            format!("objective={} has no effect with arch={}", implementation.objective.word(), arch.word()),
            "leave one of the two out",
        )),
        _ => None,
    };
    match refused {
        Some((reason, fix)) => Err(ConfigError::Combination { reason, fix: fix.to_string() }),
        None => Ok(implementation),
    }
}

/// Whether a structure uses the operator `*`.
fn is_operator(arch: RequantizerArch, is_by_channel: bool) -> bool {
    match arch {
        RequantizerArch::Inferred => true,
        RequantizerArch::Adders | RequantizerArch::SuccessiveApproximation => false,
        RequantizerArch::ShortMultiplier => !is_by_channel,
    }
}
