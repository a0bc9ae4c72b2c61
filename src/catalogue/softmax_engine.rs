//! Unit `softmax_engine`: softmax of int8 codes, stream to stream.

use serde_json::Value as Json;

use super::code_stream::{beats, codes, engine_ports, settings_digest, short_digest};
use crate::arithmetic::network::Softmax;
use crate::circuit::engine::SoftmaxEngine;
use crate::unit::{
    Beat, Behaviour, ConfigError, FrameFunction, Kind, Parameter, Port, Preset, UnitDefinition,
    UnitParameters, Value, Values,
};

/// Softmax of rows of codes.
#[derive(Clone, Debug)]
pub struct SoftmaxEngineParameters {
    engine: SoftmaxEngine,
    /// Digest that distinguishes its name from those with other scales.
    digest: String,
}

const LENGTH: Parameter = Parameter {
    name: "length",
    kind: Kind::Integer { min: 1, max: SoftmaxEngine::LONGEST_ROW as i64 },
    default: Value::Integer(10),
    help: "codes of a frame",
};
const MULTIPLIER: Parameter = Parameter {
    name: "multiplier",
    kind: Kind::Integer { min: 1 << 30, max: i32::MAX as i64 },
    default: Value::Integer(1_425_929_142),
    help: "Q0.31 multiplier of beta * scale * 2^26",
};
const SHIFT: Parameter = Parameter {
    name: "shift",
    kind: Kind::Integer { min: 1, max: 31 },
    default: Value::Integer(24),
    help: "left shift of beta * scale * 2^26",
};
const SERIAL: Parameter = Parameter {
    name: "serial",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "computes products bit by bit, in 74 clock cycles instead of 7",
};

impl UnitDefinition for SoftmaxEngineParameters {
    const SUMMARY: &'static str = "softmax of int8 codes, stream to stream";
    const PARAMETERS: &'static [Parameter] = &[LENGTH, MULTIPLIER, SHIFT, SERIAL];
    const PRESETS: &'static [Preset] = &[Preset { name: "softmax_10", sets: &[] }];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let length = values.count(&LENGTH) as usize;
        let (multiplier, shift) = (values.integer(&MULTIPLIER) as i32, values.integer(&SHIFT) as i32);
        let own =
            Self::new(Softmax::from_multiplier(length, multiplier, shift), length, values.flag(&SERIAL))?;
        Ok(Self { digest: settings_digest(values), ..own })
    }
}

impl SoftmaxEngineParameters {
    /// Parameters of the engine for frames of `length` codes, one or more rows.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] for rows that are empty or too long, and for frames that are not whole rows.
    pub(crate) fn new(softmax: Softmax, length: usize, serial: bool) -> Result<Self, ConfigError> {
        let (depth, longest) = (softmax.depth, SoftmaxEngine::LONGEST_ROW);
        if !(1..=longest).contains(&depth) {
            return Err(ConfigError::Combination {
                reason: format!("rows have {depth} codes, but a softmax sums 1 to {longest}"),
                fix: format!("use rows of at most {longest} codes, or compute softmax on the host"),
            });
        }
        if length == 0 || !length.is_multiple_of(depth) {
            return Err(ConfigError::Combination {
                reason: format!("frames of {length} codes are not a whole number of rows of {depth}"),
                fix: "make the length of a frame a multiple of that of a row".to_string(),
            });
        }
        let digest = short_digest(&format!("{softmax:?} {serial}"));
        Ok(Self { engine: SoftmaxEngine { softmax, length, serial }, digest })
    }
}

impl UnitParameters for SoftmaxEngineParameters {
    fn module_name(&self) -> String {
        let SoftmaxEngine { softmax, .. } = &self.engine;
        format!("softmax_{}x{}_{}", self.engine.rows(), softmax.depth, self.digest)
    }

    fn ports(&self) -> Vec<Port> {
        engine_ports("input codes", "output codes, of scale 1/256 and zero point -128")
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Stream { interval: self.engine.cycles(), latency: self.engine.cycles() }
    }

    fn facts(&self) -> Vec<String> {
        vec![
            "code = clamp(RDBPOT(SRDHM(1 / sum, e), 23 + exponent) - 128), sum of RDBPOT(e, 12).".to_string(),
            format!("Rows of {} codes; rows of a frame: {}.", self.engine.softmax.depth, self.engine.rows()),
            format!(
                "Multipliers: {}. Clock cycles of a frame: at most {}. Exponentials: {} words.",
                usize::from(!self.engine.serial),
                self.engine.cycles(),
                self.engine.table_words()
            ),
        ]
    }

    fn context(&self) -> Json {
        self.engine.context()
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(RowFunction(self.engine.clone())))
    }
}

struct RowFunction(SoftmaxEngine);

impl FrameFunction for RowFunction {
    fn input_lengths(&self) -> Vec<usize> {
        vec![self.0.length]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![self.0.length]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        vec![beats(&self.0.softmax.apply(&codes(&inputs[0])))]
    }
}
