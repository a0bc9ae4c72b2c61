//! Unit `stream_fork`: two copies of a stream.

use serde_json::{Value as Json, json};

use super::code_stream::clock_and_reset;
use super::stream_fifo::Copies;
use crate::unit::{
    Behaviour, ConfigError, FrameFunction, Integer, Kind, Parameter, Port, Preset, StreamNames,
    UnitDefinition, UnitParameters, Value, Values,
};

/// Two copies of a stream, with a register for one beat.
#[derive(Clone, Debug)]
pub struct StreamForkParameters {
    /// Bits of `tdata`.
    pub(crate) data_bits: u32,
}

const DATA_BITS: Parameter = Parameter {
    name: "data_bits",
    kind: Kind::Integer { min: 1, max: 64 },
    default: Value::Integer(8),
    help: "width of tdata in bits",
};

impl UnitDefinition for StreamForkParameters {
    const SUMMARY: &'static str = "two copies of a stream";
    const PARAMETERS: &'static [Parameter] = &[DATA_BITS];
    const PRESETS: &'static [Preset] = &[Preset { name: "stream_fork_8", sets: &[] }];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { data_bits: values.count(&DATA_BITS) })
    }
}

impl UnitParameters for StreamForkParameters {
    fn module_name(&self) -> String {
        format!("stream_fork_{}", self.data_bits)
    }

    fn ports(&self) -> Vec<Port> {
        let value = Integer::unsigned(self.data_bits);
        let mut ports = clock_and_reset();
        ports.extend(StreamNames::S_AXIS.input(value, true, "beat"));
        for output in StreamNames::M_AXES {
            ports.extend(output.output(value, true, "the same beat"));
        }
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Stream { interval: 1, latency: 2 }
    }

    fn facts(&self) -> Vec<String> {
        vec!["Each output takes a beat when it is ready; the ready inputs go to s_axis_tready without a register."
            .to_string()]
    }

    fn context(&self) -> Json {
        json!({ "beat_msb": self.data_bits })
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(Copies(2)))
    }
}
