//! Unit `add_engine`: sum or difference of two streams of int8 codes.

use serde_json::{Value as Json, json};

use super::code_stream::{CODE, clock_and_reset, codes, settings_digest, short_digest};
use super::layer_requantizer::requantizer;
use crate::arithmetic::network::{Sum, Term};
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, RescaleError, Rescaler, Rule, Scale, quantize_multiplier};
use crate::circuit::engine::{memory, word};
use crate::unit::{
    Beat, Behaviour, Config, ConfigError, DSP, FrameFunction, Implementation, Integer, Kind, Parameter, Port,
    Preset, StreamNames, TARGET, UnitDefinition, UnitParameters, Value, Values,
};

/// A sum and the requantizer of its result.
#[derive(Clone, Debug)]
pub struct AddEngineParameters {
    sum: Sum,
    requantizer: Config,
    /// Digest that distinguishes its name from those with other scales.
    digest: String,
}

const CODES: Kind = Kind::Integer { min: -128, max: 127 };
/// Real scales in millionths.
const SCALES: Kind = Kind::Integer { min: 1, max: 1_000_000_000 };

const SUBTRACT: Parameter = Parameter {
    name: "subtract",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "s1 is subtracted from s0",
};
const S0_SCALE: Parameter = Parameter {
    name: "s0_scale",
    kind: SCALES,
    default: Value::Integer(54_321),
    help: "scale of s0 in millionths",
};
const S1_SCALE: Parameter = Parameter {
    name: "s1_scale",
    kind: SCALES,
    default: Value::Integer(71_234),
    help: "scale of s1 in millionths",
};
const SCALE: Parameter = Parameter {
    name: "scale",
    kind: SCALES,
    default: Value::Integer(98_765),
    help: "scale of the output in millionths",
};
const S0_ZERO_POINT: Parameter = Parameter {
    name: "s0_zero_point",
    kind: CODES,
    default: Value::Integer(-3),
    help: "code of real zero at s0",
};
const S1_ZERO_POINT: Parameter = Parameter {
    name: "s1_zero_point",
    kind: CODES,
    default: Value::Integer(17),
    help: "code of real zero at s1",
};
const ZERO_POINT: Parameter = Parameter {
    name: "zero_point",
    kind: CODES,
    default: Value::Integer(-20),
    help: "code of real zero at the output",
};
const CLAMP_MIN: Parameter =
    Parameter { name: "clamp_min", kind: CODES, default: Value::Integer(-128), help: "smallest output code" };
const CLAMP_MAX: Parameter =
    Parameter { name: "clamp_max", kind: CODES, default: Value::Integer(127), help: "largest output code" };

impl UnitDefinition for AddEngineParameters {
    const SUMMARY: &'static str = "sum or difference of two streams of int8 codes";
    const PARAMETERS: &'static [Parameter] = &[
        SUBTRACT,
        S0_SCALE,
        S1_SCALE,
        SCALE,
        S0_ZERO_POINT,
        S1_ZERO_POINT,
        ZERO_POINT,
        CLAMP_MIN,
        CLAMP_MAX,
        TARGET,
        DSP,
    ];
    const PRESETS: &'static [Preset] = &[Preset { name: "add_engine", sets: &[] }];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let failed = |error: RescaleError| ConfigError::Combination {
            reason: error.to_string(),
            fix: "bring the three scales closer together, or change the clamp".to_string(),
        };
        let own = Self::new(sum(values).map_err(failed)?, Implementation::parse_target(values))?;
        Ok(Self { digest: settings_digest(values), ..own })
    }
}

/// Sum described by the parameters (T6).
fn sum(values: &Values) -> Result<Sum, RescaleError> {
    let scale = |parameter: &Parameter| values.integer(parameter) as f64 * 1e-6;
    let code = |parameter: &Parameter| values.integer(parameter) as i32;
    let [left, right, output] = [S0_SCALE, S1_SCALE, SCALE].map(|parameter| scale(&parameter));
    let twice = 2.0 * left.max(right);
    let term = |scale: f64, zero_point: i32| {
        let (multiplier, shift) = quantize_multiplier(scale / twice);
        Term { zero_point, multiplier, shift }
    };
    let int8 = CodeFormat::new(8, true).expect("8 bits");
    let stage = OutputStage::new(int8, code(&ZERO_POINT))?.clamped(code(&CLAMP_MIN), code(&CLAMP_MAX))?;
    Ok(Sum {
        left: term(left, code(&S0_ZERO_POINT)),
        right: term(right, code(&S1_ZERO_POINT)),
        is_difference: values.flag(&SUBTRACT),
        rescaler: Rescaler::new(Rule::Gemmlowp, 32, Scale::real(twice / (output * 2f64.powi(20)))?, stage)?,
    })
}

