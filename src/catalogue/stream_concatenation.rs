//! Unit `stream_concatenation`: beats of two streams in turn.

use serde_json::{Value as Json, json};

use super::code_stream::{clock_and_reset, require_short_frame};
use crate::circuit::engine::{bits_of, counter};
use crate::circuit::verilog::vector_type;
use crate::unit::{
    Beat, Behaviour, ConfigError, FrameFunction, Integer, Kind, Parameter, Port, Preset, StreamNames,
    UnitDefinition, UnitParameters, Value, Values,
};

/// Concatenation of two tensors along an axis: groups of beats of one, then of the other.
#[derive(Clone, Debug)]
pub struct StreamConcatenationParameters {
    /// Bits of `tdata`.
    pub(crate) data_bits: u32,
    /// Beats of each input in a group: the axis and all after it.
    pub(crate) beats: [usize; 2],
    /// Groups of a frame: the axes before it.
    pub(crate) groups: usize,
}

const DATA_BITS: Parameter = Parameter {
    name: "data_bits",
    kind: Kind::Integer { min: 1, max: 64 },
    default: Value::Integer(8),
    help: "width of tdata in bits",
};

const COUNT: Kind = Kind::Integer { min: 1, max: 1 << 16 };

const S0_BEATS: Parameter =
    Parameter { name: "s0_beats", kind: COUNT, default: Value::Integer(3), help: "beats of s0 in a group" };

const S1_BEATS: Parameter =
    Parameter { name: "s1_beats", kind: COUNT, default: Value::Integer(5), help: "beats of s1 in a group" };

const GROUPS: Parameter =
    Parameter { name: "groups", kind: COUNT, default: Value::Integer(4), help: "groups of a frame" };

impl UnitDefinition for StreamConcatenationParameters {
    const SUMMARY: &'static str = "concatenation of two streams, group by group";
    const PARAMETERS: &'static [Parameter] = &[DATA_BITS, S0_BEATS, S1_BEATS, GROUPS];
    const PRESETS: &'static [Preset] = &[Preset { name: "stream_concatenation_8x3_5", sets: &[] }];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let count = |parameter: &Parameter| values.count(parameter) as usize;
        let beats = [count(&S0_BEATS), count(&S1_BEATS)];
        let own = Self { data_bits: values.count(&DATA_BITS), beats, groups: count(&GROUPS) };
        require_short_frame(&[own.group(), own.groups])?;
        Ok(own)
    }
}

impl StreamConcatenationParameters {
    fn group(&self) -> usize {
        self.beats.iter().sum()
    }
}

impl UnitParameters for StreamConcatenationParameters {
    fn module_name(&self) -> String {
        let [first, second] = self.beats;
        format!("stream_concatenation_{}x{first}_{second}_g{}", self.data_bits, self.groups)
    }

    fn ports(&self) -> Vec<Port> {
        let value = Integer::unsigned(self.data_bits);
        let mut ports = clock_and_reset();
        let [s0, s1] = StreamNames::S_AXES;
        ports.extend(s0.input(value, false, "beat of the first tensor"));
        ports.extend(s1.input(value, false, "beat of the second tensor"));
        ports.extend(StreamNames::M_AXIS.output(value, true, "beat of the concatenation"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Stream { interval: self.group() * self.groups, latency: self.group() + 2 }
    }

    fn facts(&self) -> Vec<String> {
        let [first, second] = self.beats;
        vec![format!("{} groups of {first} beats of s0 and {second} of s1.", self.groups)]
    }

    fn context(&self) -> Json {
        let group = self.group();
        let bits = bits_of(group - 1);
        let frame = group * self.groups;
        json!({
            "position": counter(bits, group - 1),
            "second": format!("{bits}'d{}", self.beats[0]),
            "data_type": vector_type(Integer::unsigned(self.data_bits)),
            "beat": counter(bits_of(frame - 1), frame - 1),
        })
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(self.clone()))
    }
}

impl FrameFunction for StreamConcatenationParameters {
    fn input_lengths(&self) -> Vec<usize> {
        self.beats.map(|beats| beats * self.groups).to_vec()
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![self.group() * self.groups]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        let groups = inputs[0].chunks(self.beats[0]).zip(inputs[1].chunks(self.beats[1]));
        let mut frame: Vec<Beat> = groups.flat_map(|(first, second)| [first, second].concat()).collect();
        if let Some(beat) = frame.last_mut() {
            beat.last = true;
        }
        vec![frame]
    }
}
