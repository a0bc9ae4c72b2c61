//! Unit `add_engine`: sum or difference of two streams of int8 codes.

use std::sync::OnceLock;

use serde_json::{Value as Json, json};

use super::code_stream::{CODE, clock_and_reset, codes, settings_digest, short_digest};
use super::join_parameters::{
    CLAMP_MAX, CLAMP_MIN, JoinRuntime, RUNTIME, S0_SCALE, S0_ZERO_POINT, S1_SCALE, S1_ZERO_POINT, SCALE,
    ZERO_POINT, output_stage, refused, require_no_clamp, scales, zero_points,
};
use super::layer_requantizer::requantizer as rescaling_requantizer;
use super::unit;
use crate::arithmetic::network::{FloatSum, Sum, Term};
use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule, Scale, quantize_multiplier};
use crate::circuit::engine::{AdditionTables, TieRounding, entry_bits, memory, sum_bits, word};
use crate::circuit::verilog::extended;
use crate::unit::{
    Beat, Behaviour, Config, ConfigError, DSP, FrameFunction, Implementation, Integer, Kind, Parameter, Port,
    Preset, StreamNames, TARGET, UnitDefinition, UnitParameters, Value, Values,
};

/// A sum of two streams.
#[derive(Clone, Debug)]
pub struct AddEngineParameters {
    sum: TensorSum,
    implementation: Implementation,
    /// Computed when the module is rendered: the search takes a tenth of a second.
    circuit: OnceLock<AddCircuit>,
    /// Digest that distinguishes its name from those with other scales.
    digest: String,
}

/// The tables of the operands of a sum, and the rescaling of their sum.
#[derive(Clone, Debug)]
struct AddCircuit {
    /// Entries of s0 and s1, in the order of the bit patterns of codes.
    tables: [Vec<i64>; 2],
    requantizer: Config,
}

/// A sum of two tensors under a runtime.
#[derive(Clone, Debug)]
pub(crate) enum TensorSum {
    /// In fixed point: (T6), (T7).
    Fixed(Sum),
    /// In binary32: (N3).
    Float(FloatSum),
}

impl TensorSum {
    fn apply(&self, left: &[i8], right: &[i8]) -> Vec<i8> {
        match self {
            Self::Fixed(sum) => sum.apply(left, right),
            Self::Float(sum) => sum.apply(left, right),
        }
    }

    /// Results of all pairs of codes, in the order of bit patterns.
    fn results(&self) -> Vec<Vec<i8>> {
        let all: Vec<i8> = patterns().collect();
        patterns().map(|left| self.apply(&vec![left; all.len()], &all)).collect()
    }

    /// Tables of what the runtime adds, and the requantizer that rescales as the runtime does.
    ///
    /// For sums without short tables: if the scales have simple ratios, rounding errors of the runtime decide ties.
    fn exact_circuit(&self, implementation: Implementation) -> Result<AddCircuit, ConfigError> {
        match self {
            Self::Fixed(sum) => {
                let sign = if sum.is_difference { -1 } else { 1 };
                let left: Vec<i64> = patterns().map(|code| sum.left.scaled(code)).collect();
                let right: Vec<i64> = patterns().map(|code| sign * sum.right.scaled(code)).collect();
                let bits = acc_bits(&left, &right);
                let requantizer = rescaling_requantizer(&sum.rescaler, bits, implementation)?;
                Ok(AddCircuit { tables: [left, right], requantizer })
            }
            Self::Float(sum) => {
                let (fraction_bits, [left, right]) =
                    fixed_point(&addends(sum)).expect("checked with the parameters");
                let mut sets = binary32_rounding(fraction_bits);
                sets.push(format!("zero_point={}", -sum.output_offset));
                let requantizer = requantizer(sets, acc_bits(&left, &right), implementation)?;
                Ok(AddCircuit { tables: [left, right], requantizer })
            }
        }
    }

    /// Bounds of the clamp.
    fn clamp(&self) -> (i8, i8) {
        match self {
            Self::Fixed(sum) => {
                let output = sum.rescaler.channels()[0].output;
                (output.min() as i8, output.max() as i8)
            }
            Self::Float(_) => (i8::MIN, i8::MAX),
        }
    }

    /// `-` for a difference.
    fn sign(&self) -> &'static str {
        match self {
            Self::Fixed(sum) if sum.is_difference => "-",
            _ => "+",
        }
    }
}

