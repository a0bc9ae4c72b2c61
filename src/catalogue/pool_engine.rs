//! Unit `pool_engine`: average and max pools, stream to stream.

use serde_json::Value as Json;

use super::code_stream::{beats, codes, engine_ports, settings_digest, short_digest};
use super::convolution_engine::{CLAMP_MAX, CLAMP_MIN, HEIGHT, KERNEL, OUTPUTS, PADDING, STRIDE, WIDTH};
use crate::arithmetic::network::{AveragePool, MaxPool, Padding, Window, WindowAxis};
use crate::circuit::engine::{PoolEngine, PoolLayer, Walk};
use crate::unit::{
    Beat, Behaviour, ConfigError, FrameFunction, Kind, Parameter, Port, Preset, UnitDefinition,
    UnitParameters, Value, Values,
};

/// A pool, and the number of channels computed per cycle.
#[derive(Clone, Debug)]
pub struct PoolEngineParameters {
    engine: PoolEngine,
    /// Digest that distinguishes its name from those of other pools of the same size.
    digest: String,
}

const SIDE: Kind = Kind::Integer { min: 1, max: 32 };
const KIND: Parameter = Parameter {
    name: "kind",
    kind: Kind::Choice(&["average", "max"]),
    default: Value::Word("average"),
    help: "average (rounded half away from zero) or largest code of the window",
};
const POOL_HEIGHT: Parameter = Parameter { default: Value::Integer(8), ..HEIGHT };
const POOL_WIDTH: Parameter = Parameter { default: Value::Integer(8), ..WIDTH };
const CHANNELS: Parameter = Parameter {
    name: "channels",
    kind: Kind::Integer { min: 1, max: 1024 },
    default: Value::Integer(4),
    help: "channels of input and output",
};
const POOL_KERNEL: Parameter =
    Parameter { kind: SIDE, default: Value::Integer(4), help: "rows of the window", ..KERNEL };
const KERNEL_COLUMNS: Parameter = Parameter {
    name: "kernel_columns",
    kind: Kind::Source { min: 1, max: 32, words: &["kernel"], channels: 1 },
    default: Value::Word("kernel"),
    help: "columns of the window; kernel: equal to the rows",
};
const POOL_STRIDE: Parameter = Parameter { kind: SIDE, default: Value::Integer(4), ..STRIDE };
const POOL_PADDING: Parameter = Parameter { default: Value::Word("valid"), ..PADDING };
const POOL_OUTPUTS: Parameter = Parameter {
    default: Value::Integer(2),
    help: "maximum number of channels computed at once; a divisor of their number is used",
    ..OUTPUTS
};

impl UnitDefinition for PoolEngineParameters {
    const SUMMARY: &'static str = "average or max pool of int8 codes, stream to stream";

    const PARAMETERS: &'static [Parameter] = &[
        KIND,
        POOL_HEIGHT,
        POOL_WIDTH,
        CHANNELS,
        POOL_KERNEL,
        KERNEL_COLUMNS,
        POOL_STRIDE,
        POOL_PADDING,
        CLAMP_MIN,
        CLAMP_MAX,
        POOL_OUTPUTS,
    ];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "average_pool_4x4", sets: &[] },
        Preset {
            name: "max_pool_3x3",
            sets: &[
                "kind=max",
                "height=6",
                "width=5",
                "kernel=3",
                "stride=2",
                "padding=same",
                "clamp_max=100",
                "outputs=4",
            ],
        },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let clamp = (values.integer(&CLAMP_MIN) as i32, values.integer(&CLAMP_MAX) as i32);
        let channels = values.count(&CHANNELS) as usize;
        let window = window(values)?;
        let layer = if values.word(&KIND) == "max" {
            PoolLayer::Max(MaxPool { window, channels, clamp })
        } else {
            PoolLayer::Average(AveragePool { window, channels, clamp })
        };
        let most = values.count(&POOL_OUTPUTS) as usize;
        let outputs = (1..=most).rev().find(|&outputs| channels.is_multiple_of(outputs));
        let own = Self::new(layer, outputs.expect("1 divides every number"))?;
        Ok(Self { digest: settings_digest(values), ..own })
    }
}

