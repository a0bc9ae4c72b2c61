//! Unit `frame_guard`: frames of equal length from a stream whose `tlast` may be wrong.

use serde_json::{Value as Json, json};

use super::code_stream::clock_and_reset;
use crate::circuit::engine::{bits_of, counter};
use crate::circuit::verilog::vector_type;
use crate::unit::{
    Beat, Behaviour, ConfigError, FrameEvent, FrameFunction, Integer, Kind, Parameter, Port, Preset,
    StreamNames, UnitDefinition, UnitParameters, Value, Values,
};

/// A counter of beats that compares `tlast` with the length of a frame, and a register for one beat.
#[derive(Clone, Debug)]
pub struct FrameGuardParameters {
    /// Bits of `tdata`.
    pub(crate) data_bits: u32,
    /// Beats of a frame.
    pub(crate) length: usize,
}

const DATA_BITS: Parameter = Parameter {
    name: "data_bits",
    kind: Kind::Integer { min: 1, max: 64 },
    default: Value::Integer(8),
    help: "width of tdata in bits",
};

const LENGTH: Parameter = Parameter {
    name: "length",
    kind: Kind::Integer { min: 1, max: 1 << 16 },
    default: Value::Integer(6),
    help: "beats of a frame",
};

impl UnitDefinition for FrameGuardParameters {
    const SUMMARY: &'static str = "frames of equal length from a stream whose tlast may be wrong";
    const PARAMETERS: &'static [Parameter] = &[DATA_BITS, LENGTH];
    const PRESETS: &'static [Preset] = &[Preset { name: "frame_guard_8x6", sets: &[] }];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { data_bits: values.count(&DATA_BITS), length: values.count(&LENGTH) as usize })
    }
}

impl UnitParameters for FrameGuardParameters {
    fn module_name(&self) -> String {
        format!("frame_guard_{}x{}", self.data_bits, self.length)
    }

    fn ports(&self) -> Vec<Port> {
        let value = Integer::unsigned(self.data_bits);
        let mut ports = clock_and_reset();
        ports.extend(StreamNames::S_AXIS.input(value, true, "beat"));
        ports.extend(StreamNames::M_AXIS.output(
            value,
            true,
            "beat of a frame, 0 where the input ended early",
        ));
        ports.extend(FrameEvent::ALL.map(FrameEvent::port));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Stream { interval: self.length, latency: self.length + 1 }
    }

    fn facts(&self) -> Vec<String> {
        vec![format!("{} beats of a frame.", self.length)]
    }

    fn context(&self) -> Json {
        let last = self.length - 1;
        json!({
            "data_type": vector_type(Integer::unsigned(self.data_bits)),
            "filler": format!("{}'d0", self.data_bits),
            "position": counter(bits_of(last), last),
        })
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(self.clone()))
    }
}

impl FrameFunction for FrameGuardParameters {
    fn input_lengths(&self) -> Vec<usize> {
        vec![self.length]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![self.length]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        let end = self.length - 1;
        let beat = |(index, beat): (usize, &Beat)| Beat { last: index == end, ..*beat };
        vec![inputs[0].iter().enumerate().map(beat).collect()]
    }

    fn is_guarded(&self) -> bool {
        true
    }
}