/// The codes in the order of their bit patterns.
fn patterns() -> impl Iterator<Item = i8> {
    (0..=u8::MAX).map(|pattern| pattern as i8)
}

/// What the codes of each operand add.
fn addends(sum: &FloatSum) -> [Vec<f32>; 2] {
    [0, 1].map(|operand| patterns().map(|code| sum.addend(operand, code)).collect())
}

/// Numbers as integers with common fraction bits; `None` if their sums do not fit 64 bits.
fn fixed_point(tables: &[Vec<f32>; 2]) -> Option<(u32, [Vec<i64>; 2])> {
    let most = 60;
    let scaled = |bits: u32| {
        tables.each_ref().map(|table| {
            let scale = 2f64.powi(bits as i32);
            table.iter().map(|number| f64::from(*number) * scale).collect::<Vec<f64>>()
        })
    };
    let bits = (0..=most).find(|&bits| scaled(bits).iter().flatten().all(|number| number.fract() == 0.0))?;
    let numbers = scaled(bits);
    let fits = numbers.iter().flatten().all(|number| number.abs() < 2f64.powi(62));
    fits.then(|| (bits, numbers.map(|table| table.into_iter().map(|number| number as i64).collect())))
}

/// Registers of the rounding and clamp.
const STAGES: u32 = 2;

const SUBTRACT: Parameter = Parameter {
    name: "subtract",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "s1 is subtracted from s0",
};

impl UnitDefinition for AddEngineParameters {
    const SUMMARY: &'static str = "sum or difference of two streams of int8 codes";
    const PARAMETERS: &'static [Parameter] = &[
        RUNTIME,
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
        let sum = match values.choice(&RUNTIME) {
            JoinRuntime::Tflite => TensorSum::Fixed(fixed_sum(values).map_err(refused)?),
            JoinRuntime::Ort => TensorSum::Float(float_sum(values)?),
        };
        let own = Self::new(sum, Implementation::parse_target(values))?;
        Ok(Self { digest: settings_digest(values), ..own })
    }
}

/// Sum described by the parameters (N3).
fn float_sum(values: &Values) -> Result<FloatSum, ConfigError> {
    require_no_clamp(values)?;
    if values.flag(&SUBTRACT) {
        return Err(ConfigError::Combination {
            reason: "ONNX Runtime has no quantized difference".to_string(),
            fix: "set runtime=tflite, or subtract=false".to_string(),
        });
    }
    let [left, right, output] = scales(values).map(|scale| scale as f32);
    let zero_points = zero_points(values);
    let output = (output, values.integer(&ZERO_POINT) as i32);
    Ok(FloatSum::new([(left, zero_points[0]), (right, zero_points[1])], output, [0, 0], 0))
}

/// Sum described by the parameters (T6).
fn fixed_sum(values: &Values) -> Result<Sum, RescaleError> {
    let [left, right, output] = scales(values);
    let zero_points = zero_points(values);
    let twice = 2.0 * left.max(right);
    let term = |scale: f64, zero_point: i32| {
        let (multiplier, shift) = quantize_multiplier(scale / twice);
        Term { zero_point, multiplier, shift }
    };
    Ok(Sum {
        left: term(left, zero_points[0]),
        right: term(right, zero_points[1]),
        is_difference: values.flag(&SUBTRACT),
        rescaler: Rescaler::new(
            Rule::Gemmlowp,
            32,
            Scale::real(twice / (output * 2f64.powi(20)))?,
            output_stage(values)?,
        )?,
    })
}

impl AddEngineParameters {
    /// Parameters of the engine of a sum.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] for scales too far apart.
    pub(crate) fn new(sum: TensorSum, implementation: Implementation) -> Result<Self, ConfigError> {
        // The runtime's own addends are the fallback: a sum that they do not describe is refused.
        if let TensorSum::Float(sum) = &sum
            && fixed_point(&addends(sum)).is_none()
        {
            return Err(ConfigError::Combination {
                reason: "the sums have more than 64 bits".to_string(),
                fix: "bring the three scales closer together".to_string(),
            });
        }
        let digest = short_digest(&format!("{sum:?}"));
        Ok(Self { sum, implementation, circuit: OnceLock::new(), digest })
    }