fn window(values: &Values) -> Result<Window, ConfigError> {
    let padding = if values.word(&POOL_PADDING) == "same" { Padding::Same } else { Padding::Valid };
    let rows = values.count(&POOL_KERNEL) as usize;
    let columns = match values.value(KERNEL_COLUMNS.name) {
        Value::Integer(columns) => columns as usize,
        _ => rows,
    };
    let axis = |length: &Parameter, kernel: usize| {
        let input = values.count(length) as usize;
        let axis = WindowAxis::new(input, kernel, values.count(&POOL_STRIDE) as usize, 1, padding);
        axis.ok_or_else(|| {
            refusal(
                format!("the window of {kernel} is longer than {}={input}", length.name),
                "use a smaller kernel; max pools can have padding=same",
            )
        })
    };
    Ok(Window { rows: axis(&POOL_HEIGHT, rows)?, columns: axis(&POOL_WIDTH, columns)? })
}

fn refusal(reason: String, fix: impl Into<String>) -> ConfigError {
    ConfigError::Combination { reason, fix: fix.into() }
}

impl PoolEngineParameters {
    /// Parameters of the engine of a pool that computes `outputs` channels at once.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] for a number of channels that `outputs` does not divide, bounds without a
    /// code between them, an average with padding, and padding that is longer than the input.
    pub(crate) fn new(layer: PoolLayer, outputs: usize) -> Result<Self, ConfigError> {
        let channels = layer.channels();
        if outputs == 0 || !channels.is_multiple_of(outputs) {
            return Err(refusal(
                format!("{outputs} channels at once, which do not divide {channels}"),
                "compute a divisor of the channels at once",
            ));
        }
        let (least, largest) = layer.clamp();
        if least > largest {
            return Err(refusal(
                format!("no code lies between clamp_min={least} and clamp_max={largest}"),
                "set clamp_min to at most clamp_max",
            ));
        }
        if matches!(layer, PoolLayer::Average(_)) && layer.window().is_padded() {
            return Err(refusal(
                "windows at the border average fewer codes, which need other divisors".to_string(),
                "set padding=valid, with a window and a stride that cover the input",
            ));
        }
        if !Walk::is_supported(&layer.window()) {
            return Err(refusal(
                "the last windows lie more than a row below the input".to_string(),
                "pad by fewer rows",
            ));
        }
        let digest = short_digest(&format!("{layer:?}"));
        Ok(Self { engine: PoolEngine { layer, outputs }, digest })
    }
}

impl UnitParameters for PoolEngineParameters {
    fn module_name(&self) -> String {
        let PoolEngine { layer, outputs } = &self.engine;
        let kind = match layer {
            PoolLayer::Average(_) => "average_pool",
            PoolLayer::Max(_) => "max_pool",
        };
        let Window { rows, columns } = layer.window();
        format!(
            "{kind}{}x{}_{}x{}x{}_{outputs}_{}",
            rows.kernel,
            columns.kernel,
            rows.input,
            columns.input,
            layer.channels(),
            self.digest,
        )
    }

    fn ports(&self) -> Vec<Port> {
        engine_ports("input codes: rows, columns, channels", "output codes: rows, columns, channels")
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Stream {
            interval: self.engine.cycles(),
            latency: self.engine.cycles() + self.engine.outputs + 16,
        }
    }

    fn facts(&self) -> Vec<String> {
        let PoolEngine { layer, outputs } = &self.engine;
        let Window { rows, columns } = layer.window();
        let channels = layer.channels();
        let mut facts = vec![format!(
            "{} x {} x {channels} codes in, {} x {} x {channels} codes out; window {} x {}.",
            rows.input, columns.input, rows.output, columns.output, rows.kernel, columns.kernel,
        )];
        facts.extend(self.engine.equation());
        facts.push(format!(
            "Channels at once: {outputs}. Clock cycles of a frame: {}. Memory: {} bytes of rows.",
            self.engine.cycles(),
            self.engine.walk().ring_bytes()
        ));
        facts
    }

    fn context(&self) -> Json {
        self.engine.context()
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(PoolFunction(self.engine.layer)))
    }
}

struct PoolFunction(PoolLayer);

impl FrameFunction for PoolFunction {
    fn input_lengths(&self) -> Vec<usize> {
        vec![self.0.input_codes()]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![self.0.output_codes()]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        vec![beats(&self.0.apply(&codes(&inputs[0])))]
    }
}
