//! Unit `pad_engine`: codes around the rows, columns and channels of a frame.

use serde_json::{Value as Json, json};

use super::code_stream::{beats, codes, engine_ports, require_short_frame, settings_digest, short_digest};
use crate::arithmetic::network::pad;
use crate::circuit::engine::{bits_of, counter, word};
use crate::unit::{
    Beat, Behaviour, ConfigError, FrameFunction, Kind, Parameter, Port, Preset, UnitDefinition,
    UnitParameters, Value, Values,
};

/// Padding of a tensor of rows, columns and channels.
#[derive(Clone, Debug)]
pub struct PadEngineParameters {
    /// Length of each axis of the input.
    shape: [usize; 3],
    /// Codes before and after each axis.
    pads: [(usize, usize); 3],
    /// The code of the padding.
    filling: i8,
    /// Digest that distinguishes its name from those with other settings.
    digest: String,
}

const LENGTH: Kind = Kind::Integer { min: 1, max: 1 << 12 };
const PAD: Kind = Kind::Integer { min: 0, max: 1 << 8 };

const fn length(name: &'static str, default: i64, help: &'static str) -> Parameter {
    Parameter { name, kind: LENGTH, default: Value::Integer(default), help }
}

const fn padding(name: &'static str, default: i64, help: &'static str) -> Parameter {
    Parameter { name, kind: PAD, default: Value::Integer(default), help }
}

const HEIGHT: Parameter = length("height", 4, "rows of the input");
const WIDTH: Parameter = length("width", 5, "columns of the input");
const CHANNELS: Parameter = length("channels", 3, "channels of the input");
const TOP: Parameter = padding("top", 1, "rows before the first");
const BOTTOM: Parameter = padding("bottom", 2, "rows after the last");
const LEFT: Parameter = padding("left", 1, "columns before the first");
const RIGHT: Parameter = padding("right", 0, "columns after the last");
const FRONT: Parameter = padding("front", 0, "channels before the first");
const BACK: Parameter = padding("back", 0, "channels after the last");
const CODE_OF_PADDING: Parameter = Parameter {
    name: "code",
    kind: Kind::Integer { min: -128, max: 127 },
    default: Value::Integer(-128),
    help: "code of the padding",
};

impl UnitDefinition for PadEngineParameters {
    const SUMMARY: &'static str = "padding of int8 codes, stream to stream";
    const PARAMETERS: &'static [Parameter] =
        &[HEIGHT, WIDTH, CHANNELS, TOP, BOTTOM, LEFT, RIGHT, FRONT, BACK, CODE_OF_PADDING];
    const PRESETS: &'static [Preset] = &[Preset { name: "pad_engine", sets: &[] }];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let count = |parameter: &Parameter| values.count(parameter) as usize;
        let shape = [count(&HEIGHT), count(&WIDTH), count(&CHANNELS)];
        let pads =
            [(count(&TOP), count(&BOTTOM)), (count(&LEFT), count(&RIGHT)), (count(&FRONT), count(&BACK))];
        let own = Self::new(shape, pads, values.integer(&CODE_OF_PADDING) as i8)?;
        require_short_frame(&own.padded())?;
        Ok(Self { digest: settings_digest(values), ..own })
    }
}

/// An axis of the padded frame; axes that need no counter of their own are merged with the one around them.
struct PaddedAxis {
    name: &'static str,
    before: usize,
    length: usize,
    after: usize,
}

impl PaddedAxis {
    fn padded(&self) -> usize {
        self.before + self.length + self.after
    }
}

impl PadEngineParameters {
    /// Parameters of the engine of a padding.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] if there is no padding.
    pub(crate) fn new(
        shape: [usize; 3],
        pads: [(usize, usize); 3],
        filling: i8,
    ) -> Result<Self, ConfigError> {
        if pads.iter().all(|pad| *pad == (0, 0)) {
            return Err(ConfigError::Combination {
                reason: "there is no padding".to_string(),
                fix: "set top, left or another side, or omit the unit".to_string(),
            });
        }
        let digest = short_digest(&format!("{shape:?} {pads:?} {filling}"));
        Ok(Self { shape, pads, filling, digest })
    }

    fn padded(&self) -> [usize; 3] {
        [0, 1, 2].map(|axis| self.pads[axis].0 + self.shape[axis] + self.pads[axis].1)
    }

    /// Axes with padding, the innermost first, in beats of the merged axes inside.
    fn axes(&self) -> Vec<PaddedAxis> {
        let names = ["row", "column", "channel"];
        let mut axes = Vec::new();
        // Beats of an element of the axis that do not need a counter of their own.
        let mut beats = 1;
        for axis in (0..3).rev() {
            let (before, after) = self.pads[axis];
            if (before, after) == (0, 0) {
                beats *= self.shape[axis];
            } else {
                let [before, length, after] = [before, self.shape[axis], after].map(|count| count * beats);
                axes.push(PaddedAxis { name: names[axis], before, length, after });
                beats = 1;
            }
        }
        axes
    }
}

impl UnitParameters for PadEngineParameters {
    fn module_name(&self) -> String {
        format!("pad_{}", self.digest)
    }

    fn ports(&self) -> Vec<Port> {
        engine_ports("code of the tensor", "code of the padded tensor")
    }

    fn behaviour(&self) -> Behaviour {
        let codes: usize = self.padded().iter().product();
        Behaviour::Stream { interval: codes, latency: codes + 3 }
    }

    fn facts(&self) -> Vec<String> {
        let text = |lengths: [usize; 3]| lengths.map(|length| length.to_string()).join(" x ");
        vec![
            format!(
                "(T15) {} codes in, {} codes out; padding is {}.",
                text(self.shape),
                text(self.padded()),
                self.filling
            ),
            "One code a clock cycle; the padding at the end of a frame delays the next.".to_string(),
        ]
    }

    fn context(&self) -> Json {
        let frame: usize = self.padded().iter().product();
        let mut steps = "moves".to_string();
        let mut contexts = Vec::new();
        for axis in self.axes() {
            let last = axis.padded() - 1;
            let bits = bits_of(last);
            let name = axis.name;
            let first = (axis.before > 0).then(|| format!("{name} >= {bits}'d{}", axis.before));
            let end = (axis.after > 0).then(|| format!("{name} < {bits}'d{}", axis.before + axis.length));
            let inside: Vec<String> = first.into_iter().chain(end).collect();
            contexts.push(json!({
                "name": name,
                "counter": counter(bits, last),
                "inside": inside.join(" && "),
                "steps": steps,
            }));
            steps += &format!(" && {name}_end");
        }
        json!({
            "axes": contexts,
            "filling": word(8, [self.filling.into()]),
            "beat": counter(bits_of(frame - 1), frame - 1),
        })
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(self.clone()))
    }
}

impl FrameFunction for PadEngineParameters {
    fn input_lengths(&self) -> Vec<usize> {
        vec![self.shape.iter().product()]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![self.padded().iter().product()]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        vec![beats(&pad(&codes(&inputs[0]), &self.shape, &self.pads, self.filling))]
    }
}