    fn circuit(&self) -> &AddCircuit {
        self.circuit.get_or_init(|| {
            let short = AdditionTables::new(&self.sum.results(), self.sum.clamp());
            let circuit = match short {
                Some(short) => short_circuit(short, self.sum.clamp(), self.implementation),
                None => self.sum.exact_circuit(self.implementation),
            };
            circuit.expect("a requantizer of constants")
        })
    }
}

/// Bits of the sums of two entries; a requantizer has at least 8.
fn acc_bits(left: &[i64], right: &[i64]) -> u32 {
    sum_bits(left, right).max(8)
}

/// Short tables, and the requantizer that rounds and clamps their sum.
fn short_circuit(
    tables: AdditionTables,
    (min, max): (i8, i8),
    implementation: Implementation,
) -> Result<AddCircuit, ConfigError> {
    let AdditionTables { fraction_bits, rounding, left, right } = tables;
    let scaling = match rounding {
        TieRounding::HalfUp => vec!["rule=pow2".to_string(), format!("shift=-{fraction_bits}")],
        // Sums of at most 24 bits are exact in binary32.
        TieRounding::HalfEven => binary32_rounding(fraction_bits),
    };
    let bounds = [format!("clamp_min={min}"), format!("clamp_max={max}")];
    let sets = scaling.into_iter().chain(bounds).collect();
    let requantizer = requantizer(sets, acc_bits(&left, &right), implementation)?;
    Ok(AddCircuit { tables: [left, right], requantizer })
}

/// Settings of a requantizer that rounds a sum in fixed point to binary32, then to an integer.
fn binary32_rounding(fraction_bits: u32) -> Vec<String> {
    let scale = 2f32.powi(-(fraction_bits as i32));
    vec!["rule=f32".to_string(), format!("multiplier={}", scale.to_bits()), "shift=0".to_string()]
}

fn requantizer(
    mut sets: Vec<String>,
    acc_bits: u32,
    implementation: Implementation,
) -> Result<Config, ConfigError> {
    sets.extend([format!("acc_bits={acc_bits}"), format!("stages={STAGES}")]);
    sets.extend(implementation.target_settings());
    Config::new(unit("requantizer")?, None, &sets)
}

impl UnitParameters for AddEngineParameters {
    fn module_name(&self) -> String {
        let kind = if self.sum.sign() == "-" { "subtract" } else { "add" };
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
        Behaviour::Stream { interval: 1, latency: STAGES as usize + 4 }
    }

    fn facts(&self) -> Vec<String> {
        let sign = self.sum.sign();
        let equation = match &self.sum {
            TensorSum::Fixed(_) if sign == "-" => "(T7)",
            TensorSum::Fixed(_) => "(T6)",
            TensorSum::Float(_) => "(N3)",
        };
        vec![
            format!("{equation} s0 {sign} s1: a table of each, whose sum is rounded and clamped."),
            "One result a clock cycle; m_axis_tready goes to both s_axis_tready without a register."
                .to_string(),
        ]
    }

    fn context(&self) -> Json {
        let AddCircuit { tables: [left, right], requantizer } = self.circuit();
        let (left_bits, right_bits) = (entry_bits(left), entry_bits(right));
        let sum_bits = acc_bits(left, right);
        let words = |table: &[i64], bits: u32| -> Vec<String> {
            table.iter().map(|entry| word(bits, [*entry])).collect()
        };
        let (left, right) = (words(left, left_bits), words(right, right_bits));
        let latency = requantizer.behaviour().latency();
        json!({
            "left": memory("left_terms", "The part of each code of s0 in the result.", left_bits, &left),
            "right": memory("right_terms", "The part of each code of s1 in the result.", right_bits, &right),
            "left_msb": left_bits - 1,
            "right_msb": right_bits - 1,
            "sum_msb": sum_bits - 1,
            "left_term": extended("left_term", Integer::signed(left_bits), sum_bits),
            "right_term": extended("right_term", Integer::signed(right_bits), sum_bits),
            "last_msb": latency + 1,
            "last_next": latency,
        })
    }

    fn parts(&self) -> Vec<(String, Config)> {
        vec![("requantizer".to_string(), self.circuit().requantizer.clone())]
    }

    fn part_suffixes(&self) -> Vec<String> {
        vec!["requantizer".to_string()]
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(SumFunction(self.sum.clone())))
    }
}

struct SumFunction(TensorSum);

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
