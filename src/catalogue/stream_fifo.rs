//! Unit `stream_fifo`: first-in first-out buffer between two streams.

use serde_json::{Value as Json, json};

use super::code_stream::clock_and_reset;
use crate::unit::{
    Beat, Behaviour, ConfigError, FrameFunction, Integer, Kind, Parameter, Port, Preset, StreamNames,
    UnitDefinition, UnitParameters, Value, Values,
};

/// FIFO: a memory of beats and an output register.
#[derive(Clone, Debug)]
pub struct StreamFifoParameters {
    /// Bits of `tdata`.
    pub(crate) data_bits: u32,
    /// Beats of the memory.
    pub(crate) depth: usize,
}

const DATA_BITS: Parameter = Parameter {
    name: "data_bits",
    kind: Kind::Integer { min: 1, max: 64 },
    default: Value::Integer(8),
    help: "width of tdata in bits",
};

const DEPTH: Parameter = Parameter {
    name: "depth",
    kind: Kind::Integer { min: 2, max: 1 << 16 },
    default: Value::Integer(12),
    help: "beats of the memory; the output register holds one more",
};

impl UnitDefinition for StreamFifoParameters {
    const SUMMARY: &'static str = "first-in first-out buffer between two streams";
    const PARAMETERS: &'static [Parameter] = &[DATA_BITS, DEPTH];
    const PRESETS: &'static [Preset] = &[Preset { name: "stream_fifo_8x12", sets: &[] }];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self { data_bits: values.count(&DATA_BITS), depth: values.count(&DEPTH) as usize })
    }
}

impl UnitParameters for StreamFifoParameters {
    fn module_name(&self) -> String {
        format!("stream_fifo_{}x{}", self.data_bits, self.depth)
    }

    fn ports(&self) -> Vec<Port> {
        let value = Integer::unsigned(self.data_bits);
        let mut ports = clock_and_reset();
        ports.extend(StreamNames::S_AXIS.input(value, true, "beat"));
        ports.extend(StreamNames::M_AXIS.output(value, true, "the oldest beat"));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::Stream { interval: self.depth, latency: self.depth + 4 }
    }

    fn facts(&self) -> Vec<String> {
        vec![format!("{} beats in the memory and one in the register behind it.", self.depth)]
    }

    fn context(&self) -> Json {
        let address = usize::BITS - (self.depth - 1).leading_zeros();
        let count = usize::BITS - self.depth.leading_zeros();
        json!({
            "beat_msb": self.data_bits,
            "last": self.depth - 1,
            "address_msb": address - 1,
            "first_address": format!("{address}'d0"),
            "one_address": format!("{address}'d1"),
            "last_address": format!("{address}'d{}", self.depth - 1),
            "count_msb": count - 1,
            "empty": format!("{count}'d0"),
            "one": format!("{count}'d1"),
            "full": format!("{count}'d{}", self.depth),
        })
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(Copies(1)))
    }
}

/// Frame function that copies every beat to a number of outputs.
pub(crate) struct Copies(pub(crate) usize);

impl FrameFunction for Copies {
    fn input_lengths(&self) -> Vec<usize> {
        vec![1]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![1; self.0]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        vec![inputs[0].clone(); self.0]
    }
}