impl AddEngineParameters {
    /// Parameters of the engine of a sum.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] for a rule without a requantizer.
    pub(crate) fn new(sum: Sum, implementation: Implementation) -> Result<Self, ConfigError> {
        let bits = Self::term_bits(&sum) + 1;
        let requantizer = requantizer(&sum.rescaler, bits.clamp(8, 32), implementation)?;
        let digest = short_digest(&format!("{sum:?}"));
        Ok(Self { sum, requantizer, digest })
    }

    /// Bits of the wider of the two scaled operands.
    fn term_bits(sum: &Sum) -> u32 {
        let values = [sum.left, sum.right].into_iter().flat_map(terms);
        values.map(|value| 65 - (value ^ (value >> 63)).leading_zeros()).max().unwrap_or(8).max(8)
    }

    fn tables(&self) -> [Vec<i64>; 2] {
        [self.sum.left, self.sum.right].map(|term| terms(term).collect())
    }
}

/// The scaled operand for each code, in the order of their bit patterns.
fn terms(term: Term) -> impl Iterator<Item = i64> {
    (0..=u8::MAX).map(move |pattern| term.scaled(pattern as i8))
}

impl UnitParameters for AddEngineParameters {
    fn module_name(&self) -> String {
        let kind = if self.sum.is_difference { "subtract" } else { "add" };
        format!("{kind}_{}", self.digest)
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = clock_and_reset();
        let [s0, s1] = StreamNames::S_AXES;
        ports.extend(s0.input(CODE, true, "code of the first tensor"));
        ports.extend(s1.input(CODE, false, "code of the second tensor"));
        ports.extend(StreamNames::M_AXIS.output(CODE, true, "code of the result"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Stream { interval: 1, latency: self.requantizer.behaviour().latency() + 4 }
    }

    fn facts(&self) -> Vec<String> {
        let sign = if self.sum.is_difference { "-" } else { "+" };
        vec![
            format!("(T6) each code scaled by a table, s0 {sign} s1, rescaled, clamped."),
            "One result a clock cycle; m_axis_tready goes to both s_axis_tready without a register."
                .to_string(),
        ]
    }

    fn context(&self) -> Json {
        let bits = Self::term_bits(&self.sum);
        let acc_bits = (bits + 1).clamp(8, 32);
        let words = |table: Vec<i64>| table.into_iter().map(|value| word(bits, [value])).collect::<Vec<_>>();
        let [left, right] = self.tables();
        json!({
            "left": memory("left_terms", "Each code of s0 in the fixed point of the sum.", bits, &words(left)),
            "right": memory("right_terms", "Each code of s1 in the fixed point of the sum.", bits, &words(right)),
            "term_msb": bits - 1,
            "acc_msb": acc_bits - 1,
            "left_term": extended("left_term", bits, acc_bits),
            "right_term": extended("right_term", bits, acc_bits),
            "last_msb": self.requantizer.behaviour().latency() + 1,
            "last_next": self.requantizer.behaviour().latency(),
            "sign": if self.sum.is_difference { "-" } else { "+" },
        })
    }

    fn parts(&self) -> Vec<(String, Config)> {
        vec![("requantizer".to_string(), self.requantizer.clone())]
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(SumFunction(self.sum.clone())))
    }
}

fn extended(name: &str, bits: u32, wider: u32) -> String {
    crate::circuit::verilog::extended(name, Integer::signed(bits), wider)
}

struct SumFunction(Sum);

impl FrameFunction for SumFunction {
    fn input_lengths(&self) -> Vec<usize> {
        vec![1, 1]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![1]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        let results = self.0.apply(&codes(&inputs[0]), &codes(&inputs[1]));
        let beat = |(code, beat): (i8, &Beat)| Beat { data: u64::from(code as u8), last: beat.last };
        vec![results.into_iter().zip(&inputs[0]).map(beat).collect()]
    }
}
